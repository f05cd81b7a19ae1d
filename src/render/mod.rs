//! Writes an [`Outcome`] for a reader: a person at a terminal, an editor, a program.
//!
//! Knows formats and nothing of rules, of the disk, or of the terminal: the caller says where the
//! bytes go, whether they may be coloured and how a file is called. One file per format.
//!
//! What stands in a configuration is shown and never obeyed: in no format does a control character
//! of a text, a file name or a message reach the output. For people long lines and long messages
//! are cut, so that a finding stays within a screen; programs get all of it.

mod book;
mod checkstyle;
mod concise;
mod details;
mod diff;
mod excerpt;
mod explain;
mod full;
mod github;
mod gitlab;
mod hosts;
mod html;
mod json;
mod junit;
mod markdown;
mod markup;
mod rdjson;
pub mod report;
mod review;
mod sarif;
mod summary;
mod visible;

use std::io::{self, Write};

use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::lint::Outcome;
use crate::source::{Cause, FileId, FrameId, Span};

pub use book::{Entry, book, markdown};
pub use diff::{changed_lines, diff};
pub use explain::page;
pub use review::{Reviewed, review};
pub use summary::counted;
pub use visible::visible;

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// For a person: the lines that matter, underlined, with all notes and ways to mend them.
    Full,
    /// One line for each finding.
    Concise,
    /// One JSON object, for programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// The diagnostics of reviewdog.
    Rdjson,
    /// Checkstyle's XML.
    Checkstyle,
    /// JUnit's XML: a test fails for each finding.
    Junit,
    /// A comment on a pull request.
    Markdown,
    /// A page for people who would rather look.
    Html,
}

impl Format {
    /// All formats, each with its name on the command line and what it is.
    pub const ALL: [(Format, &'static str, &'static str); 11] = [
        (
            Format::Full,
            "full",
            "For people: the lines that matter, underlined, with notes and help",
        ),
        (Format::Concise, "concise", "One line for each finding"),
        (Format::Json, "json", "One JSON object"),
        (Format::Sarif, "sarif", "SARIF 2.1.0, for code scanning"),
        (
            Format::Github,
            "github",
            "Annotations of GitHub Actions; also writes the summary of the job",
        ),
        (Format::Gitlab, "gitlab", "A code quality report of GitLab"),
        (Format::Rdjson, "rdjson", "For reviewdog"),
        (
            Format::Checkstyle,
            "checkstyle",
            "Checkstyle's XML, for Jenkins and others",
        ),
        (
            Format::Junit,
            "junit",
            "JUnit's XML: a test fails for each error and each warning",
        ),
        (Format::Markdown, "markdown", "A comment on a pull request"),
        (
            Format::Html,
            "html",
            "One page, also with the files, the virtual hosts and the applications of mod_wsgi",
        ),
    ];

    /// Whether its readers know files by their path from the root of a repository, not from the
    /// folder in which the linter ran.
    pub fn is_of_repository(self) -> bool {
        matches!(
            self,
            Format::Sarif | Format::Github | Format::Gitlab | Format::Markdown
        )
    }
}

/// A text that a page shows beside the findings: what `show` prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplement {
    /// Its heading.
    pub title: String,
    /// Its lines.
    pub text: String,
}

/// What the caller decides about the looks.
#[derive(Clone, Copy)]
pub struct Style<'a> {
    /// Whether the output goes to something that understands ANSI colours.
    pub colours: bool,
    /// From the name of a file on the server to the path that the user knows it by.
    pub display: &'a dyn Fn(&str) -> String,
    /// The absolute path of the folder from which `display` counts, for formats that name it.
    pub root: Option<&'a str>,
    /// What a page shows beside the findings.
    pub supplements: &'a [Supplement],
    /// How long the run took, such as `18 ms`; left out where there is nothing to say.
    pub elapsed: Option<&'a str>,
    /// Only the findings: no unknowns and no counts.
    pub quiet: bool,
    /// Also where an unknown mattered, and which option applies a fix.
    pub verbose: bool,
}

impl Default for Style<'_> {
    /// No colours, files under the names that the server knows, no time, nothing besides.
    fn default() -> Self {
        Self {
            colours: false,
            display: &<str as ToOwned>::to_owned,
            root: None,
            supplements: &[],
            elapsed: None,
            quiet: false,
            verbose: false,
        }
    }
}

/// Writes `outcome` to `out`, finding by finding.
pub fn render(
    outcome: &Outcome,
    format: Format,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Full => full::write(outcome, style, out),
        Format::Concise => concise::write(outcome, style, out),
        Format::Json => json::write(outcome, style, out),
        Format::Sarif => sarif::write(outcome, style, out),
        Format::Github => github::write(outcome, style, out),
        Format::Gitlab => gitlab::write(outcome, style, out),
        Format::Rdjson => rdjson::write(outcome, style, out),
        Format::Checkstyle => checkstyle::write(outcome, style, out),
        Format::Junit => junit::write(outcome, style, out),
        Format::Markdown => markdown::write(outcome, style, out),
        Format::Html => html::write(outcome, style, out),
    }
}

/// The path of a text, as the reader knows it.
fn path(outcome: &Outcome, file: FileId, style: &Style<'_>) -> String {
    let name = (style.display)(outcome.sources.get(file).name());
    visible(&name).into_owned()
}

/// The files that findings are in, each with the positions of its findings, as read.
fn by_file(outcome: &Outcome) -> Vec<(FileId, Vec<usize>)> {
    let mut files: Vec<(FileId, Vec<usize>)> = Vec::new();
    let mut positions = FxHashMap::default();
    for (index, diagnostic) in outcome.diagnostics.iter().enumerate() {
        let file = diagnostic.primary.span.file;
        let position = *positions.entry(file).or_insert_with(|| {
            files.push((file, Vec::new()));
            files.len() - 1
        });
        files[position].1.push(index);
    }
    files
}

/// What there is to say of a finding: its message, and a line or more for everything else.
fn story(outcome: &Outcome, index: usize, diagnostic: &Diagnostic, style: &Style<'_>) -> String {
    let details = details::details(outcome, index, diagnostic, style);
    let message = visible::message(&diagnostic.message).into_owned();
    let lines = std::iter::once(message).chain(details);
    lines.collect::<Vec<_>>().join("\n")
}

/// One step of the way on which evaluation came to a finding.
struct Step {
    /// The `Include` or the `Use`.
    span: Span,
    /// Whether it is a `Use`.
    in_macro: bool,
}

/// The way to a finding, the last step first; nothing for a finding in the main file.
fn steps(outcome: &Outcome, diagnostic: &Diagnostic) -> impl Iterator<Item = Step> {
    let get = |id: FrameId| outcome.frames.get(id.0 as usize);
    std::iter::successors(diagnostic.frame.and_then(get), move |it| {
        it.parent.and_then(get)
    })
    .take(outcome.frames.len())
    .filter_map(|frame| match frame.cause {
        Cause::Entry => None,
        Cause::Include(span) => Some(Step {
            span,
            in_macro: false,
        }),
        Cause::Use(span) => Some(Step {
            span,
            in_macro: true,
        }),
    })
}
