//! Runs rules, each for the units that it looks at.

use super::Options;
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Node, NodeIndex, OccurrenceId, PlacedId};
use crate::httpd::Table;
use crate::rule::{Check, Context, Report, Rule};
use crate::rules;
use crate::source::Span;

/// The rules, by what they look at.
pub(super) struct Engine {
    // By name id: the rules that look at directives of the name.
    directives: Vec<Vec<&'static Rule>>,
    files: Vec<&'static Rule>,
}

impl Engine {
    pub(super) fn new(table: &Table, options: &Options) -> Self {
        let mut engine = Self {
            directives: vec![Vec::new(); table.names().count()],
            files: Vec::new(),
        };
        for rule in rules::all().filter(|it| options.wants(it)) {
            match rule.check {
                Check::Refused => {}
                Check::Directive(names, _) => {
                    for name in names.iter().filter_map(|it| table.name(it)) {
                        engine.directives[name.index()].push(rule);
                    }
                }
                Check::Described(is_meant, _) => {
                    for name in table.names() {
                        if table.definitions(name).any(is_meant) {
                            engine.directives[name.index()].push(rule);
                        }
                    }
                }
                Check::File(_) => engine.files.push(rule),
            }
        }
        engine
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
            for rule in &self.directives[name.index()] {
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
