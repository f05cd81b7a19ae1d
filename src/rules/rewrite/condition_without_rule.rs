use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::survey::Survey;
use crate::rule::Check;
use crate::rule::Context;
use crate::rule::Report;
use crate::rule::Which;

crate::rule! {
    /// No rule follows a `RewriteCond`.
    ///
    /// ## What httpd does
    ///
    /// It keeps conditions for the next `RewriteRule` of the same server or section. Where none follows,
    /// it forgets them.
    ///
    /// ## Why it matters
    ///
    /// Whoever wrote the condition meant it for a rule. Rules in front of it apply without it.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/admin - [F]
    /// RewriteCond %{REMOTE_ADDR} !^10\.
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteCond %{REMOTE_ADDR} !^10\.
    /// RewriteRule ^/admin - [F]
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known.
    pub static RULE = {
        id: "condition-without-rule",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["RewriteCond"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for group in survey.rewriting() {
        let is_condition = |it: &&Placed<'_>| survey.name(it) == "RewriteCond";
        let orphans: Vec<_> = group.iter().rev().take_while(is_condition).collect();
        let Some(first) = orphans.last() else {
            continue;
        };
        let is_closed = first.parent().is_some() || context.is_whole();
        if !is_closed || orphans.iter().any(|it| it.node.uncertain) {
            continue;
        }
        let finding = report.at(first.site(), "no `RewriteRule` follows this condition");
        for other in orphans.iter().rev().skip(1) {
            finding.secondary(other.line().span(), "nor this one");
        }
        let rule = group
            .iter()
            .rev()
            .find(|it| survey.name(it) == "RewriteRule");
        if let Some(rule) = rule {
            finding.secondary(
                rule.line().span(),
                "the last rule, which applies without it",
            );
        }
    }
}
