use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A `<RequireAll>` contains nothing but `Require not`.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `<RequireAll> directive contains only negative authorization
    /// directives`.
    ///
    /// ## Why it matters
    ///
    /// A negative line never lets anybody in, it only keeps some out. Alone it would keep out
    /// everybody.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/www>
    ///     <RequireAll>
    ///         Require not env blocked
    ///     </RequireAll>
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/www>
    ///     <RequireAll>
    ///         Require all granted
    ///         Require not env blocked
    ///     </RequireAll>
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. `<RequireNone>` counts as negative, too.
    pub static RULE = {
        id: "negative-authorization",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
