//! What a configuration means, in the words of the domain.
//!
//! The model is merged from what each file contributes, so that replacing a file costs in
//! proportion to that file: a contribution is a list of mentions, each of a thing with a name, and
//! the model is an index of all of them.

pub mod accounts;
pub mod authentication;
mod contribution;
mod dependence;
mod doubt;
pub mod included_files;
pub mod layers;
pub mod lines;
pub mod loaded_modules;
mod mention;
mod module_test;
mod modules;
pub mod mutexes;
pub mod old_access;
pub mod processes;
pub mod python;
pub mod reach;
pub mod request;
pub mod rewriting;
pub mod run_settings;
pub mod scope;
pub mod servers;
pub mod survey;
pub mod trace;
mod undecided;
mod url_alias;
pub mod wsgi;

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

pub use contribution::{Contribution, Names};
pub use dependence::{Dependence, Notes};
pub use doubt::{Doubt, Known, Missing};
pub use mention::{Mention, Thing};
pub use module_test::ModuleTest;
pub use modules::{AskedModules, Modules, version_of_httpd};
pub use undecided::Undecided;
pub use url_alias::{UrlAlias, paths_over};

use crate::evaluate::{Config, OccurrenceId, PlacedId};
use crate::threads;

/// Files are read in parts of so many; fewer are not worth a thread of their own.
const PART: usize = 256;

/// The index of all mentions.
#[derive(Debug, Default)]
pub struct Model {
    by_name: FxHashMap<Thing, BTreeMap<Arc<str>, Vec<Mention>>>,
    contributions: FxHashMap<OccurrenceId, Contribution>,
}

/// The name of something, whatever is said of it.
pub type Topic = (Thing, Arc<str>);

impl Model {
    /// The model of a whole configuration.
    pub fn of(config: &Config, names: &Names<'_>) -> Self {
        let living = config.living();
        let contributions = threads::map_parts(
            &living,
            PART,
            || (),
            |(), ids| -> Vec<_> {
                let contributions = ids.iter().map(|it| Contribution::of(config, *it, names));
                contributions.collect()
            },
        );
        let mut model = Self::default();
        for (id, contribution) in living.iter().zip(contributions.into_iter().flatten()) {
            model.add(*id, contribution);
        }
        model
    }

    /// Takes in what an evaluation of a file contributes.
    pub fn add(&mut self, id: OccurrenceId, contribution: Contribution) {
        if contribution.mentions.is_empty() {
            return;
        }
        for mention in &contribution.mentions {
            let names = self.by_name.entry(mention.thing).or_default();
            let mentions = names.entry(Arc::clone(&mention.name));
            // Most names are mentioned once.
            let mentions = mentions.or_insert_with(|| Vec::with_capacity(1));
            mentions.push(mention.clone());
        }
        self.contributions.insert(id, contribution);
    }

    /// Takes out what an evaluation of a file contributed, and returns it.
    pub fn remove(&mut self, id: OccurrenceId) -> Contribution {
        let contribution = self.contributions.remove(&id).unwrap_or_default();
        for mention in &contribution.mentions {
            let names = self.by_name.entry(mention.thing).or_default();
            if let Some(mentions) = names.get_mut(&mention.name) {
                mentions.retain(|it| it.place.occurrence != id);
                if mentions.is_empty() {
                    names.remove(&mention.name);
                }
            }
        }
        contribution
    }

    /// The mentions of a thing by its exact name.
    pub fn mentions(&self, thing: Thing, name: &str) -> &[Mention] {
        let names = self.by_name.get(&thing);
        let mentions = names.and_then(|it| it.get(name));
        mentions.map(Vec::as_slice).unwrap_or_default()
    }

    /// What one directive mentions of a thing.
    pub fn said_by(&self, place: PlacedId, thing: Thing) -> impl Iterator<Item = &Mention> {
        let contribution = self.contributions.get(&place.occurrence);
        let mentions = contribution
            .map(|it| it.mentions.as_slice())
            .unwrap_or_default();
        // Mentions stand in the order of their directives.
        let first = mentions.partition_point(|it| it.place.node < place.node);
        mentions[first..]
            .iter()
            .take_while(move |it| it.place.node == place.node)
            .filter(move |it| it.thing == thing)
    }

    /// The directive that loads a module and counts: the first that is not in doubt.
    pub fn loaded_by(&self, config: &Config, identifier: &str) -> Option<&Mention> {
        let loads = self.mentions(Thing::LoadedModule, identifier).iter();
        loads.filter(|it| it.certain).reduce(|first, it| {
            let is_earlier = config.reads_before(it.place, first.place);
            if is_earlier { it } else { first }
        })
    }

    /// Whether a thing is mentioned by this exact name.
    pub fn has(&self, thing: Thing, name: &str) -> bool {
        !self.mentions(thing, name).is_empty()
    }

    /// Whether the configuration is known as a whole: it is not a part of one, and nothing that it
    /// reads is out of sight.
    pub fn is_whole(&self, config: &Config) -> bool {
        !config.fragment && !self.has(Thing::Unread, "")
    }

    /// The names by which things of a kind are mentioned, sorted.
    pub fn names(&self, thing: Thing) -> impl Iterator<Item = &str> {
        let names = self.by_name.get(&thing).into_iter();
        names.flat_map(|it| it.keys().map(|name| &**name))
    }

    /// The things that a file contributes.
    pub fn topics(&self, id: OccurrenceId) -> impl Iterator<Item = Topic> {
        let contribution = self.contributions.get(&id).into_iter();
        contribution.flat_map(Contribution::topics)
    }

    /// The occurrences that mention a thing by whatever name.
    pub fn mentioning(&self, thing: Thing) -> impl Iterator<Item = OccurrenceId> {
        let names = self.by_name.get(&thing).into_iter();
        let mentions = names.flat_map(|it| it.values().flatten());
        mentions.map(|it| it.place.occurrence)
    }

    /// The directives that mention a thing by whatever name, in reading order.
    pub fn places(&self, config: &Config, thing: Thing) -> Vec<PlacedId> {
        let names = self.by_name.get(&thing).into_iter();
        in_reading_order(config, names.flat_map(|it| it.values().flatten()))
    }

    /// The directives that mention a thing by its exact name, in reading order.
    pub fn places_named(&self, config: &Config, thing: Thing, name: &str) -> Vec<PlacedId> {
        in_reading_order(config, self.mentions(thing, name).iter())
    }

    /// Which of the things are there whose mere existence matters to everybody.
    pub fn globals(&self) -> [bool; mention::GLOBAL.len()] {
        mention::GLOBAL.map(|it| self.has(it, ""))
    }

    /// The occurrences whose findings may depend on any of the topics: those that mention a thing
    /// of the same family by the same name.
    pub fn concerned(&self, topics: &[Topic]) -> FxHashSet<OccurrenceId> {
        let mut concerned = FxHashSet::default();
        for (thing, name) in topics {
            for related in thing.family() {
                let mentions = self.mentions(*related, name);
                concerned.extend(mentions.iter().map(|it| it.place.occurrence));
            }
        }
        concerned
    }
}

fn in_reading_order<'m>(
    config: &Config,
    mentions: impl Iterator<Item = &'m Mention>,
) -> Vec<PlacedId> {
    let mut places: Vec<PlacedId> = mentions.map(|it| it.place).collect();
    places.sort_by_cached_key(|it| config.reading_order(*it));
    places.dedup();
    places
}
