//! JUnit's XML: each file with findings is a suite, each finding a test of its rule.
//!
//! What httpd refuses and what does not work as it is written are failures. Advice is a test that
//! passes and has something to say: a pipeline that succeeds shows no red.

use std::io::{self, Write};

use super::markup::{attribute, text};
use super::{Style, by_file, path, story, summary};
use crate::diagnostic::Level;
use crate::lint::Outcome;
use crate::source::FileId;

/// Writes the suites; where nothing was found one with a test that passes, because collectors
/// take an empty report for a broken one.
pub(super) fn write(outcome: &Outcome, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let files = by_file(outcome);
    let (mut tests, failures) = (outcome.diagnostics.len(), failures(outcome, None));
    if files.is_empty() {
        tests = 1;
    }
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"httpd-lint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    )?;
    for (file, findings) in &files {
        let name = path(outcome, *file, style);
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\">",
            attribute(&name),
            findings.len(),
            self::failures(outcome, Some(*file)),
        )?;
        for &index in findings {
            write_test(outcome, index, &name, style, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    if files.is_empty() {
        let sentence = text(&summary::sentence(outcome, None));
        writeln!(
            out,
            "  <testsuite name=\"httpd-lint\" tests=\"1\" failures=\"0\" errors=\"0\">\n    \
             <testcase name=\"no findings\" classname=\"httpd-lint\">\n      \
             <system-out>{sentence}</system-out>\n    \
             </testcase>\n  </testsuite>"
        )?;
    }
    writeln!(out, "</testsuites>")
}

fn write_test(
    outcome: &Outcome,
    index: usize,
    name: &str,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let diagnostic = &outcome.diagnostics[index];
    let place = outcome.sources.start(diagnostic.primary.span);
    let story = story(outcome, index, diagnostic, style);
    let said = format!("{name}:{}:{}: {story}", place.line, place.column);
    writeln!(
        out,
        "    <testcase name=\"{}:{}: {}\" classname=\"{}\" file=\"{}\" line=\"{}\">",
        place.line,
        place.column,
        diagnostic.rule,
        attribute(name),
        attribute(name),
        place.line,
    )?;
    match is_failure(diagnostic.level) {
        true => writeln!(
            out,
            "      <failure type=\"{}\" message=\"{}\">{}</failure>",
            diagnostic.level.name(),
            attribute(story.lines().next().unwrap_or_default()),
            text(&said),
        )?,
        false => writeln!(out, "      <system-out>{}</system-out>", text(&said))?,
    }
    writeln!(out, "    </testcase>")
}

fn is_failure(level: Level) -> bool {
    level > Level::Note
}

// In one file, or in all.
fn failures(outcome: &Outcome, file: Option<FileId>) -> usize {
    let findings = outcome.diagnostics.iter();
    let counted = findings
        .filter(|it| is_failure(it.level) && file.is_none_or(|file| it.primary.span.file == file));
    counted.count()
}
