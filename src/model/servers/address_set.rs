//! The virtual hosts that share an address.

use std::net::IpAddr;

use rustc_hash::FxHashMap;

use super::address::{Host, Port};
use super::{Server, ServerId};

/// An address with the virtual hosts that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressSet {
    /// The host.
    pub host: Host,
    /// The port.
    pub port: Port,
    /// The virtual hosts in the order in which they are asked for a name, the default first. One
    /// that has the address more than once may stand there as often.
    pub members: Vec<ServerId>,
}

impl AddressSet {
    /// Whether the name that a request asks for decides. Of a single virtual host nobody asks for
    /// its name.
    pub fn is_name_based(&self) -> bool {
        self.members.len() > 1
    }
}

/// All address sets, as httpd keeps them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AddressSets {
    /// In the order in which httpd lists them: first those of addresses by the slot of its table,
    /// then those of any address.
    pub(super) all: Vec<AddressSet>,
    index: FxHashMap<(Host, Port), usize>,
}

impl AddressSets {
    /// Puts the virtual hosts in their sets (`ap_fini_vhost_config`): from the last to the first,
    /// each set and each member in front of those that are there.
    pub(super) fn of(servers: &[Server]) -> Self {
        let mut sets = Self::default();
        for (id, server) in servers.iter().enumerate().rev() {
            let mut before = None;
            for address in &server.addresses {
                let key = (address.host, address.port);
                let is_known = address.host != Host::Unknown && address.port != Port::Unknown;
                // `*` is two addresses, one of each family, and counts once.
                let is_again = address.host == Host::Any && before == Some(key);
                if is_known && !is_again {
                    sets.add(key, ServerId(id));
                }
                before = Some(key);
            }
        }
        sets.settle();
        sets
    }

    fn add(&mut self, key: (Host, Port), member: ServerId) {
        let at = *self.index.entry(key).or_insert_with(|| {
            self.all.push(AddressSet {
                host: key.0,
                port: key.1,
                members: Vec::with_capacity(1),
            });
            self.all.len() - 1
        });
        self.all[at].members.push(member);
    }

    fn settle(&mut self) {
        self.all.reverse();
        self.all.sort_by_key(|it| slot(it.host));
        for set in &mut self.all {
            set.members.reverse();
        }
        let keys = self.all.iter().map(|it| (it.host, it.port));
        self.index = keys.enumerate().map(|(at, key)| (key, at)).collect();
    }

    /// The set that decides about a connection: of its own address before that of any, with its own
    /// port before any.
    pub(super) fn find(&self, address: IpAddr, port: u16) -> Option<&AddressSet> {
        let hosts = [Host::Address(address.to_canonical()), Host::Any];
        let keys = hosts
            .into_iter()
            .flat_map(|host| [(host, Port::Number(port)), (host, Port::Any)]);
        let found = keys.filter_map(|it| self.index.get(&it)).next();
        found.map(|it| &self.all[*it])
    }
}

// The place in the table: the four last bytes of the address, made one (`hash_inaddr`).
fn slot(host: Host) -> usize {
    const SLOTS: usize = 256;
    let bytes = match host {
        Host::Address(IpAddr::V4(address)) => address.octets(),
        Host::Address(IpAddr::V6(address)) => {
            let [.., a, b, c, d] = address.octets();
            [a, b, c, d]
        }
        Host::Any | Host::Unknown => return SLOTS,
    };
    usize::from(bytes.into_iter().fold(0, |all, it| all ^ it))
}
