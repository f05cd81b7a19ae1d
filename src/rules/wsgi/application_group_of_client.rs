use crate::argument::wsgi::group::GroupName;
use crate::argument::wsgi::script::{Role, Script, ScriptOption};
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};
use crate::source::Span;

crate::rule! {
    /// Clients choose in which interpreter an application runs.
    ///
    /// ## What httpd does
    ///
    /// `%{HOST}` is the host and the port that the client writes into its header `Host`. mod_wsgi makes
    /// an interpreter for each name, and keeps it.
    ///
    /// ## Why it matters
    ///
    /// Each new name loads the application once more in every process. A client that sends a hundred
    /// names makes a process a hundred times as large.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIApplicationGroup %{HOST}
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIApplicationGroup %{GLOBAL}
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, wherever the server answers to names that it does not know: it does unless
    /// `StrictHostCheck` forbids it. The default, `%{RESOURCE}`, leaves clients the port alone, and
    /// nothing is said of it.
    pub static RULE = {
        id: "application-group-of-client",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(
            Which::Named(&[
                "WSGIApplicationGroup",
                "WSGIHandlerScript",
                "WSGIScriptAlias",
                "WSGIScriptAliasMatch",
            ]),
            check,
        ),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let value: Option<(String, Span)> = match Role::of(&line.name()) {
        Some(role) => {
            let script = Script::parse(role, line.arguments());
            let value = script.value(ScriptOption::ApplicationGroup);
            value.map(|it| (it.value.clone(), line.argument_span(it.range.clone())))
        }
        None => {
            let words = line.words();
            let word = words.first();
            word.map(|it| (it.text.to_string(), line.word_span(it)))
        }
    };
    let Some((_, span)) = value.filter(|it| GroupName::of(&it.0) == GroupName::Host) else {
        return;
    };
    let finding = report.at(
        placed.at(span),
        "clients choose the name of this interpreter",
    );
    finding.label("every name that a client sends is one more interpreter");
    finding.help("use `%{GLOBAL}`, `%{SERVER}` or a name");
}
