//! Which virtual host answers for which name.

use std::collections::BTreeMap;

use super::touched::Touched;
use super::{Found, Kind, Pair, Place, Side, called};
use crate::evaluate::Truth;
use crate::model::request::Httpd;
use crate::model::servers::{AddressSet, ServerId};

pub(super) fn compare(pair: Pair<'_>, touched: &Touched, found: &mut Found) {
    if touched.is_nothing() {
        return;
    }
    let (before, after) = (addresses(pair.before), addresses(pair.after));
    let mut all: Vec<&String> = before.keys().chain(after.keys()).collect();
    all.sort();
    all.dedup();
    for address in all {
        let (old, new) = (before.get(address).copied(), after.get(address).copied());
        // Of a part of a configuration nobody knows who comes first.
        if !pair.after.config.fragment {
            compare_defaults(pair, address, old, new, found);
        }
        compare_names(pair, touched, address, old, new, found);
    }
}

fn addresses<'a>(httpd: &Httpd<'a>) -> BTreeMap<String, &'a AddressSet> {
    let sets = httpd.servers.address_sets().iter();
    let named = sets.map(|it| (format!("{}:{}", it.host, it.port), it));
    named.collect()
}

fn compare_defaults(
    pair: Pair<'_>,
    address: &str,
    before: Option<&AddressSet>,
    after: Option<&AddressSet>,
    found: &mut Found,
) {
    let side = |httpd: &Httpd<'_>, set: Option<&AddressSet>| {
        let first = set?.members.first()?;
        Some(host(httpd, *first, ""))
    };
    let subject = format!("default of {address}");
    let sides = (side(pair.before, before), side(pair.after, after));
    found.compare((Kind::Hosts, address, &subject), sides.0, sides.1, false);
}

fn host(httpd: &Httpd<'_>, id: ServerId, how: &str) -> Side {
    let line = httpd.line_of(id).map(|it| Place::of(&it));
    Side::new(format!("{}{how}", called(httpd, id)), line)
}

fn compare_names(
    pair: Pair<'_>,
    touched: &Touched,
    address: &str,
    before: Option<&AddressSet>,
    after: Option<&AddressSet>,
    found: &mut Found,
) {
    let old = before.map(|it| names(pair.before, it, touched));
    let new = after.map(|it| names(pair.after, it, touched));
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    let mut all: Vec<&String> = old.keys().chain(new.keys()).collect();
    all.sort();
    all.dedup();
    for name in all {
        let (one, other) = (old.get(name), new.get(name));
        let is_same = one
            .zip(other)
            .is_some_and(|(one, other)| called(pair.before, *one) == called(pair.after, *other));
        if is_same {
            continue;
        }
        let side = |httpd: &Httpd<'_>, set: Option<&AddressSet>, id: Option<&ServerId>| {
            let set = set?;
            match id {
                Some(id) => Some(host(httpd, *id, "")),
                None if httpd.config.fragment => None,
                None => Some(host(httpd, *set.members.first()?, ", the default")),
            }
        };
        let sides = (
            side(pair.before, before, one),
            side(pair.after, after, other),
        );
        let subject = format!("{name} on {address}");
        found.compare((Kind::Hosts, address, &subject), sides.0, sides.1, false);
    }
}

// The first virtual host of each name. A pattern takes the names of those behind it.
fn names(httpd: &Httpd<'_>, set: &AddressSet, touched: &Touched) -> BTreeMap<String, ServerId> {
    let mut found: BTreeMap<String, ServerId> = BTreeMap::new();
    let mut with_patterns = Vec::new();
    for id in &set.members {
        let server = httpd.servers.get(*id);
        let exact = server.name.iter().chain(&server.aliases);
        for name in exact {
            let name = name.to_ascii_lowercase();
            let taken = with_patterns.iter().find(|it| {
                let other = httpd.servers.get(**it);
                other.is_called(&name) == Truth::True
            });
            let taken = taken.copied().unwrap_or(*id);
            found.entry(name).or_insert(taken);
        }
        for pattern in &server.wild_aliases {
            found.entry(pattern.to_ascii_lowercase()).or_insert(*id);
        }
        // Those that are as they were take the same names as before.
        if !server.wild_aliases.is_empty() && touched.has(httpd, *id) {
            with_patterns.push(*id);
        }
    }
    found
}
