use crate::argument::Located;
use crate::argument::regex::initial;
use crate::argument::section::Section;
use crate::argument::substitution::Substitution;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

const DIRECTIVES: &[&str] = &[
    "<Location",
    "<LocationMatch",
    "AliasMatch",
    "ProxyPassMatch",
    "RedirectMatch",
    "ScriptAliasMatch",
    "WSGIScriptAliasMatch",
];

crate::rule! {
    /// A pattern for paths begins with `^` and a letter.
    ///
    /// ## What httpd does
    ///
    /// It compares the pattern with the path of the request, which always begins with a slash, in
    /// `.htaccess` files, too. Only `RewriteRule` gets a path without one there.
    ///
    /// ## Why it matters
    ///
    /// The directive never applies: the redirect never happens, and what
    /// `<LocationMatch ^admin>` protects is open to everybody.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// RedirectMatch 301 ^old/(.*)$ https://shop.example/$1
    /// <LocationMatch ^admin>
    ///     Require all denied
    /// </LocationMatch>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// RedirectMatch 301 ^/old/(.*)$ https://shop.example/$1
    /// <LocationMatch ^/admin>
    ///     Require all denied
    /// </LocationMatch>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: a pattern with alternatives, or whose first letter may be missing, is not looked
    /// at, nor is one for whole URLs, which a forward proxy gets.
    pub static RULE = {
        id: "pattern-without-slash",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(DIRECTIVES), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let text = line.arguments();
    if !text.contains('^') {
        return;
    }
    let Some(name) = placed.node.name else { return };
    let Some(pattern) = pattern(context.inputs.table.spelling(name), text) else {
        return;
    };
    let is_known = !pattern.value.contains("${") && !pattern.value.contains(':');
    let is_for_paths = is_known && initial(&pattern.value).is_some();
    if !is_for_paths {
        return;
    }
    let message = format!("no request has a path that matches `{}`", pattern.value);
    let finding = report.at(
        placed.at(line.argument_span(pattern.range.clone())),
        message,
    );
    finding.label("paths of requests begin with `/`");
    if placed.is_verbatim()
        && let Some(anchor) = text[pattern.range.clone()].find('^')
    {
        let start = pattern.range.start + anchor + 1;
        let edit = Edit {
            span: line.argument_span(start..start),
            text: "/".to_owned(),
        };
        let title = format!("write `^/{}`", &pattern.value[1..]);
        finding.fix(Promise::Unsafe, title, vec![edit]);
    }
}

fn pattern(directive: &str, text: &str) -> Option<Located<String>> {
    match directive.starts_with('<') {
        true => Section::parse(text).pattern(directive),
        false => Some(Substitution::parse(directive, text)?.pattern),
    }
}
