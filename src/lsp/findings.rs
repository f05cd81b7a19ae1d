//! What the client shows of what was found.
//!
//! All that is found of a large server takes longer than a keystroke may. So after a change the
//! findings of the files that it concerns are shown at once, with what was known of the server as a
//! whole moved along; the rest follows when nobody types.

use std::ops::Range;

use lsp_types::{
    Code, CodeDescription, Diagnostic as Shown, DiagnosticRelatedInformation, DiagnosticSeverity,
    DiagnosticTag, Message, Uri,
};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::json;

use super::view::{View, Whole};
use crate::diagnostic::{Diagnostic, Label, Level};
use crate::evaluate::{NodeKind, OccurrenceId, Truth};
use crate::source::{Cause, FileId, FrameId, Span};

/// The findings of what does nothing.
const UNNECESSARY: [&str; 4] = [
    "empty-macro",
    "surplus-words",
    "unused-allowance",
    "unused-macro-parameter",
];
/// The findings of what an older httpd had.
const DEPRECATED: [&str; 1] = ["obsolete-directive"];

/// Of a larger server, what is found as a whole is shown later.
const SMALL: usize = 64;

/// The findings, file by file.
#[derive(Debug, Default)]
pub(super) struct Findings {
    // What is known of each file.
    of_file: FxHashMap<FileId, Vec<Diagnostic>>,
    // What of it concerns the server as a whole; only of documents that are open.
    of_server: FxHashMap<FileId, Vec<Diagnostic>>,
    // Whether the server as a whole was looked at since the last change.
    pub(super) is_complete: bool,
}

/// One stretch of a text that became another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// The file.
    pub(super) file: FileId,
    /// What was there.
    old: Range<usize>,
    /// How long it is now.
    new: usize,
}

impl Change {
    /// What lies between the common beginning and the common end of two texts.
    pub(super) fn between(file: FileId, old: &str, new: &str) -> Self {
        let pairs = old.bytes().zip(new.bytes());
        let start = pairs.take_while(|(one, other)| one == other).count();
        let rest = old.len().min(new.len()) - start;
        let pairs = old.bytes().rev().zip(new.bytes().rev()).take(rest);
        let end = pairs.take_while(|(one, other)| one == other).count();
        Self {
            file,
            old: start..old.len() - end,
            new: new.len() - end - start,
        }
    }

    // Where a place is now; `None` where it was changed itself.
    fn moved(&self, span: Span) -> Option<Span> {
        if span.file != self.file || span.end as usize <= self.old.start {
            return Some(span);
        }
        let behind = |it: u32| (it as usize).checked_sub(self.old.end);
        let start = behind(span.start)? + self.old.start + self.new;
        Some(Span::new(span.file, start..start + span.range().len()))
    }

    fn finding(&self, finding: &Diagnostic) -> Option<Diagnostic> {
        let mut moved = finding.clone();
        moved.primary.span = self.moved(finding.primary.span)?;
        moved.secondary.retain_mut(|it| {
            let span = self.moved(it.span);
            it.span = span.unwrap_or(it.span);
            span.is_some()
        });
        moved.fixes.retain_mut(|fix| {
            fix.edits.iter_mut().all(|edit| {
                let span = self.moved(edit.span);
                edit.span = span.unwrap_or(edit.span);
                span.is_some()
            })
        });
        Some(moved)
    }
}

