use crate::argument::rewrite::Arguments;
use crate::argument::rewrite_text::{Expansion, VARIABLES, expansions, is_variable};
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::httpd::most_similar;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A rewrite rule or condition asks for a variable that mod_rewrite does not have.
    ///
    /// ## What httpd does
    ///
    /// It puts nothing in its place. Of the request's headers only a few have names of their own,
    /// `HTTP_HOST` and `HTTP_COOKIE` among them; all others are written `%{HTTP:Name}`, and
    /// variables of the environment `%{ENV:NAME}`.
    ///
    /// ## Why it matters
    ///
    /// A condition on it has the same answer for every request: behind a proxy that ends TLS,
    /// `%{HTTP_X_FORWARDED_PROTO} !https` redirects for ever.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteCond %{HTTP_X_FORWARDED_PROTO} !=https
    /// RewriteRule ^ https://shop.example%{REQUEST_URI} [R=301,L]
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteCond %{HTTP:X-Forwarded-Proto} !=https
    /// RewriteRule ^ https://shop.example%{REQUEST_URI} [R=301,L]
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for httpd 2.4: mod_rewrite knows its variables by heart, and no module adds any.
    /// Conditions of the form `expr` have more variables, and are not looked at.
    pub static RULE = {
        id: "unknown-rewrite-variable",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(&["RewriteCond", "RewriteRule"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    if !line.arguments().contains("%{") {
        return;
    }
    let Some(arguments) = Arguments::parse(line.arguments()) else {
        return;
    };
    let is_condition = line.name().eq_ignore_ascii_case("RewriteCond");
    let texts = arguments.expanded_texts(is_condition);
    for expansion in texts.iter().flat_map(expansions) {
        let Expansion::Variable(name) = &expansion.value else {
            continue;
        };
        // What is left of an undefined `${NAME}` is told elsewhere.
        if is_variable(name) || name.contains('$') {
            continue;
        }
        let span = line.argument_span(expansion.range);
        let finding = report.at(
            placed.at(span),
            format!("mod_rewrite has no variable `{name}`"),
        );
        finding.label("always empty");
        let meant = if let Some(header) = header(name) {
            format!("%{{HTTP:{header}}}")
        } else if let Some(similar) = most_similar(name, VARIABLES.iter().copied()) {
            format!("%{{{similar}}}")
        } else {
            finding.help("a variable of the environment is written `%{ENV:NAME}`");
            continue;
        };
        let title = format!("write `{meant}`");
        match placed.is_verbatim() {
            true => finding.fix(Promise::Unsafe, title, vec![Edit { span, text: meant }]),
            false => finding.help(title),
        };
    }
}

// The header that a CGI program gets as `HTTP_ACCEPT_LANGUAGE`, or that an expression calls
// `req:Accept-Language`.
fn header(name: &str) -> Option<String> {
    let is_plain = |it: &str| {
        let mut bytes = it.bytes();
        !it.is_empty() && bytes.all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it))
    };
    if let Some((kind, header)) = name.split_once(':') {
        let is_header = kind.eq_ignore_ascii_case("req") && is_plain(header);
        return is_header.then(|| header.to_owned());
    }
    let upper = name.to_ascii_uppercase();
    let header = upper.strip_prefix("HTTP_").filter(|it| is_plain(it))?;
    // A misspelt `HTTP_HOST` is meant to be that.
    let named = VARIABLES.iter().filter(|it| it.starts_with("HTTP_"));
    if most_similar(&upper, named.copied()).is_some() {
        return None;
    }
    let words = header.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{first}{}", rest.to_ascii_lowercase())
    });
    Some(words.collect::<Vec<_>>().join("-"))
}
