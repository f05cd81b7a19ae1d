use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A `<RequireAll>` holds nothing but `Require not`.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start, without naming a line: `<RequireAll> directive contains only negative
    /// authorization directives`.
    ///
    /// ## Why it matters
    ///
    /// A negative line can only take away what another one gives, so the section would let nobody in.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Directory /srv/www>
    ///     <RequireAll>
    ///         Require not ip 192.0.2.0/24
    ///     </RequireAll>
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Directory /srv/www>
    ///     <RequireAll>
    ///         Require all granted
    ///         Require not ip 192.0.2.0/24
    ///     </RequireAll>
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, unless a file is included in the section: it may hold anything.
    pub static RULE = {
        id: "negative-authorization",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
