//! What a request meets: how httpd maps its URL, which sections apply, whether it is let in, and
//! who answers it.
//!
//! A [`Journey`] is one request; it is made of [`Pass`]es, because an internal redirect begins
//! again with another URL. What depends on something that cannot be known from here is a
//! [`Doubt`].

mod access;
mod access_files;
mod authorization;
mod backend;
mod condition;
mod content;
mod contents;
mod credentials;
mod directory;
mod environment;
mod headers;
mod host;
mod journey;
mod location;
mod mapping;
mod mass_hosting;
mod negotiation;
mod outline;
mod pass;
mod passed_over;
mod path;
mod pattern;
mod rewrite;
mod sections;
mod url;
mod user_directory;
mod variables;

use std::net::IpAddr;
use std::sync::OnceLock;

pub use access::{Access, Decision};
pub use access_files::{AccessFile, AccessFiles, Wanted, permitted};
pub use environment::Environment;
pub use headers::{Headers, Tables};
pub use journey::Journey;
pub use mapping::{MOUNT_BY_PATTERN, MOUNTS, Mapped, Mount};
pub use outline::Outline;
pub use pass::{End, Pass, Reason, Stage};

use super::accounts::Account;
use super::lines::Lines;
use super::scope::{Scope, Scopes};
use super::servers::{ServerId, Servers};
use super::{Dependence, Doubt, Known, Missing, Model, Modules, Notes, Thing};
use crate::evaluate::{Config, Inputs, Placed, PlacedId, Truth, paths};
use crate::httpd::Table;
use crate::world::{Kind, World};

/// A request, as it comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET` and the like.
    pub method: String,
    /// Whether it comes through TLS.
    pub is_tls: bool,
    /// What `Host` says, or the host of an absolute URL, which counts more; `None` where there is
    /// no `Host`, as in HTTP/1.0.
    pub host: Option<String>,
    /// The path as it is sent: not decoded, without the query.
    pub path: String,
    /// What follows the `?`.
    pub query: Option<String>,
    /// The other headers.
    pub headers: Vec<(String, String)>,
    /// The address that the client connects to; `None` where it is not known.
    pub address: Option<IpAddr>,
    /// The port that it connects to.
    pub port: u16,
    /// The address of the client; `None` where it is not said.
    pub from: Option<IpAddr>,
    /// The host that the client names when TLS begins (SNI).
    pub sni: Option<String>,
    /// The only version of TLS that the client speaks, such as `1.2`; `None` where it speaks whatever
    /// the server takes.
    pub tls_version: Option<String>,
    /// Whether files that cannot be seen from here are taken to be there.
    pub assumes_files: bool,
    /// Whether the story tells what was tried and passed over, too.
    pub is_watched: bool,
}

impl Request {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        if name.eq_ignore_ascii_case("host") {
            return self.host.as_deref();
        }
        let mut headers = self.headers.iter();
        let found = headers.find(|it| it.0.eq_ignore_ascii_case(name));
        found.map(|it| it.1.as_str())
    }

    /// All headers with their values.
    pub fn all_headers(&self) -> impl Iterator<Item = (String, String)> {
        let host = self.host.iter().map(|it| ("Host".to_owned(), it.clone()));
        host.chain(self.headers.iter().cloned())
    }

    /// The address of the client. Who connects to a loopback address is on the same machine.
    ///
    /// # Errors
    /// Nobody knows where a request comes from.
    pub fn client(&self) -> Known<IpAddr> {
        if let Some(from) = self.from {
            return Ok(from);
        }
        match self.address {
            Some(IpAddr::V4(it)) if it.is_loopback() => {
                Ok(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST))
            }
            Some(it) if it.is_loopback() => Ok(it),
            _ => Err(Doubt::without(Missing::Client)),
        }
    }
}

/// An httpd with its configuration, as it would answer.
#[derive(Clone, Copy)]
pub struct Httpd<'a> {
    /// What the evaluation depended on.
    pub inputs: &'a Inputs<'a>,
    /// The configuration.
    pub config: &'a Config,
    /// What it says of things with names.
    pub model: &'a Model,
    /// The modules that are there.
    pub modules: &'a Modules,
    /// The servers, and which of them answers.
    pub servers: &'a Servers,
    /// What each of them says.
    pub scopes: &'a Scopes<'a>,
    /// The `.htaccess` files that were read.
    pub access_files: &'a AccessFiles,
    /// Who answers, once somebody asked: see [`Httpd::account`].
    pub own_account: &'a OnceLock<(Dependence, Known<Account>)>,
    /// All lines by their names, once somebody asked: see [`Httpd::lines`].
    pub every_line: &'a OnceLock<Lines>,
}

