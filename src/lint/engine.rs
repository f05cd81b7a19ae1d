//! Runs rules, each for the units that it looks at.

use std::cell::OnceCell;

use super::Options;
use crate::configtest::Harmless;
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Node, NodeIndex, OccurrenceId, Placed, PlacedId, arguments_of};
use crate::httpd::{ByName, NameId, Table};
use crate::model::Undecided;
use crate::model::wsgi::{DaemonGroup, PythonSetting};
use crate::rule::{Check, Context, Report, Rule, Which};
use crate::rules;
use crate::source::Span;

const GROUP: &str = "WSGIDaemonProcess";

/// The rules, by what they look at.
pub(super) struct Engine {
    wanted: Vec<&'static Rule>,
    files: Vec<&'static Rule>,
    /// Those that look at the server as a whole.
    pub(super) whole: Vec<&'static Rule>,
    // Of the wanted rules: which look at a name, in the order of names, and which decide name by
    // name.
    named: Vec<(NameId, usize)>,
    deciding: Vec<usize>,
    directives: ByName<Box<Interested>>,
}

/// The rules that look at directives of a name.
#[derive(Clone)]
struct Interested {
    in_directive: Box<[&'static Rule]>,
    in_arguments: Box<[&'static Rule]>,
}

impl Engine {
    pub(super) fn new(table: &Table, options: &Options) -> Self {
        let wanted = rules::all().filter(|it| options.wants(it));
        let (files, wanted): (Vec<_>, Vec<_>) =
            wanted.partition(|it| matches!(it.check, Check::File(_)));
        let is_whole = |it: &&Rule| {
            matches!(
                it.check,
                Check::Server(_) | Check::Survey(..) | Check::Applications(_)
            )
        };
        let (whole, wanted): (Vec<_>, Vec<_>) = wanted.into_iter().partition(is_whole);
        let (mut named, mut deciding) = (Vec::new(), Vec::new());
        for (position, rule) in wanted.iter().enumerate() {
            match looks_at(&rule.check) {
                Some((Which::Named(names), _)) => {
                    let names = names.iter().filter_map(|it| table.name(it));
                    named.extend(names.map(|it| (it, position)));
                }
                Some((Which::Described(_), _)) => deciding.push(position),
                None => {}
            }
        }
        named.sort_unstable();
        Self {
            wanted,
            files,
            whole,
            named,
            deciding,
            directives: ByName::new(table),
        }
    }

    fn interested(&self, table: &Table, name: NameId) -> &Interested {
        self.directives.get(name, || {
            let begin = self.named.partition_point(|it| it.0 < name);
            let named = self.named[begin..].iter().take_while(|it| it.0 == name);
            let mut positions: Vec<usize> = named.map(|it| it.1).collect();
            positions.extend(&self.deciding);
            positions.sort_unstable();
            positions.dedup();
            let rules = |part: Part| {
                let rules = positions.iter().map(|it| self.wanted[*it]);
                let looks_at = |it: &&Rule| {
                    looks_at(&it.check).is_some_and(|it| it.1 == part && it.0.has(table, name))
                };
                rules.filter(looks_at).collect()
            };
            Box::new(Interested {
                in_directive: rules(Part::Directive),
                in_arguments: rules(Part::Arguments),
            })
        })
    }

    /// What the rules find in one evaluation of a file, each with the node that it is about.
    /// `silent` are arguments that no rule says anything of.
    pub(super) fn occurrence(
        &self,
        context: &Context<'_>,
        id: OccurrenceId,
        silent: &Harmless,
    ) -> Vec<(u32, Diagnostic)> {
        let mut found = Vec::new();
        for rule in &self.files {
            let mut report = Report::new(rule);
            if let Check::File(check) = rule.check {
                check(context, id, &mut report);
            }
            let findings = report.into_findings().into_iter();
            found.extend(findings.filter_map(|it| about_line(context, id, it)));
        }
        let nodes = &context.config.occurrence(id).unit.nodes;
        for (index, node) in nodes.iter().enumerate() {
            let Some(name) = node.name else {
                continue;
            };
            let interested = self.interested(context.inputs.table, name);
            if interested.is_nobody() {
                continue;
            }
            let placed = context.config.placed(PlacedId {
                occurrence: id,
                node: NodeIndex::new(index),
            });
            let turn = u32::try_from(index).unwrap_or(u32::MAX);
            let findings = match node.uncertain {
                false => interested.ask(placed, context, silent),
                true => interested.ask_of_undecided(placed, context),
            };
            found.extend(findings.into_iter().map(|it| (turn, it)));
        }
        found
    }
}

/// What of a directive a rule looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Directive,
    Arguments,
}

// The directives that a check looks at, one by one.
fn looks_at(check: &Check) -> Option<(Which, Part)> {
    match check {
        Check::Directive(which, _) => Some((*which, Part::Directive)),
        Check::PythonSetting(_) => Some((Which::Named(PythonSetting::DIRECTIVES), Part::Directive)),
        Check::Arguments(which, _) => Some((*which, Part::Arguments)),
        Check::DaemonGroup(_) => Some((Which::Named(&[GROUP]), Part::Arguments)),
        Check::Refused
        | Check::File(_)
        | Check::Server(_)
        | Check::Applications(_)
        | Check::Survey(..)
        | Check::Afterwards => None,
    }
}

impl Interested {
    fn is_nobody(&self) -> bool {
        self.in_directive.is_empty() && self.in_arguments.is_empty()
    }

