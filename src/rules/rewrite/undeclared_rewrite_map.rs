use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::evaluate::{NodeKind, Placed, Truth};
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A rule asks a map that no `RewriteMap` declares.
    ///
    /// ## What httpd does
    ///
    /// It finds the map neither in the virtual host nor in the main server, and puts nothing in the place
    /// of `${map:key}`.
    ///
    /// ## Why it matters
    ///
    /// The rule leads somewhere else, or applies where it should not.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/(.*)$ /${lowr:$1}
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteMap lower int:tolower
    /// RewriteRule ^/(.*)$ /${lower:$1}
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known: no server declares a map of that name.
    pub static RULE = {
        id: "undeclared-rewrite-map",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["RewriteRule", "RewriteCond"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let declared = survey.possible(&["RewriteMap"]).into_iter();
    let declared: FxHashSet<String> = declared.filter_map(|it| first_word(&it)).collect();
    // Without the environment of httpd, a line with `${` may have a value there.
    let lines = survey.possible(&["RewriteRule", "RewriteCond"]);
    for line in lines.into_iter().filter(is_decided) {
        let text = line.line();
        let arguments = text.arguments();
        for (at, _) in arguments.match_indices("${") {
            let rest = &arguments[at + 2..];
            let Some((name, _)) = rest.split_once(':') else {
                continue;
            };
            let is_name = |it: char| it.is_ascii_alphanumeric() || "_-".contains(it);
            if name.is_empty() || !name.chars().all(is_name) || declared.contains(name) {
                continue;
            }
            let span = text.argument_span(at..at + 2 + name.len());
            let message = format!("no `RewriteMap` declares `{name}`");
            report.at(line.at(span), message);
        }
    }
}

// Whether it is certain that the line is there, whatever comes in the place of its variables.
fn is_decided(line: &Placed<'_>) -> bool {
    let mut around = std::iter::successors(line.container(), Placed::container);
    around.all(|it| it.node.kind != NodeKind::Conditional(Truth::Unknown))
}
