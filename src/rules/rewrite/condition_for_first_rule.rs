use crate::argument::rewrite::Arguments;
use crate::diagnostic::Level;
use crate::model::survey::Survey;
use crate::rule::Check;
use crate::rule::Concern;
use crate::rule::Context;
use crate::rule::Report;
use crate::rule::Which;

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
            let names = [condition, first, second].map(|it| survey.name(it));
            if names != ["RewriteCond", "RewriteRule", "RewriteRule"] {
                continue;
            }
            let is_near = first.occurrence.unit.number(first.node) + 1
                == second.occurrence.unit.number(second.node);
            let parts = [first, second].map(|it| Arguments::parse(it.line().arguments()));
            let [Some(one), Some(other)] = parts else {
                continue;
            };
            let flags = |it: &Arguments| it.flags.as_ref().map(|it| it.value.clone());
            let is_alike = one.second.value == other.second.value && flags(&one) == flags(&other);
            // What leads everything to one program is often meant so.
            let is_answer = one.second.value == "-" && flags(&one).is_some();
            if is_near && is_alike && is_answer && !second.node.uncertain {
                let finding = report.at(second.site(), "this rule has no condition");
                finding.secondary(
                    condition.line().span(),
                    "this counts for the rule in front of it alone",
                );
            }
        }
    }
}
