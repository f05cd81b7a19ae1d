//! The answers to what handlers ask beyond their own text.

use std::borrow::Cow;
use std::cell::Cell;

use super::authorization::Contents;
use super::{Checker, context, scope};
use crate::argument::options::OptionSet;
use crate::argument::server_name::ServerName;
use crate::argument::{Declaration, Declared, Lookup, Reach, Scope, Surroundings, file, section};
use crate::evaluate::{
    NodeIndex, NodeKind, Placed, PlacedId, Standing, Unknown, arguments_of, paths,
};
use crate::model::accounts::Register;
use crate::model::{Thing, Topic};
use crate::world::Kind;

/// Answers from the world, the facts and the configuration.
pub(super) struct Machine<'a> {
    checker: &'a Checker<'a>,
    placed: &'a Placed<'a>,
    server_root: Option<&'a str>,
    is_htaccess: bool,
    // Whether an answer depended on where the directive stands.
    asked_for_place: Cell<bool>,
}

impl<'a> Machine<'a> {
    /// For a directive at its place.
    pub(super) fn new(checker: &'a Checker<'a>, placed: &'a Placed<'a>) -> Self {
        Self {
            checker,
            placed,
            server_root: checker.modules.server_root(),
            is_htaccess: checker.config.is_htaccess(placed.id.occurrence)
                || checker.standing == Standing::Htaccess,
            asked_for_place: Cell::new(false),
        }
    }

    /// Whether an answer depended on where the directive stands, or on other directives.
    pub(super) fn was_asked_for_place(&self) -> bool {
        self.asked_for_place.get()
    }

    // What is missed is missed at every place.
    fn miss(&self, what: Unknown) {
        self.asked_for_place.set(true);
        let span = self.placed.line().span();
        self.checker.questions.miss(what, span);
    }

    fn around(&self) -> impl Iterator<Item = Placed<'_>> {
        self.asked_for_place.set(true);
        self.placed.sections()
    }

    fn name(&self, section: &Placed<'_>) -> Cow<'_, str> {
        context::section_name(section, self.checker.inputs.table)
    }

    fn path(&self, section: &Placed<'_>) -> String {
        let text = section.occurrence.unit.text(section.node);
        section::path(&self.name(section), arguments_of(&text))
    }
}

impl Machine<'_> {
    // Few directives name an account, so the registers are read when one does.
    fn users(&self) -> Option<Register> {
        Register::read(self.checker.inputs.world, "/etc/passwd", "passwd")
    }

    fn groups(&self) -> Option<Register> {
        Register::read(self.checker.inputs.world, "/etc/group", "group")
    }
}

impl Machine<'_> {
    // The directives that mention a thing and that httpd has run before this one, in reading
    // order; `None` where there may be others. A section that is here is here as a whole,
    // whatever is around it.
    fn mentions_above(&self, topic: Topic, scope: Scope) -> Option<Vec<Placed<'_>>> {
        self.asked_for_place.set(true);
        let Checker {
            config,
            model,
            questions,
            ..
        } = self.checker;
        let here = scope::around(self.checker, self.placed, scope);
        if config.fragment && here.is_none() {
            return None;
        }
        let is_before_body = matches!(topic.0, Thing::Declared(it) if it.is_before_body());
        let unread: Topic = (Thing::Unread, "".into());
        let is_unread = model.has(unread.0, &unread.1);
        let mentions = model.mentions(topic.0, &topic.1).iter();
        let above = mentions
            .map(|it| config.placed(it.place))
            .filter(|it| self.is_run_before(it, is_before_body))
            .filter(|it| scope::around(self.checker, it, scope) == here);
        let mut above: Vec<Placed<'_>> = above.collect();
        above.sort_by_cached_key(|it| config.reading_order(it.id));
        questions.add(topic);
        questions.add(unread);
        (!is_unread).then_some(above)
    }

    // Whether httpd runs a directive before this one. What `.htaccess` says is for itself, and
    // comes behind everything else.
    fn is_run_before(&self, other: &Placed<'_>, is_before_body: bool) -> bool {
        let config = self.checker.config;
        let (here, there) = (self.placed.id, other.id);
        if config.is_htaccess(there.occurrence) && there.occurrence != here.occurrence {
            return false;
        }
        if self.around().any(|it| it.id == there) {
            return is_before_body;
        }
        let is_read_first =
            config.is_htaccess(here.occurrence) && here.occurrence != there.occurrence;
        other.node.kind == NodeKind::Executed || is_read_first || config.reads_before(there, here)
    }

    fn declaration(&self, placed: &Placed<'_>) -> Declaration {
        let table = self.checker.inputs.table;
        let name = placed.node.name.map(|it| table.spelling(it));
        let mut around = placed.sections();
        let section = around.find(|it| section::is_about_paths(&self.name(it)));
        let text = placed.occurrence.unit.text(placed.node);
        Declaration {
            directive: name.unwrap_or_default().to_owned(),
            text: arguments_of(&text).to_owned(),
            section: section.map(|it| self.path(&it)),
        }
    }

    // The name that a virtual host, or the main server, has above the directive.
    fn name_above(&self, server: Option<PlacedId>) -> NameAbove {
        let Checker { config, inputs, .. } = self.checker;
        let Some(id) = server else {
            return NameAbove::Unknown;
        };
        let section = config.placed(id);
        let from = id.node.index() + 1;
        let to = usize::try_from(section.node.end).unwrap_or(usize::MAX);
        let is_inside = |it: NodeIndex| (from..to).contains(&it.index());
        if section.occurrence.children.iter().any(|it| is_inside(it.0)) {
            return NameAbove::Unknown;
        }
        let mut name = NameAbove::None;
        for placed in config.nodes(id.occurrence).skip(from).take(to - from) {
            let spelling = placed.node.name.map(|it| inputs.table.spelling(it));
            if spelling != Some("ServerName") || !config.reads_before(placed.id, self.placed.id) {
                continue;
            }
            if placed.node.uncertain {
                return NameAbove::Unknown;
            }
            name = NameAbove::Is(ServerName::parse(placed.line().arguments()).host);
        }
        name
    }
}

