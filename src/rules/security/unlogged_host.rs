use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// Requests to a virtual host are written into no log.
    ///
    /// ## What httpd does
    ///
    /// It writes a line for each request where `CustomLog` or `TransferLog` says so, in the virtual host or, if that has none, in
    /// the main server.
    ///
    /// ## Why it matters
    ///
    /// Nobody can tell afterwards who did what.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     CustomLog logs/shop.log "%h %t \"%r\" %>s"
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known. CIS 6.3.
    pub static RULE = {
        id: "unlogged-host",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Survey(Which::Named(&["<VirtualHost"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let logs = survey.possible(&["CustomLog", "TransferLog", "GlobalLog"]);
    let logging: FxHashSet<ServerId> = logs.iter().map(|it| survey.server_of(it)).collect();
    let is_known = context.is_whole() && context.modules.foreign().is_empty();
    if !is_known || logging.contains(&ServerId::MAIN) {
        return;
    }
    for (id, host) in survey.httpd.servers.virtual_hosts() {
        let Some(section) = host
            .section
            .filter(|_| host.certain && !logging.contains(&id))
        else {
            continue;
        };
        let section = context.config.placed(section);
        let finding = report.at(
            section.site(),
            "requests to this virtual host are written into no log",
        );
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 6.3");
    }
}
