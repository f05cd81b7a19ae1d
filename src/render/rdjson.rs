//! The diagnostics of reviewdog: one `DiagnosticResult` of `reviewdog.proto`, as JSON.
//!
//! Columns count bytes. A suggestion becomes a button in a review, so only safe fixes are one, and
//! of these only those of one edit, because reviewdog takes each suggestion for itself.

use std::io::{self, Write};

use serde::ser::{Serialize, Serializer};
use serde_json::{Value, json};

use super::json::write_object;
use super::{Style, path, story};
use crate::diagnostic::{Diagnostic, Fix, Level, Promise};
use crate::lint::Outcome;
use crate::source::Span;

/// Writes the object.
pub(super) fn write(outcome: &Outcome, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = ReportJson {
        source: json!({"name": "httpd-lint"}),
        diagnostics: Diagnostics { outcome, style },
    };
    write_object(&report, out)
}

#[derive(serde::Serialize)]
struct ReportJson<'a> {
    source: Value,
    diagnostics: Diagnostics<'a>,
}

/// The findings, each made when it is written.
struct Diagnostics<'a> {
    outcome: &'a Outcome,
    style: &'a Style<'a>,
}

impl Serialize for Diagnostics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let findings = self.outcome.diagnostics.iter().enumerate();
        serializer.collect_seq(findings.map(|(index, it)| self.finding(index, it)))
    }
}

impl Diagnostics<'_> {
    fn finding(&self, index: usize, diagnostic: &Diagnostic) -> Value {
        let span = diagnostic.primary.span;
        let suggestions = diagnostic
            .fixes
            .iter()
            .filter_map(|it| self.suggestion(it, span));
        json!({
            "message": story(self.outcome, index, diagnostic, self.style),
            "location": {
                "path": path(self.outcome, span.file, self.style),
                "range": self.range(span),
            },
            "severity": severity(diagnostic.level),
            "code": {"value": diagnostic.rule},
            "suggestions": suggestions.collect::<Vec<_>>(),
        })
    }

    fn suggestion(&self, fix: &Fix, place: Span) -> Option<Value> {
        let [edit] = fix.edits.as_slice() else {
            return None;
        };
        let is_offered = fix.promise == Promise::Safe && edit.span.file == place.file;
        is_offered.then(|| json!({"range": self.range(edit.span), "text": edit.text}))
    }

    fn range(&self, span: Span) -> Value {
        json!({"start": self.position(span, span.start), "end": self.position(span, span.end)})
    }

    // The bytes are those of the file, not of its text.
    fn position(&self, span: Span, offset: u32) -> Value {
        let source = self.outcome.sources.get(span.file);
        let line = source.lines().line(offset);
        let start = source.lines().start(line) as usize;
        let before = source.text().get(start..offset as usize);
        let bytes = source.encoding().len(before.unwrap_or_default());
        json!({"line": line + 1, "column": bytes + 1})
    }
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "ERROR",
        Level::Warning => "WARNING",
        Level::Note => "INFO",
    }
}
