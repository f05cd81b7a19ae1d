//! The modules, and which MPM there is.

use std::collections::BTreeMap;

use super::touched::{LOADING, Touched};
use super::{Found, Kind, MAIN, Pair, Place, Side};
use crate::model::loaded_modules::LoadedModules;
use crate::model::request::Httpd;

pub(super) fn compare(pair: Pair<'_>, touched: &Touched, found: &mut Found) {
    if !touched.speaks_of(&LOADING) {
        return;
    }
    let (before, after) = (modules(pair.before), modules(pair.after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let kind = match name.starts_with("mpm_") {
            true => Kind::Processes,
            false => Kind::Modules,
        };
        let sides = (before.get(name).cloned(), after.get(name).cloned());
        found.compare((kind, MAIN, name), sides.0, sides.1, false);
    }
}

fn modules(httpd: &Httpd<'_>) -> BTreeMap<String, Side> {
    let modules = LoadedModules::of(httpd.config, httpd.inputs)
        .all
        .into_iter();
    let named = modules.filter_map(|it| {
        let value = match it.certain {
            true => "loaded",
            false => "loaded on a condition that is not decided",
        };
        let line = it.load.map(|it| Place::of(&httpd.config.placed(it)));
        Some((it.identifier?, Side::new(value, line)))
    });
    named.collect()
}
