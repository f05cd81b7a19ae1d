use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::{OccurrenceId, Standing, context_comment};
use crate::httpd::most_similar;
use crate::rule::{Check, Context, Report};
use crate::source::Site;

crate::rule! {
    /// A comment says where the file stands, and names no place.
    ///
    /// ## What httpd does
    ///
    /// Nothing: it is a comment. Who reads it is httpd-lint, when it is given the file alone,
    /// without the server that includes it.
    ///
    /// ## Why it matters
    ///
    /// Without a place the file is taken to stand anywhere, and only what is refused everywhere is
    /// found.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// # httpd-lint: context(virtualhost)
    /// ServerTokens Prod
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// # httpd-lint: context(server)
    /// ServerTokens Prod
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Only the comments before the first directive are looked at.
    pub static RULE = {
        id: "unknown-context",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::File(check),
    }
}

fn check(context: &Context<'_>, id: OccurrenceId, report: &mut Report) {
    let occurrence = context.config.occurrence(id);
    let unit = &occurrence.unit;
    let comment = context_comment(&unit.document, unit.source.text());
    let Some(comment) = comment.filter(|it| Standing::named(&it.text).is_none()) else {
        return;
    };
    let site = Site {
        span: comment.span,
        frame: occurrence.frame,
    };
    let finding = report.at(site, format!("no context is called `{}`", comment.text));
    let names: Vec<&str> = Standing::names().collect();
    finding.note(format!("there are {}", names.join(", ")));
    if let Some(name) = most_similar(&comment.text, Standing::names()) {
        let edit = Edit {
            span: comment.span,
            text: name.to_owned(),
        };
        finding.fix(Promise::Unsafe, format!("write `{name}`"), vec![edit]);
    }
}
