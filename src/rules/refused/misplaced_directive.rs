use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A directive stands in a section that does not allow it, or outside of one that it needs.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `X not allowed in <Y> context`, `X not allowed here`, or `X cannot
    /// occur within <Y> section`. With a `.htaccess` file it starts, and answers every request below
    /// its directory with 500.
    ///
    /// ## Why it matters
    ///
    /// What concerns the whole server cannot be set for one folder, and what is looked at for every
    /// request cannot be set before there is one. What a `.htaccess` file may set, `AllowOverride`
    /// decides.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/www>
    ///     Listen 8080
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Listen 8080
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. The places are those that the modules of httpd register, which the manual does not
    /// always tell rightly. Inside sections of modules that are not known, nothing is said.
    pub static RULE = {
        id: "misplaced-directive",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
