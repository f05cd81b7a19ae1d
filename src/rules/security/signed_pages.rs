use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `ServerSignature` writes the version of httpd below its own pages.
    ///
    /// ## What httpd does
    ///
    /// Error pages and lists of files end with a line of the server's name, and of its version as far as
    /// `ServerTokens` tells it; with `EMail` also with the administrator's address.
    ///
    /// ## Why it matters
    ///
    /// Whoever looks for servers with a known hole finds this one without trying.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// ServerSignature On
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// ServerSignature Off
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Where nothing is said, it is off. CIS 8.2.
    pub static RULE = {
        id: "signed-pages",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["ServerSignature"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let word = first_word(placed).unwrap_or_default();
    let tells = ["on", "email"]
        .iter()
        .any(|it| word.eq_ignore_ascii_case(it));
    if tells {
        let finding = report.at(placed.site(), "error pages are signed");
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 8.2");
    }
}
