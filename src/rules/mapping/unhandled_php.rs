use crate::argument::rewrite::Arguments;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};
use crate::source::Span;

// What may run a program of PHP.
const RUNNING: &[&str] = &[
    "Action",
    "AddHandler",
    "AddOutputFilter",
    "AddType",
    "FcgidWrapper",
    "ForceType",
    "JkMount",
    "ProxyPass",
    "ProxyPassMatch",
    "ScriptAlias",
    "ScriptAliasMatch",
    "SetHandler",
    "SetOutputFilter",
];

// Handlers that run none.
const OTHERS: &[&str] = &[
    "balancer-manager",
    "default-handler",
    "imap-file",
    "ldap-status",
    "send-as-is",
    "server-info",
    "server-status",
    "type-map",
];

crate::rule! {
    /// Requests are led to a PHP program, and nothing runs it.
    ///
    /// ## What httpd does
    ///
    /// Without mod_php, and without a handler or a backend for PHP, the program is a file like any other: httpd sends its text.
    ///
    /// ## Why it matters
    ///
    /// Visitors see the program instead of the page, with the passwords that are in it.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// FallbackResource /index.php
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so
    /// FallbackResource /index.php
    /// <FilesMatch "\.php$">
    ///     SetHandler "proxy:fcgi://127.0.0.1:9000"
    /// </FilesMatch>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where all modules and the rest of the server are known: there is no handler, no action, no type and no backend
    /// at all that could be meant for it.
    pub static RULE = {
        id: "unhandled-php",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["FallbackResource", "RewriteRule"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let is_known = context.modules.are_all_known() && context.modules.foreign().is_empty();
    let is_run = || survey.possible(RUNNING).iter().any(may_run);
    if !context.is_whole() || !is_known || is_run() || survey.may_be_overridden() {
        return;
    }
    let has_php = ["php_module", "php7_module", "php5_module"]
        .iter()
        .any(|it| survey.httpd.has(it) != Ok(false));
    let is_proxied = |it: &Placed<'_>| survey.name(it) == "RewriteRule" && leads_elsewhere(it);
    let lines: Vec<_> = survey.possible(&["FallbackResource", "RewriteRule"]);
    if has_php || lines.iter().any(is_proxied) {
        return;
    }
    let mut meant = lines
        .into_iter()
        .filter(|it| !it.node.uncertain)
        .filter_map(|it| Some((it, program(&it)?)));
    if let Some((line, span)) = meant.next() {
        let finding = report.at(line.at(span), "nothing runs this program");
        finding.label("its text is sent");
        for (_, other) in meant {
            finding.secondary(other, "nor this one");
        }
    }
}

fn may_run(line: &Placed<'_>) -> bool {
    let text = line.line();
    let says_php = text.arguments().to_ascii_lowercase().contains("php");
    let is = |names: &[&str]| names.iter().any(|it| text.name().eq_ignore_ascii_case(it));
    if is(&["AddType", "ForceType"]) {
        return says_php;
    }
    let other = first_word(line).is_some_and(|it| OTHERS.contains(&&*it.to_ascii_lowercase()));
    says_php || !(is(&["AddHandler", "SetHandler"]) && other)
}

// Flags that set a handler, ask a backend, or lead the client to another server.
fn leads_elsewhere(rule: &Placed<'_>) -> bool {
    let flags = Arguments::parse(rule.line().arguments()).and_then(|it| it.flags());
    flags.is_none_or(|it| {
        it.iter()
            .any(|it| it.is(&["H", "handler", "T", "type", "P", "proxy"]))
    })
}

// The place of the program that a line leads to.
fn program(line: &Placed<'_>) -> Option<Span> {
    let text = line.line();
    if text.name().eq_ignore_ascii_case("FallbackResource") {
        let words = text.words();
        let word = words.first().filter(|it| it.text.ends_with(".php"))?;
        return Some(text.word_span(word));
    }
    let arguments = Arguments::parse(text.arguments())?;
    let ends = ["R", "redirect", "F", "forbidden", "G", "gone"];
    let is_answered = arguments.flags()?.iter().any(|it| it.is(&ends));
    let target = arguments.second;
    let path = target.value.split('?').next().unwrap_or_default();
    let is_program = path.ends_with(".php") || path.contains(".php/");
    (is_program && !is_answered && !path.contains("://")).then(|| text.argument_span(target.range))
}
