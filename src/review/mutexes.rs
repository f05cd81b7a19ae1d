//! How mutexes are made.

use std::collections::BTreeMap;

use super::touched::Touched;
use super::{Found, Kind, MAIN, Pair, Place, Side};
use crate::httpd::NameId;
use crate::model::mutexes::{Decision, Directory};
use crate::model::request::Httpd;

/// What decides how mutexes are made.
const DECIDING: [NameId; 6] = [
    NameId::of("DefaultRuntimeDir"),
    NameId::of("LoadModule"),
    NameId::of("Mutex"),
    NameId::of("ServerRoot"),
    NameId::of("WSGIAcceptMutex"),
    NameId::of("WSGIDaemonProcess"),
];

pub(super) fn compare(pair: Pair<'_>, touched: &Touched, found: &mut Found) {
    if !touched.speaks_of(&DECIDING) {
        return;
    }
    let (before, mut after) = (mutexes(pair.before), mutexes(pair.after));
    for (name, side) in before {
        // One of a module that is gone is gone with it.
        if let Some(other) = after.remove(&name) {
            let about = (Kind::Mutexes, MAIN, name.as_str());
            found.compare(about, Some(side), Some(other), false);
        }
    }
}

fn mutexes(httpd: &Httpd<'_>) -> BTreeMap<String, Side> {
    let mutexes = httpd.modules.mutexes(httpd.config, httpd.inputs);
    let place = |it| Place::of(&httpd.config.placed(it));
    let registered = mutexes.registered.into_iter().map(|it| {
        let mechanism = it.mechanism.map_or("unknown", |it| it.name());
        let directory = match &it.directory {
            Directory::At(path) => format!(" in {path}"),
            Directory::None | Directory::Unknown => String::new(),
        };
        let line = match it.decision {
            Decision::Own(line) | Decision::Default(line) => Some(place(line)),
            Decision::Build => None,
        };
        let side = Side::new(format!("{mechanism}{directory}"), line);
        (it.name, side)
    });
    let of_wsgi = mutexes.of_wsgi.map(|it| {
        let mechanism = it.mechanism.map_or("unknown", |it| it.name());
        let side = Side::new(mechanism, it.decided_by.map(place));
        ("WSGIAcceptMutex".to_owned(), side)
    });
    registered.chain(of_wsgi).collect()
}
