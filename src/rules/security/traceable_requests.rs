use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `TRACE` requests are answered with all that the client sent.
    ///
    /// ## What httpd does
    ///
    /// `TraceEnable On` answers `TRACE` with the request itself, its cookies and passwords among it, whatever
    /// access control says. `extended` answers such requests with a body, and passes them on.
    ///
    /// ## Why it matters
    ///
    /// It helps whoever wants to see what others add to a request on its way: proxies, or a script in a page.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// TraceEnable On
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// TraceEnable Off
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: said where it is switched on. It is on as well where nothing is said. CIS 5.8.
    pub static RULE = {
        id: "traceable-requests",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["TraceEnable"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let word = first_word(placed).unwrap_or_default();
    if !word.eq_ignore_ascii_case("off") {
        let finding = report.at(placed.site(), "`TRACE` requests are answered");
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 5.8");
    }
}
