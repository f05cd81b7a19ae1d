use crate::diagnostic::Level;
use crate::model::rewriting::Rewrite;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

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
        let is_condition = |it: &&Rewrite<'_>| it.is_condition();
        let orphans: Vec<_> = group.iter().rev().take_while(is_condition).collect();
        let Some(first) = orphans.last() else {
            continue;
        };
        let is_closed = first.line.parent().is_some() || context.is_whole();
        if !is_closed || !orphans.iter().all(|it| it.is_certain()) {
            continue;
        }
        let finding = report.at(first.line.site(), "no `RewriteRule` follows this condition");
        for other in orphans.iter().rev().skip(1) {
            finding.secondary(other.line.line().span(), "nor this one");
        }
        if let Some(rule) = group.iter().rev().find(|it| it.is_rule()) {
            let span = rule.line.line().span();
            finding.secondary(span, "the last rule, which applies without it");
        }
    }
}
