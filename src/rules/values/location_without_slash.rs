use crate::argument::section::Section;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// The path of a `<Location>` does not begin with a slash.
    ///
    /// ## What httpd does
    ///
    /// It compares the section's path with the path of the request, which always begins with a
    /// slash. So the section never applies, and httpd does not say so.
    ///
    /// ## Why it matters
    ///
    /// What the section protects is open: `<Location admin>` with `Require all denied` denies
    /// nothing.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Location admin>
    ///     Require all denied
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Location /admin>
    ///     Require all denied
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for a path that begins with a letter or a digit. Patterns, whole URLs and paths
    /// with a variable in them are not looked at.
    pub static RULE = {
        id: "location-without-slash",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(&["<Location"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let section = Section::parse(line.arguments());
    let words = section.words();
    let [path] = words.as_slice() else { return };
    let begins_plainly = path
        .value
        .starts_with(|it: char| it.is_ascii_alphanumeric());
    if !begins_plainly || path.value.contains(['*', '?', '[']) || path.value.contains(":") {
        return;
    }
    let span = line.argument_span(path.range.clone());
    let finding = report.at(
        placed.at(span),
        format!("no request has the path `{}`", path.value),
    );
    finding.label("paths of requests begin with `/`");
    if placed.is_verbatim() {
        // Before a quoted path, the slash belongs behind the quote.
        let quote = usize::from(line.arguments()[path.range.clone()].starts_with(['"', '\'']));
        let start = path.range.start + quote;
        let edit = Edit {
            span: line.argument_span(start..start),
            text: "/".to_owned(),
        };
        finding.fix(
            Promise::Unsafe,
            format!("write `/{}`", path.value),
            vec![edit],
        );
    }
}
