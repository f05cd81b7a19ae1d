use rustc_hash::FxHashMap;

use crate::argument::server_name::ServerName;
use crate::diagnostic::Level;
use crate::model::servers::{Port, ServerId};
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `ServerName` has the port of another virtual host.
    ///
    /// ## What httpd does
    ///
    /// Where the browser names no port, httpd puts the one of `ServerName` into the redirects that it makes: for a folder
    /// without a slash at the end, and for `Redirect` to a path.
    ///
    /// ## Why it matters
    ///
    /// The redirect leads to another virtual host: over plain HTTP to a port where TLS is spoken, for example.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Listen 80
    /// Listen 8443
    /// <VirtualHost *:80>
    ///     ServerName shop.example:8443
    /// </VirtualHost>
    /// <VirtualHost *:8443>
    ///     ServerName secure.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Listen 80
    /// Listen 8443
    /// <VirtualHost *:80>
    ///     ServerName shop.example:80
    /// </VirtualHost>
    /// <VirtualHost *:8443>
    ///     ServerName secure.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: the virtual host has other ports alone, and another one has this. A port that no virtual host has is that
    /// of a proxy or a firewall in front, and rightly there.
    pub static RULE = {
        id: "other-port-in-server-name",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ServerName"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let servers = survey.httpd.servers;
    let mut by_port: FxHashMap<u16, ServerId> = FxHashMap::default();
    for (id, host) in servers.virtual_hosts().filter(|it| it.1.certain) {
        for address in &host.addresses {
            if let Port::Number(port) = address.port {
                by_port.entry(port).or_insert(id);
            }
        }
    }
    for line in survey.lines("ServerName") {
        let own = survey.server_of(&line);
        let server = servers.get(own);
        let Some(port) = ServerName::parse(line.line().arguments()).port_number() else {
            continue;
        };
        let is_other = |it: &Port| matches!(it, Port::Number(it) if *it != port);
        let are_others = server.addresses.iter().all(|it| is_other(&it.port));
        let Some(other) = by_port.get(&port) else {
            continue;
        };
        if server.addresses.is_empty() || !are_others || line.node.uncertain {
            continue;
        }
        let finding = report.at(line.site(), format!("redirects lead to port {port}"));
        if let Some(section) = server.section {
            let section = survey.httpd.config.placed(section);
            finding.secondary(section.line().span(), "this is on another port");
        }
        if let Some(section) = servers.get(*other).section {
            let section = survey.httpd.config.placed(section);
            finding.secondary(section.line().span(), "this one answers there");
        }
    }
}
