//! Which servers may answer otherwise at all.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Pair, called, settings};
use crate::evaluate::{Config, Occurrence, OccurrenceId};
use crate::httpd::NameId;
use crate::model::loaded_modules::LoadedModules;
use crate::model::request::Httpd;
use crate::model::servers::ServerId;

/// What decides which modules there are.
pub(super) const LOADING: [NameId; 1] = [NameId::of("LoadModule")];

/// Where one configuration reads otherwise than the other.
pub(super) struct Touched {
    // The names of directives and sections that stand where one reads otherwise.
    names: FxHashSet<NameId>,
    before: FxHashSet<OccurrenceId>,
    after: FxHashSet<OccurrenceId>,
    /// Whether the main server says something else, or other modules are there.
    pub(super) everywhere: bool,
    /// The servers that say something else, by what they are called.
    pub(super) servers: FxHashSet<String>,
    /// Whether a `.htaccess` file is another.
    below: bool,
}

impl Touched {
    pub(super) fn of(pair: Pair<'_>) -> Self {
        let (before, after) = (pair.before.config, pair.after.config);
        let (old, new) = (by_path(before), by_path(after));
        let mut touched = Self {
            names: FxHashSet::default(),
            before: FxHashSet::default(),
            after: FxHashSet::default(),
            everywhere: false,
            servers: FxHashSet::default(),
            below: !pair.access_files.is_empty(),
        };
        for (key, id) in &old {
            let is_same = new
                .get(key)
                .is_some_and(|other| reads_like(before.occurrence(*id), after.occurrence(*other)));
            if !is_same {
                touched.before.insert(*id);
                touched.after.extend(new.get(key));
            }
        }
        touched.after.extend(
            new.iter()
                .filter(|it| !old.contains_key(it.0))
                .map(|it| *it.1),
        );
        touched.names = names(before, &touched.before);
        touched.names.extend(names(after, &touched.after));
        take_in_what_is_above(before, &mut touched.before);
        take_in_what_is_above(after, &mut touched.after);
        if touched.is_nothing() {
            return touched;
        }
        // Whose documents lie around a `.htaccess` file is not asked.
        touched.everywhere = touched.below
            || (touched.speaks_of(&LOADING) && identifiers(pair.before) != identifiers(pair.after))
            || !settings::say_the_same(pair);
        for (httpd, ids) in [(pair.before, &touched.before), (pair.after, &touched.after)] {
            for (id, server) in httpd.servers.virtual_hosts() {
                if server
                    .section
                    .is_some_and(|it| ids.contains(&it.occurrence))
                {
                    touched.servers.insert(called(httpd, id));
                }
            }
        }
        touched
    }

    /// Whether nothing reads otherwise.
    pub(super) fn is_nothing(&self) -> bool {
        self.before.is_empty() && self.after.is_empty() && !self.below
    }

    /// Whether any of some directives stands where something reads otherwise.
    pub(super) fn speaks_of(&self, names: &[NameId]) -> bool {
        names.iter().any(|it| self.names.contains(it))
    }

    /// Whether a server says something else itself.
    pub(super) fn has(&self, httpd: &Httpd<'_>, id: ServerId) -> bool {
        match id {
            ServerId::MAIN => self.everywhere,
            id => self.servers.contains(&called(httpd, id)),
        }
    }
}

type Key<'a> = (&'a str, usize);

// The evaluations of files, each by its path and a number.
fn by_path(config: &Config) -> FxHashMap<Key<'_>, OccurrenceId> {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    let living = config.living().into_iter();
    let living = living.filter(|it| !config.is_htaccess(*it));
    let keyed = living.map(|id| {
        let path = config.occurrence(id).unit.source.name();
        let count = counts.entry(path).or_default();
        *count += 1;
        ((path, *count), id)
    });
    keyed.collect()
}

fn reads_like(one: &Occurrence, other: &Occurrence) -> bool {
    one.unit.source.text() == other.unit.source.text() && one.unit.reads_like(&other.unit)
}

fn names(config: &Config, ids: &FxHashSet<OccurrenceId>) -> FxHashSet<NameId> {
    let nodes = ids.iter().flat_map(|it| &config.occurrence(*it).unit.nodes);
    nodes.filter_map(|it| it.name).collect()
}

// What reads a file that reads otherwise may mean something else, too.
fn take_in_what_is_above(config: &Config, ids: &mut FxHashSet<OccurrenceId>) {
    for id in ids.clone() {
        let mut at = config.occurrence(id).parent;
        while let Some((above, _)) = at {
            if !ids.insert(above) {
                break;
            }
            at = config.occurrence(above).parent;
        }
    }
}

fn identifiers(httpd: &Httpd<'_>) -> Vec<Option<String>> {
    let modules = LoadedModules::of(httpd.config, httpd.inputs);
    let mut identifiers: Vec<_> = modules.all.into_iter().map(|it| it.identifier).collect();
    identifiers.sort();
    identifiers
}
