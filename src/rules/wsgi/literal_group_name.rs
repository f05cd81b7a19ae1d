use crate::argument::wsgi::group::GroupName;
use crate::argument::wsgi::script::{Role, Script, ScriptOption};
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};
use crate::source::Span;

const FORMS: [&str; 4] = ["%{GLOBAL}", "%{RESOURCE}", "%{SERVER}", "%{HOST}"];

crate::rule! {
    /// A name is written like a variable of mod_wsgi, and is none.
    ///
    /// ## What httpd does
    ///
    /// mod_wsgi knows `%{GLOBAL}`, `%{RESOURCE}`, `%{SERVER}`, `%{HOST}` and `%{ENV:NAME}` for the
    /// names of groups, in exactly these letters. Everything else is the name itself, with its `%`
    /// and its braces. The option `callable-object` knows none of them.
    ///
    /// ## Why it matters
    ///
    /// A process group of that name is declared nowhere, so requests are answered with 500. An
    /// application group is silently a new interpreter of that name: with `%{Global}` the application
    /// does not run in the main interpreter, which was the point of the line.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIApplicationGroup %{Global}
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
    /// Certain: the text begins with `%{` and is none of the known forms.
    pub static RULE = {
        id: "literal-group-name",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(
            Which::Named(&[
                "WSGIApplicationGroup",
                "WSGIDispatchScript",
                "WSGIHandlerScript",
                "WSGIProcessGroup",
                "WSGIScriptAlias",
                "WSGIScriptAliasMatch",
            ]),
            check,
        ),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    if let Some(role) = Role::of(&line.name()) {
        let script = Script::parse(role, line.arguments());
        for option in &script.options.list {
            let value = &option.value;
            let span = line.argument_span(value.range.clone());
            match ScriptOption::of(&option.name.value) {
                Some(ScriptOption::ProcessGroup | ScriptOption::ApplicationGroup) => {
                    check_group(placed, &value.value, span, report);
                }
                Some(ScriptOption::CallableObject) if value.value.starts_with("%{") => {
                    let message = format!("`{}` is the name of the object itself", value.value);
                    let finding = report.at(placed.at(span), message);
                    finding.label("this option knows no variables");
                    finding.help("use `WSGICallableObject`, which knows `%{ENV:NAME}`");
                }
                _ => {}
            }
        }
    } else if let Some(word) = line.words().first() {
        check_group(placed, &word.text, line.word_span(word), report);
    }
}

fn check_group(placed: &Placed<'_>, text: &str, span: Span, report: &mut Report) {
    // mod_wsgi looks for the first brace only.
    let is_variable = text.starts_with("%{ENV:") && text.contains('}');
    let is_literal = GroupName::of(text) == GroupName::Literal(text) && !is_variable;
    if !text.starts_with("%{") || !is_literal {
        return;
    }
    let message = format!("`{text}` is the name of the group itself");
    let finding = report.at(placed.at(span), message);
    finding.label("no variable of mod_wsgi");
    let meant = FORMS.iter().find(|it| it.eq_ignore_ascii_case(text));
    if let Some(meant) = meant.filter(|_| placed.is_verbatim()) {
        let edit = Edit {
            span,
            text: (*meant).to_owned(),
        };
        finding.fix(Promise::Unsafe, format!("write `{meant}`"), vec![edit]);
    }
}
