//! Everything that a reader of an outcome sees.

use httpd_lint::lint::Outcome;
use httpd_lint::render::{Format, Style, render};

/// The outcome as a program reads it: places, levels, labels, notes, fixes, the way there, what is
/// unknown, and the counts.
pub(crate) fn seen(outcome: &Outcome) -> String {
    let mut text = Vec::new();
    render(outcome, Format::Json, &Style::default(), &mut text).expect("memory can be written");
    String::from_utf8(text).expect("JSON is UTF-8")
}
