//! What there is to say of a finding beside its message and its lines.

use std::borrow::Cow;

use super::visible::{message, visible};
use super::{Style, hosts, steps, summary};
use crate::diagnostic::{Diagnostic, Fix, Promise};
use crate::lint::Outcome;
use crate::source::Span;

/// Of a longer way to a finding the rest is only counted.
const MOST_STEPS: usize = 4;
/// The text of a longer edit is not shown.
const LONGEST_EDIT: usize = 80;

/// What httpd says, on which hosts, the facts, the way there, and the ways to mend it; each begins
/// with a word for what it is, further lines of one stand below its text.
pub(super) fn details(
    outcome: &Outcome,
    index: usize,
    diagnostic: &Diagnostic,
    style: &Style<'_>,
) -> Vec<String> {
    let mut details = Vec::new();
    if let Some(httpd) = &diagnostic.httpd {
        let opening = if outcome.is_first(index) {
            "httpd stops here"
        } else {
            "httpd"
        };
        details.push(indented(opening, &httpd.message));
    }
    details.extend(hosts::line(outcome, index).map(|it| indented("hosts", &it)));
    details.extend(diagnostic.notes.iter().map(|it| indented("note", it)));
    details.extend(way(outcome, diagnostic, style));
    details.extend(diagnostic.fixes.iter().map(|it| help(it, style)));
    details
}

/// A text under its opening word; further lines begin under the first.
fn indented(opening: &str, text: &str) -> String {
    let indent = format!("\n{:width$}", "", width = opening.len() + 2);
    let lines = text.lines().map(message).collect::<Vec<_>>();
    format!("{opening}: {}", lines.join(&indent))
}

/// How evaluation came to the finding.
fn way(outcome: &Outcome, diagnostic: &Diagnostic, style: &Style<'_>) -> Vec<String> {
    let mut shown = Vec::new();
    let mut steps = steps(outcome, diagnostic);
    for step in steps.by_ref().take(MOST_STEPS) {
        let verb = if step.in_macro {
            "in a macro used at"
        } else {
            "included from"
        };
        shown.push(format!("{verb} {}", place(outcome, step.span, style)));
    }
    match steps.count() {
        0 => {}
        rest => shown.push(format!("and {} before", summary::counted(rest, "step"))),
    }
    shown
}

/// `FILE:LINE`.
pub(super) fn place(outcome: &Outcome, span: Span, style: &Style<'_>) -> String {
    let name = (style.display)(outcome.sources.get(span.file).name());
    format!("{}:{}", visible(&name), outcome.sources.start(span).line)
}

fn help(fix: &Fix, style: &Style<'_>) -> String {
    let mut help = indented("help", &fix.title);
    if let Some(text) = short_edit(fix) {
        help.push_str(&format!(": `{text}`"));
    }
    if style.verbose && !fix.edits.is_empty() {
        help.push_str(match fix.promise {
            Promise::Safe => " (`--fix` does it)",
            Promise::Unsafe => " (`--unsafe-fixes` does it)",
        });
    }
    help
}

/// What a fix writes, where that is one short piece that its title does not say already.
fn short_edit(fix: &Fix) -> Option<Cow<'_, str>> {
    let [edit] = fix.edits.as_slice() else {
        return None;
    };
    let text = edit.text.trim();
    let is_short = text.chars().nth(LONGEST_EDIT).is_none() && !text.contains('\n');
    let says_more = !text.is_empty() && !fix.title.contains(text);
    (is_short && says_more).then(|| visible(text))
}
