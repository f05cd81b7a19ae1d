use crate::argument::Located;
use crate::argument::rewrite::Arguments;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};
use crate::syntax::words::is_blank;

crate::rule! {
    /// A variable `%{NAME}` stands in a pattern of mod_rewrite.
    ///
    /// ## What httpd does
    ///
    /// It puts variables into the test string of a condition and into the substitution of a rule,
    /// but not into a pattern, nor into the text behind `=`, `<` or `>`. There `%{HTTP_HOST}`
    /// stands for these characters.
    ///
    /// ## Why it matters
    ///
    /// No request has them, so the pattern never matches, and one with `!` before it always does: a
    /// rule against pictures on other sites also takes them from one's own.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteCond %{HTTP_REFERER} !^https?://%{HTTP_HOST}/
    /// RewriteRule ^/pictures/ - [F]
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteCond %{HTTP_HOST}@@%{HTTP_REFERER} !^([^@]*)@@https?://\1/
    /// RewriteRule ^/pictures/ - [F]
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: mod_rewrite compiles patterns while httpd starts, when there is no request.
    /// Conditions of the form `expr` are expressions, and not looked at.
    pub static RULE = {
        id: "variable-in-pattern",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(Which::Named(&["RewriteCond", "RewriteRule"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let is_condition = line.name().eq_ignore_ascii_case("RewriteCond");
    if !may_have_variable(line.arguments(), is_condition) {
        return;
    }
    let Some(arguments) = Arguments::parse(line.arguments()) else {
        return;
    };
    if is_condition && arguments.first.value.eq_ignore_ascii_case("expr") {
        return;
    }
    let pattern = match is_condition {
        true => &arguments.second,
        false => &arguments.first,
    };
    let Some(variable) = variable(pattern) else {
        return;
    };
    let message = format!("`{}` is no variable in a pattern", variable.value);
    let finding = report.at(placed.at(line.argument_span(variable.range)), message);
    finding.label("stands for these characters");
    if is_condition {
        finding.help("put both texts into the test string and compare them by a group and `\\1`");
    }
}

// Most lines have none, and that is told without taking them apart: variables stand in the first
// word of a condition and behind that of a rule.
fn may_have_variable(text: &str, is_condition: bool) -> bool {
    let is_quoted = text.trim_start_matches('!').starts_with(['"', '\'']);
    let end = text.find(is_blank).unwrap_or(text.len());
    match is_condition {
        _ if is_quoted => text.contains("%{"),
        true => text[end..].contains("%{"),
        false => text[..end].contains("%{"),
    }
}

// The first `%{NAME}`; `%{2}` repeats the percent sign.
fn variable(pattern: &Located<String>) -> Option<Located<String>> {
    let text = pattern.value.as_str();
    text.match_indices("%{").find_map(|(start, _)| {
        let name = &text[start + 2..];
        let length = name.find('}')?;
        let is_name = name.starts_with(|it: char| it.is_ascii_alphabetic())
            && name[..length]
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || b"_:-".contains(&it));
        let range = start..start + length + 3;
        let place = pattern.range.start + range.start..pattern.range.start + range.end;
        is_name.then(|| Located::new(text[range].to_owned(), place))
    })
}
