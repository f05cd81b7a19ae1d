//! One JSON object, for programs. `json_schema.json`, beside this file, is the contract.
//!
//! Texts are given whole and unchanged: hidden characters are escaped as JSON escapes, and
//! nothing is cut.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::ser::{Serialize, Serializer};
use serde_json::ser::Formatter;

use super::visible::is_hidden;
use super::{Step, Style, steps};
use crate::diagnostic::{Diagnostic, Edit, Fix, HttpdMessage, Label, Promise};
use crate::lint::{Fragment, Hosts, Outcome, Unknown};
use crate::source::Span;

/// Writes the object and a final newline.
pub(super) fn write(outcome: &Outcome, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let view = View { outcome, style };
    let unknowns = &outcome.unknowns;
    let report = ReportJson {
        version: 1,
        diagnostics: Diagnostics(view),
        unknowns: unknowns.iter().map(|it| view.unknown(it)).collect(),
        summary: SummaryJson {
            fragment: outcome.summary.fragment.map(|it| match it {
                Fragment::At(standing) => standing.name().unwrap_or("unknown"),
                Fragment::Anywhere => "unknown",
            }),
            files: outcome.summary.files,
            directives: outcome.summary.directives,
            errors: outcome.summary.errors,
            warnings: outcome.summary.warnings,
            notes: outcome.summary.notes,
            left_out: outcome.left_out,
            hosts: outcome.hosts.as_ref().map(|it| it.names.len()),
        },
    };
    write_object(&report, out)
}

/// Writes an object and a final newline, so that a terminal can show it.
pub(super) fn write_object(object: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write_lines(object, 1, out)
}

/// The same with the items of the lists at a depth on lines of their own; the outermost lists have
/// depth 1.
pub(super) fn write_lines(
    object: &impl Serialize,
    shown_depth: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_item(object, shown_depth, &mut *out)?;
    writeln!(out)
}

/// The same without a newline behind it.
pub(super) fn write_item<W: Write>(
    object: &impl Serialize,
    shown_depth: usize,
    out: W,
) -> io::Result<()> {
    let formatter = Lines {
        shown_depth,
        depth: 0,
        filled: false,
    };
    let mut serializer = serde_json::Serializer::with_formatter(out, formatter);
    Ok(object.serialize(&mut serializer)?)
}

#[derive(serde::Serialize)]
struct ReportJson<'a> {
    version: u32,
    diagnostics: Diagnostics<'a>,
    unknowns: Vec<UnknownJson<'a>>,
    summary: SummaryJson,
}

#[derive(serde::Serialize)]
struct DiagnosticJson<'a> {
    rule: &'a str,
    level: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: PlaceJson,
    label: &'a str,
    labels: Vec<LabelJson<'a>>,
    notes: &'a [String],
    fixes: Vec<FixJson<'a>>,
    included_from: Vec<StepJson>,
    httpd: Option<HttpdJson<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    first: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    hosts: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped_hosts: Option<Vec<&'a str>>,
}

#[derive(serde::Serialize)]
struct PlaceJson {
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(serde::Serialize)]
struct LabelJson<'a> {
    #[serde(flatten)]
    place: PlaceJson,
    message: &'a str,
}

#[derive(serde::Serialize)]
struct FixJson<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<EditJson<'a>>,
}

#[derive(serde::Serialize)]
struct EditJson<'a> {
    #[serde(flatten)]
    place: PlaceJson,
    text: &'a str,
}

#[derive(serde::Serialize)]
struct StepJson {
    file: String,
    line: u32,
    r#macro: bool,
}

#[derive(serde::Serialize)]
struct HttpdJson<'a> {
    phase: u8,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
}

#[derive(serde::Serialize)]
struct UnknownJson<'a> {
    what: Cow<'a, str>,
    decided_by: &'a str,
    places: usize,
    first: Option<PlaceJson>,
}

#[derive(serde::Serialize)]
struct SummaryJson {
    fragment: Option<&'static str>,
    files: usize,
    directives: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    #[serde(skip_serializing_if = "is_zero")]
    left_out: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    hosts: Option<usize>,
}

/// Turns what was found into what is written.
#[derive(Clone, Copy)]
struct View<'a> {
    outcome: &'a Outcome,
    style: &'a Style<'a>,
}

