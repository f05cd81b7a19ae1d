//! An index of the names of virtual hosts, for who asks for many.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::answer::{Answer, Request};
use super::{AddressSet, ServerId, Servers};

/// Finds who may be called as a host without asking all.
pub struct NameIndex<'s> {
    servers: &'s Servers,
    exact: FxHashMap<String, Vec<ServerId>>,
    // `*.example.com`, by what follows the star.
    endings: FxHashMap<String, Vec<ServerId>>,
    // Those with other patterns, and those whose name nobody knows.
    always: Vec<ServerId>,
}

impl<'s> NameIndex<'s> {
    /// The index of all servers.
    pub fn of(servers: &'s Servers) -> Self {
        let mut index = Self {
            servers,
            exact: FxHashMap::default(),
            endings: FxHashMap::default(),
            always: Vec::new(),
        };
        for (id, server) in servers.virtual_hosts() {
            let written = server.addresses.iter().map(|it| &it.written);
            let names = server.name.iter().chain(&server.aliases).chain(written);
            for name in names {
                let ids = index.exact.entry(name.to_ascii_lowercase()).or_default();
                ids.push(id);
            }
            let mut is_asked = server.name.is_none();
            for pattern in &server.wild_aliases {
                match pattern.strip_prefix('*') {
                    Some(end) if end.starts_with('.') && !end.contains(['*', '?']) => {
                        let ids = index.endings.entry(end.to_ascii_lowercase()).or_default();
                        ids.push(id);
                    }
                    _ => is_asked = true,
                }
            }
            if is_asked {
                index.always.push(id);
            }
        }
        index
    }

    /// Which server answers a request, as [`Servers::answer`] says.
    pub fn answer(&self, request: &Request<'_>) -> Option<Answer> {
        self.servers
            .answer_among(request, |set, host| Cow::Owned(self.called(set, host)))
    }

    /// Whether anybody else than a server may be called by one of its names.
    pub fn has_others(&self, id: ServerId, name: &str) -> bool {
        let name = match name.bytes().any(|it| it.is_ascii_uppercase()) {
            true => Cow::Owned(name.to_ascii_lowercase()),
            false => Cow::Borrowed(name),
        };
        let is_other = |ids: &Vec<ServerId>| ids.iter().any(|it| *it != id);
        let mut ends = name.match_indices('.').map(|it| &name[it.0..]);
        !self.always.is_empty()
            || self.exact.get(&*name).is_none_or(is_other)
            || ends.any(|it| self.endings.get(it).is_some_and(is_other))
    }

    // The members of a set that may be called so, in their order.
    fn called(&self, set: &AddressSet, host: &str) -> Vec<ServerId> {
        let ends = host.match_indices('.').map(|it| &host[it.0..]);
        let by_ending = ends.filter_map(|it| self.endings.get(it));
        let exact = self.exact.get(host);
        let lists = exact.into_iter().chain(by_ending).chain([&self.always]);
        let mut ids: Vec<ServerId> = lists.flatten().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        ids.retain(|it| {
            let mut addresses = self.servers.get(*it).addresses.iter();
            addresses.any(|it| it.host == set.host && it.port == set.port)
        });
        ids
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{NameIndex, Request};
    use crate::model::servers::tests::servers;

    #[test]
    fn the_index_finds_whom_all_would_find() {
        let all = servers(
            "ServerName main.test\n\
             <VirtualHost *:80>\nServerName a.test\nServerAlias *.b.test c?.test\n</VirtualHost>\n\
             <VirtualHost *:80>\nServerName x.b.test\nServerAlias A.B\n</VirtualHost>\n\
             <VirtualHost 10.0.0.1:80>\nServerName d.test\n</VirtualHost>\n\
             <VirtualHost *:80>\nServerName d.test\n</VirtualHost>\n",
        );
        let index = NameIndex::of(&all);
        for host in [
            "a.test", "x.b.test", "a.b", "c1.test", "d.test", "10.0.0.1", "none", "b.test",
        ] {
            for address in [Ipv4Addr::LOCALHOST, Ipv4Addr::new(10, 0, 0, 1)] {
                let request = Request {
                    address: IpAddr::V4(address),
                    port: 80,
                    host: Some(host),
                    path: "/",
                };
                assert_eq!(index.answer(&request), all.answer(&request), "{host}");
            }
        }
    }
}
