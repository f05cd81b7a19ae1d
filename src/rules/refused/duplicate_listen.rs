use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// Two `Listen` directives name the same address and port.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Cannot define multiple Listeners on the same IP:port`.
    ///
    /// ## Why it matters
    ///
    /// Most often a file of ports is included twice, or a site brings the `Listen` that another
    /// one brings, too.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Listen 8080
    /// Listen *:8080
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Listen 8080
    /// Listen 8081
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. httpd compares what is written: `localhost` and `127.0.0.1` pass its test, and
    /// collide only when it opens the sockets.
    pub static RULE = {
        id: "duplicate-listen",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
