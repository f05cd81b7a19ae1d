use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `KeepAlive Off` makes each request begin with a new connection.
    ///
    /// ## What httpd does
    ///
    /// It closes the connection behind each answer.
    ///
    /// ## Why it matters
    ///
    /// A page of fifty files needs fifty connections, with TLS fifty handshakes.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// KeepAlive Off
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// KeepAlive On
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Behind a proxy on the same machine it may not matter. CIS 9.2.
    pub static RULE = {
        id: "connections-not-kept",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Performance,
        check: Check::Directive(Which::Named(&["KeepAlive"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let is_off = first_word(placed).is_some_and(|it| it.eq_ignore_ascii_case("off"));
    if is_off {
        let finding = report.at(placed.site(), "each request begins with a new connection");
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 9.2");
    }
}
