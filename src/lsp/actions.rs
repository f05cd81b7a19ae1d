//! What can be done about a finding.

use std::ops::Range;

use lsp_types::{CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, Command};
use serde_json::json;

use super::commands::EXPLAIN;
use super::edits::Edits;
use super::findings::Findings;
use super::view::{Failed, View};
use crate::diagnostic::{Diagnostic, Edit, Fix, Level, Promise};
use crate::source::Span;
use crate::syntax::LineKind;

/// The actions for what is found in a range of a file.
pub(super) fn actions(
    view: &View<'_>,
    findings: &Findings,
    parameters: &CodeActionParams,
) -> Result<Option<Vec<CodeActionResponse>>, Failed> {
    let bytes = view.bytes(parameters.range)?;
    let wanted = |kind: &CodeActionKind| {
        let only = parameters.context.only.as_ref();
        only.is_none_or(|it| it.iter().any(|it| covers(it, kind)))
    };
    let mut actions = Vec::new();
    let meets = |it: &&Diagnostic| {
        let span = it.primary.span.range();
        span.start <= bytes.end && bytes.start <= span.end
    };
    for finding in findings.of(view.file).iter().filter(meets) {
        actions.extend(of_finding(view, finding));
    }
    actions.extend(all_safe(view, findings));
    actions.retain(|it| it.kind.as_ref().is_none_or(&wanted));
    let actions: Vec<CodeActionResponse> = actions
        .into_iter()
        .map(CodeActionResponse::CodeAction)
        .collect();
    Ok((!actions.is_empty()).then_some(actions))
}

// `quickfix` is asked for and covers `quickfix.x`.
fn covers(asked: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let (asked, kind) = (text(asked), text(kind));
    kind == asked
        || kind
            .strip_prefix(&asked)
            .is_some_and(|it| it.starts_with('.'))
}

fn text(kind: &CodeActionKind) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn of_finding(view: &View<'_>, finding: &Diagnostic) -> Vec<CodeAction> {
    let mut actions = Vec::new();
    let fixes = finding.fixes.iter().filter(|it| !it.edits.is_empty());
    for fix in fixes {
        let Some(edits) = Edits::of_fix(view.whole, &fix.edits) else {
            continue;
        };
        actions.push(CodeAction {
            title: capital(&fix.title),
            kind: Some(CodeActionKind::QuickFix),
            is_preferred: (fix.promise == Promise::Safe).then_some(true),
            edit: Some(edits.finish()),
            ..CodeAction::default()
        });
    }
    actions.extend(load_module(view, finding));
    actions.extend(allow(view, finding));
    actions.push(CodeAction {
        title: format!("Explain `{}`", finding.rule),
        kind: Some(CodeActionKind::Custom("quickfix.explain".into())),
        command: Some(Command {
            title: "Explain the rule".to_owned(),
            command: EXPLAIN.to_owned(),
            arguments: Some(vec![json!(finding.rule)]),
            tooltip: None,
        }),
        ..CodeAction::default()
    });
    actions
}

