//! What a change of a configuration changes: not its text, but what httpd does with it.
//!
//! Two configurations are asked the same questions, and what they answer differently is a
//! [`Change`], with the lines that say so on both sides. One file asks one kind of question. Only
//! what may differ is asked for: a virtual host none of whose files reads otherwise, below a main
//! server that says the same, answers the same.

mod files;
mod headers;
mod hosts;
mod listeners;
mod modules;
mod mutexes;
mod networks;
mod permissions;
mod requests;
mod settings;
mod touched;
mod wsgi;

use rustc_hash::FxHashMap;

use crate::evaluate::Placed;
use crate::model::request::{Httpd, Wanted};
use crate::model::servers::{Port, ServerId};
use crate::model::trace;
use touched::Touched;

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Who is let in.
    Access,
    /// What sections permit: `Options`, `AllowOverride`.
    Permissions,
    /// Which virtual host answers.
    Hosts,
    /// Where httpd listens.
    Listeners,
    /// Protocols, ciphers and certificates.
    Tls,
    /// Where a URL leads to: files, other servers, redirects.
    Mapping,
    /// Who answers.
    Handlers,
    /// Headers of requests and answers.
    Headers,
    /// Groups and mounts of mod_wsgi.
    Wsgi,
    /// The modules.
    Modules,
    /// The MPM and its limits.
    Processes,
    /// The mutexes.
    Mutexes,
    /// Logs.
    Logs,
    /// Files that nothing reads any more.
    Files,
    /// Everything else.
    Settings,
}

impl Kind {
    /// All kinds, the ones first that people look for first.
    pub const ALL: [Kind; 15] = [
        Kind::Access,
        Kind::Permissions,
        Kind::Hosts,
        Kind::Listeners,
        Kind::Tls,
        Kind::Mapping,
        Kind::Handlers,
        Kind::Headers,
        Kind::Wsgi,
        Kind::Modules,
        Kind::Processes,
        Kind::Mutexes,
        Kind::Logs,
        Kind::Files,
        Kind::Settings,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Access => "access",
            Kind::Permissions => "permissions",
            Kind::Hosts => "hosts",
            Kind::Listeners => "listeners",
            Kind::Tls => "tls",
            Kind::Mapping => "mapping",
            Kind::Handlers => "handlers",
            Kind::Headers => "headers",
            Kind::Wsgi => "wsgi",
            Kind::Modules => "modules",
            Kind::Processes => "processes",
            Kind::Mutexes => "mutexes",
            Kind::Logs => "logs",
            Kind::Files => "files",
            Kind::Settings => "settings",
        }
    }
}

/// Something that httpd does otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub kind: Kind,
    /// The server, as people call it: `shop.example:443`.
    pub server: String,
    /// What of it: a URL, a directive, a name.
    pub subject: String,
    /// What was; `None` where nothing was.
    pub before: Option<Side>,
    /// What is.
    pub after: Option<Side>,
    /// Whether somebody may do now what was not allowed.
    pub opens: bool,
    /// Of what else the same holds, by server and subject.
    pub also: Vec<(String, String)>,
}

/// What one of the configurations says of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Side {
    /// What httpd does.
    pub value: String,
    /// The lines that say so.
    pub because: Vec<Place>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file, as the server knows it.
    pub file: String,
    /// The number that httpd gives the line.
    pub line: u32,
    /// The line as it is written.
    pub text: String,
}

impl Place {
    fn of(line: &Placed<'_>) -> Self {
        let unit = &line.occurrence.unit;
        let value = trace::value(line);
        let name = line.line().name().into_owned();
        Self {
            file: unit.source.name().to_owned(),
            line: unit.number(line.node),
            text: format!("{name} {value}").trim_end().to_owned(),
        }
    }
}

impl Side {
    fn new(value: impl Into<String>, because: impl IntoIterator<Item = Place>) -> Self {
        Self {
            value: value.into(),
            because: because.into_iter().collect(),
        }
    }
}

