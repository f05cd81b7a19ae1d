use crate::diagnostic::{Edit, Level, Promise};
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const OR: &[&str] = &["or", "ornext"];

crate::rule! {
    /// The last condition of a rule has the flag `[OR]`.
    ///
    /// ## What httpd does
    ///
    /// A condition with `[OR]` that does not hold leaves it to the next one. Behind the last there is none,
    /// and the rule applies.
    ///
    /// ## Why it matters
    ///
    /// The rule applies always: the conditions decide nothing.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteCond %{REMOTE_ADDR} !^10\. [OR]
    /// RewriteCond %{HTTP_USER_AGENT} Robot [OR]
    /// RewriteRule ^/admin - [F]
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteCond %{REMOTE_ADDR} !^10\. [OR]
    /// RewriteCond %{HTTP_USER_AGENT} Robot
    /// RewriteRule ^/admin - [F]
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where all conditions of the rule are certain to be there.
    pub static RULE = {
        id: "or-before-nothing",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Survey(Which::Named(&["RewriteCond"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for group in survey.rewriting() {
        for pair in group.windows(2) {
            let [condition, rule] = pair else { continue };
            let is_pair = condition.is_condition() && rule.is_rule();
            if !is_pair || !condition.is_certain() || !rule.is_certain() {
                continue;
            }
            let (Some(arguments), Some(flag)) = (condition.arguments(), condition.flag(OR)) else {
                continue;
            };
            let placed = &condition.line;
            let line = placed.line();
            let span = line.argument_span(flag.name.range.clone());
            let message = "behind this `OR` there is no condition: the rule applies always";
            let finding = report.at(placed.at(span), message);
            finding.secondary(rule.line.line().span(), "this rule");
            let field = arguments
                .flags
                .as_ref()
                .filter(|_| condition.flags().len() == 1);
            if let Some(field) = field.filter(|_| placed.is_verbatim()) {
                let start = arguments.second.range.end;
                let span = line.argument_span(start..field.range.end);
                let edit = Edit {
                    span,
                    text: String::new(),
                };
                finding.fix(Promise::Unsafe, "remove the flag", vec![edit]);
            }
        }
    }
}
