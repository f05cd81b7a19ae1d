use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Level;
use crate::model::servers::{Host, Port, ServerId};
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A virtual host without a name stands behind others with its address.
    ///
    /// ## What httpd does
    ///
    /// It gives the virtual host the name of the main server. A request for a name that nobody has goes to the
    /// first virtual host of the address.
    ///
    /// ## Why it matters
    ///
    /// Almost no request gets to this virtual host.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     DocumentRoot conf.d
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName blog.example
    ///     DocumentRoot conf.d
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: it is the first of none of its addresses. Only requests for the name of the main server get
    /// there.
    pub static RULE = {
        id: "unnamed-virtual-host",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["<VirtualHost"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let servers = survey.httpd.servers;
    let sets = servers.address_sets();
    let first: FxHashMap<ServerId, ServerId> = sets
        .iter()
        .filter_map(|set| Some((set, *set.members.first()?)))
        .flat_map(|(set, first)| set.members.iter().map(move |it| (*it, first)))
        .collect();
    let defaults: FxHashSet<ServerId> = sets
        .iter()
        .filter_map(|it| it.members.first().copied())
        .collect();
    for (id, server) in servers.virtual_hosts() {
        let has_name = server.is_named()
            || !server.aliases.is_empty()
            || !server.wild_aliases.is_empty()
            || server.path.is_some();
        let (Some(section), Some(first)) = (server.section, first.get(&id)) else {
            continue;
        };
        let is_known = server
            .addresses
            .iter()
            .all(|it| it.host != Host::Unknown && it.port != Port::Unknown);
        if has_name || defaults.contains(&id) || !server.certain || !is_known || !context.is_whole()
        {
            continue;
        }
        let section = context.config.placed(section);
        let finding = report.at(
            section.site(),
            "this virtual host has no name to be asked for",
        );
        if let Some(default) = servers.get(*first).section {
            let default = context.config.placed(default);
            finding.secondary(
                default.line().span(),
                "this one answers for names that nobody has",
            );
        }
        finding.help("give it a `ServerName`");
    }
}
