//! For a person: what rustc's messages look like, with the lines that matter.

use std::io::{self, BufWriter, Write};

use codespan_reporting::diagnostic::{Diagnostic as Shown, Severity};
use codespan_reporting::files::Error;
use codespan_reporting::term::termcolor::{Ansi, Color, ColorSpec, NoColor, WriteColor};
use codespan_reporting::term::{Config, Styles, StylesWriter, WriteStyle, emit_to_write_style};

use super::details::{details, place};
use super::excerpt::Excerpts;
use super::visible::message;
use super::{Style, summary};
use crate::diagnostic::Level;
use crate::lint::{Outcome, Unknown};

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
    let colours = colours();
    for index in 0..outcome.diagnostics.len() {
        finding(
            outcome,
            index,
            style,
            &mut StylesWriter::new(&mut out, &colours),
        )?;
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

/// Writes one finding: its message, its lines, what else there is to say, and an empty line.
pub(super) fn finding(
    outcome: &Outcome,
    index: usize,
    style: &Style<'_>,
    out: &mut impl WriteStyle,
) -> io::Result<()> {
    let Some(diagnostic) = outcome.diagnostics.get(index) else {
        return Ok(());
    };
    let excerpts = Excerpts::new(outcome, diagnostic, style);
    let mut notes = Vec::new();
    if excerpts.left_out > 0 {
        let places = summary::counted(excerpts.left_out, "more place");
        notes.push(format!("and {places}"));
    }
    notes.extend(details(outcome, index, diagnostic, style));
    let shown = Shown::new(severity(diagnostic.level))
        .with_code(diagnostic.rule)
        .with_message(message(&diagnostic.message))
        .with_labels(excerpts.labels.clone())
        .with_notes(notes);
    emit_to_write_style(out, &Config::default(), &excerpts, &shown).map_err(io_error)
}

/// The same as a text without colours.
pub(super) fn plain_finding(
    outcome: &Outcome,
    index: usize,
    style: &Style<'_>,
) -> io::Result<String> {
    let mut lines = Vec::new();
    let (plain, no_colours) = (NoColor::new(&mut lines), Styles::default());
    let mut plain = StylesWriter::new(plain, &no_colours);
    finding(outcome, index, style, &mut plain)?;
    Ok(String::from_utf8_lossy(&lines).into_owned())
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

/// What was unknown, and what would tell.
pub(super) fn unknown_sentence(outcome: &Outcome, unknown: &Unknown, style: &Style<'_>) -> String {
    let mut sentence = message(&unknown.all()).into_owned();
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
