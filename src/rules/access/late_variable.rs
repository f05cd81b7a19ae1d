use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};
use crate::source::Span;

// Who sets variables before anybody asks for one.
const EARLY: &[&str] = &[
    "SetEnvIf",
    "SetEnvIfNoCase",
    "SetEnvIfExpr",
    "BrowserMatch",
    "BrowserMatchNoCase",
    "RewriteRule",
];

crate::rule! {
    /// A variable of `SetEnv` is asked for before it is set.
    ///
    /// ## What httpd does
    ///
    /// `SetEnv` sets its variables last of all, for programs and logs. `Require env`, `Allow from env=` and the
    /// conditions of mod_rewrite look before that.
    ///
    /// ## Why it matters
    ///
    /// The variable is never there: nobody is let in, and the rule never applies.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule env_module modules/mod_env.so
    /// SetEnv trusted 1
    /// <Location /admin>
    ///     Require env trusted
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule setenvif_module modules/mod_setenvif.so
    /// SetEnvIf Remote_Addr ^10\. trusted=1
    /// <Location /admin>
    ///     Require env trusted
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known: no `SetEnvIf`, `BrowserMatch` or `RewriteRule`, and no module that
    /// nobody knows, may set a variable of this name.
    pub static RULE = {
        id: "late-variable",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["SetEnv"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let is_known = context.is_whole() && context.modules.foreign().is_empty();
    if !is_known || survey.may_be_overridden() {
        return;
    }
    let setters = OnceCell::new();
    let is_early = |name: &str| {
        let setters = setters.get_or_init(|| survey.possible(EARLY)).iter();
        let mut texts = setters.map(|it| it.line().arguments().to_ascii_lowercase());
        texts.any(|it| it.contains(name))
    };
    let late = survey.possible(&["SetEnv"]);
    let mut set: FxHashMap<String, &Placed<'_>> = FxHashMap::default();
    for line in &late {
        if let Some(name) = first_word(line) {
            set.entry(name.to_ascii_lowercase()).or_insert(line);
        }
    }
    for line in survey.lines_of(&["Require", "Allow", "Deny", "RewriteCond"]) {
        for (name, span) in asked(&line) {
            let Some(setter) = set.get(&name.to_ascii_lowercase()) else {
                continue;
            };
            if is_early(&name.to_ascii_lowercase()) {
                continue;
            }
            let finding = report.at(line.at(span), format!("`{name}` is not set yet here"));
            finding.secondary(setter.line().span(), "set behind everything else");
            finding.help(format!(
                "set it with `SetEnvIf`: `SetEnvIf Request_URI ^ {name}=1`"
            ));
        }
    }
}

// The variables that a line asks for, with their places.
fn asked(line: &Placed<'_>) -> Vec<(String, Span)> {
    let text = line.line();
    if text.name().eq_ignore_ascii_case("RewriteCond") {
        let arguments = text.arguments();
        let starts = arguments.match_indices("%{ENV:");
        let found = starts.filter_map(|(at, start)| {
            let (name, _) = arguments[at + start.len()..].split_once('}')?;
            let range = at..at + start.len() + name.len() + 1;
            Some((name.to_owned(), text.argument_span(range)))
        });
        return found.collect();
    }
    let words = text.words();
    let is_require = text.name().eq_ignore_ascii_case("Require");
    let names = words.iter().skip(1).filter_map(|it| {
        let name = match is_require {
            true => &*it.text,
            false => it.text.strip_prefix("env=")?.trim_start_matches('!'),
        };
        Some((name.to_owned(), text.word_span(it)))
    });
    let is_meant = !is_require
        || words
            .first()
            .is_some_and(|it| it.text.eq_ignore_ascii_case("env"));
    names.filter(|_| is_meant).collect()
}
