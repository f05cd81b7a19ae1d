use crate::argument::require::Require;
use crate::argument::section::Section;
use crate::argument::{Located, words};
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::httpd::{Arity, Directive};
use crate::rule::{Check, Context, Report, Which};

// What a syntax calls words that have no comma, or hardly one, and what we call them.
const WITHOUT_COMMAS: &[(&str, &str)] = &[
    ("code", "status"),
    ("extension", "extension"),
    ("hostname", "host name"),
    ("local-url", "file"),
    ("media-type", "media type"),
    ("method", "method"),
];

// What the providers of `Require` look for in a list of words.
const REQUIRED: &[(&str, &str)] = &[
    ("env", "variable"),
    ("group", "group"),
    ("host", "host name"),
    ("ldap-user", "user"),
    ("user", "user"),
];

crate::rule! {
    /// A comma stands between the words of a list.
    ///
    /// ## What httpd does
    ///
    /// The words of its lists have blanks between them. It takes a comma for a part of the word:
    /// `a.example,b.example` is one name.
    ///
    /// ## Why it matters
    ///
    /// No request asks for that name, no file has that extension. `<Limit PUT,DELETE>` limits a
    /// method that nobody sends, and so protects nothing. `Require user alice,bob` lets neither in.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     ServerAlias www.shop.example, store.example
    ///     <Location /admin>
    ///         <Limit PUT,DELETE>
    ///             Require all denied
    ///         </Limit>
    ///     </Location>
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     ServerAlias www.shop.example store.example
    ///     <Location /admin>
    ///         <Limit PUT DELETE>
    ///             Require all denied
    ///         </Limit>
    ///     </Location>
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for names of hosts and of methods and for media types, which have no commas. Of file
    /// extensions, of the files of `DirectoryIndex` and of users and groups only what looks like
    /// several of them is reported; `,v` and distinguished names (`cn=alice,o=shop`) never are.
    pub static RULE = {
        id: "joined-words",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Described(is_list), check),
    }
}

fn is_list(directive: &Directive) -> bool {
    directive.spelling == "Require" || listed(directive).is_some()
}

// What the last word of a list is called, of which any number may follow.
fn listed(directive: &Directive) -> Option<&'static str> {
    let syntax = &directive.syntax;
    let opening = syntax.split(" ...").next()?;
    let last = opening.split_whitespace().last()?;
    let last = last.trim_matches(['[', ']']);
    let is_list = opening.len() < syntax.len();
    let found = WITHOUT_COMMAS.iter().find(|it| is_list && it.0 == last);
    found.map(|it| it.1)
}

// What the words of a list are, and how many stand before it.
fn list(definition: &Directive, text: &str) -> Option<(&'static str, usize)> {
    if definition.spelling != "Require" {
        // The first word of two lists is what the others are for.
        let skipped = usize::from(definition.arity == Arity::Iterate2);
        return listed(definition).map(|it| (it, skipped));
    }
    let require = Require::parse(text);
    let provider = require.provider.value.as_str();
    let found = REQUIRED.iter().find(|it| it.0 == provider);
    found.map(|it| (it.1, 1 + usize::from(require.is_negative)))
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(definition) = context.definition(placed) else {
        return;
    };
    let line = placed.line();
    let text = line.arguments();
    if !text.contains(',') {
        return;
    }
    let Some((kind, skipped)) = list(definition, text) else {
        return;
    };
    let words = match definition.section {
        true => Section::parse(text).words(),
        false => words::split(text),
    };
    // What was meant for a comment is told elsewhere.
    let meant = words.iter().take_while(|it| !it.value.starts_with('#'));
    for word in meant.skip(skipped) {
        if !is_joined(word, kind) {
            continue;
        }
        let span = line.argument_span(word.range.clone());
        let finding = report.at(placed.at(span), format!("`{}` is one {kind}", word.value));
        finding.label("blanks stand between words, not commas");
        let raw = &text[word.range.clone()];
        if placed.is_verbatim() && raw == word.value {
            let parts = raw.split(',').filter(|it| !it.is_empty());
            let text = parts.collect::<Vec<_>>().join(" ");
            let title = format!("write `{text}`");
            finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
        } else {
            finding.help("write blanks instead of commas");
        }
    }
}

fn is_joined(word: &Located<String>, kind: &str) -> bool {
    if !word.value.contains(',') || word.value.contains("${") {
        return false;
    }
    let is_plain = |it: &str| it.bytes().any(|it| it.is_ascii_alphanumeric());
    let mut parts = word.value.split(',').filter(|it| !it.is_empty());
    match kind {
        // Files of RCS end in `,v`.
        "extension" => !word.value.starts_with(',') && parts.all(|it| is_plain(it) && it != "v"),
        "file" => parts.all(|it| is_plain(it) && it.contains('.') && !it.contains(['/', '?'])),
        "user" | "group" => parts.all(|it| is_plain(it) && !it.contains(['=', '/', ' '])),
        _ => true,
    }
}
