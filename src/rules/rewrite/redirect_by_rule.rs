use crate::diagnostic::Level;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// A `RewriteRule` leads everything to another server, which `Redirect` says as well.
    ///
    /// ## What httpd does
    ///
    /// `RewriteRule ^/(.*)$ https://shop.example/$1 [R]` and `Redirect / https://shop.example/` lead to the same places.
    ///
    /// ## Why it matters
    ///
    /// `Redirect` needs no pattern, and there is nothing in it to get wrong.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/(.*)$ https://shop.example/$1 [R=301,L]
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Redirect permanent / https://shop.example/
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for a rule of a server without a condition, as the only one.
    pub static RULE = {
        id: "redirect-by-rule",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Clarity,
        check: Check::Survey(Which::Named(&["RewriteRule"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for group in survey.rewriting() {
        let [rule] = group.as_slice() else { continue };
        let Some(arguments) = rule.arguments().filter(|_| rule.is_certain()) else {
            continue;
        };
        let line = rule.line;
        let is_of_server = survey.section_around(&line).is_none() && !survey.is_in_directory(&line);
        let known = ["R", "redirect", "L", "last"];
        let is_redirect = rule.has_flag(&known[..2]) && rule.flags().iter().all(|it| it.is(&known));
        let host = arguments
            .second
            .value
            .strip_suffix("/$1")
            .unwrap_or_default();
        let is_plain = host.contains("://") && !host.contains(['$', '%']);
        let is_all = ["^/(.*)$", "^/(.*)"].contains(&&*arguments.first.value);
        if is_of_server && is_redirect && is_plain && is_all {
            let finding = report.at(line.site(), "`Redirect` says the same");
            finding.help(format!("write `Redirect / {host}/`"));
        }
    }
}
