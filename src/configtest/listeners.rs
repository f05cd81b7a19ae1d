//! `Listen` directives that ask for the same address.

use rustc_hash::FxHashMap;

use super::server::Found;
use super::{Checker, refusal};
use crate::argument::listen::Listen;
use crate::evaluate::PlacedId;

/// Two for the same address and port are refused; addresses compare as they are written (the MPMs'
/// `find_listeners`).
pub(super) fn duplicates(checker: &Checker<'_>, listeners: &[PlacedId]) -> Vec<Found> {
    let mut first: FxHashMap<(Option<String>, Option<String>, u16), PlacedId> =
        FxHashMap::default();
    let mut found = Vec::new();
    for id in listeners {
        let placed = checker.config.placed(*id);
        let line = placed.line();
        let Ok(listen) = Listen::parse(line.arguments()) else {
            continue;
        };
        if placed.node.uncertain || placed.parent().is_some() {
            continue;
        }
        let address = listen.address.range.clone();
        let Some(earlier) = first.get(&(listen.host.clone(), listen.scope.clone(), listen.port))
        else {
            first.insert((listen.host, listen.scope, listen.port), *id);
            continue;
        };
        let mut finding = refusal(
            "duplicate-listener",
            &placed,
            line.argument_span(address),
            format!("httpd listens at `{}` already", listen.address.value),
            "Cannot define multiple Listeners on the same IP:port",
        );
        let earlier = checker.config.placed(*earlier);
        finding.secondary(earlier.line().span(), "listening here");
        found.push((Some(*id), finding));
    }
    found
}
