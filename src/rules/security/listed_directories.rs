use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

use super::switched_on;

crate::rule! {
    /// `Options Indexes` lists the files of directories without an index page.
    ///
    /// ## What httpd does
    ///
    /// Where none of the names of `DirectoryIndex` is there, mod_autoindex answers with a list of all files.
    ///
    /// ## Why it matters
    ///
    /// The list shows what nobody links to: backups, drafts, keys.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     Options Indexes FollowSymLinks
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     Options FollowSymLinks
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where mod_autoindex is loaded. CIS 5.2.
    pub static RULE = {
        id: "listed-directories",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["Options"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    if let Some(site) = switched_on(placed, "indexes") {
        let finding = report.at(site, "directories are listed");
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 5.2");
    }
}
