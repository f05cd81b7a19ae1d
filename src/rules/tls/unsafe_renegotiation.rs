use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::is_on;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `SSLInsecureRenegotiation` lets others speak before the client.
    ///
    /// ## What httpd does
    ///
    /// It lets clients renegotiate a connection in the way that has been known to be broken since 2009.
    ///
    /// ## Why it matters
    ///
    /// Whoever sits on the line can put a request of his own in front of that of the client, with the client's
    /// rights (CVE-2009-3555).
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLInsecureRenegotiation on
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLInsecureRenegotiation off
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "unsafe-renegotiation",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["SSLInsecureRenegotiation"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    if is_on(placed) {
        report.at(
            placed.site(),
            "connections may be renegotiated in the broken way",
        );
    }
}
