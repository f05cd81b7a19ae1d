//! SARIF 2.1.0, for code scanning.
//!
//! Of the rules only those are described that found something, each with its page. Paths count
//! from the root of the repository, columns are characters. How evaluation came to a finding is a
//! code flow; what was unknown is a notification of the run.

use std::io::{self, Write};

use rustc_hash::FxHashMap;
use serde::ser::{Serialize, Serializer};
use serde_json::{Value, json};

use super::full::unknown_sentence;
use super::json::write_lines;
use super::visible::message;
use super::{Style, steps, story, summary};
use crate::diagnostic::{Diagnostic, Fix, Label};
use crate::lint::{Fingerprint, Outcome};
use crate::rule::Rule;
use crate::rules;
use crate::source::{FileId, Span};

/// What the paths count from.
const ROOT: &str = "SRCROOT";

/// Writes the log, with a line for each rule and each result.
pub(super) fn write(outcome: &Outcome, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let fingerprints = Fingerprint::all(outcome, style.display);
    let mut found = Vec::new();
    let mut positions = FxHashMap::default();
    for diagnostic in &outcome.diagnostics {
        positions.entry(diagnostic.rule).or_insert_with(|| {
            found.push(diagnostic.rule);
            found.len() - 1
        });
    }
    let view = View {
        outcome,
        style,
        fingerprints: &fingerprints,
        rules: &positions,
    };
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: json!({"driver": {
                "name": "httpd-lint",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": found.iter().map(|it| descriptor(it)).collect::<Vec<_>>(),
            }}),
            column_kind: "unicodeCodePoints",
            original_uri_base_ids: style.root.map(|it| json!({ROOT: {"uri": folder(it)}})),
            invocations: [json!({
                "executionSuccessful": true,
                "toolExecutionNotifications": view.notifications(),
            })],
            results: Results(view),
        }],
    };
    write_lines(&log, 2, out)
}

#[derive(serde::Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    column_kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_uri_base_ids: Option<Value>,
    invocations: [Value; 1],
    results: Results<'a>,
}

/// What GitHub shows of a rule. A rule of another version may be known by its id alone.
fn descriptor(id: &str) -> Value {
    let areas = rules::areas();
    let area = areas
        .into_iter()
        .find(|it| it.1.iter().any(|it| it.id == id));
    match rules::find(id).zip(area) {
        Some((rule, (area, _))) => described(rule, area),
        None => json!({"id": id}),
    }
}

fn described(rule: &Rule, area: &str) -> Value {
    let page = rule.page();
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.summary()},
        "fullDescription": {"text": rule.summary()},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": rule.level.name()},
        "properties": {"tags": [area]},
    })
}

/// The findings, each made when it is written.
struct Results<'a>(View<'a>);

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let findings = self.0.outcome.diagnostics.iter().enumerate();
        serializer.collect_seq(findings.map(|(index, it)| self.0.result(index, it)))
    }
}

/// Turns what was found into what is written.
#[derive(Clone, Copy)]
struct View<'a> {
    outcome: &'a Outcome,
    style: &'a Style<'a>,
    fingerprints: &'a [Fingerprint],
    rules: &'a FxHashMap<&'static str, usize>,
}

