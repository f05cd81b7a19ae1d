//! Files that are still there, and that nothing reads any more.

use std::collections::BTreeMap;

use super::{Found, Kind, MAIN, Pair, Side};
use crate::evaluate::{Config, OccurrenceId};
use crate::world::Kind as There;

pub(super) fn compare(pair: Pair<'_>, found: &mut Found) {
    let (before, after) = (files(pair.before.config), files(pair.after.config));
    for (file, id) in &before {
        let is_there = || pair.after.world().kind(file) == There::File;
        if after.contains_key(file) || !is_there() {
            continue;
        }
        let unit = &pair.before.config.occurrence(*id).unit;
        if !unit.nodes.is_empty() {
            let about = (Kind::Files, MAIN, *file);
            found.compare(about, Some(Side::new("read", [])), None, false);
        }
    }
}

fn files(config: &Config) -> BTreeMap<&str, OccurrenceId> {
    let living = config.living().into_iter();
    let read = living.filter(|it| !config.is_htaccess(*it));
    let named = read.map(|it| (config.occurrence(it).unit.source.name(), it));
    named.collect()
}
