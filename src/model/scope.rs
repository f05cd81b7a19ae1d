//! The servers of a configuration, and the sections in each, as httpd keeps them after phase 2.

use super::servers::{ServerId, Servers};
use crate::argument::section;
use crate::evaluate::{Config, NodeKind, OccurrenceId, Placed, Step, arguments_of, fnmatch, paths};
use crate::httpd::Table;

/// What each server says: the main server first, then the virtual hosts in their order.
#[derive(Debug, Clone)]
pub struct Scopes<'a> {
    /// One for each server.
    pub all: Vec<Scope<'a>>,
}

/// What one server says itself.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    /// The server.
    pub server: ServerId,
    /// What stands in it.
    pub body: Body<'a>,
}

/// What stands in a server, a section or a `.htaccess` file, in its order. Conditionals that were
/// decided and files that were included are gone.
#[derive(Debug, Clone, Default)]
pub struct Body<'a> {
    /// Directives and sections.
    pub entries: Vec<Entry<'a>>,
}

/// A directive or a section.
#[derive(Debug, Clone)]
pub enum Entry<'a> {
    /// A directive.
    Directive(Placed<'a>),
    /// A section.
    Section(Section<'a>),
}

/// A section.
#[derive(Debug, Clone)]
pub struct Section<'a> {
    /// Its first line.
    pub placed: Placed<'a>,
    /// What it is about.
    pub about: About,
    /// What stands in it.
    pub body: Body<'a>,
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
    pub fn of(config: &'a Config, table: &Table, servers: &Servers) -> Self {
        let mut main = Body::default();
        let mut hosts = Vec::new();
        for entry in body_of(config, OccurrenceId(0), table).entries {
            match entry {
                Entry::Section(it) if is_virtual_host(&it.about) => hosts.push(it),
                entry => main.entries.push(entry),
            }
        }
        let mut all = vec![Scope {
            server: ServerId::MAIN,
            body: main,
        }];
        for (server, host) in servers.virtual_hosts() {
            let section = hosts
                .iter()
                .position(|it| Some(it.placed.id) == host.section);
            let body = section.map(|it| std::mem::take(&mut hosts[it].body));
            all.push(Scope {
                server,
                body: body.unwrap_or_default(),
            });
        }
        Self { all }
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

impl Scope<'_> {
    /// Whether it is a virtual host.
    pub fn is_virtual_host(&self) -> bool {
        self.server != ServerId::MAIN
    }
}

fn is_virtual_host(about: &About) -> bool {
    matches!(about, About::Other(name) if name == "<VirtualHost")
}

/// What one evaluation of a file holds, with the files that it includes.
pub fn body_of<'a>(config: &'a Config, top: OccurrenceId, table: &Table) -> Body<'a> {
    let mut bodies = vec![Body::default()];
    config.walk_from(top, &mut |step| match step {
        Step::Enter(placed) => match placed.node.kind {
            NodeKind::Directive => push(&mut bodies, Entry::Directive(placed)),
            NodeKind::Section => bodies.push(Body::default()),
            NodeKind::Conditional(_) | NodeKind::Executed | NodeKind::Definition => {}
        },
        Step::Leave(placed) if placed.node.kind == NodeKind::Section => {
            let body = bodies.pop().unwrap_or_default();
            let about = About::of(&placed, table);
            push(
                &mut bodies,
                Entry::Section(Section {
                    placed,
                    about,
                    body,
                }),
            );
        }
        Step::Leave(_) | Step::End(_) => {}
    });
    // A section that nothing closes ends where everything does.
    bodies.into_iter().next().unwrap_or_default()
}

fn push<'a>(bodies: &mut [Body<'a>], entry: Entry<'a>) {
    if let Some(body) = bodies.last_mut() {
        body.entries.push(entry);
    }
}

impl<'a> Body<'a> {
    /// The directives that count here: also those in a section that does not change what they mean.
    /// `<Limit>` only limits access control, so everything else in it counts everywhere.
    pub fn directives(&self) -> Vec<Placed<'a>> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect(&self, found: &mut Vec<Placed<'a>>) {
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
    pub fn sections(&self) -> impl Iterator<Item = &Section<'a>> {
        self.entries.iter().filter_map(|it| match it {
            Entry::Section(it) => Some(it),
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
        let text = placed.occurrence.unit.text(placed.node);
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
    let is_pattern = fnmatch::is_pattern(section);
    let (section_parts, parts) = (components(section), components(directory));
    let is = |(one, two): (&&str, &&str)| match is_pattern {
        true => fnmatch::matches_component(one, two),
        false => one == two,
    };
    section.starts_with('/')
        && section_parts.len() == parts.len()
        && section_parts.iter().zip(&parts).all(is)
}

/// The names in a path.
pub fn components(path: &str) -> Vec<&str> {
    path.split('/').filter(|it| !it.is_empty()).collect()
}
