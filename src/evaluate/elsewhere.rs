//! The same configuration in another world, such as another revision: what both have in common is
//! parsed and evaluated once.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::config::{Config, Unit};
use super::environment::{Key, Space};
use super::evaluation::{Evaluation, File};
use super::include::expand;
use super::inputs::Inputs;
use crate::source::{Encoding, FileId};
use crate::world::{ReadError, World};

/// The world in which evaluations were made.
pub(super) struct Elsewhere<'a> {
    world: &'a dyn World,
    // Whether what is at a path, or what a wildcard finds, is the same in both worlds.
    compared: FxHashMap<(Space, Arc<str>), bool>,
}

impl<'a> Evaluation<'a> {
    /// Evaluates the configuration as it is in another world, such as another revision. A text that
    /// both have is parsed once, and what was evaluated of it is taken where it asked for nothing that
    /// is otherwise there.
    ///
    /// # Errors
    /// The main file cannot be read.
    pub fn beside(&self, inputs: Inputs<'a>) -> Result<Self, ReadError> {
        // Messages name the program; and nobody notes at which depth a recursion ended.
        let may_bring = inputs.program == self.inputs.program && !self.recursion;
        let files = self.files.iter().map(|it| File {
            parsed: it.parsed.clone(),
            units: Vec::new(),
            units_elsewhere: match may_bring {
                true => it.units.clone(),
                false => Vec::new(),
            },
            places: Vec::new(),
            is_here: false,
        });
        let mut beside = Self {
            fragment: self.fragment,
            questions: self.asked(),
            any_gap: self.any_gap,
            files: files.collect(),
            elsewhere: Some(Elsewhere::of(self.inputs.world)),
            config: Config {
                sources: self.config.sources.clone(),
                ..Config::default()
            },
            ..Self::unread(inputs)
        };
        let main = beside.load(inputs.main, None)?;
        beside.read_configuration(main);
        beside.elsewhere = None;
        for file in &mut beside.files {
            file.units_elsewhere = Vec::new();
        }
        Ok(beside)
    }

    /// An evaluation that was made in another world, where everything that it asked for is the same
    /// here and now.
    pub(super) fn brought_over(&mut self, file: FileId) -> Option<Arc<Unit>> {
        let known = self.files[file.index()].units_elsewhere.iter().rev();
        let known = known
            .take(8)
            .find(|it| self.environment.agrees_with(&it.effects.reads))
            .cloned()?;
        let mut elsewhere = self.elsewhere.take()?;
        let is_same =
            elsewhere.is_as_here(self.inputs.world, &known) && self.has_same_files(&known);
        self.elsewhere = Some(elsewhere);
        if !is_same {
            return None;
        }
        self.files[file.index()].units.push(Arc::clone(&known));
        Some(known)
    }

    // Whether the files that an evaluation read have the same texts here.
    fn has_same_files(&mut self, unit: &Unit) -> bool {
        let read = unit.includes.iter().flat_map(|it| &it.units);
        for unit in read {
            let parsed = Arc::clone(&unit.document);
            let is_same = self.load(unit.source.name(), None).is_ok_and(|file| {
                let now = &self.files[file.index()].parsed.document;
                Arc::ptr_eq(now, &parsed)
            });
            if !is_same || !self.has_same_files(unit) {
                return false;
            }
        }
        true
    }
}

impl<'a> Elsewhere<'a> {
    /// That world.
    pub(super) fn of(world: &'a dyn World) -> Self {
        Self {
            world,
            compared: FxHashMap::default(),
        }
    }

    /// Whether an evaluation would come across the same files and directories here. One that loads
    /// modules looked into them, and nobody compares those.
    pub(super) fn is_as_here(&mut self, here: &dyn World, unit: &Unit) -> bool {
        let mut writes = unit.effects.writes.iter();
        if writes.any(|it| it.0.space == Space::Module) {
            return false;
        }
        let keys = unit.effects.reads.iter().map(|it| &it.0);
        keys.filter(|it| matches!(it.space, Space::Kind | Space::Listing))
            .all(|it| self.is_same(here, it))
    }

    fn is_same(&mut self, here: &dyn World, key: &Key) -> bool {
        let path = (key.space, Arc::clone(&key.name));
        if let Some(known) = self.compared.get(&path) {
            return *known;
        }
        let (there, name) = (self.world, &*key.name);
        let is_same = match key.space {
            Space::Kind => {
                there.kind(name) == here.kind(name) && there.resource(name) == here.resource(name)
            }
            // Which of the two characters a byte is depends on who asks.
            _ if !name.is_ascii() => false,
            _ => [true, false].into_iter().all(|optional| {
                let found = |it| expand(it, name, Encoding::Utf8, optional);
                found(there) == found(here)
            }),
        };
        self.compared.insert(path, is_same);
        is_same
    }
}
