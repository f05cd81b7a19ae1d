//! One page that needs nothing else: no script, no picture, no other file.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{LabelStyle, Severity};
use codespan_reporting::term::WriteStyle;

use super::visible::message;
use super::{Style, full, markup, path, summary};
use crate::diagnostic::Level;
use crate::lint::Outcome;

/// The looks, in the light and in the dark.
const STYLESHEET: &str = include_str!("html.css");

/// Writes the findings, the most severe first, what was unknown, and the supplements.
pub(super) fn write(outcome: &Outcome, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let found = markup::text(&summary::found(&outcome.summary));
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>httpd-lint: {found}</title>\n<style>\n{STYLESHEET}</style>\n</head>\n<body>"
    )?;
    writeln!(out, "<h1>httpd-lint: {found}</h1>")?;
    let stops = (0..outcome.diagnostics.len()).any(|it| outcome.is_first(it));
    if stops && outcome.hosts.is_none() {
        writeln!(out, "<p>httpd refuses this configuration.</p>")?;
    }
    let sentence = summary::sentence(outcome, style.elapsed);
    writeln!(
        out,
        "<p class=\"counts\">{}</p>",
        markup::sentence(&sentence)
    )?;
    contents(outcome, style, out)?;
    if !outcome.diagnostics.is_empty() {
        writeln!(out, "<h2 id=\"findings\">Findings</h2>")?;
    }
    for index in outcome.by_severity() {
        finding(outcome, index, style, out)?;
    }
    if !outcome.unknowns.is_empty() {
        writeln!(out, "<h2 id=\"unknown\">Unknown</h2>\n<ul>")?;
        for unknown in &outcome.unknowns {
            let sentence = full::unknown_sentence(outcome, unknown, style);
            writeln!(out, "<li>{}</li>", markup::sentence(&sentence))?;
        }
        writeln!(out, "</ul>")?;
    }
    for (position, supplement) in style.supplements.iter().enumerate() {
        let (title, text) = (
            markup::text(&supplement.title),
            markup::text(&supplement.text),
        );
        writeln!(out, "<h2 id=\"supplement-{position}\">{title}</h2>")?;
        writeln!(out, "<pre tabindex=\"0\">{text}</pre>")?;
    }
    writeln!(out, "</body>\n</html>")
}

fn contents(outcome: &Outcome, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let findings = (!outcome.diagnostics.is_empty()).then_some(("findings".to_owned(), "Findings"));
    let unknown = (!outcome.unknowns.is_empty()).then_some(("unknown".to_owned(), "Unknown"));
    let supplements = style.supplements.iter().enumerate();
    let supplements = supplements.map(|(at, it)| (format!("supplement-{at}"), it.title.as_str()));
    let links = findings.into_iter().chain(unknown).chain(supplements);
    let links = links.map(|(id, title)| format!("<a href=\"#{id}\">{}</a>", markup::text(title)));
    writeln!(out, "<nav>{}</nav>", links.collect::<Vec<_>>().join(" "))
}

fn finding(
    outcome: &Outcome,
    index: usize,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let diagnostic = &outcome.diagnostics[index];
    let span = diagnostic.primary.span;
    let level = diagnostic.level.name();
    writeln!(
        out,
        "<details class=\"{level}\"{}><summary><b>{level}</b> {} <span class=\"place\">{}:{}</span>\
         </summary>",
        match diagnostic.level {
            Level::Note => "",
            Level::Error | Level::Warning => " open",
        },
        markup::sentence(&message(&diagnostic.message)),
        markup::text(&path(outcome, span.file, style)),
        outcome.sources.start(span).line,
    )?;
    write!(out, "<pre tabindex=\"0\">")?;
    full::finding(outcome, index, style, &mut Page::new(&mut *out))?;
    writeln!(out, "</pre></details>")
}

/// Takes what codespan draws, and its styles for elements.
struct Page<'a> {
    out: &'a mut dyn Write,
    /// Bytes that are no whole character yet: codespan writes as it likes.
    begun: Vec<u8>,
    is_styled: bool,
}

impl<'a> Page<'a> {
    fn new(out: &'a mut dyn Write) -> Self {
        Self {
            out,
            begun: Vec::new(),
            is_styled: false,
        }
    }

    fn style(&mut self, class: &str) -> io::Result<()> {
        self.reset()?;
        self.is_styled = true;
        write!(self.out, "<span class=\"{class}\">")
    }
}

impl Write for Page<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begun.extend(bytes);
        let whole = match std::str::from_utf8(&self.begun) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
        let text = String::from_utf8_lossy(&self.begun[..whole]).into_owned();
        self.begun.drain(..whole);
        self.out.write_all(markup::text(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl WriteStyle for Page<'_> {
    fn set_header(&mut self, severity: Severity) -> io::Result<()> {
        self.style(class(severity))
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        self.style("message")
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        self.style("frame")
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        self.style("frame")
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        self.style("frame")
    }

    fn set_label(&mut self, severity: Severity, label: LabelStyle) -> io::Result<()> {
        self.style(match label {
            LabelStyle::Primary => class(severity),
            LabelStyle::Secondary => "frame",
        })
    }

    fn reset(&mut self) -> io::Result<()> {
        match std::mem::take(&mut self.is_styled) {
            true => write!(self.out, "</span>"),
            false => Ok(()),
        }
    }
}

fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Bug | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note | Severity::Help => "note",
    }
}
