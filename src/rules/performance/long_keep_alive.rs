use crate::argument::duration::milliseconds_or;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// Connections without a request are kept for more than 15 seconds.
    ///
    /// ## What httpd does
    ///
    /// It waits for so long for the next request. With the prefork and worker MPMs a process or thread waits
    /// with it.
    ///
    /// ## Why it matters
    ///
    /// Clients that are gone keep places that others wait for.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// KeepAliveTimeout 300
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// KeepAliveTimeout 5
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain; the default is 5 seconds. CIS 9.4.
    pub static RULE = {
        id: "long-keep-alive",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Performance,
        check: Check::Directive(Which::Named(&["KeepAliveTimeout"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let word = first_word(placed).unwrap_or_default();
    let time = milliseconds_or(&word, 1000);
    if time.is_some_and(|it| it > 15_000) {
        let finding = report.at(
            placed.site(),
            "connections without a request are kept for long",
        );
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 9.4");
    }
}
