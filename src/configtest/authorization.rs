//! Sections of authorization that can never be satisfied.

use super::context::section_name;
use super::server::Found;
use super::{Checker, checked};
use crate::evaluate::{NodeIndex, NodeKind, Placed, PlacedId};

/// A `<RequireAll>` that only denies is refused when everything is read
/// (`authz_core_check_section`).
pub(super) fn only_negative(checker: &Checker<'_>, sections: &[PlacedId]) -> Vec<Found> {
    let is_there = checker
        .inputs
        .table
        .module_by_source("mod_authz_core.c")
        .is_some_and(|it| checker.modules.has(it).is_true());
    let mut found = Vec::new();
    for id in sections.iter().filter(|_| is_there) {
        let placed = checker.config.placed(*id);
        if placed.node.uncertain || !denies_only(checker, &placed) {
            continue;
        }
        let finding = checked(
            "negative-authorization",
            &placed,
            placed.line().span(),
            "this section only denies, so nobody can satisfy it",
            "AH01624: <RequireAll> directive contains only negative authorization directives",
        );
        found.push((Some(*id), finding));
    }
    found
}

// Whether there is something in a section, and all of it is negative. A file that is included in it
// may hold anything.
fn denies_only(checker: &Checker<'_>, section: &Placed<'_>) -> bool {
    let unit = &section.occurrence.unit;
    let mut negative = 0;
    for index in section.id.node.index() + 1..section.node.end as usize {
        let node = NodeIndex::new(index);
        let child = checker.config.placed(PlacedId {
            occurrence: section.id.occurrence,
            node,
        });
        if matches!(child.node.kind, NodeKind::Conditional(_)) {
            continue;
        }
        if child.parent().map(|it| it.id) != Some(section.id) {
            continue;
        }
        let name = section_name(&child, checker.inputs.table);
        let denies = match name.as_str() {
            "Require" => unit
                .text(child.node)
                .split_whitespace()
                .nth(1)
                .is_some_and(|it| it.eq_ignore_ascii_case("not")),
            "<RequireNone" => true,
            _ => false,
        };
        if !denies || child.node.uncertain || child.node.kind == NodeKind::Executed {
            return false;
        }
        negative += 1;
    }
    negative > 0
}
