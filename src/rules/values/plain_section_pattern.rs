use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::pattern_of;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// A section for patterns has a plain text, which it looks for anywhere.
    ///
    /// ## What httpd does
    ///
    /// `<LocationMatch /admin>` is about every path with `/admin` in it: `/shop/admin` and `/administrators`, too.
    ///
    /// ## Why it matters
    ///
    /// The section counts for more than its words say. `<Location>` is about the path and what lies below.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <LocationMatch /admin>
    ///     Require all denied
    /// </LocationMatch>
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
    /// Certain: nothing in the pattern is special in a regular expression.
    pub static RULE = {
        id: "plain-section-pattern",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Clarity,
        check: Check::Directive(Which::Named(&["<LocationMatch", "<DirectoryMatch", "<FilesMatch"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(pattern) = pattern_of(placed, context.inputs.table) else {
        return;
    };
    let line = placed.line();
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "/_-".contains(it);
    let text = &pattern.value;
    if !text.is_empty() && text.chars().all(is_plain) {
        let span = line.argument_span(pattern.range);
        let message = format!("`{text}` is looked for anywhere");
        let finding = report.at(placed.at(span), message);
        finding.help(format!(
            "write `{}>`, or `^` at the beginning",
            line.name().trim_end_matches("Match")
        ));
    }
}
