//! A code quality report of GitLab: one JSON array.
//!
//! GitLab has five severities: that httpd does not start blocks, what does not work as it is
//! written is major, advice is info.

use std::io::{self, Write};

use serde::ser::{Serialize, Serializer};
use serde_json::{Value, json};

use super::json::write_object;
use super::visible::message;
use super::{Style, path};
use crate::diagnostic::{Diagnostic, Level};
use crate::lint::{Fingerprint, Outcome};

/// Writes the array.
pub(super) fn write(outcome: &Outcome, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let fingerprints = Fingerprint::all(outcome, style.display);
    let report = Report {
        outcome,
        style,
        fingerprints,
    };
    write_object(&report, out)
}

/// The findings, each made when it is written.
struct Report<'a> {
    outcome: &'a Outcome,
    style: &'a Style<'a>,
    fingerprints: Vec<Fingerprint>,
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let findings = self.outcome.diagnostics.iter().zip(&self.fingerprints);
        serializer.collect_seq(findings.map(|(it, fingerprint)| self.finding(it, fingerprint)))
    }
}

impl Report<'_> {
    fn finding(&self, diagnostic: &Diagnostic, fingerprint: &Fingerprint) -> Value {
        let span = diagnostic.primary.span;
        let sources = &self.outcome.sources;
        // GitLab shows the description and not the name of the check.
        let description = format!("{}: {}", diagnostic.rule, message(&diagnostic.message));
        json!({
            "description": description,
            "check_name": diagnostic.rule,
            "fingerprint": fingerprint.anywhere(),
            "severity": severity(diagnostic.level),
            "location": {
                "path": path(self.outcome, span.file, self.style),
                "lines": {"begin": sources.start(span).line, "end": sources.end(span).line},
            },
        })
    }
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "blocker",
        Level::Warning => "major",
        Level::Note => "info",
    }
}
