use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::evaluate::Truth;
use crate::model::servers::{Host, Port, ServerId};
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `StrictHostCheck` stands in a virtual host that nobody asks for it.
    ///
    /// ## What httpd does
    ///
    /// A request for a name that nobody has goes to the first virtual host of the address, and `StrictHostCheck`
    /// of that one decides whether it is refused.
    ///
    /// ## Why it matters
    ///
    /// Requests for unknown names are not refused.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName www.example
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     StrictHostCheck On
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName www.example
    ///     StrictHostCheck On
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: it is the first of none of its addresses.
    pub static RULE = {
        id: "late-strict-host-check",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["StrictHostCheck"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let servers = survey.httpd.servers;
    let defaults = servers
        .address_sets()
        .iter()
        .filter_map(|it| it.members.first());
    let defaults: FxHashSet<ServerId> = defaults.copied().collect();
    let is_on = |it: &ServerId| servers.get(*it).strict_host_check == Some(Truth::True);
    for line in survey.lines("StrictHostCheck") {
        let server = survey.server_of(&line);
        let is_first = server == ServerId::MAIN || defaults.contains(&server);
        let is_vain = is_on(&server) && !is_on(&ServerId::MAIN) && !defaults.iter().any(is_on);
        let addresses = &servers.get(server).addresses;
        let is_known = addresses
            .iter()
            .all(|it| it.host != Host::Unknown && it.port != Port::Unknown);
        if !is_first && is_vain && is_known && context.is_whole() {
            let finding = report.at(line.site(), "nobody asks for it here");
            finding.help("write it into the first virtual host of the address, or outside of all");
        }
    }
}
