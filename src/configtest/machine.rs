//! The answers to what handlers ask beyond their own text.

use std::borrow::Cow;
use std::cell::Cell;

use super::authorization::Contents;
use super::{Checker, context};
use crate::argument::options::OptionSet;
use crate::argument::{Declared, Lookup, Surroundings, file, section};
use crate::evaluate::{OccurrenceId, Placed, Standing, arguments_of, paths};
use crate::model::Thing;
use crate::model::accounts::Register;
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

    fn around(&self) -> impl Iterator<Item = Placed<'_>> {
        self.asked_for_place.set(true);
        std::iter::successors(self.placed.parent(), Placed::parent)
    }

    fn name(&self, section: &Placed<'_>) -> Cow<'_, str> {
        context::section_name(section, self.checker.inputs.table)
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

impl Surroundings for Machine<'_> {
    fn kind(&self, path: &str) -> Kind {
        let path = self.resolve(path);
        path.map_or(Kind::Unknown, |it| self.checker.inputs.world.resource(&it))
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
        self.users().map_or(Lookup::Unknown, |it| it.get(name))
    }

    fn group(&self, name: &str) -> Lookup<u32> {
        self.groups().map_or(Lookup::Unknown, |it| it.get(name))
    }

    fn has_user_id(&self, id: u32) -> Option<bool> {
        self.users()?.has_id(id)
    }

    fn has_group_id(&self, id: u32) -> Option<bool> {
        self.groups()?.has_id(id)
    }

    fn has_content(&self, path: &str) -> Option<bool> {
        let path = self.resolve(path)?;
        let world = self.checker.inputs.world;
        file::has_content(world.resource(&path), || world.read(&path))
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
            let directory = file.rsplit_once('/').map_or("/", |it| it.0);
            return self.is_htaccess.then(|| format!("{directory}/"));
        };
        let text = inner.occurrence.unit.text(inner.node);
        Some(section::path(arguments_of(&text)))
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

    fn declarations(&self, what: Declared, name: &str) -> Option<Vec<String>> {
        self.asked_for_place.set(true);
        let Checker {
            config,
            model,
            questions,
            ..
        } = self.checker;
        if config.fragment {
            return None;
        }
        let (thing, key) = (Thing::Declared(what), what.key(name));
        // What `.htaccess` declares is for itself.
        let here = self.placed.id.occurrence;
        let counts = |it: OccurrenceId| it == here || !config.is_htaccess(it);
        let mentions = model.mentions(thing, &key).iter();
        let mentions = mentions.filter(|it| counts(it.place.occurrence));
        let texts = mentions.map(|it| {
            let placed = config.placed(it.place);
            let text = placed.occurrence.unit.text(placed.node);
            arguments_of(&text).to_owned()
        });
        questions.add((thing, key.into()));
        Some(texts.collect())
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

    fn has_empty_body(&self) -> Option<bool> {
        self.asked_for_place.set(true);
        Contents::of(self.checker, self.placed).is_empty()
    }

    fn has_module(&self, name: &str) -> Option<bool> {
        let table = self.checker.inputs.table;
        let id = table
            .module_by_identifier(name)
            .or_else(|| table.module_by_source(name));
        let Some(id) = id else {
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
        let defines = self.checker.inputs.facts.defines.as_ref()?;
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
