//! The main server and its virtual hosts: their addresses, their names, and which of them answers
//! a request.

mod address;
mod address_set;
mod answer;
mod name_index;
#[cfg(test)]
mod tests;

pub use address::{Address, Host, Port};
pub use address_set::AddressSet;
pub use answer::{Answer, Request, requested_host};
pub use name_index::NameIndex;

use address_set::AddressSets;
use rustc_hash::FxHashMap;

use super::layers::first_word;
use crate::argument::section::Section;
use crate::argument::server_name::ServerName;
use crate::argument::virtual_host;
use crate::evaluate::{Config, Descend, NodeKind, OccurrenceId, Placed, PlacedId, Step, Truth};
use crate::httpd::{NameId, Table};

const SERVER_NAME: NameId = NameId::of("ServerName");
const SERVER_ALIAS: NameId = NameId::of("ServerAlias");
const SERVER_PATH: NameId = NameId::of("ServerPath");
const STRICT_HOST_CHECK: NameId = NameId::of("StrictHostCheck");

/// The name that httpd gives a virtual host that has neither a name nor an address.
const NO_ADDRESS: &str = "bogus_host_without_forward_dns";

/// Names a server of a configuration, by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServerId(pub usize);

impl ServerId {
    /// The main server.
    pub const MAIN: ServerId = ServerId(0);
}

/// The main server, or a virtual host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The `<VirtualHost>`; `None` for the main server.
    pub section: Option<PlacedId>,
    /// Its file as httpd names it: a path, or a phrase about a macro.
    pub file: String,
    /// httpd's number of its line; 0 for the main server.
    pub line: u32,
    /// Its addresses; none for the main server.
    pub addresses: Vec<Address>,
    /// The host of its `ServerName`, as written, or what httpd takes instead; `None` where nobody
    /// knows it: because it is the main server's, which is that of the machine, or because it is
    /// that of an address.
    pub name: Option<String>,
    /// The scheme of its `ServerName`, in small letters.
    pub scheme: Option<String>,
    /// Its own port: that of its `ServerName`, else that of its first address.
    pub port: Port,
    /// Other names.
    pub aliases: Vec<String>,
    /// Patterns of other names.
    pub wild_aliases: Vec<String>,
    /// `ServerPath`.
    pub path: Option<String>,
    /// `StrictHostCheck`, if it is said here.
    pub strict_host_check: Option<Truth>,
    /// Whether it is certain that it is there, with all that is said of it.
    pub certain: bool,
    // Whether there is a `ServerName`, known or not.
    is_named: bool,
}

/// The servers of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Servers {
    /// The main server, and the virtual hosts in the order in which they are read.
    pub all: Vec<Server>,
    sets: AddressSets,
    // The ports of addresses that nobody knows.
    elsewhere: Vec<Port>,
    by_section: FxHashMap<PlacedId, ServerId>,
}

impl Servers {
    /// The servers of a configuration.
    pub fn of(config: &Config, table: &Table) -> Self {
        let mut reading = Reading::of(config);
        config.walk_from(OccurrenceId::MAIN, &mut |step| {
            match step {
                Step::Enter(placed) if is_other_section(&placed) || placed.is_late(table) => {
                    return Descend::No;
                }
                Step::Enter(placed) => reading.enter(&placed),
                Step::Leave(placed) if placed.node.name == Some(NameId::VIRTUAL_HOST) => {
                    reading.leave()
                }
                _ => {}
            }
            Descend::Yes
        });
        let mut all = reading.all;
        let main = all[ServerId::MAIN.0].name.clone();
        for server in &mut all[1..] {
            server.take_name(main.as_deref());
        }
        let sections = (0..).map(ServerId).zip(&all);
        let sections = sections.filter_map(|(id, it)| Some((it.section?, id)));
        Self {
            sets: AddressSets::of(&all),
            elsewhere: unknown_ports(&all),
            by_section: sections.collect(),
            all,
        }
    }

    /// The main server.
    pub fn main(&self) -> &Server {
        &self.all[ServerId::MAIN.0]
    }

    /// A server.
    pub fn get(&self, id: ServerId) -> &Server {
        &self.all[id.0]
    }

    /// The virtual hosts, in the order in which they are read.
    pub fn virtual_hosts(&self) -> impl Iterator<Item = (ServerId, &Server)> {
        let all = self.all.iter().enumerate().skip(1);
        all.map(|(id, server)| (ServerId(id), server))
    }

    /// The addresses of virtual hosts, in the order in which httpd lists them. Those that nobody
    /// knows are not among them.
    pub fn address_sets(&self) -> &[AddressSet] {
        &self.sets.all
    }

