use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A closing line closes nothing.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `</X> without matching <X> section`.
    ///
    /// ## Why it matters
    ///
    /// The opening line was removed, or stands in a comment, or in another file: sections cannot
    /// span files.
    ///
    /// ## Wrong
    ///
    /// ```conf
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
        id: "unmatched-close",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
