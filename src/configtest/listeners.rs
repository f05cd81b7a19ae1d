//! Whether two `Listen` directives ask for the same socket.

use rustc_hash::FxHashMap;

use super::server::turn_of;
use super::{Checker, Found, refusal};
use crate::argument::listen::Listen;
use crate::evaluate::PlacedId;

/// What httpd refuses of the `Listen` directives of a server, in reading order. It compares the
/// address as it is written (`find_listeners`): `localhost` and `127.0.0.1` are two, and so are
/// `0.0.0.0` and no address at all.
pub(super) fn check(checker: &Checker<'_>, listens: &[PlacedId]) -> Vec<Found> {
    let mut first: FxHashMap<(Option<String>, u16), PlacedId> = FxHashMap::default();
    let mut found = Vec::new();
    for id in listens {
        let placed = checker.config.placed(*id);
        let line = placed.line();
        let Ok(listen) = Listen::parse(line.arguments()) else {
            continue;
        };
        if placed.node.uncertain {
            continue;
        }
        let Some(earlier) = first.get(&(listen.host.clone(), listen.port)) else {
            first.insert((listen.host, listen.port), *id);
            continue;
        };
        let earlier = checker.config.placed(*earlier);
        let mut finding = refusal(
            "duplicate-listen",
            &placed,
            line.argument_span(listen.address.range),
            "this address and port are listened on already".to_owned(),
            "Cannot define multiple Listeners on the same IP:port",
        );
        finding.secondary(earlier.line().span(), "here");
        found.push((turn_of(*id), finding));
    }
    found
}
