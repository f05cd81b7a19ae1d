//! Writes an [`Outcome`] for a reader: a person at a terminal, an editor, a program.
//!
//! Knows formats and nothing of rules, of the disk, or of the terminal: the caller says where the
//! bytes go, whether they may be coloured and how a file is called. One file per format.
//!
//! What stands in a configuration is shown and never obeyed: in no format does a control character
//! of a text, a file name or a message reach the output. For people long lines and long messages
//! are cut, so that a finding stays within a screen; programs get all of it.

mod book;
mod concise;
mod diff;
mod excerpt;
mod explain;
mod full;
mod hosts;
mod json;
pub mod report;
mod summary;
mod visible;

use std::io::{self, Write};

use crate::diagnostic::Diagnostic;
use crate::lint::Outcome;
use crate::source::{Cause, FrameId, Span};

pub use book::{Entry, book, markdown};
pub use diff::diff;
pub use explain::page;
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
}

/// What the caller decides about the looks.
#[derive(Clone, Copy)]
pub struct Style<'a> {
    /// Whether the output goes to something that understands ANSI colours.
    pub colours: bool,
    /// From the name of a file on the server to the path that the user knows it by.
    pub display: &'a dyn Fn(&str) -> String,
    /// How long the run took, such as `18 ms`; left out where there is nothing to say.
    pub elapsed: Option<&'a str>,
    /// Only the findings: no unknowns and no counts.
    pub quiet: bool,
    /// Also where an unknown mattered, and which option applies a fix.
    pub verbose: bool,
}

impl Default for Style<'_> {
    /// No colours, files under the names that the server knows, no time.
    fn default() -> Self {
        Self {
            colours: false,
            display: &<str as ToOwned>::to_owned,
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
    }
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
