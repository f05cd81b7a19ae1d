//! Runs rules, each for the units that it looks at.

use super::Options;
use crate::configtest::{Found, Turn};
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Node, NodeIndex, OccurrenceId, PlacedId};
use crate::httpd::{ByName, NameId, Table};
use crate::rule::{Check, Context, Report, Rule};
use crate::rules;
use crate::source::Span;

/// The rules, by what they look at.
pub(super) struct Engine {
    wanted: Vec<&'static Rule>,
    files: Vec<&'static Rule>,
    servers: Vec<&'static Rule>,
    directives: ByName<Box<[&'static Rule]>>,
}

impl Engine {
    pub(super) fn new(table: &Table, options: &Options) -> Self {
        let wanted = rules::all().filter(|it| options.wants(it));
        let (files, wanted): (Vec<_>, Vec<_>) =
            wanted.partition(|it| matches!(it.check, Check::File(_)));
        let (servers, wanted) = wanted
            .into_iter()
            .partition(|it| matches!(it.check, Check::Server(_)));
        Self {
            wanted,
            files,
            servers,
            directives: ByName::new(table),
        }
    }

    // The rules that look at directives of a name.
    fn directive(&self, table: &Table, name: NameId) -> &[&'static Rule] {
        self.directives.get(name, || {
            let spelling = table.spelling(name);
            let looks_at = |rule: &&&Rule| match rule.check {
                Check::Directive(names, _) => {
                    names.iter().any(|it| it.eq_ignore_ascii_case(spelling))
                }
                Check::Described(is_meant, _) => table.definitions(name).any(is_meant),
                Check::File(_) | Check::Server(_) | Check::Refused => false,
            };
            self.wanted.iter().filter(looks_at).copied().collect()
        })
    }

    /// What the rules find of the server as a whole, each with its turn.
    pub(super) fn server(&self, context: &Context<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        for rule in &self.servers {
            let mut report = Report::new(rule);
            if let Check::Server(check) = rule.check {
                check(context, &mut report);
            }
            let findings = report.into_findings().into_iter();
            found.extend(findings.map(|it| (server_turn(context, it.primary.span), it)));
        }
        found
    }

    /// What the rules find in one evaluation of a file, each with the node that it is about.
    pub(super) fn occurrence(
        &self,
        context: &Context<'_>,
        id: OccurrenceId,
    ) -> Vec<(u32, Diagnostic)> {
        let mut found = Vec::new();
        for rule in &self.files {
            let mut report = Report::new(rule);
            if let Check::File(check) = rule.check {
                check(context, id, &mut report);
            }
            let findings = report.into_findings().into_iter();
            found.extend(findings.map(|it| (turn(context, id, it.primary.span), it)));
        }
        let nodes = &context.config.occurrence(id).unit.nodes;
        for (index, node) in nodes.iter().enumerate() {
            let Some(name) = node.name.filter(|_| !node.uncertain) else {
                continue;
            };
            for rule in self.directive(context.inputs.table, name) {
                let node = NodeIndex::new(index);
                let placed = context.config.placed(PlacedId {
                    occurrence: id,
                    node,
                });
                let mut report = Report::new(rule);
                if let Check::Directive(_, check) | Check::Described(_, check) = rule.check {
                    check(context, &placed, &mut report);
                }
                let turn = u32::try_from(index).unwrap_or(u32::MAX);
                found.extend(report.into_findings().into_iter().map(|it| (turn, it)));
            }
        }
        found
    }
}

// The node behind which a finding about a file is in its turn: the last that begins before it.
fn turn(context: &Context<'_>, id: OccurrenceId, place: Span) -> u32 {
    let unit = &context.config.occurrence(id).unit;
    let begins_before = |node: &Node| {
        let span = unit.logical(node).origin.span(0..0);
        unit.used(node).is_none() && span.file == place.file && span.start <= place.start
    };
    let last = unit.nodes.iter().rposition(begins_before);
    u32::try_from(last.unwrap_or(0)).unwrap_or(u32::MAX)
}

// The turn in the first evaluation of the file that a finding is about.
fn server_turn(context: &Context<'_>, place: Span) -> Option<(OccurrenceId, Turn)> {
    let mut living = context.config.living().into_iter();
    let id = living.find(|it| {
        let unit = &context.config.occurrence(*it).unit;
        unit.document.file == place.file
    })?;
    Some((id, Turn::at(turn(context, id, place))))
}
