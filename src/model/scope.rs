//! The servers of a configuration, and the sections in each, as httpd keeps them after phase 2.

use std::sync::OnceLock;

use super::servers::{ServerId, Servers};
use crate::argument::section;
use crate::evaluate::{
    Config, Descend, NodeKind, OccurrenceId, Placed, PlacedId, Step, arguments_of, fnmatch, paths,
};
use crate::httpd::{NameId, Table};

/// What each server says: the main server first, then the virtual hosts in their order.
#[derive(Debug, Clone)]
pub struct Scopes<'a> {
    /// One for each server.
    pub all: Vec<Scope<'a>>,
}

/// One server, and what it says itself.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    /// The server.
    pub server: ServerId,
    config: &'a Config,
    table: &'a Table,
    section: Option<PlacedId>,
    // Of thousands of servers a question asks few.
    body: OnceLock<Body>,
}

/// What stands in a server, a section or a `.htaccess` file, in its order. Conditionals that were
/// decided and files that were included are gone.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// Directives and sections.
    pub entries: Vec<Entry>,
    directives: Vec<PlacedId>,
    // The positions of the directives above, by their names.
    named: Vec<(NameId, u32)>,
}

/// A directive or a section.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A directive.
    Directive(PlacedId),
    /// A section.
    Section(Box<Section>),
}

/// A section.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its first line.
    pub place: PlacedId,
    /// What it is about.
    pub about: About,
    /// What stands in it.
    pub body: Body,
}

/// What a section is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// `<Directory>`: the path or shell pattern, normalised.
    Directory(String),
    /// `<DirectoryMatch>` and `<Directory ~>`: the regular expression.
    DirectoryMatch(String),
    /// `<Files>`: the name or shell pattern.
    Files(String),
    /// `<FilesMatch>` and `<Files ~>`: the regular expression.
    FilesMatch(String),
    /// `<Location>`: the path or shell pattern.
    Location(String),
    /// `<LocationMatch>` and `<Location ~>`: the regular expression.
    LocationMatch(String),
    /// `<Proxy>`: the prefix or shell pattern of a proxied URL.
    Proxy(String),
    /// `<ProxyMatch>` and `<Proxy ~>`: the regular expression.
    ProxyMatch(String),
    /// `<If>`: the condition.
    If(String),
    /// `<ElseIf>`: the condition.
    ElseIf(String),
    /// `<Else>`.
    Else,
    /// `<Limit>` and `<LimitExcept>`.
    Limit {
        /// The methods.
        methods: Vec<String>,
        /// Whether it is about all others.
        except: bool,
    },
    /// A section in which directives of others count as if they stood outside of it, by its name
    /// with `<`.
    Other(String),
}

impl<'a> Scopes<'a> {
    /// What the servers of a configuration say.
    pub fn of(config: &'a Config, table: &'a Table, servers: &Servers) -> Self {
        let scope = |server, section| Scope {
            server,
            config,
            table,
            section,
            body: OnceLock::new(),
        };
        let hosts = servers.virtual_hosts();
        let hosts = hosts.map(|(server, host)| scope(server, host.section));
        Self {
            all: std::iter::once(scope(ServerId::MAIN, None))
                .chain(hosts)
                .collect(),
        }
    }

    /// What the main server says.
    pub fn main(&self) -> &Scope<'a> {
        self.get(ServerId::MAIN)
    }

    /// What a server says.
    pub fn get(&self, server: ServerId) -> &Scope<'a> {
        &self.all[server.0]
    }
}

impl<'a> Scope<'a> {
    /// Whether it is a virtual host.
    pub fn is_virtual_host(&self) -> bool {
        self.server != ServerId::MAIN
    }

    /// What stands in it.
    pub fn body(&self) -> &Body {
        self.body.get_or_init(|| match self.section {
            Some(section) => body_below(self.config, section, self.table),
            None => body_of(self.config, OccurrenceId::MAIN, self.table),
        })
    }
}

/// What one evaluation of a file holds, with the files that it includes, but for the virtual hosts.
pub fn body_of(config: &Config, top: OccurrenceId, table: &Table) -> Body {
    let mut bodies = Bodies::new(table);
    config.walk_from(top, &mut |step| bodies.take(step));
    bodies.finish(config)
}

