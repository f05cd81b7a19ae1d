//! What `<RequireAll>` and its kin contain (mod_authz_core's `authz_section_conf`).

use super::context::section_name;
use super::server::turn_of;
use super::{Checker, Found};
use crate::argument::require::Require;
use crate::diagnostic::{Diagnostic, HttpdMessage, Level, Step};
use crate::evaluate::{NodeIndex, NodeKind, OccurrenceId, Placed, PlacedId};

/// What a section of authorization contains, the sections in it not opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Contents {
    /// How many ask that something holds.
    positive: usize,
    /// How many ask that something does not hold.
    negative: usize,
    /// Whether there may be more.
    is_unsure: bool,
}

impl Contents {
    /// The contents of a section.
    pub(super) fn of(checker: &Checker<'_>, section: &Placed<'_>) -> Self {
        let mut contents = Self::default();
        let from = section.id.node.index() + 1;
        let to = usize::try_from(section.node.end).unwrap_or(usize::MAX);
        contents.add(checker, section.id.occurrence, from..to);
        contents
    }

    /// Whether there is nothing in it; `None` where that is not known.
    pub(super) fn is_empty(self) -> Option<bool> {
        match (self.positive + self.negative, self.is_unsure) {
            (0, true) => None,
            (count, _) => Some(count == 0),
        }
    }

    fn is_negative_only(self) -> bool {
        self.negative > 0 && self.positive == 0 && !self.is_unsure
    }

    fn add(&mut self, checker: &Checker<'_>, id: OccurrenceId, range: std::ops::Range<usize>) {
        let occurrence = checker.config.occurrence(id);
        let mut index = range.start;
        while index < range.end.min(occurrence.unit.nodes.len()) {
            let node = NodeIndex::new(index);
            let placed = checker.config.placed(PlacedId {
                occurrence: id,
                node,
            });
            index += 1;
            for (_, child) in occurrence.children.iter().filter(|it| it.0 == node) {
                self.add(checker, *child, 0..usize::MAX);
            }
            let is_entered = self.add_node(checker, &placed);
            if !is_entered {
                index = usize::try_from(placed.node.end).unwrap_or(usize::MAX);
            }
        }
    }

    // Whether what stands in the node belongs to the section around it.
    fn add_node(&mut self, checker: &Checker<'_>, placed: &Placed<'_>) -> bool {
        let table = checker.inputs.table;
        match placed.node.kind {
            _ if placed.node.uncertain => self.is_unsure = true,
            NodeKind::Directive => {
                let name = placed.node.name.map(|it| table.spelling(it));
                if name == Some("Require") {
                    match Require::parse(placed.line().arguments()).is_negative {
                        true => self.negative += 1,
                        false => self.positive += 1,
                    }
                }
            }
            NodeKind::Section => match &*section_name(placed, table) {
                "<RequireAll" | "<RequireAny" => {
                    self.positive += 1;
                    return false;
                }
                "<RequireNone" => {
                    self.negative += 1;
                    return false;
                }
                "<Limit" | "<LimitExcept" => {}
                _ => return false,
            },
            NodeKind::Conditional(_) | NodeKind::Executed | NodeKind::Definition => {}
        }
        true
    }
}

/// Finds the sections that say only what must not hold. httpd looks at them behind phase 2
/// (`authz_core_check_section`), and names no place.
pub(super) fn check(checker: &Checker<'_>, containers: &[PlacedId]) -> Vec<Found> {
    let mut found = Vec::new();
    for id in containers {
        let placed = checker.config.placed(*id);
        let is_all = section_name(&placed, checker.inputs.table) == "<RequireAll";
        if !is_all || placed.node.uncertain || !Contents::of(checker, &placed).is_negative_only() {
            continue;
        }
        let mut finding = Diagnostic::new(
            "negative-authorization",
            Level::Error,
            placed.line().span(),
            "`<RequireAll>` says only who may not come in",
        );
        finding.frame = Some(placed.site().frame);
        finding.help("add `Require all granted`");
        finding.httpd = Some(HttpdMessage {
            step: Step::Check,
            message: "AH01624: <RequireAll> directive contains only negative authorization \
                      directives"
                .to_owned(),
            file: None,
            line: None,
        });
        found.push((turn_of(*id), finding));
    }
    found
}
