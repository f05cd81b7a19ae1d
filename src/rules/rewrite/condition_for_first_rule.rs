use crate::argument::rewrite::Arguments;
use crate::diagnostic::Level;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// A condition counts for one rule, and the next rule looks as if it should count for it, too.
    ///
    /// ## What httpd does
    ///
    /// The conditions in front of a `RewriteRule` count for that rule alone. The next one has none.
    ///
    /// ## Why it matters
    ///
    /// The second rule applies to everybody, where the first one applies to some.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteCond %{REMOTE_ADDR} !^10\.
    /// RewriteRule ^/admin - [F]
    /// RewriteRule ^/manage - [F]
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteCond %{REMOTE_ADDR} !^10\.
    /// RewriteRule ^/(admin|manage) - [F]
    /// ```
    ///
    /// ## How sure
    ///
    /// Concluded: the rule stands right behind one with conditions, and has the same target and the same flags.
    pub static RULE = {
        id: "condition-for-first-rule",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Clarity,
        check: Check::Survey(Which::Named(&["RewriteCond"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for group in survey.rewriting() {
        for lines in group.windows(3) {
            let [condition, first, second] = lines else {
                continue;
            };
            if !condition.is_condition() || !first.is_rule() || !second.is_rule() {
                continue;
            }
            let [near, behind] = [first, second].map(|it| it.line);
            let is_near = near.occurrence.unit.number(near.node) + 1
                == behind.occurrence.unit.number(behind.node);
            let (Some(one), Some(other)) = (first.arguments(), second.arguments()) else {
                continue;
            };
            let flags = |it: &Arguments| it.flags.as_ref().map(|it| it.value.clone());
            let is_alike = one.second.value == other.second.value && flags(one) == flags(other);
            // What leads everything to one program is often meant so.
            let is_answer = one.second.value == "-" && flags(one).is_some();
            if is_near && is_alike && is_answer && second.is_certain() {
                let finding = report.at(behind.site(), "this rule has no condition");
                finding.secondary(
                    condition.line.line().span(),
                    "this counts for the rule in front of it alone",
                );
            }
        }
    }
}
