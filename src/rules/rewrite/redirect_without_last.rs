use crate::argument::number::atoi;
use crate::argument::rewrite::{Arguments, Flag};
use crate::diagnostic::{Edit, Level, Promise};
use crate::model::rewriting::Rewrite;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

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
        let Some(at) = (0..group.len())
            .rev()
            .find(|at| takes_everything(group, *at))
        else {
            continue;
        };
        let skips = ["S", "skip", "C", "chain", "N", "next"];
        if group.iter().any(|it| it.is_rule() && it.has_flag(&skips)) {
            continue;
        }
        for rule in group[..at].iter().filter(|it| is_open_redirect(it)) {
            let finding = report.at(rule.line.site(), "a later rule replaces this redirect");
            let last = group[at].line.line().span();
            finding.secondary(last, "this one takes every request");
            let line = rule.line.line();
            let flags = rule.arguments().and_then(|it| it.flags.as_ref());
            if let Some(flags) = flags.filter(|_| rule.line.is_verbatim()) {
                let end = flags.range.end - 1;
                let span = line.argument_span(end..end);
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

fn is_open_redirect(rule: &Rewrite<'_>) -> bool {
    // Another status than that of a redirect ends the rules by itself.
    let is_redirect = |it: &Flag| {
        let status = it.value.value.as_str();
        let is_number = status.starts_with(|it: char| it.is_ascii_digit());
        !is_number || (300..400).contains(&atoi(status))
    };
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
    let flag = rule
        .flag(&["R", "redirect"])
        .filter(|_| rule.is_rule() && rule.is_certain());
    flag.is_some_and(is_redirect) && !rule.has_flag(&ends)
}

// Whether a rule puts a file in the place of everything, also of a redirect.
fn takes_everything(group: &[Rewrite<'_>], at: usize) -> bool {
    let rule = &group[at];
    let Some(arguments) = rule
        .arguments()
        .filter(|_| rule.is_rule() && rule.is_certain())
    else {
        return false;
    };
    let is_about_files = |it: &Rewrite<'_>| {
        let asked = ["%{REQUEST_FILENAME}", "%{SCRIPT_FILENAME}"];
        let tests = ["!-f", "!-d", "!-l", "!-s"];
        let is_test = |it: &Arguments| {
            asked.contains(&&*it.first.value) && tests.contains(&&*it.second.value)
        };
        it.arguments().is_some_and(is_test)
    };
    let mut conditions = group[..at].iter().rev().take_while(|it| it.is_condition());
    let elsewhere = ["R", "redirect", "F", "forbidden", "G", "gone", "P", "proxy"];
    let target = &arguments.second.value;
    let is_file = target != "-" && !target.contains(['$', '%', ':']);
    EVERYTHING.contains(&&*arguments.first.value)
        && is_file
        && !rule.has_flag(&elsewhere)
        && conditions.all(is_about_files)
}