    /// The server that a directive speaks of.
    pub fn of_directive(&self, placed: &Placed<'_>) -> ServerId {
        let sections = placed.sections();
        let mut hosts = sections.filter_map(|it| self.by_section.get(&it.id));
        hosts.next().copied().unwrap_or(ServerId::MAIN)
    }
}

impl Server {
    fn new(port: Port) -> Self {
        Self {
            section: None,
            file: String::new(),
            line: 0,
            addresses: Vec::new(),
            name: None,
            scheme: None,
            port,
            aliases: Vec::new(),
            wild_aliases: Vec::new(),
            path: None,
            strict_host_check: None,
            certain: true,
            is_named: false,
        }
    }

    /// Whether it has a `ServerName` of its own.
    pub fn is_named(&self) -> bool {
        self.is_named
    }

    // What httpd takes for the name of a virtual host without one.
    fn take_name(&mut self, main: Option<&str>) {
        let is_any = self.addresses.iter().any(|it| it.host == Host::Any);
        let taken = match self.addresses.as_slice() {
            _ if self.is_named => return,
            [] => Some(NO_ADDRESS),
            _ if is_any => main,
            _ => None,
        };
        self.name = taken.map(str::to_owned);
    }
}

// The directives that speak of servers, as phase 2 comes across them.
struct Reading {
    all: Vec<Server>,
    current: ServerId,
}

impl Reading {
    // The main server of a part of a configuration may have any port.
    fn of(config: &Config) -> Self {
        let port = if config.fragment {
            Port::Unknown
        } else {
            Port::Any
        };
        Self {
            all: vec![Server::new(port)],
            current: ServerId::MAIN,
        }
    }

    fn enter(&mut self, placed: &Placed<'_>) {
        let Some(name) = placed.node.name else { return };
        if name == NameId::VIRTUAL_HOST {
            self.open(placed);
            return;
        }
        let server = &mut self.all[self.current.0];
        // What is said in a virtual host that may not be there is certain if it is.
        let is_certain = !placed.node.uncertain || !server.certain;
        match name {
            SERVER_NAME => {
                let read = ServerName::parse(placed.line().arguments());
                server.port = Port::given(read.port_number());
                server.scheme = read.scheme;
                server.name = Some(read.host).filter(|_| is_certain);
                server.is_named = true;
                if !is_certain {
                    server.port = Port::Unknown;
                }
            }
            SERVER_ALIAS => {
                server.certain &= is_certain;
                for word in placed.line().words() {
                    let is_wild = word.text.contains(['*', '?']);
                    let names = if is_wild {
                        &mut server.wild_aliases
                    } else {
                        &mut server.aliases
                    };
                    names.push(word.text.into_owned());
                }
            }
            SERVER_PATH => {
                server.certain &= is_certain;
                server.path = first_word(placed);
            }
            STRICT_HOST_CHECK => {
                let is_on = first_word(placed).is_some_and(|it| it.eq_ignore_ascii_case("on"));
                let known = is_certain.then(|| Truth::from(is_on));
                server.strict_host_check = Some(known.unwrap_or(Truth::Unknown));
            }
            _ => {}
        }
    }

    fn open(&mut self, placed: &Placed<'_>) {
        let unit = &placed.occurrence.unit;
        let inherited = self.all[ServerId::MAIN.0].port;
        let line = placed.line();
        let section = Section::parse(line.arguments());
        let addresses: Vec<Address> = virtual_host::addresses(&section)
            .iter()
            .filter(|it| !it.word.value.is_empty())
            .map(|it| Address::of(it, inherited))
            .collect();
        let port = match addresses.first().map(|it| it.port) {
            None | Some(Port::Any) => inherited,
            Some(port) => port,
        };
        self.current = ServerId(self.all.len());
        self.all.push(Server {
            section: Some(placed.id),
            file: unit.file_name(placed.node).to_owned(),
            line: unit.number(placed.node),
            addresses,
            certain: !placed.node.uncertain,
            ..Server::new(port)
        });
    }

    fn leave(&mut self) {
        self.current = ServerId::MAIN;
    }
}

// In sections other than virtual hosts, nothing may be said of servers.
fn is_other_section(placed: &Placed<'_>) -> bool {
    placed.node.kind == NodeKind::Section && placed.node.name != Some(NameId::VIRTUAL_HOST)
}

fn unknown_ports(servers: &[Server]) -> Vec<Port> {
    let addresses = servers.iter().flat_map(|it| &it.addresses);
    let is_unknown = |it: &&Address| it.host == Host::Unknown || it.port == Port::Unknown;
    addresses.filter(is_unknown).map(|it| it.port).collect()
}
