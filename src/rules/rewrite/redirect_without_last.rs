use crate::argument::number::atoi;
use crate::argument::rewrite::{Arguments, Flag};
use crate::diagnostic::Edit;
use crate::diagnostic::Level;
use crate::diagnostic::Promise;
use crate::evaluate::Placed;
use crate::model::survey::Survey;
use crate::rule::Check;
use crate::rule::Context;
use crate::rule::Report;
use crate::rule::Which;

// Patterns that also match the target of a redirect.
const EVERYTHING: &[&str] = &[
    "^", ".*", "^.*$", "^.*", "(.*)", "^(.*)$", "^(.*)", ".", "^(.+)$", "^.+$",
];

crate::rule! {
    /// Behind a redirect without `[L]`, a rule that takes every request replaces it.
    ///
    /// ## What httpd does
    ///
    /// `[R]` makes a redirect of the target, and goes on with the next rule, which looks at the target. A rule that
    /// takes everything puts a file in its place.
    ///
    /// ## Why it matters
    ///
    /// The answer has the status of a redirect, but leads nowhere: it has no `Location`, and the text of the file.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/old$ /new [R=301]
    /// RewriteRule ^ /index.html [L]
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/old$ /new [R=301,L]
    /// RewriteRule ^ /index.html [L]
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the later rule has no condition. One that only asks whether a file is there (`!-f`) holds, too: a
    /// redirect is no file. Rules that skip others (`S`, `C`, `N`) are not looked at.
    pub static RULE = {
        id: "redirect-without-last",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Survey(Which::Named(&["RewriteRule"] ), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for group in survey.rewriting() {
        let rules = Rule::all(survey, &group);
        if rules
            .iter()
            .any(|it| it.has(&["S", "skip", "C", "chain", "N", "next"]))
        {
            continue;
        }
        let Some(at) = rules.iter().rposition(Rule::takes_everything) else {
            continue;
        };
        let last = &rules[at];
        for rule in rules[..at].iter().filter(|it| it.is_open_redirect()) {
            let finding = report.at(rule.line.site(), "a later rule replaces this redirect");
            finding.secondary(last.line.line().span(), "this one takes every request");
            let line = rule.line.line();
            let end = rule.arguments.flags.as_ref().map(|it| it.range.end);
            if let Some(end) = end.filter(|_| rule.line.is_verbatim()) {
                let span = line.argument_span(end - 1..end - 1);
                let text = ",L".to_owned();
                finding.fix(
                    Promise::Unsafe,
                    "add the flag `L`",
                    vec![Edit { span, text }],
                );
            }
        }
    }
}

/// A rule with its conditions.
struct Rule<'a> {
    line: Placed<'a>,
    arguments: Arguments,
    flags: Vec<Flag>,
    conditions: Vec<Arguments>,
}

impl<'a> Rule<'a> {
    fn all(survey: &Survey<'_>, group: &[Placed<'a>]) -> Vec<Self> {
        let mut rules = Vec::new();
        let mut conditions = Vec::new();
        for line in group {
            let Some(arguments) = Arguments::parse(line.line().arguments()) else {
                continue;
            };
            if survey.name(line) == "RewriteCond" {
                conditions.push(arguments);
                continue;
            }
            rules.push(Self {
                line: *line,
                flags: arguments.flags().unwrap_or_default(),
                arguments,
                conditions: std::mem::take(&mut conditions),
            });
        }
        rules
    }

    fn has(&self, names: &[&str]) -> bool {
        self.flags.iter().any(|it| it.is_one_of(names))
    }

    fn is_open_redirect(&self) -> bool {
        let ends = [
            "L",
            "last",
            "END",
            "F",
            "forbidden",
            "G",
            "gone",
            "P",
            "proxy",
        ];
        // Another status than that of a redirect ends the rules by itself.
        let is_redirect = |it: &Flag| {
            let status = it.value.value.as_str();
            let is_number = status.starts_with(|it: char| it.is_ascii_digit());
            it.is_one_of(&["R", "redirect"]) && (!is_number || (300..400).contains(&atoi(status)))
        };
        self.flags.iter().any(is_redirect) && !self.has(&ends) && !self.line.node.uncertain
    }

    // Whether it puts a file in the place of everything, also of a redirect.
    fn takes_everything(&self) -> bool {
        let is_about_files = |it: &Arguments| {
            let asked = ["%{REQUEST_FILENAME}", "%{SCRIPT_FILENAME}"];
            asked.contains(&&*it.first.value)
                && ["!-f", "!-d", "!-l", "!-s"].contains(&&*it.second.value)
        };
        let elsewhere = ["R", "redirect", "F", "forbidden", "G", "gone", "P", "proxy"];
        let target = &self.arguments.second.value;
        let is_file = target != "-" && !target.contains(['$', '%', ':']);
        EVERYTHING.contains(&&*self.arguments.first.value)
            && is_file
            && !self.has(&elsewhere)
            && !self.line.node.uncertain
            && self.conditions.iter().all(is_about_files)
    }
}
