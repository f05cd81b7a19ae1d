use crate::diagnostic::Level;
use crate::model::rewriting::Rewrite;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

// Patterns that match every path.
const EVERYTHING: &[&str] = &[
    "^", "^.*", "^.*$", ".*", "(.*)", "^(.*)", "^(.*)$", "^(.*)?$", "$",
];

crate::rule! {
    /// A rule in front of this one takes every request.
    ///
    /// ## What httpd does
    ///
    /// A rule that matches every path, has no condition, and ends with `[L]`, `[END]`, `[F]`, `[G]` or a
    /// redirect with `[L]`, is the last one that any request gets to.
    ///
    /// ## Why it matters
    ///
    /// The rules behind it do nothing.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^(.*)$ https://shop.example$1 [R=301,L]
    /// RewriteRule ^/old - [G]
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/old - [G]
    /// RewriteRule ^(.*)$ https://shop.example$1 [R=301,L]
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Where a rule skips others (`[S]`) or a chain (`[C]`) begins, nothing is said.
    pub static RULE = {
        id: "unreachable-rewrite-rule",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["RewriteRule"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for group in survey.rewriting() {
        let takes_all = |at: usize| {
            let has_condition = at > 0 && group[at - 1].is_condition();
            !has_condition && is_last(&group[at])
        };
        let Some(last) = (0..group.len()).find(|at| takes_all(*at)) else {
            continue;
        };
        let is_rule = |it: &&Rewrite<'_>| it.is_rule() && it.is_certain();
        let mut behind = group[last + 1..].iter().filter(is_rule);
        let Some(rule) = behind.next() else { continue };
        let skips = |it: &Rewrite<'_>| it.has_flag(&["s", "skip", "c", "chain"]);
        if group.iter().any(skips) {
            continue;
        }
        let finding = report.at(rule.line.site(), "no request gets to this rule");
        let last = group[last].line.line().span();
        finding.secondary(last, "this one takes every request");
        for other in behind {
            finding.secondary(other.line.line().span(), "nor to this one");
        }
    }
}

fn is_last(rule: &Rewrite<'_>) -> bool {
    let pattern = rule.arguments().map(|it| it.first.value.as_str());
    rule.is_rule()
        && rule.is_certain()
        && pattern.is_some_and(|it| EVERYTHING.contains(&it))
        && rule.has_flag(&["l", "last", "end", "f", "forbidden", "g", "gone"])
        && !rule.has_flag(&["n", "next"])
}
