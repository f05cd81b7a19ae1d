//! Which servers may answer otherwise at all.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Pair, called, settings};
use crate::evaluate::{Config, Occurrence, OccurrenceId};
use crate::model::loaded_modules::LoadedModules;
use crate::model::request::Httpd;
use crate::model::servers::ServerId;

/// Where one configuration reads otherwise than the other.
pub(super) struct Touched {
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
        take_in_what_is_above(before, &mut touched.before);
        take_in_what_is_above(after, &mut touched.after);
        if touched.is_nothing() {
            return touched;
        }
        // Whose documents lie around a `.htaccess` file is not asked.
        touched.everywhere = touched.below
            || identifiers(pair.before) != identifiers(pair.after)
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