impl View<'_> {
    fn result(self, index: usize, diagnostic: &Diagnostic) -> Value {
        let mut result = json!({
            "ruleId": diagnostic.rule,
            "ruleIndex": self.rules.get(diagnostic.rule),
            "level": diagnostic.level.name(),
            "message": {"text": plain(&story(self.outcome, index, diagnostic, self.style))},
            "locations": [self.labelled(&diagnostic.primary)],
        });
        if let Some(fingerprint) = self.fingerprints.get(index) {
            result["partialFingerprints"] = json!({"httpdLint/v1": fingerprint.in_file()});
        }
        if let Some(hosts) = &self.outcome.hosts {
            let positions = hosts.of_finding.get(index);
            let positions = positions.map(Vec::as_slice).unwrap_or_default();
            let names: Vec<&str> = hosts.called(positions).collect();
            result["properties"] = json!({"hosts": names});
        }
        let related = diagnostic.secondary.iter().enumerate();
        let related: Vec<Value> = related.map(|(id, it)| self.related(id + 1, it)).collect();
        if !related.is_empty() {
            result["relatedLocations"] = related.into();
        }
        let way = self.way(diagnostic);
        if way.len() > 1 {
            result["codeFlows"] = json!([{"threadFlows": [{"locations": way}]}]);
        }
        let fixes = diagnostic.fixes.iter().filter(|it| !it.edits.is_empty());
        let fixes: Vec<Value> = fixes.map(|it| self.fix(it)).collect();
        if !fixes.is_empty() {
            result["fixes"] = fixes.into();
        }
        result
    }

    fn labelled(self, label: &Label) -> Value {
        let mut location = json!({"physicalLocation": self.place(label.span)});
        if !label.message.is_empty() {
            location["message"] = json!({"text": plain(&message(&label.message))});
        }
        location
    }

    fn related(self, id: usize, label: &Label) -> Value {
        let mut location = self.labelled(label);
        location["id"] = id.into();
        location
    }

    // From the main file to the finding.
    fn way(self, diagnostic: &Diagnostic) -> Vec<Value> {
        let mut steps: Vec<_> = steps(self.outcome, diagnostic).collect();
        steps.reverse();
        let steps = steps.into_iter().map(|it| match it.in_macro {
            true => (it.span, "a macro is used here"),
            false => (it.span, "a file is included here"),
        });
        let end = (diagnostic.primary.span, "the finding is here");
        let places = steps.chain([end]).enumerate();
        let locations = places.map(|(level, (span, text))| {
            json!({
                "nestingLevel": level,
                "location": {"physicalLocation": self.place(span), "message": {"text": text}},
            })
        });
        locations.collect()
    }

    fn fix(self, fix: &Fix) -> Value {
        let mut changes: Vec<(FileId, Vec<Value>)> = Vec::new();
        for edit in &fix.edits {
            let replacement = json!({
                "deletedRegion": self.region(edit.span),
                "insertedContent": {"text": edit.text},
            });
            match changes.iter_mut().find(|it| it.0 == edit.span.file) {
                Some(change) => change.1.push(replacement),
                None => changes.push((edit.span.file, vec![replacement])),
            }
        }
        let changes = changes.into_iter().map(|(file, replacements)| {
            json!({"artifactLocation": self.artifact(file), "replacements": replacements})
        });
        json!({
            "description": {"text": plain(&message(&fix.title))},
            "artifactChanges": changes.collect::<Vec<_>>(),
        })
    }

    fn notifications(self) -> Vec<Value> {
        let unknowns = self.outcome.unknowns.iter().map(|it| {
            let sentence = unknown_sentence(self.outcome, it, self.style);
            format!("unknown: {sentence}")
        });
        let left_out = (self.outcome.left_out > 0)
            .then(|| summary::sentence(self.outcome, None))
            .into_iter();
        unknowns
            .chain(left_out)
            .map(|it| json!({"level": "note", "message": {"text": plain(&it)}}))
            .collect()
    }

    fn place(self, span: Span) -> Value {
        json!({"artifactLocation": self.artifact(span.file), "region": self.region(span)})
    }

    fn region(self, span: Span) -> Value {
        let sources = &self.outcome.sources;
        let (start, end) = (sources.start(span), sources.end(span));
        json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        })
    }

    // A file outside of the repository has its whole path.
    fn artifact(self, file: FileId) -> Value {
        let name = (self.style.display)(self.outcome.sources.get(file).name());
        match (name.starts_with('/'), self.style.root) {
            (true, _) => json!({"uri": format!("file://{}", encoded(&name))}),
            (false, None) => json!({"uri": encoded(&name)}),
            (false, Some(_)) => json!({"uri": encoded(&name), "uriBaseId": ROOT}),
        }
    }
}

fn folder(path: &str) -> String {
    format!("file://{}/", encoded(path.trim_end_matches('/')))
}

/// A path as a part of a URI.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// A text that is no link, whatever a configuration says: `[text](target)` would be one.
fn plain(text: &str) -> String {
    text.replace("](", "\\](")
}
