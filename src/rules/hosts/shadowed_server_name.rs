use std::net::{IpAddr, Ipv4Addr};

use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::{first_word, words_of};
use crate::model::servers::{
    AddressSet, Answer, Host, NameIndex, Port, Request, ServerId, Servers,
};
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// Another virtual host answers the requests for a name of this one.
    ///
    /// ## What httpd does
    ///
    /// Of the virtual hosts with the address of a connection it takes the first whose `ServerName` or
    /// `ServerAlias` is the name that is asked for; a pattern that fits counts as much as the name itself.
    ///
    /// ## Why it matters
    ///
    /// No request for the name gets to this virtual host: its pages, its certificate and its access control do
    /// not count.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     ServerAlias *.shop.example
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName admin.shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName admin.shop.example
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     ServerAlias *.shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where all virtual hosts in front are certain to be there.
    pub static RULE = {
        id: "shadowed-server-name",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["<VirtualHost"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let servers = survey.httpd.servers;
    let mut index = None;
    let mut said = FxHashSet::default();
    for set in servers
        .address_sets()
        .iter()
        .filter(|it| it.is_name_based())
    {
        let Some((address, port)) = connection(servers, set) else {
            continue;
        };
        let index = index.get_or_insert_with(|| NameIndex::of(servers));
        for id in &set.members {
            let server = servers.get(*id);
            let names = server.name.iter().filter(|_| server.is_named());
            let names = names.chain(&server.aliases);
            let names = names.filter(|it| index.has_others(*id, it));
            let shadowed = names.filter_map(|name| {
                let request = Request {
                    address,
                    port,
                    host: Some(name),
                    path: "/",
                };
                match index.answer(&request)? {
                    Answer::Server(other) if other != *id => Some((name, other)),
                    _ => None,
                }
            });
            let shadowed: Vec<_> = shadowed.collect();
            if shadowed.is_empty() || !server.certain || !said.insert(*id) {
                continue;
            }
            for (name, other) in shadowed.into_iter().take(1) {
                let Some(line) = saying(survey, *id, name) else {
                    continue;
                };
                let message = format!("another virtual host answers the requests for `{name}`");
                let finding = report.at(line.site(), message);
                let other_line = saying(survey, other, name);
                let section = servers
                    .get(other)
                    .section
                    .map(|it| survey.httpd.config.placed(it));
                if let Some(other) = other_line.or(section) {
                    finding.secondary(other.line().span(), "this one comes first");
                }
            }
        }
    }
}

// An address and a port of which a connection meets the set.
fn connection(servers: &Servers, set: &AddressSet) -> Option<(IpAddr, u16)> {
    let port = match set.port {
        Port::Number(port) => port,
        _ => 80,
    };
    // Of the addresses that nobody has, some may be named all the same.
    let unused = (1..=9).map(|last| IpAddr::V4(Ipv4Addr::new(203, 0, 113, last)));
    let addresses: Vec<IpAddr> = match set.host {
        Host::Address(address) => vec![address],
        _ => unused.collect(),
    };
    let meets = |it: &IpAddr| servers.address_set(*it, port) == Some(set);
    let address = addresses.into_iter().find(meets)?;
    Some((address, port))
}

// The line that gives a server a name, itself or by a pattern.
fn saying<'a>(survey: &Survey<'a>, server: ServerId, name: &str) -> Option<Placed<'a>> {
    let layers = survey.own_layers(server);
    let names = layers.last("ServerName").ok().flatten();
    let is_name = |it: &Placed<'_>| {
        first_word(it).is_some_and(|it| {
            it.split(':')
                .next()
                .is_some_and(|it| it.eq_ignore_ascii_case(name))
        })
    };
    let aliases = layers.lines("ServerAlias").unwrap_or_default();
    let is_alias = |it: &Placed<'_>| words_of(it).iter().any(|it| it.eq_ignore_ascii_case(name));
    let is_pattern = |it: &Placed<'_>| words_of(it).iter().any(|it| it.contains(['*', '?']));
    let exact = aliases.iter().copied().find(is_alias);
    let pattern = || aliases.iter().copied().find(is_pattern);
    names.filter(is_name).or(exact).or_else(pattern)
}