impl<'a> Httpd<'a> {
    /// The table of directives.
    pub fn table(&self) -> &'a Table {
        self.inputs.table
    }

    /// The files.
    pub fn world(&self) -> &'a dyn World {
        self.inputs.world
    }

    /// All lines by their names.
    pub fn lines(&self) -> &'a Lines {
        self.every_line
            .get_or_init(|| Lines::of(self.config, self.table()))
    }

    /// The certain lines of a directive or a section, wherever they stand, in reading order.
    pub fn certain(&self, name: &str) -> impl Iterator<Item = Placed<'a>> + use<'a> {
        let (config, lines) = (self.config, self.lines());
        let name = self.table().name(name).into_iter();
        name.flat_map(|it| lines.certain(config, it))
    }

    /// Whether a module is there, by its identifier.
    ///
    /// # Errors
    /// It is not known.
    pub fn has(&self, identifier: &str) -> Known<bool> {
        let module = self.table().module_by_identifier(identifier);
        match module.map_or(Truth::False, |it| self.modules.has(it)) {
            Truth::True => Ok(true),
            Truth::False => Ok(false),
            Truth::Unknown => {
                let why = format!("it is not known whether `{identifier}` is loaded");
                Err(Doubt::new(why))
            }
        }
    }

    /// Whether a module is loaded before another one; those that are compiled in come first.
    pub fn loads_before(&self, one: &str, other: &str) -> bool {
        let place = |it| self.model.loaded_by(self.config, it).map(|it| it.place);
        match (place(one), place(other)) {
            (Some(one), Some(other)) => self.config.reads_before(one, other),
            (None, Some(_)) => true,
            (_, None) => false,
        }
    }

    /// The directives that mention a thing outside of sections, each with its server: those of the
    /// main server first, then those of the virtual hosts in their order.
    pub fn of_servers(&self, thing: Thing) -> Vec<(&'a Scope<'a>, Placed<'a>)> {
        self.outside_of_sections(self.model.places(self.config, thing))
    }

    /// The same of a thing of one name.
    pub fn named_of_servers(&self, thing: Thing, name: &str) -> Vec<(&'a Scope<'a>, Placed<'a>)> {
        self.outside_of_sections(self.model.places_named(self.config, thing, name))
    }

    fn outside_of_sections(&self, places: Vec<PlacedId>) -> Vec<(&'a Scope<'a>, Placed<'a>)> {
        let lines = places.into_iter().map(|it| self.config.placed(it));
        let placed = lines.map(|it| (self.scopes.get(self.servers.of_directive(&it)), it));
        let mut found: Vec<(&'a Scope<'a>, Placed<'a>)> = placed
            .filter(|(scope, line)| scope.body().position(line).is_some())
            .collect();
        found.sort_by_key(|it| it.0.server);
        found
    }

    /// A path of the configuration, which may be relative to `ServerRoot`.
    pub fn resolve(&self, path: &str) -> String {
        paths::resolve(self.modules.server_root().unwrap_or("/"), path)
    }

    /// What is at a path that requests are mapped to.
    ///
    /// # Errors
    /// It is not visible from here.
    pub fn kind(&self, path: &str) -> Known<Kind> {
        match self.world().resource(path) {
            Kind::Unknown => Err(unseen(path)),
            kind => Ok(kind),
        }
    }

    /// Who answers requests: the user of `User`, with the group of `Group`.
    ///
    /// # Errors
    /// The accounts of the server are not visible from here.
    pub fn account(&self) -> Known<Account> {
        let notes = Notes::of(self.inputs, self.modules);
        let find = || notes.during(|| self.find_account());
        let (asked, account) = self.own_account.get_or_init(find);
        notes.add(asked);
        account.clone()
    }

    fn find_account(&self) -> Known<Account> {
        let mut layers = super::layers::Layers::new(self.config, self.table());
        layers.push(self.main().body(), None);
        let user = layers.word("User")?.unwrap_or_else(|| "#-1".to_owned());
        let group = layers.word("Group")?;
        let account = Account::of(self.world(), &user, group.as_deref());
        account.ok_or_else(|| Doubt::new("the accounts of the server are not visible from here"))
    }

    /// Whether the server's processes may read, write or execute (4, 2, 1) what is at a path, and
    /// search all directories above it.
    ///
    /// # Errors
    /// Permissions or accounts are not visible from here.
    pub fn may(&self, account: &Account, what: u32, path: &str) -> Known<bool> {
        let of = |path: &str| {
            let permissions = self.world().permissions(path);
            permissions.ok_or_else(|| Doubt::new(format!("who may read `{path}` is not visible")))
        };
        let mut end = 0;
        while let Some(slash) = path[end..].find('/') {
            end += slash + 1;
            let directory = if end == 1 { "/" } else { &path[..end - 1] };
            if !account.may(1, &of(directory)?) {
                return Ok(false);
            }
        }
        Ok(account.may(what, &of(path)?))
    }

    /// What the main server says.
    pub fn main(&self) -> &'a Scope<'a> {
        self.scopes.main()
    }

    /// The name of a server (`server_hostname`), exactly as it is written.
    ///
    /// # Errors
    /// It is that of the machine or of an address, which a name server knows.
    pub fn hostname(&self, server: ServerId) -> Known<String> {
        let name = self.servers.get(server).name.clone();
        name.ok_or_else(|| Doubt::new("the server has the name that its name server says"))
    }
}

/// Whether a regular expression of a configuration matches a part of a text.
pub fn matches(pattern: &str, text: &str) -> bool {
    pattern::matches(pattern, false, text)
}

fn unseen(path: &str) -> Doubt {
    Doubt::new(format!("`{path}` is not visible from here"))
}
