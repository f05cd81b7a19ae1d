//! For a person: what rustc's messages look like, with the lines that matter.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use codespan_reporting::diagnostic::{Diagnostic as Shown, Severity};
use codespan_reporting::files::Error;
use codespan_reporting::term::termcolor::{Ansi, Color, ColorSpec, NoColor, WriteColor};
use codespan_reporting::term::{Config, Styles, StylesWriter, emit_to_write_style};

use super::excerpt::Excerpts;
use super::visible::{message, visible};
use super::{Style, hosts, steps, summary};
use crate::diagnostic::{Diagnostic, Fix, Level, Promise};
use crate::lint::{Outcome, Unknown};
use crate::source::Span;

/// Of a longer way to a finding the rest is only counted.
const MOST_STEPS: usize = 4;
/// The text of a longer edit is not shown.
const LONGEST_EDIT: usize = 80;

/// Writes the findings, what was unknown, and the counts.
pub(super) fn write(outcome: &Outcome, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    // codespan writes character by character.
    let mut out = BufWriter::with_capacity(64 * 1024, out);
    if style.colours {
        write_to(outcome, style, Ansi::new(&mut out))?;
    } else {
        write_to(outcome, style, NoColor::new(&mut out))?;
    }
    out.flush()
}

fn write_to(outcome: &Outcome, style: &Style<'_>, mut out: impl WriteColor) -> io::Result<()> {
    let (config, colours) = (Config::default(), colours());
    for (index, diagnostic) in outcome.diagnostics.iter().enumerate() {
        let excerpts = Excerpts::new(outcome, diagnostic, style);
        let shown = Shown::new(severity(diagnostic.level))
            .with_code(diagnostic.rule)
            .with_message(message(&diagnostic.message))
            .with_labels(excerpts.labels.clone())
            .with_notes(notes(outcome, index, diagnostic, &excerpts, style));
        let mut painted = StylesWriter::new(&mut out, &colours);
        emit_to_write_style(&mut painted, &config, &excerpts, &shown).map_err(io_error)?;
    }
    if style.quiet {
        return Ok(());
    }
    for unknown in &outcome.unknowns {
        out.set_color(&colours.header_help)?;
        write!(out, "unknown")?;
        out.reset()?;
        writeln!(out, ": {}", unknown_sentence(outcome, unknown, style))?;
    }
    if !outcome.unknowns.is_empty() {
        writeln!(out)?;
    }
    writeln!(out, "{}", summary::sentence(outcome, style.elapsed))
}

fn severity(level: Level) -> Severity {
    match level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Note => Severity::Note,
    }
}

/// rustc's colours: the level in its own, the frame blue, what is said in bold.
fn colours() -> Styles {
    let blue = ColorSpec::new()
        .set_fg(Some(Color::Blue))
        .set_bold(true)
        .set_intense(true)
        .clone();
    Styles {
        secondary_label: blue.clone(),
        line_number: blue.clone(),
        source_border: blue.clone(),
        note_bullet: blue,
        ..Styles::default()
    }
}

/// The lines under the excerpts.
fn notes(
    outcome: &Outcome,
    index: usize,
    diagnostic: &Diagnostic,
    excerpts: &Excerpts,
    style: &Style<'_>,
) -> Vec<String> {
    let mut notes = Vec::new();
    if excerpts.left_out > 0 {
        notes.push(format!(
            "and {}",
            summary::counted(excerpts.left_out, "more place")
        ));
    }
    if let Some(httpd) = &diagnostic.httpd {
        let opening = if outcome.is_first(index) {
            "httpd stops here"
        } else {
            "httpd"
        };
        notes.push(indented(opening, &httpd.message));
    }
    notes.extend(hosts::line(outcome, index).map(|it| indented("hosts", &it)));
    notes.extend(diagnostic.notes.iter().map(|it| indented("note", it)));
    notes.extend(way(outcome, diagnostic, style));
    notes.extend(diagnostic.fixes.iter().map(|it| help(it, style)));
    notes
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
fn place(outcome: &Outcome, span: Span, style: &Style<'_>) -> String {
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

fn unknown_sentence(outcome: &Outcome, unknown: &Unknown, style: &Style<'_>) -> String {
    let mut sentence = message(&unknown.what).into_owned();
    if !unknown.decided_by.is_empty() {
        sentence.push_str(&format!(" ({} would tell)", message(&unknown.decided_by)));
    }
    if style.verbose && unknown.places > 0 {
        let places = summary::counted(unknown.places, "place");
        sentence.push_str(&format!("; it matters at {places}"));
        if let Some(site) = unknown.site {
            let first = place(outcome, site.span, style);
            sentence.push_str(&format!(", first at {first}"));
        }
    }
    sentence
}

fn io_error(error: Error) -> io::Error {
    match error {
        Error::Io(error) => error,
        other => io::Error::other(other),
    }
}
