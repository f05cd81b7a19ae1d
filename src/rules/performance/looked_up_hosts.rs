use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `HostnameLookups` asks a name server for each client.
    ///
    /// ## What httpd does
    ///
    /// It asks for the name of the client's address before it answers; with `Double` also for the address of
    /// that name.
    ///
    /// ## Why it matters
    ///
    /// A slow name server makes every page slow.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// HostnameLookups On
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// HostnameLookups Off
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Programs like logresolve find the names later, from the log.
    pub static RULE = {
        id: "looked-up-hosts",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Performance,
        check: Check::Directive(Which::Named(&["HostnameLookups"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let word = first_word(placed).unwrap_or_default();
    let asks = ["on", "double"]
        .iter()
        .any(|it| word.eq_ignore_ascii_case(it));
    if asks {
        report.at(placed.site(), "each request may wait for a name server");
    }
}
