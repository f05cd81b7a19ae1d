use rustc_hash::FxHashSet;

use crate::argument::listen::Listen;
use crate::diagnostic::Level;
use crate::model::servers::Port;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A virtual host has a port that httpd does not listen on.
    ///
    /// ## What httpd does
    ///
    /// It listens on the ports of `Listen`, whatever virtual hosts there are.
    ///
    /// ## Why it matters
    ///
    /// Nobody can connect to the virtual host.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Listen 80
    /// <VirtualHost *:8443>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Listen 80
    /// Listen 8443
    /// <VirtualHost *:8443>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known, and each `Listen` is certain to be there.
    pub static RULE = {
        id: "unheard-virtual-host",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["<VirtualHost"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let listens = survey.possible(&["Listen"]);
    if !context.is_whole() || listens.is_empty() || listens.iter().any(|it| it.node.uncertain) {
        return;
    }
    let ports = listens
        .iter()
        .filter_map(|it| Listen::parse(it.line().arguments()).ok());
    let ports: FxHashSet<u16> = ports.map(|it| it.port).collect();
    for (_, host) in survey.httpd.servers.virtual_hosts() {
        let Some(section) = host.section.filter(|_| host.certain) else {
            continue;
        };
        let is_heard = |port: &Port| match port {
            Port::Number(port) => ports.contains(port),
            _ => true,
        };
        let mut addresses = host.addresses.iter().map(|it| it.port);
        if let Some(Port::Number(port)) = addresses.find(|it| !is_heard(it)) {
            let section = context.config.placed(section);
            let message = format!("httpd does not listen on port {port}");
            let finding = report.at(section.site(), message);
            finding.label("nobody can connect to it");
            finding.secondary(listens[0].line().span(), "it listens here");
        }
    }
}
