//! What comments allow: such findings are left out, and comments that allow nothing are found.

use std::ops::RangeInclusive;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Options;
use crate::diagnostic::{Diagnostic, Edit, Level, Promise};
use crate::evaluate::{Config, Inputs, Node, OccurrenceId, Unit};
use crate::model::{Model, Modules};
use crate::rule::{Allowance, Check, Report, Rule};
use crate::rules;
use crate::source::{Cause, FileId, FrameId, Site, Span};
use crate::syntax::{Document, LineKind};

/// The rule whose findings are made here.
pub(super) const UNUSED: &str = "unused-allowance";

/// The comments of a configuration that allow findings.
#[derive(Default)]
pub(super) struct Allowances<'a> {
    frames: &'a [crate::source::Frame],
    hides: bool,
    by_file: FxHashMap<FileId, Vec<Entry>>,
}

/// All that decides whether a rule could have found something.
pub(super) struct Certainty<'a> {
    pub(super) inputs: &'a Inputs<'a>,
    pub(super) config: &'a Config,
    pub(super) model: &'a Model,
    pub(super) modules: &'a Modules,
    pub(super) options: &'a Options,
}

struct Entry {
    allowance: Allowance,
    // The bytes of the file for which it counts.
    covers: RangeInclusive<u32>,
    // Where the lines begin for which it counts.
    lines: Vec<u32>,
    is_late: bool,
    // Whether httpd refuses anything there: rules say nothing more of it.
    is_refused: bool,
    frame: FrameId,
    // What removes the whole comment, where that changes no line below it.
    removal: Option<Edit>,
    // For each rule whether it found something.
    used: Vec<bool>,
}

impl<'a> Allowances<'a> {
    /// The comments in the files of a configuration; most have none.
    pub(super) fn of(config: &'a Config, living: &[OccurrenceId], options: &Options) -> Self {
        let mut by_file: FxHashMap<FileId, Vec<Entry>> = FxHashMap::default();
        for id in living {
            let occurrence = config.occurrence(*id);
            let unit = &occurrence.unit;
            if unit.document.has_instructions() && !by_file.contains_key(&unit.document.file) {
                let text = unit.source.text();
                let all = Allowance::all(&unit.document, text);
                let entries = all.map(|it| Entry::new(it, &unit.document, text, occurrence.frame));
                by_file.insert(unit.document.file, entries.collect());
            }
        }
        Self {
            frames: &config.frames,
            hides: options.allow,
            by_file,
        }
    }

    /// Whether a finding is allowed, and so left out. What httpd refuses never is: then the finding
    /// points at the comment.
    pub(super) fn allow(&mut self, finding: &mut Diagnostic) -> bool {
        if self.by_file.is_empty() {
            return false;
        }
        let mut allowed_at = None;
        for (place, is_inside) in places(self.frames, finding) {
            let entries = self.by_file.get_mut(&place.file).into_iter().flatten();
            for entry in entries.filter(|it| it.counts_for(place, is_inside)) {
                entry.is_refused |= finding.level == Level::Error;
                let named = entry.allowance.rules.iter();
                for (at, named) in named.enumerate().filter(|it| it.1.text == finding.rule) {
                    entry.used[at] = true;
                    allowed_at = Some(named.span);
                }
            }
        }
        let Some(comment) = allowed_at.filter(|_| self.hides) else {
            return false;
        };
        if finding.level == Level::Error {
            finding.secondary(comment, "this hides nothing that httpd refuses");
        }
        finding.level != Level::Error
    }

    /// The comments that allow what is certainly not there.
    pub(super) fn unused(&mut self, certainty: &Certainty<'_>) -> Vec<Diagnostic> {
        let wants = |it: &&Rule| certainty.options.wants(it);
        let Some(rule) = rules::find(UNUSED).filter(wants) else {
            return Vec::new();
        };
        let mut found = self.unused_of(rule, certainty, |it| it != UNUSED);
        found.retain_mut(|it| !self.allow(it));
        // Comments that allow such comments come last.
        found.extend(self.unused_of(rule, certainty, |it| it == UNUSED));
        found
    }

    fn unused_of(
        &self,
        rule: &Rule,
        certainty: &Certainty<'_>,
        is_meant: impl Fn(&str) -> bool,
    ) -> Vec<Diagnostic> {
        let entries = self.by_file.values().flatten();
        let named = entries.flat_map(|entry| (0..entry.used.len()).map(move |at| (entry, at)));
        let unused = named.filter(|(it, at)| !it.used[*at] && !it.is_refused);
        let mut unused: Vec<(&Entry, usize, &Rule)> = unused
            .filter_map(|(it, at)| Some((it, at, rules::find(&it.allowance.rules[at].text)?)))
            .filter(|it| is_meant(it.2.id) && certainty.could_find(it.2))
            .collect();
        if unused.is_empty() {
            return Vec::new();
        }
        let read = certainty.lines_read(&self.by_file);
        unused
            .retain(|(it, ..)| it.is_late || it.lines.iter().all(|at| read.contains(&it.at(*at))));
        unused.sort_by_key(|(it, at, _)| it.allowance.rules[*at].span);
        let mut report = Report::new(rule);
        for (entry, at, _) in unused {
            entry.report(at, &mut report);
        }
        report.into_findings()
    }
}

