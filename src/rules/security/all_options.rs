use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

use super::switched_on;

crate::rule! {
    /// `Options All` allows everything but content negotiation.
    ///
    /// ## What httpd does
    ///
    /// `All` is lists of files, symbolic links, programs, and server-side includes that run programs.
    ///
    /// ## Why it matters
    ///
    /// A directory mostly needs one of them, and the others are ways in.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     Options All
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     Options SymLinksIfOwnerMatch
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. CIS 5.1 to 5.3.
    pub static RULE = {
        id: "all-options",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["Options"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    if let Some(site) = switched_on(placed, "all") {
        let finding = report.at(site, "lists, links, programs and includes are all allowed");
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 5.1 to 5.3");
    }
}
