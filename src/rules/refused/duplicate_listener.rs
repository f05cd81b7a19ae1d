use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// Two `Listen` ask for the same address and port.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Cannot define multiple Listeners on the same IP:port`.
    ///
    /// ## Why it matters
    ///
    /// The second one often comes with a copied site or a package's file. One `Listen` serves all virtual
    /// hosts of a port.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Listen 8080
    /// Listen 8080
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Listen 8080
    /// Listen 127.0.0.1:8443
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. httpd compares addresses as they are written, and so does httpd-lint.
    pub static RULE = {
        id: "duplicate-listener",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
