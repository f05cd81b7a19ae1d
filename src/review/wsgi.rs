//! The daemon process groups of mod_wsgi.

use std::collections::BTreeMap;

use super::{Found, Kind, Pair, Place, Side, called};
use crate::model::layers::words_of;
use crate::model::request::Httpd;
use crate::model::wsgi::groups;

pub(super) fn compare(pair: Pair<'_>, found: &mut Found) {
    let (before, mut after) = (declared(pair.before), declared(pair.after));
    for (name, (server, old)) in &before {
        let about = format!("group {name}");
        let about = (Kind::Wsgi, server.as_str(), about.as_str());
        let new = after.remove(name).map(|it| it.1);
        let other = || {
            let is_same = |it: &(&String, &(String, Side))| {
                !before.contains_key(it.0) && it.1.1.value == old.value
            };
            let (called, (_, side)) = after.iter().find(is_same)?;
            let value = format!("the same, called {called}");
            Some((called.clone(), Side::new(value, side.because.clone())))
        };
        let new = match new {
            Some(new) => Some(new),
            None => other().map(|(called, side)| {
                after.remove(&called);
                side
            }),
        };
        found.compare(about, Some(old.clone()), new, false);
    }
    for (name, (server, new)) in after {
        let subject = format!("group {name}");
        found.compare((Kind::Wsgi, &server, &subject), None, Some(new), false);
    }
}

// By their names, each with its server. The order of the options means nothing.
fn declared(httpd: &Httpd<'_>) -> BTreeMap<String, (String, Side)> {
    let all = groups(httpd).into_iter().map(|it| {
        let mut options: Vec<String> = words_of(&it.line).into_iter().skip(1).collect();
        options.sort();
        let server = called(httpd, it.server(httpd));
        let value = match options.is_empty() {
            true => "declared".to_owned(),
            false => options.join(" "),
        };
        let value = format!("{value}, for {server}");
        let side = Side::new(value, [Place::of(&it.line)]);
        (it.name().to_owned(), (server, side))
    });
    all.collect()
}
