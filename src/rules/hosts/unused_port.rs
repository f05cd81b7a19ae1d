use rustc_hash::FxHashSet;

use crate::argument::listen::Listen;
use crate::diagnostic::Level;
use crate::model::servers::Port;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// httpd listens on a port for which there is no virtual host, and on others there is one.
    ///
    /// ## What httpd does
    ///
    /// The main server answers on that port, with its own `DocumentRoot`.
    ///
    /// ## Why it matters
    ///
    /// Nobody meant it to: what is protected in virtual hosts may be open there.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Listen 80
    /// Listen 8080
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Listen 80
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that the main server answers, where the rest of the server is known.
    pub static RULE = {
        id: "unused-port",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Clarity,
        check: Check::Survey(Which::Named(&["Listen"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let servers = survey.httpd.servers;
    let mut addresses = servers
        .virtual_hosts()
        .flat_map(|it| &it.1.addresses)
        .peekable();
    if !context.is_whole() || addresses.peek().is_none() {
        return;
    }
    let ports: FxHashSet<Port> = addresses.map(|it| it.port).collect();
    if ports.contains(&Port::Any) || ports.contains(&Port::Unknown) {
        return;
    }
    for line in survey.lines("Listen") {
        let Ok(listen) = Listen::parse(line.line().arguments()) else {
            continue;
        };
        if !ports.contains(&Port::Number(listen.port)) {
            let message = format!("no virtual host has port {}", listen.port);
            let finding = report.at(line.site(), message);
            finding.label("the main server answers");
        }
    }
}
