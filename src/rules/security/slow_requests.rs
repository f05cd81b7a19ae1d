use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::place_of;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// Requests may take any time to arrive.
    ///
    /// ## What httpd does
    ///
    /// `0` lifts the limit of mod_reqtimeout for the headers or the body of a request. Then only `Timeout` counts, which begins
    /// again with each byte.
    ///
    /// ## Why it matters
    ///
    /// Whoever sends one byte at a time keeps a process or a thread, and some hundred of them the whole server.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule reqtimeout_module modules/mod_reqtimeout.so
    /// RequestReadTimeout header=0
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule reqtimeout_module modules/mod_reqtimeout.so
    /// RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. CIS 9.5 and 9.6.
    pub static RULE = {
        id: "slow-requests",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["RequestReadTimeout"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(span) = place_of(placed, &["header=0", "body=0"]) else {
        return;
    };
    let finding = report.at(placed.at(span), "this part of a request may take any time");
    finding.note("CIS Apache HTTP Server 2.4 Benchmark 9.5 and 9.6");
}
