use crate::argument::rewrite::Arguments;
use crate::diagnostic::{Edit, Level, Promise};
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// The pattern of a `RewriteRule` in a directory begins with `^/`.
    ///
    /// ## What httpd does
    ///
    /// In `<Directory>` and in `.htaccess` files, mod_rewrite compares the pattern with the path that is left
    /// when that of the directory is taken away, which does not begin with a slash.
    ///
    /// ## Why it matters
    ///
    /// The rule never applies.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// <Directory /srv/shop>
    ///     RewriteEngine On
    ///     RewriteRule ^/old/(.*)$ /new/$1 [R]
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// <Directory /srv/shop>
    ///     RewriteEngine On
    ///     RewriteRule ^old/(.*)$ /new/$1 [R]
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. A pattern with alternatives, or whose slash may be missing, is not looked at, nor one with
    /// `!` before it.
    pub static RULE = {
        id: "slash-in-directory-pattern",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Survey(Which::Named(&["RewriteRule"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for rule in survey.lines("RewriteRule") {
        let line = rule.line();
        let text = line.arguments();
        if !text.contains("^/") || !survey.is_in_directory(&rule) {
            continue;
        }
        let Some(arguments) = Arguments::parse(text) else {
            continue;
        };
        let pattern = &arguments.first;
        let rest = pattern.value.strip_prefix("^/");
        let is_plain = rest.is_some_and(|it| !it.starts_with(['?', '*', '{']) && !it.contains('|'));
        if !is_plain {
            continue;
        }
        let span = line.argument_span(pattern.range.clone());
        let message = format!("no path in a directory matches `{}`", pattern.value);
        let finding = report.at(rule.at(span), message);
        finding.label("the path does not begin with a slash here");
        let slash = text[pattern.range.clone()].find("^/");
        if let Some(slash) = slash.filter(|_| rule.is_verbatim()) {
            let at = pattern.range.start + slash + 1;
            let span = line.argument_span(at..at + 1);
            let title = format!("write `^{}`", &pattern.value[2..]);
            finding.fix(
                Promise::Unsafe,
                title,
                vec![Edit {
                    span,
                    text: String::new(),
                }],
            );
        }
    }
}