impl Findings {
    /// What is known of a file.
    pub(super) fn of(&self, file: FileId) -> &[Diagnostic] {
        self.of_file
            .get(&file)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// The files of which anything is known.
    pub(super) fn files(&self) -> Vec<FileId> {
        self.of_file.keys().copied().collect()
    }

    /// Looks at the files that a change concerns, or at everything where that is little. Returns
    /// the files whose findings may be others now.
    pub(super) fn change(
        &mut self,
        whole: Whole<'_>,
        changes: &[Change],
        concerned: &[OccurrenceId],
    ) -> Vec<FileId> {
        if whole.paths.len() <= SMALL {
            return self.complete(whole);
        }
        self.is_complete = false;
        for change in changes {
            for findings in self.of_server.values_mut() {
                *findings = findings
                    .iter()
                    .filter_map(|it| change.finding(it))
                    .collect();
            }
        }
        let file_of = |it: &OccurrenceId| whole.config().occurrence(*it).unit.document.file;
        let files: FxHashSet<FileId> = concerned.iter().map(file_of).collect();
        let mut files: Vec<FileId> = files.into_iter().collect();
        files.retain(|it| whole.opened(*it).is_some());
        for file in &files {
            let mut findings = alone(whole, *file);
            let of_server = self.of_server.get(file).into_iter().flatten();
            findings.extend(of_server.cloned());
            self.of_file.insert(*file, findings);
        }
        files
    }

    /// Looks at the server as a whole. Returns the files whose findings are others now.
    pub(super) fn complete(&mut self, whole: Whole<'_>) -> Vec<FileId> {
        let outcome = whole.tree.shape(whole.session.outcome());
        let mut of_file: FxHashMap<FileId, Vec<Diagnostic>> = FxHashMap::default();
        for finding in outcome.diagnostics {
            let file = finding.primary.span.file;
            of_file.entry(file).or_default().push(finding);
        }
        self.of_server.clear();
        for file in whole.paths.keys().filter(|_| whole.paths.len() > SMALL) {
            if whole.opened(*file).is_some() {
                let mut rest = of_file.get(file).cloned().unwrap_or_default();
                let alone = alone(whole, *file);
                rest.retain(|it| !alone.contains(it));
                self.of_server.insert(*file, rest);
            }
        }
        self.is_complete = true;
        let before = std::mem::replace(&mut self.of_file, of_file);
        let all = before.keys().chain(self.of_file.keys());
        let all: FxHashSet<FileId> = all.copied().collect();
        let is_other = |it: &FileId| {
            let old = before.get(it).map(Vec::as_slice).unwrap_or_default();
            old != self.of(*it)
        };
        // The places of findings that read the same are others where lines above them are.
        let is_open = |it: &FileId| whole.opened(*it).is_some();
        let mut files: Vec<FileId> = all
            .into_iter()
            .filter(|it| is_open(it) || is_other(it))
            .collect();
        files.sort_unstable();
        files
    }
}

// What was found in a file at all its places, each once.
fn alone(whole: Whole<'_>, file: FileId) -> Vec<Diagnostic> {
    let ids = whole.session.places_of(file);
    let mut findings = whole.session.findings_of(&ids);
    findings.retain_mut(|it| {
        let level = whole.tree.level(it, whole.name(file));
        it.level = level.unwrap_or(it.level);
        it.primary.span.file == file && level.is_some()
    });
    findings
}

/// The findings of a file as the client shows them.
pub(super) fn shown(whole: Whole<'_>, file: FileId, findings: &[Diagnostic]) -> Vec<Shown> {
    let lines = whole.lines(file);
    let mut all: Vec<Shown> = findings
        .iter()
        .map(|it| Shown {
            range: lines.range(it.primary.span.range()),
            severity: Some(severity(it.level)),
            code: Some(Code::String(it.rule.to_owned())),
            code_description: page(whole, it.rule),
            source: Some("httpd-lint".to_owned()),
            message: Message::String(message(it)),
            tags: tags(it.rule),
            related_information: related(whole, it),
            data: None,
        })
        .collect();
    if whole.opened(file).is_some() {
        all.extend(inactive(whole, file));
    }
    all
}

fn severity(level: Level) -> DiagnosticSeverity {
    match level {
        Level::Error => DiagnosticSeverity::Error,
        Level::Warning => DiagnosticSeverity::Warning,
        Level::Note => DiagnosticSeverity::Information,
    }
}

fn tags(rule: &str) -> Option<Vec<DiagnosticTag>> {
    let unnecessary = UNNECESSARY.contains(&rule);
    let unnecessary = unnecessary.then_some(DiagnosticTag::Unnecessary);
    let deprecated = DEPRECATED.contains(&rule);
    let deprecated = deprecated.then_some(DiagnosticTag::Deprecated);
    let tags: Vec<DiagnosticTag> = unnecessary.into_iter().chain(deprecated).collect();
    (!tags.is_empty()).then_some(tags)
}

fn page(whole: Whole<'_>, rule: &str) -> Option<CodeDescription> {
    let pages = whole.settings.rule_pages.as_ref()?;
    let href = Uri::from(format!("{pages}{rule}.html"));
    Some(CodeDescription { href })
}

// The message, what is beside the underlined text, what httpd says, and the facts.
fn message(finding: &Diagnostic) -> String {
    let mut lines = vec![finding.message.clone()];
    let label = &finding.primary.message;
    lines.extend((!label.is_empty()).then(|| label.clone()));
    let httpd = finding.httpd.as_ref();
    lines.extend(httpd.map(|it| format!("httpd: {}", it.message)));
    lines.extend(finding.notes.iter().map(|it| format!("note: {it}")));
    lines.join("\n")
}

// The other places of a finding, and the way to it.
fn related(whole: Whole<'_>, finding: &Diagnostic) -> Option<Vec<DiagnosticRelatedInformation>> {
    if !whole.abilities.related {
        return None;
    }
    let labels = finding.secondary.iter().map(|Label { span, message }| {
        let message = match message.as_str() {
            "" => "see here",
            message => message,
        };
        (*span, message.to_owned())
    });
    let way = way(whole, finding.frame);
    let all = labels.chain(way).filter_map(|(span, message)| {
        let location = whole.location(span)?;
        Some(DiagnosticRelatedInformation { location, message })
    });
    let all: Vec<DiagnosticRelatedInformation> = all.collect();
    (!all.is_empty()).then_some(all)
}

// The lines that led to a place, the nearest first.
fn way(whole: Whole<'_>, frame: Option<FrameId>) -> Vec<(Span, String)> {
    let get = |id: FrameId| whole.config().frames.get(id.0 as usize);
    let frames = std::iter::successors(frame.and_then(get), |it| it.parent.and_then(get));
    let steps = frames.filter_map(|it| match it.cause {
        Cause::Entry => None,
        Cause::Include(span) => Some((span, "included from here".to_owned())),
        Cause::Use(span) => Some((span, "in a macro used here".to_owned())),
    });
    steps.collect()
}

// The bodies of conditionals that are false wherever the file is read, as the client shows them.
fn inactive(whole: Whole<'_>, file: FileId) -> Vec<Shown> {
    let Some(view) = whole.view(file) else {
        return Vec::new();
    };
    let shown = inactive_sections(&view).into_iter().map(|(opened, body)| {
        let line = view.lines.line(opened as usize) + 1;
        Shown {
            range: view.range(body),
            severity: Some(DiagnosticSeverity::Hint),
            code: Some(Code::String("inactive".to_owned())),
            code_description: None,
            source: Some("httpd-lint".to_owned()),
            message: Message::String(format!("not read: the condition on line {line} is false")),
            tags: Some(vec![DiagnosticTag::Unnecessary]),
            related_information: None,
            data: Some(json!({"inactive": true})),
        }
    });
    shown.collect()
}

/// The bytes of what is not read in a file wherever it is read.
pub(super) fn inactive_bodies(view: &View<'_>) -> Vec<Range<usize>> {
    inactive_sections(view).into_iter().map(|it| it.1).collect()
}

// Where conditionals begin that are false at all places, and their bodies.
fn inactive_sections(view: &View<'_>) -> Vec<(u32, Range<usize>)> {
    let whole = view.whole;
    // How often each condition is decided, and how often it is false.
    let mut decided: FxHashMap<u32, (usize, usize)> = FxHashMap::default();
    for place in &view.places {
        let nodes = whole.config().nodes(*place);
        let conditions = nodes.filter_map(|it| match it.node.kind {
            NodeKind::Conditional(truth) if it.occurrence.unit.used(it.node).is_none() => {
                Some((it.site().span.start, truth))
            }
            _ => None,
        });
        for (start, truth) in conditions {
            let counts = decided.entry(start).or_default();
            counts.0 += 1;
            counts.1 += usize::from(truth == Truth::False);
        }
    }
    let lines = view.document.lines.iter().enumerate();
    let dead = lines.filter_map(|(line, opened)| {
        let (all, are_false) = decided.get(&opened.start)?;
        let closing = (all == are_false)
            .then(|| view.document.closing_line(view.text(), line))
            .flatten()
            .filter(|it| *it > line + 1)?;
        let first = view.document.lines.get(line + 1)?;
        let last = view.document.lines.get(closing - 1)?;
        Some((opened.start, first.start as usize..last.end as usize))
    });
    dead.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    #[test]
    fn every_tagged_rule_exists() {
        for rule in UNNECESSARY.iter().chain(&DEPRECATED) {
            assert!(rules::find(rule).is_some(), "{rule}");
        }
    }

    #[test]
    fn what_is_behind_a_change_moves_and_what_is_in_it_goes() {
        let file = FileId::FIRST;
        let change = Change::between(file, "one two three", "one 2 three");
        let moved = |range: Range<usize>| change.moved(Span::new(file, range)).map(Span::range);
        assert_eq!(moved(0..3), Some(0..3));
        assert_eq!(moved(8..13), Some(6..11));
        assert_eq!(moved(4..7), None);
        assert_eq!(moved(2..9), None);
        let insertion = Change::between(file, "aa", "aaa");
        assert_eq!(insertion.old, 2..2);
        assert_eq!(insertion.new, 1);
    }
}
