use rustc_hash::FxHashSet;

use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// Rules for rewriting stand where nothing switches rewriting on.
    ///
    /// ## What httpd does
    ///
    /// Without `RewriteEngine On` it reads the rules, and asks none of them. A virtual host takes the switch
    /// from the main server, a directory from the one above it and from its server.
    ///
    /// ## Why it matters
    ///
    /// Redirects do not happen, and what rules should forbid is open.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     RewriteRule ^/admin - [F]
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     RewriteEngine On
    ///     RewriteRule ^/admin - [F]
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known. Rules in sections are looked at only where nothing at all
    /// switches rewriting on. `RewriteEngine Off` is taken for meant.
    pub static RULE = {
        id: "rewrite-engine-off",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Survey(Which::Named(&["RewriteRule"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    // Rules that others inherit are asked where these switch rewriting on.
    if !context.is_whole() || survey.may_have("RewriteOptions") {
        return;
    }
    let switches = survey.possible(&["RewriteEngine"]);
    let is_of_server = |it: &Placed<'_>| {
        it.parent()
            .is_none_or(|it| survey.name(&it) == "<VirtualHost")
    };
    let of_servers = switches.iter().filter(|it| is_of_server(it));
    let servers: FxHashSet<ServerId> = of_servers.map(|it| survey.server_of(it)).collect();
    for group in survey.rewriting() {
        let mut rules = group.iter().filter(|it| it.is_rule());
        let Some(rule) = rules.next().filter(|it| it.is_certain()) else {
            continue;
        };
        let rule = &rule.line;
        let is_switched = match is_of_server(rule) {
            true => [survey.server_of(rule), ServerId::MAIN]
                .iter()
                .any(|it| servers.contains(it)),
            false => !switches.is_empty(),
        };
        if is_switched {
            continue;
        }
        let finding = report.at(rule.site(), "rewriting is not switched on here");
        for other in rules {
            finding.secondary(other.line.line().span(), "nor is this rule asked");
        }
        if rule.is_verbatim() {
            let line = rule.physical_line();
            let text = rule.occurrence.unit.source.text();
            let indent: String = text[line.range()]
                .chars()
                .take_while(|it| it.is_whitespace())
                .collect();
            let span =
                crate::source::Span::new(line.file, line.start as usize..line.start as usize);
            let text = format!("{indent}RewriteEngine On\n");
            finding.fix(
                Promise::Unsafe,
                "write `RewriteEngine On`",
                vec![Edit { span, text }],
            );
        }
    }
}