fn capital(title: &str) -> String {
    let mut characters = title.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

// A comment on the line above; what httpd refuses cannot be allowed.
fn allow(view: &View<'_>, finding: &Diagnostic) -> Option<CodeAction> {
    if finding.level == Level::Error {
        return None;
    }
    let line = view.line_at(finding.primary.span.start as usize)?;
    let start = view.document.lines[line].start as usize;
    let physical = view.lines.bytes(view.lines.line(start)).start;
    let indentation = &view.text()[physical..start];
    let comment = format!("{indentation}# httpd-lint: allow({}) -- \n", finding.rule);
    let edit = Edit {
        span: view.span(physical..physical),
        text: comment,
    };
    Some(CodeAction {
        title: format!("Allow `{}` here (say why)", finding.rule),
        kind: Some(CodeActionKind::Custom("quickfix.allow".into())),
        edit: Some(Edits::of_fix(view.whole, &[edit])?.finish()),
        ..CodeAction::default()
    })
}

// The `LoadModule` that a directive misses: behind the last one of the tree, or on top of the main
// file; on Debian, where `a2enmod` writes it, that is said.
fn load_module(view: &View<'_>, finding: &Diagnostic) -> Option<CodeAction> {
    if finding.rule != "directive-of-missing-module" {
        return None;
    }
    let line = view.line_at(finding.primary.span.start as usize)?;
    let start = view.document.lines[line].start as usize;
    let node = view.nodes_at(start).into_iter().next()?;
    let table = view.whole.session.inputs().table;
    let definition = table.definitions(node.node.name?).next()?;
    let module = table.module(definition.module);
    let edit = view.whole.load_module(&module.identifier, &module.object)?;
    let title = format!("Load `{}`", module.identifier);
    Some(CodeAction {
        title,
        kind: Some(CodeActionKind::QuickFix),
        edit: Some(Edits::of_fix(view.whole, &[edit])?.finish()),
        ..CodeAction::default()
    })
}

// All safe fixes of a file that do not meet, at once.
fn all_safe(view: &View<'_>, findings: &Findings) -> Option<CodeAction> {
    let mut taken: Vec<(Span, &Fix)> = Vec::new();
    let mut count = 0;
    for finding in findings.of(view.file) {
        let safe = |it: &&Fix| it.promise == Promise::Safe && !it.edits.is_empty();
        let Some(fix) = finding.fixes.iter().find(safe) else {
            continue;
        };
        let is_free = |edit: &Edit| {
            let one: Range<u32> = edit.span.start..edit.span.end;
            let meets = |(other, _): &(Span, &Fix)| {
                other.file == edit.span.file && other.start <= one.end && one.start <= other.end
            };
            !taken.iter().any(meets)
        };
        if fix.edits.iter().all(is_free) {
            taken.extend(fix.edits.iter().map(|it| (it.span, fix)));
            count += 1;
        }
    }
    let edits = taken.iter().flat_map(|(span, fix)| {
        let edits = fix.edits.iter().filter(move |it| it.span == *span);
        edits.cloned()
    });
    let edits: Vec<Edit> = edits.collect();
    (count > 0).then_some(())?;
    Some(CodeAction {
        title: "Apply all safe fixes".to_owned(),
        kind: Some(CodeActionKind::SourceFixAll),
        edit: Some(Edits::of_fix(view.whole, &edits)?.finish()),
        ..CodeAction::default()
    })
}

impl super::view::Whole<'_> {
    /// What loads a module: a line behind the last `LoadModule` of the main file, or on its top.
    pub(super) fn load_module(&self, identifier: &str, object: &str) -> Option<Edit> {
        if object.is_empty() {
            return None;
        }
        let main = self.config().occurrences.first()?.unit.document.file;
        let view = self.view(main)?;
        self.uri(main)?;
        let text = view.text();
        let is_load = |line: &&crate::syntax::Line| {
            let word = &text[line.start as usize..line.end as usize];
            let word = word.split_ascii_whitespace().next().unwrap_or_default();
            line.kind == LineKind::Directive && word.eq_ignore_ascii_case("LoadModule")
        };
        let last = view.document.lines.iter().rfind(is_load);
        let folder = last.and_then(|it| {
            let line = &text[it.start as usize..it.end as usize];
            let path = line.split_ascii_whitespace().nth(2)?;
            Some(path.trim_matches('"').rsplit_once('/')?.0.to_owned())
        });
        let folder = folder.unwrap_or_else(|| "modules".to_owned());
        let at = last.map_or(0, |it| {
            let end = it.end as usize;
            end + usize::from(text[end..].starts_with('\n'))
        });
        let newline = if at > 0 && !text[..at].ends_with('\n') {
            "\n"
        } else {
            ""
        };
        Some(Edit {
            span: view.span(at..at),
            text: format!("{newline}LoadModule {identifier} {folder}/{object}\n"),
        })
    }
}
