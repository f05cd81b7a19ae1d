//! The daemon process groups of mod_wsgi.

use std::collections::BTreeMap;

use super::{Found, Kind, Pair, Place, Side, called};
use crate::model::layers::words_of;
use crate::model::request::Httpd;
use crate::model::wsgi::groups;

pub(super) fn compare(pair: Pair<'_>, found: &mut Found) {
    let (before, after) = (declared(pair.before), declared(pair.after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let (one, other) = (before.get(name), after.get(name));
        let server = other.or(one).map(|it| it.0.clone()).unwrap_or_default();
        let subject = format!("group {name}");
        let sides = (one.map(|it| it.1.clone()), other.map(|it| it.1.clone()));
        found.compare((Kind::Wsgi, &server, &subject), sides.0, sides.1, false);
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
