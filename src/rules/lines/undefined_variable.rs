use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::OccurrenceId;
use crate::facts::Facts;
use crate::httpd::most_similar;
use crate::model::{Model, Thing};
use crate::rule::{Check, Context, Need, Report};
use crate::source::Site;

crate::rule! {
    /// A variable `${NAME}` has no value.
    ///
    /// ## What httpd does
    ///
    /// It leaves the text as it stands, braces and all, and warns in the log: `AH00111: Config
    /// variable ${NAME} is not defined`.
    ///
    /// ## Why it matters
    ///
    /// The directive goes on with a value that nobody meant: a site that answers to the name
    /// `${HOST}`, an administrator whose address is `${MAIL}`.
    ///
    /// ## Wrong
    ///
    /// ```envvars
    /// APACHE_LOG_DIR=/var/log/apache2
    /// ```
    ///
    /// ```conf
    /// ServerAdmin ${OPS_MAIL}
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Define OPS_MAIL ops@shop.example
    /// ServerAdmin ${OPS_MAIL}
    /// ```
    ///
    /// ## How sure
    ///
    /// Said only where the environment of httpd is known, from `envvars` for example, and only of
    /// a whole configuration. A `Define` must stand above the line: one further down is too late.
    pub static RULE = {
        id: "undefined-variable",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::Environment],
        fix: Promise::Unsafe,
        check: Check::File(check),
    }
}

fn check(context: &Context<'_>, id: OccurrenceId, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let unit = &context.config.occurrence(id).unit;
    for undefined in &unit.undefined {
        let span = undefined.span;
        let frame = context
            .config
            .frame(id, undefined.used.map_or(0, |it| it + 1));
        let written = &unit.source.text().get(span.range()).unwrap_or_default();
        let name = written
            .strip_prefix("${")
            .and_then(|it| it.strip_suffix('}'));
        // What a macro or another variable put together has no name in the text.
        let message = match name {
            Some(name) => format!("the variable `{name}` has no value here"),
            None => "this variable has no value here".to_owned(),
        };
        let finding = report.at(Site { span, frame }, message);
        finding.label("stays as it stands");
        let Some(name) = name else { continue };
        let defined = context
            .model
            .mentions(Thing::Variable, &name.to_ascii_lowercase());
        if let Some(late) = defined.first() {
            finding.secondary(late.span, "this is not in force there");
        } else if let Some(similar) = similar(context.model, context.inputs.facts.all(), name) {
            let edit = Edit {
                span,
                text: format!("${{{similar}}}"),
            };
            finding.fix(
                Promise::Unsafe,
                format!("write `${{{similar}}}`"),
                vec![edit],
            );
        }
    }
}

fn similar<'a>(model: &'a Model, facts: &'a Facts, name: &str) -> Option<&'a str> {
    let environment = facts
        .environment
        .iter()
        .flat_map(|it| it.value.values.keys());
    let defined = model.names(Thing::Variable);
    most_similar(name, environment.map(String::as_str).chain(defined))
}