impl Entry {
    fn new(allowance: Allowance, document: &Document, text: &str, frame: FrameId) -> Self {
        let is_late = allowance.of_file && !document.is_at_top(allowance.line);
        let behind = document.lines.iter().enumerate().skip(allowance.line + 1);
        let mut behind = behind.skip_while(|it| it.1.kind == LineKind::Comment);
        let first = behind.next().filter(|it| it.1.kind != LineKind::Close);
        let lines = match first {
            _ if is_late => 0..0,
            _ if allowance.of_file => 0..document.lines.len(),
            // A section that nothing closes goes on to the end.
            Some((first, line)) if line.kind == LineKind::Open => {
                let last = document.closing_line(text, first);
                first..last.map_or(document.lines.len(), |it| it + 1)
            }
            Some((first, _)) => first..first + 1,
            None => 0..0,
        };
        let last = lines
            .end
            .checked_sub(1)
            .and_then(|it| document.lines.get(it));
        let covers = match last {
            _ if is_late => allowance.span.end..=allowance.span.start,
            _ if allowance.of_file => 0..=u32::MAX,
            last => allowance.span.end..=last.map_or(allowance.span.end, |it| it.end),
        };
        let lines = document.lines[lines].iter();
        let read = lines.filter(|it| matches!(it.kind, LineKind::Open | LineKind::Directive));
        Self {
            covers,
            lines: read.map(|it| it.start).collect(),
            is_late,
            is_refused: false,
            frame,
            removal: removal(&allowance, document, text),
            used: vec![false; allowance.rules.len()],
            allowance,
        }
    }

    // Whether it counts for a place in its file. What came from elsewhere belongs to a section, and
    // not to the lines of the file.
    fn counts_for(&self, place: Span, is_inside: bool) -> bool {
        self.covers.contains(&place.start) && (is_inside || !self.allowance.of_file)
    }

    fn at(&self, start: u32) -> (FileId, u32) {
        (self.allowance.span.file, start)
    }

    fn report(&self, at: usize, report: &mut Report) {
        let named = &self.allowance.rules[at];
        let message = match self.is_late {
            true => "`allow-file` counts only above the first directive".to_owned(),
            false => format!("`{}` finds nothing here", named.text),
        };
        let site = Site {
            span: named.span,
            frame: self.frame,
        };
        let finding = report.at(site, message);
        if self.lines.is_empty() && !self.is_late {
            finding.label("there is nothing for which it could count");
        }
        if let Some(edit) = self.removal.as_ref().filter(|_| self.used.len() == 1) {
            finding.fix(Promise::Safe, "remove the comment", vec![edit.clone()]);
        } else if self.removal.is_some() {
            let list = &self.allowance.rules;
            let span = match (list.get(at + 1), at.checked_sub(1)) {
                (Some(next), _) => Span {
                    end: next.span.start,
                    ..named.span
                },
                (None, Some(before)) => Span {
                    start: list[before].span.end,
                    ..named.span
                },
                (None, None) => named.span,
            };
            let edit = Edit {
                span,
                text: String::new(),
            };
            finding.fix(
                Promise::Safe,
                format!("remove `{}`", named.text),
                vec![edit],
            );
        }
    }
}

// A comment that takes the next line along stays where it is.
fn removal(allowance: &Allowance, document: &Document, text: &str) -> Option<Edit> {
    let line = document
        .lines
        .get(allowance.line)
        .filter(|it| it.is_plain())?;
    let start = text[..line.start as usize]
        .rfind('\n')
        .map_or(0, |it| it + 1);
    let newline = text[line.end as usize..].starts_with('\n');
    let end = line.end as usize + usize::from(newline);
    Some(Edit {
        span: Span::new(document.file, start..end),
        text: String::new(),
    })
}

// Where a finding is, and the lines that led there; only the first is in its file.
fn places(frames: &[crate::source::Frame], finding: &Diagnostic) -> Vec<(Span, bool)> {
    let get = |id: FrameId| frames.get(id.0 as usize);
    let frames = std::iter::successors(finding.frame.and_then(get), |it| it.parent.and_then(get));
    let causes = frames.filter_map(|it| match it.cause {
        Cause::Entry => None,
        Cause::Include(span) | Cause::Use(span) => Some((span, false)),
    });
    std::iter::once((finding.primary.span, true))
        .chain(causes)
        .collect()
}

impl Certainty<'_> {
    // Whether nothing that is unknown keeps a rule from finding anything. What a rule makes of the
    // server as a whole may depend on anything; what it makes of arguments depends on nothing else.
    fn could_find(&self, rule: &Rule) -> bool {
        let facts = self.inputs.facts.all();
        let is_whole = self.model.is_whole(self.config);
        self.options.wants(rule)
            && rule.needs.iter().all(|it| it.is_met(facts))
            && match rule.check {
                Check::Server(_) | Check::Survey(..) | Check::Applications(_) => false,
                Check::Arguments(..) | Check::DaemonGroup(_) => true,
                Check::Refused
                | Check::Directive(..)
                | Check::PythonSetting(_)
                | Check::File(_)
                | Check::Afterwards => is_whole,
            }
    }

    // Where the lines begin that are certainly read and known, in files with such comments.
    fn lines_read(&self, files: &FxHashMap<FileId, Vec<Entry>>) -> FxHashSet<(FileId, u32)> {
        let mut read = FxHashSet::default();
        for id in self.config.living() {
            let unit = &self.config.occurrence(id).unit;
            for node in unit.nodes.iter().filter(|it| self.is_certain(it)) {
                let place = place(unit, node);
                if files.contains_key(&place.file) {
                    read.insert((place.file, place.start));
                }
            }
        }
        read
    }

    fn is_certain(&self, node: &Node) -> bool {
        let Some(name) = node.name.filter(|_| !node.uncertain) else {
            return false;
        };
        let mut definitions = self.inputs.table.definitions(name);
        definitions.any(|it| self.modules.has(it.module).is_true())
    }
}

fn place(unit: &Unit, node: &Node) -> Span {
    unit.logical(node).origin.span(0..0)
}
