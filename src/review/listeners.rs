//! Where httpd listens.

use std::collections::BTreeMap;

use super::{Found, Kind, MAIN, Pair, Place, Side};
use crate::argument::listen::Listen;
use crate::evaluate::arguments_of;
use crate::httpd::NameId;
use crate::model::request::Httpd;

const LISTEN: NameId = NameId::of("Listen");

pub(super) fn compare(pair: Pair<'_>, found: &mut Found) {
    let (before, after) = (listeners(pair.before), listeners(pair.after));
    let mut all: Vec<&String> = before.keys().chain(after.keys()).collect();
    all.sort();
    all.dedup();
    for one in all {
        let sides = (before.get(one).cloned(), after.get(one).cloned());
        let opens = sides.0.is_none();
        found.compare((Kind::Listeners, MAIN, one), sides.0, sides.1, opens);
    }
}

fn listeners(httpd: &Httpd<'_>) -> BTreeMap<String, Side> {
    let lines = httpd.main().body().named(httpd.config, LISTEN);
    let read = lines.filter_map(|line| {
        let text = line.occurrence.unit.text(line.node);
        let listen = Listen::parse(arguments_of(&text)).ok()?;
        let host = listen.host.as_deref().unwrap_or("*");
        let protocol = match &listen.protocol {
            Some(protocol) => protocol.value.to_ascii_lowercase(),
            None if listen.port == 443 => "https".to_owned(),
            None => "http".to_owned(),
        };
        let value = match line.node.uncertain {
            true => format!("{protocol}, on a condition that is not decided"),
            false => protocol,
        };
        let side = Side::new(value, [Place::of(&line)]);
        Some((format!("{host}:{}", listen.port), side))
    });
    read.collect()
}
