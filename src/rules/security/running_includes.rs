use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

use super::switched_on;

crate::rule! {
    /// `Options Includes` lets pages run programs.
    ///
    /// ## What httpd does
    ///
    /// A page that is looked through for server-side includes may have `<!--#exec cmd="…" -->` in it, which
    /// runs a command of the system.
    ///
    /// ## Why it matters
    ///
    /// Whoever can write a page, or a part of one, can run anything.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     Options Includes
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     Options IncludesNOEXEC
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where mod_include looks through pages. CIS 5.3.
    pub static RULE = {
        id: "running-includes",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["Options"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    if let Some(site) = switched_on(placed, "includes") {
        let finding = report.at(site, "pages may run programs");
        finding.help("write `IncludesNOEXEC`");
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 5.3");
    }
}