    fn ask(&self, placed: Placed<'_>, context: &Context<'_>, silent: &Harmless) -> Vec<Diagnostic> {
        let subject = Subject::new(placed);
        let mut findings = subject.ask(&self.in_directive, context);
        findings.extend(subject.ask_of_arguments(&self.in_arguments, context, silent));
        findings
    }

    // What they say of a directive of which it is not known whether httpd reads it.
    fn ask_of_undecided(&self, placed: Placed<'_>, context: &Context<'_>) -> Vec<Diagnostic> {
        let Some(undecided) = Undecided::around(&placed, context.inputs.table) else {
            return Vec::new();
        };
        let modules = undecided.modules(context.modules);
        let findings = self.ask(
            placed,
            &Context {
                modules: &modules,
                ..*context
            },
            &Harmless::default(),
        );
        context.modules.add_asked(&modules.take_asked());
        let findings = findings.into_iter();
        findings.filter_map(|it| undecided.lower(it)).collect()
    }
}

/// A directive, and what several rules want read of it.
struct Subject<'a> {
    placed: Placed<'a>,
    group: OnceCell<DaemonGroup<'a>>,
}

impl<'a> Subject<'a> {
    fn new(placed: Placed<'a>) -> Self {
        Self {
            placed,
            group: OnceCell::new(),
        }
    }

    fn group(&self) -> &DaemonGroup<'a> {
        self.group.get_or_init(|| DaemonGroup::of(self.placed))
    }

    fn python_settings(&self) -> Vec<PythonSetting<'_>> {
        match self.placed.line().name().eq_ignore_ascii_case(GROUP) {
            true => PythonSetting::of_group(self.group()).collect(),
            false => PythonSetting::of_directive(self.placed)
                .into_iter()
                .collect(),
        }
    }

    fn is_refused(&self, context: &Context<'_>) -> bool {
        !context.refused.is_empty() && context.refused.touches(self.placed.site().span)
    }

    // Of what httpd refuses it says enough itself.
    fn ask(&self, rules: &[&Rule], context: &Context<'_>) -> Vec<Diagnostic> {
        if rules.is_empty() || self.is_refused(context) {
            return Vec::new();
        }
        let settings = OnceCell::new();
        let mut findings = Vec::new();
        for rule in rules {
            let mut report = Report::new(rule);
            match rule.check {
                Check::Directive(_, check) | Check::Arguments(_, check) => {
                    check(context, &self.placed, &mut report);
                }
                Check::DaemonGroup(check) => check(self.group(), &mut report),
                Check::PythonSetting(check) => {
                    for setting in settings.get_or_init(|| self.python_settings()) {
                        check(context, setting, &mut report);
                    }
                }
                _ => {}
            }
            findings.extend(report.into_findings());
        }
        findings
    }

    fn ask_of_arguments(
        &self,
        rules: &[&Rule],
        context: &Context<'_>,
        silent: &Harmless,
    ) -> Vec<Diagnostic> {
        let placed = &self.placed;
        let Some(name) = placed.node.name.filter(|_| !rules.is_empty()) else {
            return Vec::new();
        };
        let text = placed.occurrence.unit.text(placed.node);
        let arguments = arguments_of(&text);
        let notes = context.notes();
        if let Some(dependence) = silent.get(name, arguments) {
            notes.add(&dependence);
            return Vec::new();
        }
        let questions = context.inputs.world.questions();
        let (dependence, findings) = notes.during(|| self.ask(rules, context));
        // Rules say nothing more of what httpd refuses, and that may depend on the place. Who notes
        // questions wants to know of each place what it asks.
        let is_everywhere =
            context.refused.is_empty() && context.inputs.world.questions() == questions;
        if findings.is_empty() && is_everywhere {
            silent.add(name, arguments, dependence);
        }
        findings
    }
}

// A finding about a line of a file, in its turn.
fn about_line(
    context: &Context<'_>,
    id: OccurrenceId,
    finding: Diagnostic,
) -> Option<(u32, Diagnostic)> {
    let turn = turn(context, id, finding.primary.span);
    let node = NodeIndex::new(turn as usize);
    let nodes = &context.config.occurrence(id).unit.nodes;
    if !nodes.get(turn as usize).is_some_and(|it| it.uncertain) {
        return Some((turn, finding));
    }
    let placed = context.config.placed(PlacedId {
        occurrence: id,
        node,
    });
    let undecided = Undecided::around(&placed, context.inputs.table)?;
    Some((turn, undecided.lower(finding)?))
}

// The node behind which a finding about a file is in its turn: the last that begins before it.
pub(super) fn turn(context: &Context<'_>, id: OccurrenceId, place: Span) -> u32 {
    let unit = &context.config.occurrence(id).unit;
    let begins_before = |node: &Node| {
        let span = unit.logical(node).origin.span(0..0);
        unit.used(node).is_none() && span.file == place.file && span.start <= place.start
    };
    let last = unit.nodes.iter().rposition(begins_before);
    u32::try_from(last.unwrap_or(0)).unwrap_or(u32::MAX)
}
