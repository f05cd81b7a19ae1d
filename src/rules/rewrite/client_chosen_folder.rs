use crate::argument::Located;
use crate::argument::rewrite::Arguments;
use crate::argument::substitution::Substitution;
use crate::diagnostic::Level;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

// Flags of rules whose target stands for no file.
const ELSEWHERE: &[&str] = &[
    "R",
    "redirect",
    "P",
    "proxy",
    "PT",
    "passthrough",
    "F",
    "forbidden",
    "G",
    "gone",
];

crate::rule! {
    /// The path of a file begins with what whoever sends the request writes.
    ///
    /// ## What httpd does
    ///
    /// A target of `RewriteRule` that stands for a file begins with a folder of the whole machine, if there is one of
    /// that name. Since 2.4.60 httpd does not look for one where the target begins with a group; the flag
    /// `UnsafePrefixStat` makes it look again.
    ///
    /// ## Why it matters
    ///
    /// The request says in which folder of the machine the file lies: all that httpd lets anybody see can be sent,
    /// not only what lies below `DocumentRoot`.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/pages/(.*)$ /$1.html [UnsafePrefixStat]
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/pages/(.*)$ /srv/shop/pages/$1.html [UnsafePrefixStat]
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for a group that takes any text. Which files may be seen says `Require` for their folders.
    pub static RULE = {
        id: "client-chosen-folder",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["RewriteRule"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for rule in survey.lines("RewriteRule") {
        let line = rule.line();
        let text = line.arguments();
        if !text.to_ascii_lowercase().contains("unsafeprefixstat")
            || survey.section_around(&rule).is_some()
            || survey.is_in_directory(&rule)
        {
            continue;
        }
        let Some(arguments) = Arguments::parse(text) else {
            continue;
        };
        let target = &arguments.second;
        let (Some(substitution), Some(flags)) =
            (Substitution::parse("RewriteRule", text), arguments.flags())
        else {
            continue;
        };
        let has = |names: &[&str]| flags.iter().any(|it| it.is(names));
        if !has(&["UnsafePrefixStat"]) || has(ELSEWHERE) {
            continue;
        }
        let start = target.range.start + usize::from(target.value.starts_with('/'));
        let is_first = |it: &&Located<usize>| it.range.start == start;
        let Some(group) = substitution.mentioned.iter().find(is_first) else {
            continue;
        };
        if substitution.takes_any_text(group.value) {
            let span = line.argument_span(group.range.clone());
            let finding = report.at(
                rule.at(span),
                "whoever sends the request chooses this folder",
            );
            let pattern = line.argument_span(substitution.pattern.range.clone());
            finding.secondary(pattern, "the group takes any text");
        }
    }
}
