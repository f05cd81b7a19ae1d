use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `ServerTokens` tells clients more than the name of the server.
    ///
    /// ## What httpd does
    ///
    /// It writes its version into the header `Server` of every answer, with `OS` and `Full` also the system and
    /// the versions of modules.
    ///
    /// ## Why it matters
    ///
    /// Whoever looks for servers with a known hole finds this one without trying.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// ServerTokens OS
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// ServerTokens Prod
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Where nothing is said, it is `Full`. CIS 8.1.
    pub static RULE = {
        id: "told-version",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["ServerTokens"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let word = first_word(placed).unwrap_or_default();
    let is_silent = ["prod", "productonly"]
        .iter()
        .any(|it| word.eq_ignore_ascii_case(it));
    if !is_silent && !word.contains("${") {
        let message = format!("`ServerTokens {word}` tells the version of httpd to everybody");
        let finding = report.at(placed.site(), message);
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 8.1");
    }
}
