use crate::argument::rewrite::Arguments;
use crate::argument::rewrite::Flag;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::survey::Survey;
use crate::rule::Check;
use crate::rule::Context;
use crate::rule::Report;
use crate::rule::Which;

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
        let skips = |it: &Placed<'_>| {
            flags_of(it)
                .iter()
                .any(|it| is_one_of(it, &["s", "skip", "c", "chain"]))
        };
        if group.iter().any(skips) {
            continue;
        }
        let takes_all = |at: usize| {
            let has_condition = at > 0 && survey.name(&group[at - 1]) == "RewriteCond";
            survey.name(&group[at]) == "RewriteRule" && !has_condition && is_last(&group[at])
        };
        let Some(last) = (0..group.len()).find(|at| takes_all(*at)) else {
            continue;
        };
        let is_rule = |it: &&Placed<'_>| survey.name(it) == "RewriteRule" && !it.node.uncertain;
        let mut behind = group[last + 1..].iter().filter(is_rule);
        let Some(rule) = behind.next() else { continue };
        let finding = report.at(rule.site(), "no request gets to this rule");
        finding.secondary(group[last].line().span(), "this one takes every request");
        for other in behind {
            finding.secondary(other.line().span(), "nor to this one");
        }
    }
}

fn is_last(rule: &Placed<'_>) -> bool {
    let line = rule.line();
    let Some(arguments) = Arguments::parse(line.arguments()) else {
        return false;
    };
    let pattern = arguments.first.value.as_str();
    let ends = ["l", "last", "end", "f", "forbidden", "g", "gone"];
    let repeats = ["n", "next"];
    let flags = flags_of(rule);
    !rule.node.uncertain
        && EVERYTHING.contains(&pattern)
        && flags.iter().any(|it| is_one_of(it, &ends))
        && !flags.iter().any(|it| is_one_of(it, &repeats))
}

fn flags_of(line: &Placed<'_>) -> Vec<Flag> {
    let arguments = Arguments::parse(line.line().arguments());
    let flags = arguments.and_then(|it| it.flags());
    flags.unwrap_or_default()
}

fn is_one_of(flag: &Flag, names: &[&str]) -> bool {
    names
        .iter()
        .any(|it| flag.name.value.eq_ignore_ascii_case(it))
}
