//! Paths that end in a slash, with targets that do not.

use crate::diagnostic::{Edit, Promise};
use crate::evaluate::Placed;
use crate::rule::Report;
use crate::source::Span;

/// A line that puts a target in the place of a path as it is written, so that the rest of the request's
/// path is glued to it.
pub(super) struct MissingSlash<'a> {
    /// The line.
    pub(super) placed: &'a Placed<'a>,
    /// The path, with a slash at its end.
    pub(super) path: (&'a str, Span),
    /// The target, without one.
    pub(super) target: (&'a str, Span),
    /// Where the slash can be written.
    pub(super) end: Option<Span>,
}

impl MissingSlash<'_> {
    /// Says what becomes of a page below the path; `becomes` is a verb.
    pub(super) fn report(self, report: &mut Report, becomes: &str) {
        let ((from, path), (to, target)) = (self.path, self.target);
        let message = format!("`{from}a` {becomes} `{to}a`");
        let finding = report.at(self.placed.at(target), message);
        finding.label("no slash at the end");
        finding.secondary(path, "a slash at the end");
        if let Some(span) = self.end.filter(|_| self.placed.is_verbatim()) {
            let text = "/".to_owned();
            let title = format!("write `{to}/`");
            finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
        }
    }
}