// What stands in one section.
fn body_below(config: &Config, section: PlacedId, table: &Table) -> Body {
    let mut bodies = Bodies::new(table);
    config.walk_below(section, &mut |step| bodies.take(step));
    bodies.finish(config)
}

// What is open while a configuration is walked.
struct Bodies<'t> {
    table: &'t Table,
    open: Vec<Body>,
}

impl<'t> Bodies<'t> {
    fn new(table: &'t Table) -> Self {
        Self {
            table,
            open: vec![Body::default()],
        }
    }

    fn take(&mut self, step: Step<'_>) -> Descend {
        match step {
            Step::Enter(placed) => match placed.node.kind {
                NodeKind::Directive => self.push(Entry::Directive(placed.id)),
                NodeKind::Section => {
                    let is_host = placed.node.name == Some(NameId::VIRTUAL_HOST);
                    if is_host || placed.is_late(self.table) {
                        return Descend::No;
                    }
                    self.open.push(Body::default());
                }
                NodeKind::Conditional(_) | NodeKind::Executed | NodeKind::Definition => {}
            },
            Step::Leave(placed) if placed.node.kind == NodeKind::Section => {
                let body = self.open.pop().unwrap_or_default().indexed(placed.config);
                let about = About::of(&placed, self.table);
                self.push(Entry::Section(Box::new(Section {
                    place: placed.id,
                    about,
                    body,
                })));
            }
            Step::Leave(_) | Step::End(_) => {}
        }
        Descend::Yes
    }

    fn push(&mut self, entry: Entry) {
        if let Some(body) = self.open.last_mut() {
            body.entries.push(entry);
        }
    }

    // A section that nothing closes ends where everything does.
    fn finish(self, config: &Config) -> Body {
        let first = self.open.into_iter().next();
        first.unwrap_or_default().indexed(config)
    }
}

impl Body {
    /// The directives that count here: also those in a section that does not change what they mean.
    /// `<Limit>` only limits access control, so everything else in it counts everywhere.
    pub fn directives<'a>(
        &self,
        config: &'a Config,
    ) -> impl DoubleEndedIterator<Item = Placed<'a>> {
        self.directives.iter().map(|it| config.placed(*it))
    }

    /// Those of one name.
    pub fn named<'a>(
        &self,
        config: &'a Config,
        name: NameId,
    ) -> impl DoubleEndedIterator<Item = Placed<'a>> {
        let positions = self.positions(name);
        positions.map(|it| config.placed(self.directives[it]))
    }

    /// Those of several names, in their order.
    pub fn named_any<'a>(&self, config: &'a Config, names: &[NameId]) -> Vec<Placed<'a>> {
        let positions = names.iter().flat_map(|it| self.positions(*it));
        let mut positions: Vec<usize> = positions.collect();
        positions.sort_unstable();
        positions.dedup();
        let found = positions.into_iter();
        let found = found.map(|it| config.placed(self.directives[it]));
        found.collect()
    }

    /// Whether there is one of which this holds, by the name.
    pub fn has_any(&self, mut is_meant: impl FnMut(NameId) -> bool) -> bool {
        let names = self.named.chunk_by(|one, other| one.0 == other.0);
        names.into_iter().any(|it| is_meant(it[0].0))
    }

    /// The position of a directive among all that count here.
    pub fn position(&self, line: &Placed<'_>) -> Option<usize> {
        let mut positions = self.positions(line.node.name?);
        positions.find(|it| self.directives[*it] == line.id)
    }

    fn positions(&self, name: NameId) -> impl DoubleEndedIterator<Item = usize> {
        let begin = self.named.partition_point(|it| it.0 < name);
        let count = self.named[begin..].partition_point(|it| it.0 == name);
        let found = &self.named[begin..begin + count];
        found.iter().map(|it| it.1 as usize)
    }

    /// What stands in it without the lines of which this does not hold.
    pub(super) fn only(mut self, config: &Config, is_kept: &dyn Fn(&Placed<'_>) -> bool) -> Self {
        self.entries.retain(|entry| match entry {
            Entry::Directive(place) => is_kept(&config.placed(*place)),
            Entry::Section(section) => is_kept(&config.placed(section.place)),
        });
        for entry in &mut self.entries {
            if let Entry::Section(section) = entry {
                section.body = std::mem::take(&mut section.body).only(config, is_kept);
            }
        }
        self.indexed(config)
    }

    fn indexed(mut self, config: &Config) -> Self {
        let mut directives = Vec::with_capacity(self.entries.len());
        self.collect(&mut directives);
        let positions = (0..).zip(&directives);
        let named = positions.filter_map(|(at, it)| Some((config.placed(*it).node.name?, at)));
        self.named = named.collect();
        self.named.sort_unstable();
        self.directives = directives;
        self
    }

    fn collect(&self, found: &mut Vec<PlacedId>) {
        for entry in &self.entries {
            match entry {
                Entry::Directive(it) => found.push(*it),
                Entry::Section(it) => {
                    if matches!(it.about, About::Limit { .. } | About::Other(_)) {
                        it.body.collect(found);
                    }
                }
            }
        }
    }

    /// The sections in it.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.entries.iter().filter_map(|it| match it {
            Entry::Section(it) => Some(&**it),
            Entry::Directive(_) => None,
        })
    }
}