impl<'a> View<'a> {
    fn diagnostic(self, index: usize, diagnostic: &'a Diagnostic) -> DiagnosticJson<'a> {
        DiagnosticJson {
            rule: diagnostic.rule,
            level: diagnostic.level.name(),
            message: &diagnostic.message,
            place: self.place(diagnostic.primary.span),
            label: &diagnostic.primary.message,
            labels: diagnostic
                .secondary
                .iter()
                .map(|it| self.label(it))
                .collect(),
            notes: &diagnostic.notes,
            fixes: diagnostic.fixes.iter().map(|it| self.fix(it)).collect(),
            included_from: steps(self.outcome, diagnostic)
                .map(|it| self.step(&it))
                .collect(),
            httpd: diagnostic.httpd.as_ref().map(httpd),
            first: self.outcome.is_first(index),
            hosts: self.hosts(index, |it| &it.of_finding),
            stopped_hosts: self.hosts(index, |it| &it.stopped),
        }
    }

    fn hosts(self, index: usize, which: fn(&Hosts) -> &Vec<Vec<usize>>) -> Option<Vec<&'a str>> {
        let hosts = self.outcome.hosts.as_ref()?;
        let positions = which(hosts).get(index)?;
        Some(hosts.called(positions).collect())
    }

    fn place(self, span: Span) -> PlaceJson {
        let sources = &self.outcome.sources;
        let (start, end) = (sources.start(span), sources.end(span));
        PlaceJson {
            file: self.name(span),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }

    fn name(self, span: Span) -> String {
        (self.style.display)(self.outcome.sources.get(span.file).name())
    }

    fn label(self, label: &'a Label) -> LabelJson<'a> {
        LabelJson {
            place: self.place(label.span),
            message: &label.message,
        }
    }

    fn fix(self, fix: &'a Fix) -> FixJson<'a> {
        FixJson {
            title: &fix.title,
            safe: fix.promise == Promise::Safe,
            edits: fix.edits.iter().map(|it| self.edit(it)).collect(),
        }
    }

    fn edit(self, edit: &'a Edit) -> EditJson<'a> {
        EditJson {
            place: self.place(edit.span),
            text: &edit.text,
        }
    }

    fn step(self, step: &Step) -> StepJson {
        StepJson {
            file: self.name(step.span),
            line: self.outcome.sources.start(step.span).line,
            r#macro: step.in_macro,
        }
    }

    fn unknown(self, unknown: &'a Unknown) -> UnknownJson<'a> {
        UnknownJson {
            what: unknown.all(),
            decided_by: &unknown.decided_by,
            places: unknown.places,
            first: unknown.site.map(|it| self.place(it.span)),
        }
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn httpd(message: &HttpdMessage) -> HttpdJson<'_> {
    HttpdJson {
        phase: message.step.phase() as u8,
        message: &message.message,
        file: message.file.as_deref(),
        line: message.line,
    }
}

/// The findings, each made when it is written: there may be very many.
struct Diagnostics<'a>(View<'a>);

impl Serialize for Diagnostics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let all = self.0.outcome.diagnostics.iter().enumerate();
        serializer.collect_seq(all.map(|(index, it)| self.0.diagnostic(index, it)))
    }
}

/// Puts each finding and each unknown on a line of its own, so that `grep` and `diff` can read
/// them, and escapes what a terminal would obey; JSON itself asks only for that of C0 controls.
struct Lines {
    /// The depth of the lists whose items stand on lines of their own.
    shown_depth: usize,
    /// How many lists are open.
    depth: usize,
    /// Whether the list at that depth has an item.
    filled: bool,
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.filled &= self.depth > self.shown_depth;
        writer.write_all(b"[")
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        let is_shown = self.depth == self.shown_depth;
        self.filled |= is_shown;
        writer.write_all(match (first, is_shown) {
            (true, true) => b"\n",
            (false, true) => b",\n",
            (true, false) => b"",
            (false, false) => b",",
        })
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let is_shown = self.depth == self.shown_depth;
        self.depth = self.depth.saturating_sub(1);
        writer.write_all(match is_shown && self.filled {
            true => b"\n]",
            false => b"]",
        })
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // Nearly every text is plain, and that is seen at once: without a way out in between, many
        // bytes are looked at together.
        let is_plain = |so_far: bool, it: u8| so_far & (b' '..=b'~').contains(&it);
        if fragment.bytes().fold(true, is_plain) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(is_hidden) {
            let (before, hidden) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            let length = hidden.chars().next().map_or(0, char::len_utf8);
            let (hidden, after) = hidden.split_at(length);
            for unit in hidden.encode_utf16() {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = after;
        }
        writer.write_all(rest.as_bytes())
    }
}