/// What was found, and what was not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Review {
    /// The changes: what opens something first, then by server, kind and subject.
    pub changes: Vec<Change>,
    /// What was left out, one line each.
    pub gaps: Vec<String>,
}

/// The two configurations that are compared.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    /// The one that was.
    pub before: &'a Httpd<'a>,
    /// The one that is.
    pub after: &'a Httpd<'a>,
    /// The `.htaccess` files that are others now, by their paths on the server.
    pub access_files: &'a [String],
}

/// The `.htaccess` files that either side did not read yet.
#[derive(Debug, Default)]
pub struct AlsoWanted {
    /// Of the one that was.
    pub before: Vec<Wanted>,
    /// Of the one that is.
    pub after: Vec<Wanted>,
}

/// What httpd does otherwise.
pub fn review(pair: Pair<'_>) -> (Review, AlsoWanted) {
    let mut found = Found::default();
    let touched = Touched::of(pair);
    modules::compare(pair, &touched, &mut found);
    listeners::compare(pair, &mut found);
    mutexes::compare(pair, &touched, &mut found);
    files::compare(pair, &mut found);
    hosts::compare(pair, &touched, &mut found);
    wsgi::compare(pair, &mut found);
    let seen = requests::compare(pair, &touched, &mut found);
    settings::compare(pair, &touched, &seen, &mut found);
    if found.changes.is_empty() {
        found.gaps.extend(pair.access_files.iter().map(|it| {
            format!("`{it}` is another, and no request that was asked meets anything else")
        }));
    }
    (found.settled(), seen.wanted)
}

/// What was found so far.
#[derive(Default)]
struct Found {
    changes: Vec<Change>,
    gaps: Vec<String>,
}

impl Found {
    /// Notes a change, where what is differs from what was.
    fn compare(
        &mut self,
        (kind, server, subject): (Kind, &str, &str),
        before: Option<Side>,
        after: Option<Side>,
        opens: bool,
    ) {
        let value = |it: &Option<Side>| it.as_ref().map(|it| it.value.clone());
        if value(&before) == value(&after) {
            return;
        }
        self.changes.push(Change {
            kind,
            server: server.to_owned(),
            subject: subject.to_owned(),
            before,
            after,
            opens,
            also: Vec::new(),
        });
    }

    // What is the same for several subjects is said once.
    fn settled(self) -> Review {
        type Story = (Kind, bool, Option<Side>, Option<Side>);
        let mut settled: Vec<Change> = Vec::new();
        let mut known: FxHashMap<Story, usize> = FxHashMap::default();
        for change in self.changes {
            let Change {
                kind,
                server,
                subject,
                ..
            } = &change;
            let other = (server.clone(), subject.clone());
            let sides = (change.before.clone(), change.after.clone());
            let story = (*kind, change.opens, sides.0, sides.1);
            match known.get(&story) {
                Some(at) => settled[*at].also.push(other),
                None => {
                    known.insert(story, settled.len());
                    settled.push(change);
                }
            }
        }
        settled.sort_by(|one, other| {
            // What a request meets says more than a line.
            let is_line = |it: &Change| !it.subject.contains("://");
            let key = |it: &Change| {
                let about = (it.kind, is_line(it), it.subject.clone());
                (!it.opens, it.server.clone(), about)
            };
            key(one).cmp(&key(other))
        });
        Review {
            changes: settled,
            gaps: self.gaps,
        }
    }
}

/// The main server, among the names of servers.
const MAIN: &str = "the server";

/// What people call a server: its name and port.
fn called(httpd: &Httpd<'_>, id: ServerId) -> String {
    if id == ServerId::MAIN {
        return MAIN.to_owned();
    }
    let server = httpd.servers.get(id);
    let address = server.addresses.first();
    let port = match address.map(|it| it.port) {
        Some(Port::Number(number)) => format!(":{number}"),
        _ => String::new(),
    };
    match (&server.name, address) {
        (Some(name), _) => format!("{name}{port}"),
        (None, Some(address)) => format!("{}{port}", address.written),
        (None, None) => "a virtual host".to_owned(),
    }
}