// The name that a server has got so far.
#[derive(Debug, PartialEq, Eq)]
enum NameAbove {
    None,
    Is(String),
    Unknown,
}

impl Surroundings for Machine<'_> {
    fn kind(&self, path: &str) -> Kind {
        let Some(path) = self.resolve(path) else {
            return Kind::Unknown;
        };
        let kind = self.checker.inputs.world.resource(&path);
        if kind == Kind::Unknown {
            self.miss(Unknown::Path(path));
        }
        kind
    }

    fn resolves(&self, name: &str) -> Option<bool> {
        self.miss(Unknown::Host(name.to_owned()));
        None
    }

    fn resolve(&self, path: &str) -> Option<String> {
        match self.server_root {
            Some(root) => Some(paths::resolve(root, path)),
            None if path.starts_with('/') => Some(paths::resolve("/", path)),
            None => None,
        }
    }

    fn beside(&self, path: &str) -> Option<String> {
        if path.starts_with('/') {
            return Some(path.to_owned());
        }
        self.asked_for_place.set(true);
        let file = self.placed.occurrence.unit.file_name(self.placed.node);
        let (folder, _) = file.rsplit_once('/')?;
        file.starts_with('/').then(|| format!("{folder}/{path}"))
    }

    fn user(&self, name: &str) -> Lookup<u32> {
        let found = self.users().map_or(Lookup::Unknown, |it| it.get(name));
        if matches!(found, Lookup::Unknown) {
            self.miss(Unknown::User(name.to_owned()));
        }
        found
    }

    fn group(&self, name: &str) -> Lookup<u32> {
        let found = self.groups().map_or(Lookup::Unknown, |it| it.get(name));
        if matches!(found, Lookup::Unknown) {
            self.miss(Unknown::Group(name.to_owned()));
        }
        found
    }

    fn has_user_id(&self, id: u32) -> Option<bool> {
        self.users()?.has_id(id)
    }

    fn has_group_id(&self, id: u32) -> Option<bool> {
        self.groups()?.has_id(id)
    }

    fn has_content(&self, path: &str) -> Option<bool> {
        let kind = self.kind(path);
        let path = self.resolve(path)?;
        file::has_content(kind, || self.checker.inputs.world.read(&path))
    }

    fn content(&self, path: &str) -> Option<Vec<u8>> {
        let is_file = self.kind(path) == Kind::File;
        let path = self.resolve(path).filter(|_| is_file)?;
        self.checker.inputs.world.read(&path).ok()
    }

    fn section_path(&self) -> Option<String> {
        let inner = self
            .around()
            .find(|it| section::is_about_paths(&self.name(it)));
        // What stands in `.htaccess` stands in the section of its directory.
        let outer = self.checker.standing.section();
        if inner.is_none() && outer.is_some_and(section::is_about_paths) {
            return Some(String::new());
        }
        let Some(inner) = inner else {
            let file = self.placed.occurrence.unit.source.name();
            let directory = paths::directory(file);
            return self.is_htaccess.then(|| paths::join(directory, ""));
        };
        Some(self.path(&inner))
    }

    fn is_in_virtual_host(&self) -> bool {
        self.sections().iter().any(|it| it == "<VirtualHost")
    }

    fn sections(&self) -> Vec<Cow<'_, str>> {
        let outer = self.checker.standing.section().map(Cow::Borrowed);
        self.around()
            .map(|it| self.name(&it))
            .chain(outer)
            .collect()
    }

    fn declared_above(&self, what: Declared, name: &str) -> Option<Vec<Declaration>> {
        let topic = (Thing::Declared(what), what.key(name).into());
        let above = self.mentions_above(topic, what.scope())?;
        let is_certain = above.iter().all(|it| !it.node.uncertain);
        let declarations = above.iter().map(|it| self.declaration(it));
        is_certain.then(|| declarations.collect())
    }

    fn daemon_reach(&self, name: &str) -> Reach {
        let topic = (Thing::DaemonGroup, name.into());
        let Some(above) = self.mentions_above(topic, Scope::Everywhere) else {
            return Reach::Unknown;
        };
        let Some(daemon) = above.first() else {
            return Reach::Undeclared;
        };
        if above.iter().any(|it| it.node.uncertain) {
            return Reach::Unknown;
        }
        let server = |it: &Placed<'_>| scope::around(self.checker, it, Scope::Server);
        let (theirs, ours) = (server(daemon), server(self.placed));
        if theirs.is_none() || theirs == ours {
            return Reach::Accessible;
        }
        match (self.name_above(theirs), self.name_above(ours)) {
            (NameAbove::Unknown, _) | (_, NameAbove::Unknown) => Reach::Unknown,
            (one, other) if one == other => Reach::Accessible,
            (NameAbove::None, _) | (_, NameAbove::None) => Reach::NoServerName,
            _ => Reach::OtherServer,
        }
    }

    fn has_foreign_module(&self) -> Option<bool> {
        // The modules of a fragment's server may be any.
        if self.checker.config.fragment {
            return None;
        }
        let modules = self.checker.modules;
        let known = ["mod_wsgi.c", "mod_fcgid.c"];
        let mut others = self
            .checker
            .inputs
            .table
            .modules()
            .filter(|(_, module)| !module.standard && !known.contains(&&*module.source));
        let is_there = others.any(|(id, _)| !modules.has(id).is_false());
        Some(is_there || !modules.foreign().is_empty())
    }

    fn knows_all_modules(&self) -> bool {
        self.checker.modules.are_all_known()
    }

    fn has_empty_body(&self) -> Option<bool> {
        self.asked_for_place.set(true);
        Contents::of(self.checker, self.placed).is_empty()
    }

    fn has_module(&self, name: &str) -> Option<bool> {
        let table = self.checker.inputs.table;
        let Some(id) = table.module_named(name) else {
            // Of a module that we do not know, the source file may have this name.
            return self.checker.modules.foreign().is_empty().then_some(false);
        };
        match self.checker.modules.has(id) {
            crate::evaluate::Truth::True => Some(true),
            crate::evaluate::Truth::False => Some(false),
            crate::evaluate::Truth::Unknown => None,
        }
    }

    fn is_htaccess(&self) -> Option<bool> {
        self.asked_for_place.set(true);
        Some(self.is_htaccess)
    }

    fn suexec_program(&self) -> Option<&str> {
        let defines = self.checker.inputs.facts.but_version().defines.as_ref()?;
        defines.text("SUEXEC_BIN").map(|it| it.value)
    }

    fn permitted_options(&self) -> OptionSet {
        self.asked_for_place.set(true);
        let overrides = self.checker.config.overrides(self.placed.id.occurrence);
        overrides.map_or(OptionSet::EVERY, |it| it.options)
    }

    fn mutex_mechanisms(&self) -> Option<&[String]> {
        self.checker
            .inputs
            .facts
            .mutex_mechanisms
            .as_ref()
            .map(|it| it.value.as_slice())
    }

    fn mutex_types(&self) -> Option<&[String]> {
        self.checker.modules.mutex_types()
    }

    fn accept_mutex_mechanisms(&self) -> Option<&[String]> {
        self.checker
            .inputs
            .facts
            .accept_mutex_mechanisms
            .as_ref()
            .map(|it| it.value.as_slice())
    }

    fn mod_wsgi_version(&self) -> Option<crate::argument::Version> {
        let number = self
            .checker
            .inputs
            .facts
            .of_applications()
            .mod_wsgi_version
            .as_ref()?
            .value
            .number;
        let small = |it: u32| u8::try_from(it).unwrap_or(u8::MAX);
        Some((
            small(number.major),
            small(number.minor),
            small(number.patch),
        ))
    }
}
