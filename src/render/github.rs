//! Workflow commands of GitHub Actions: each finding becomes an annotation of its line.
//!
//! The runner takes a line that begins with `::` for a command, and where that is none looks for
//! `##[` in all of it. So no text of a configuration may begin a line or stand in a line that is
//! no command: each is written in one command, escaped as the runner undoes it.

use std::io::{self, Write};

use super::{Style, path, story, summary};
use crate::diagnostic::{Diagnostic, Level};
use crate::lint::Outcome;

/// GitHub shows so many annotations of each kind.
const MOST_SHOWN: usize = 10;

/// Writes the findings, the most severe first, then the counts.
pub(super) fn write(outcome: &Outcome, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    for index in outcome.by_severity() {
        let diagnostic = &outcome.diagnostics[index];
        writeln!(
            out,
            "::{} {}::{}",
            command(diagnostic.level),
            properties(outcome, diagnostic, style),
            data(&story(outcome, index, diagnostic, style)),
        )?;
    }
    if style.quiet {
        return Ok(());
    }
    writeln!(out, "{}", summary::sentence(outcome, style.elapsed))?;
    let shown = |level| {
        outcome
            .diagnostics
            .iter()
            .filter(move |it| it.level == level)
    };
    let levels = [Level::Error, Level::Warning, Level::Note];
    let is_hidden = levels.iter().any(|it| shown(*it).count() > MOST_SHOWN);
    match is_hidden {
        true => writeln!(
            out,
            "GitHub shows {MOST_SHOWN} annotations of each kind; the rest is in this log and in \
             the summary of the job"
        ),
        false => Ok(()),
    }
}

fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    }
}

// GitHub knows columns only within one line.
fn properties(outcome: &Outcome, diagnostic: &Diagnostic, style: &Style<'_>) -> String {
    let span = diagnostic.primary.span;
    let (start, end) = (outcome.sources.start(span), outcome.sources.end(span));
    let file = property(&path(outcome, span.file, style));
    let columns = match start.line == end.line {
        true => format!(",col={},endColumn={}", start.column, end.column),
        false => String::new(),
    };
    format!(
        "file={file},line={},endLine={}{columns},title=httpd-lint({})",
        start.line, end.line, diagnostic.rule
    )
}

/// A text behind the second `::`.
pub(super) fn data(text: &str) -> String {
    let text = text.replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
