//! Checkstyle's XML, which most collectors of warnings read: Jenkins, reviewdog, editors.

use std::io::{self, Write};

use super::markup::attribute;
use super::{Style, by_file, path, story};
use crate::diagnostic::Level;
use crate::lint::Outcome;

/// Writes one element for each file with findings.
pub(super) fn write(outcome: &Outcome, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<checkstyle version=\"4.3\">")?;
    for (file, findings) in by_file(outcome) {
        let name = path(outcome, file, style);
        writeln!(out, "  <file name=\"{}\">", attribute(&name))?;
        for index in findings {
            let diagnostic = &outcome.diagnostics[index];
            let place = outcome.sources.start(diagnostic.primary.span);
            writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" \
                 source=\"httpd-lint.{}\"/>",
                place.line,
                place.column,
                severity(diagnostic.level),
                attribute(&story(outcome, index, diagnostic, style)),
                diagnostic.rule,
            )?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "info",
    }
}
