//! Paths that end in a slash, with targets that do not.

use crate::argument::Located;
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

impl<'a> MissingSlash<'a> {
    /// That of a line whose handler takes a path and a target out of its arguments.
    pub(super) fn of(
        placed: &'a Placed<'a>,
        path: &'a Located<String>,
        target: &'a Located<String>,
    ) -> Self {
        let line = placed.line();
        let written = line.arguments().get(target.range.clone());
        let end = target.range.end;
        Self {
            placed,
            path: (&path.value, line.argument_span(path.range.clone())),
            target: (&target.value, line.argument_span(target.range.clone())),
            end: (written == Some(&target.value)).then(|| line.argument_span(end..end)),
        }
    }

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
