use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A section is never closed.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `<X> was not closed.` A conditional section whose condition is false is
    /// refused too: `Expected </X> before end of configuration`.
    ///
    /// ## Why it matters
    ///
    /// A section ends in the file in which it begins; a close in the file that includes it does not
    /// count.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/www>
    ///     AllowOverride None
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
    /// Certain. A conditional section that is true and never closed is accepted by httpd: see
    /// `unclosed-conditional`.
    pub static RULE = {
        id: "unclosed-section",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