impl About {
    /// What a section is about.
    pub fn of(placed: &Placed<'_>, table: &Table) -> Self {
        let name = match placed.node.name {
            Some(name) => table.spelling(name).to_owned(),
            None => placed.line().name().into_owned(),
        };
        let text = placed.text();
        let text = arguments_of(&text);
        let argument = section::Section::parse(text);
        let pattern = argument.pattern(&name);
        let first = || {
            let words = argument.words().into_iter();
            words.map(|it| it.value).next().unwrap_or_default()
        };
        // `<Proxy ~>` is a pattern, too; only core's sections know the others' rule.
        let behind_tilde = || argument.words().into_iter().nth(1).map(|it| it.value);
        match (name.as_str(), pattern) {
            ("<Directory" | "<DirectoryMatch", Some(it)) => About::DirectoryMatch(it.value),
            ("<Directory", None) => About::Directory(directory(&first())),
            ("<Files" | "<FilesMatch", Some(it)) => About::FilesMatch(it.value),
            ("<Files", None) => About::Files(first()),
            ("<Location" | "<LocationMatch", Some(it)) => About::LocationMatch(it.value),
            ("<Location", None) => About::Location(first()),
            ("<Proxy", _) if first() == "~" => {
                About::ProxyMatch(behind_tilde().unwrap_or_default())
            }
            ("<Proxy", _) => About::Proxy(first()),
            ("<ProxyMatch", _) => About::ProxyMatch(first()),
            ("<If", _) => About::If(first()),
            ("<ElseIf", _) => About::ElseIf(first()),
            ("<Else", _) => About::Else,
            ("<Limit" | "<LimitExcept", _) => About::Limit {
                methods: argument.words().into_iter().map(|it| it.value).collect(),
                except: name == "<LimitExcept",
            },
            _ => About::Other(name),
        }
    }
}

// httpd normalises the path unless it is relative, which never matches.
fn directory(path: &str) -> String {
    match path.starts_with('/') {
        true => paths::resolve("/", path),
        false => path.to_owned(),
    }
}

/// Whether the path or pattern of a `<Directory>` is that of exactly this directory or file. A
/// relative one is of none.
pub fn matches_directory(section: &str, directory: &str) -> bool {
    if !section.starts_with('/') {
        return false;
    }
    let is_pattern = fnmatch::is_pattern(section);
    let end = |it: &str| it.bytes().rfind(|it| *it != b'/');
    // Most differ here already.
    if !is_pattern && end(section) != end(directory) {
        return false;
    }
    let (mut wanted, mut names) = (parts(section), parts(directory));
    loop {
        match (wanted.next(), names.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other => {}
            (Some(one), Some(other)) if is_pattern && fnmatch::matches_component(one, other) => {}
            _ => return false,
        }
    }
}

/// The names in a path.
pub fn components(path: &str) -> Vec<&str> {
    parts(path).collect()
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|it| !it.is_empty())
}
