use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// The line of a section has no `>`.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `<X> directive missing closing '>'`.
    ///
    /// ## Why it matters
    ///
    /// A `>` ends the argument of a section. A closing line takes no blank before it: `</Directory
    /// >` lacks it too.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/www
    ///     AllowOverride None
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/www>
    ///     AllowOverride None
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "missing-angle-bracket",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
