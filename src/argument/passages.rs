//! Where in an argument text another language is spoken: regular expressions, texts with their
//! groups, expressions, formats of logs.

use std::borrow::Cow;
use std::ops::Range;

use super::expression::directives::is_condition;
use super::header::{Action, Header};
use super::items::Format;
use super::rewrite::{Arguments, is_regex};
use super::section::Section;
use super::{Located, redirect, substitute};
use crate::form::{Form, Forms};
use crate::syntax::words::{self, Word};

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// A regular expression.
    Pattern {
        /// Whether the letter case does not count.
        caseless: bool,
        /// Whether it must not match, so that its groups hold nothing.
        negated: bool,
    },
    /// A text with `$N` in it.
    Replacement,
    /// A text of mod_rewrite, with `$N`, `%N` and `%{NAME}` in it.
    Rewritten,
    /// A condition of `ap_expr`.
    Condition,
    /// A text with `%{NAME}` in it, as `ap_expr` reads it.
    Text,
    /// A text with items behind `%`.
    Items(Format),
}

/// A part of an argument text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage<'t> {
    /// What is spoken there.
    pub language: Language,
    /// What is said.
    pub text: Cow<'t, str>,
    place: Place<'t>,
}

/// How a passage stands in the argument text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place<'t> {
    /// As it is, from an offset on.
    Plain(usize),
    /// It is the value of a word without its first bytes, of a text that begins at an offset.
    In(Box<Word<'t>>, usize, usize),
}

impl Passage<'_> {
    /// The place of some bytes of the passage in the argument text.
    pub fn at(&self, range: Range<usize>) -> Range<usize> {
        match &self.place {
            Place::Plain(start) => start + range.start..start + range.end,
            Place::In(word, skipped, offset) => {
                let found = word.at(skipped + range.start..skipped + range.end);
                offset + found.start..offset + found.end
            }
        }
    }
}

const PATTERN: Language = Language::Pattern {
    caseless: false,
    negated: false,
};

/// The directives of which the word at a position is a regular expression that no form describes.
const PATTERNS: &[(&str, usize)] = &[
    ("AliasMatch", 0),
    ("BrowserMatch", 0),
    ("BrowserMatchNoCase", 0),
    ("<DirectoryMatch", 0),
    ("<FilesMatch", 0),
    ("<LocationMatch", 0),
    ("ProxyPassMatch", 0),
    ("<ProxyMatch", 0),
    ("RedirectMatch", 0),
    ("RewriteCond", 1),
    ("RewriteRule", 0),
    ("ScriptAliasMatch", 0),
    ("SetEnvIf", 1),
    ("SetEnvIfNoCase", 1),
    ("WSGIScriptAliasMatch", 0),
];

/// What else the words of directives are, from a position on.
const OTHERS: &[(&str, usize, Language)] = &[
    ("AliasMatch", 1, Language::Replacement),
    ("BrowserMatch", 1, Language::Replacement),
    ("BrowserMatchNoCase", 1, Language::Replacement),
    ("ErrorDocument", 1, Language::Text),
    ("LogMessage", 0, Language::Text),
    ("ProxyPassMatch", 1, Language::Replacement),
    ("ScriptAliasMatch", 1, Language::Replacement),
    ("SetEnvIf", 2, Language::Replacement),
    ("SetEnvIfExpr", 0, Language::Condition),
    ("SetEnvIfExpr", 1, Language::Replacement),
    ("SetEnvIfNoCase", 2, Language::Replacement),
    ("WSGIScriptAliasMatch", 1, Language::Replacement),
];

/// The directives that take a target alone in a section about paths; then it is an expression.
const TARGETS: &[&str] = &[
    "Alias",
    "Redirect",
    "RedirectPermanent",
    "RedirectTemp",
    "ScriptAlias",
];

const EXPRESSION: &str = "expr=";

/// Whether a word of a directive is a regular expression that no form describes. The name of a
/// section begins with `<`.
pub fn is_pattern(directive: &str, position: usize) -> bool {
    let mut all = PATTERNS.iter();
    all.any(|it| it.1 == position && it.0.eq_ignore_ascii_case(directive))
}

/// The passages of the argument text of a directive, as the table knows the forms of its words.
pub fn passages<'t>(directive: &str, text: &'t str, forms: &Forms) -> Vec<Passage<'t>> {
    let is = |name: &str| directive.eq_ignore_ascii_case(name);
    if is("RewriteRule") || is("RewriteCond") {
        return of_rewriting(text, is("RewriteCond"));
    }
    if is("SSLRequire") {
        return vec![plain(Language::Condition, text, 0..text.len())];
    }
    if directive.starts_with('<') {
        return of_section(directive, text).into_iter().collect();
    }
    if is("Require") {
        return of_requirement(text).into_iter().collect();
    }
    let words = words::split(text);
    if is("Header") || is("RequestHeader") {
        return of_header(directive, text, &words);
    }
    if is("Substitute") {
        return of_substitute(&words);
    }
    // A status may stand before them.
    let has_status = words.len() > 2
        || words
            .first()
            .is_some_and(|it| redirect::status(&it.text).is_some());
    let before = usize::from(is("RedirectMatch") && has_status);
    let all = words.iter().enumerate().skip(before);
    let count = words.len();
    all.filter_map(|(index, word)| {
        let position = index - before;
        let language = of_word(directive, position, word, count, forms)?;
        let skipped = match language {
            Language::Condition | Language::Text => prefix(&word.text),
            _ => 0,
        };
        Some(of(language, word, skipped))
    })
    .collect()
}

fn of_word(
    directive: &str,
    position: usize,
    word: &Word<'_>,
    count: usize,
    forms: &Forms,
) -> Option<Language> {
    let is = |name: &str| directive.eq_ignore_ascii_case(name);
    if is_pattern(directive, position) || matches!(forms.at(position), Some(Form::Regex { .. })) {
        let caseless = directive.to_ascii_lowercase().ends_with("nocase");
        return Some(Language::Pattern {
            caseless,
            negated: false,
        });
    }
    if is("RedirectMatch") && position == 1 {
        return Some(Language::Replacement);
    }
    if let Some(format) = Format::of(directive).filter(|_| word.text.contains('%')) {
        let is_format = match () {
            () if is("LogFormat") || is("TransferLog") => position == 0,
            () if is("ErrorLogFormat") => position + 1 == count,
            () => position == 1,
        };
        if is_format {
            return Some(Language::Items(format));
        }
    }
    if prefix(&word.text) > 0 {
        return Some(match is("SetHandler") {
            true => Language::Text,
            false => Language::Condition,
        });
    }
    let is_target = count == 1 && TARGETS.iter().any(|it| is(it));
    if is("SetHandler") || is_target {
        return Some(Language::Text);
    }
    if let Some(is_condition) = is_condition(directive, position) {
        return Some(match is_condition {
            true => Language::Condition,
            false => Language::Text,
        });
    }
    let others = OTHERS.iter().filter(|it| is(it.0) && it.1 <= position);
    others.max_by_key(|it| it.1).map(|it| it.2)
}

// The bytes of `expr=` at the beginning of a word.
fn prefix(word: &str) -> usize {
    let start = word.get(..EXPRESSION.len());
    let has = start.is_some_and(|it| it.eq_ignore_ascii_case(EXPRESSION));
    if has { EXPRESSION.len() } else { 0 }
}

fn of<'t>(language: Language, word: &Word<'t>, skipped: usize) -> Passage<'t> {
    behind(language, word, skipped, 0)
}

fn behind<'t>(language: Language, word: &Word<'t>, skipped: usize, offset: usize) -> Passage<'t> {
    Passage {
        language,
        text: Cow::Owned(word.text[skipped..].to_owned()),
        place: Place::In(Box::new(word.clone()), skipped, offset),
    }
}

fn plain(language: Language, text: &str, range: Range<usize>) -> Passage<'_> {
    Passage {
        language,
        text: Cow::Borrowed(&text[range.clone()]),
        place: Place::Plain(range.start),
    }
}

fn of_rewriting(text: &str, is_condition: bool) -> Vec<Passage<'_>> {
    let Some(arguments) = Arguments::parse(text) else {
        return Vec::new();
    };
    let flags = arguments.flags().unwrap_or_default();
    let caseless = flags.iter().any(|it| it.is(&["NC", "nocase"]));
    let pattern = if is_condition {
        &arguments.second
    } else {
        &arguments.first
    };
    let negated = pattern.value.starts_with('!');
    let range = pattern.range.start + usize::from(negated)..pattern.range.end;
    let is_expression = is_condition && arguments.first.value.eq_ignore_ascii_case("expr");
    let language = match is_expression {
        true => Language::Condition,
        false => Language::Pattern { caseless, negated },
    };
    let is_read = is_expression || !is_condition || is_regex(&text[range.clone()]);
    let pattern = is_read.then(|| plain(language, text, range));
    let texts = arguments.expanded_texts(is_condition).into_iter();
    let texts = texts.map(|it| plain(Language::Rewritten, text, it.range));
    pattern.into_iter().chain(texts).collect()
}

fn of_section<'t>(name: &str, text: &'t str) -> Option<Passage<'t>> {
    let section = Section::parse(text);
    let argument = section.argument_text();
    let all = words::split(argument);
    if ["<If", "<ElseIf"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(name))
    {
        return Some(of(Language::Condition, all.first()?, 0));
    }
    let word = match all.first()? {
        first if first.text == "~" => all.get(1)?,
        first if is_pattern(name, 0) => first,
        _ => return None,
    };
    Some(of(PATTERN, word, 0))
}

fn of_requirement(text: &str) -> Option<Passage<'_>> {
    let (mut provider, mut rest) = words::first(text);
    if provider.text.eq_ignore_ascii_case("not") {
        (provider, rest) = words::first(rest);
    }
    if provider.text != "expr" {
        return None;
    }
    let start = text.len() - rest.len();
    let is_quoted = rest.len() > 1 && rest.starts_with('"') && rest.ends_with('"');
    let quote = usize::from(is_quoted);
    Some(plain(
        Language::Condition,
        text,
        start + quote..text.len() - quote,
    ))
}

fn of_header<'t>(directive: &str, text: &str, words: &[Word<'t>]) -> Vec<Passage<'t>> {
    let name = if directive.eq_ignore_ascii_case("Header") {
        "Header"
    } else {
        "RequestHeader"
    };
    let header = Header::parse(name, text);
    let at = |it: &Located<String>| words.iter().find(|word| word.range == it.range);
    let mut rest = header.rest.iter().filter_map(at);
    let mut passages = Vec::new();
    let (takes_pattern, takes_value) = match header.action {
        Some(Action::Edit) => (true, true),
        Some(Action::Give | Action::Note) => (false, true),
        _ => (false, false),
    };
    if takes_pattern && let Some(word) = rest.next() {
        passages.push(of(PATTERN, word, 0));
    }
    if takes_value && let Some(word) = rest.next() {
        match prefix(&word.text) {
            0 => passages.push(of(Language::Items(Format::Header), word, 0)),
            skipped => passages.push(of(Language::Text, word, skipped)),
        }
        if takes_pattern {
            passages.push(of(Language::Replacement, word, 0));
        }
    }
    let condition = rest.next().filter(|it| prefix(&it.text) > 0);
    passages.extend(condition.map(|it| of(Language::Condition, it, prefix(&it.text))));
    passages
}

fn of_substitute<'t>(words: &[Word<'t>]) -> Vec<Passage<'t>> {
    let Some(word) = words.first() else {
        return Vec::new();
    };
    let Ok(parts) = substitute::Substitution::parse(&word.text) else {
        return Vec::new();
    };
    let has = |flag: char| parts.flags.contains([flag, flag.to_ascii_uppercase()]);
    if has('n') {
        return Vec::new();
    }
    let delimiter = word.text[1..].chars().next().map_or(0, char::len_utf8);
    let start = 1 + delimiter;
    let end = start + parts.pattern.len();
    let replacement = end + delimiter..end + delimiter + parts.replacement.len();
    let passage = |language, range: Range<usize>| Passage {
        text: Cow::Owned(word.text[range.clone()].to_owned()),
        ..of(language, word, range.start)
    };
    let pattern = Language::Pattern {
        caseless: has('i'),
        negated: false,
    };
    vec![
        passage(pattern, start..end),
        passage(Language::Replacement, replacement),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_passage_lies_where_it_is_read() {
        for (directive, text, found) in [
            (
                "RewriteRule",
                r#""^/a b(c)" /$1 [E=X:%{HTTPS},L]"#,
                &["^/a b(c)", "/$1", "X:%{HTTPS}"][..],
            ),
            ("RewriteCond", "%{HTTP_HOST} !^x", &["^x", "%{HTTP_HOST}"]),
            (
                "RewriteCond",
                "%{REQUEST_FILENAME} -f",
                &["%{REQUEST_FILENAME}"],
            ),
            (
                "RewriteCond",
                "expr \"%{HTTPS} == 'on'\"",
                &["%{HTTPS} == 'on'"],
            ),
            ("RedirectMatch", "301 ^/(a) /b/$1", &["^/(a)", "/b/$1"]),
            ("RedirectMatch", "gone ^/(a)", &["^/(a)"]),
            (
                "SetEnvIfNoCase",
                "Host (a) HOST=$1 B",
                &["(a)", "HOST=$1", "B"],
            ),
            (
                "Header",
                "always edit Set-Cookie (.*) $1;Secure expr=%{HTTPS}",
                &["(.*)", "$1;Secure", "$1;Secure", "%{HTTPS}"],
            ),
            ("Header", "set X %D", &["%D"]),
            ("Substitute", "s|a(b)|$1|i", &["a(b)", "$1"]),
            ("<If", r#" "%{HTTPS} == 'on'">"#, &["%{HTTPS} == 'on'"]),
            ("<LocationMatch", r#" "^/(a)">"#, &["^/(a)"]),
            ("<Location", " ~ ^/(a)>", &["^/(a)"]),
            ("<Location", " /a>", &[]),
            ("Require", "not expr \"%{HTTPS}\"", &["%{HTTPS}"]),
            (
                "CustomLog",
                "logs/a \"%h\" expr=%{HTTPS}",
                &["%h", "%{HTTPS}"],
            ),
            ("CustomLog", "logs/a common", &[]),
            ("ErrorLogFormat", "connection \"%a\"", &["%a"]),
            ("Redirect", "/%{HTTPS}", &["/%{HTTPS}"]),
            ("Redirect", "/a /b", &[]),
            ("ErrorDocument", "404 /e/%{HTTPS}", &["/e/%{HTTPS}"]),
        ] {
            let all = passages(directive, text, &Forms::NONE);
            let texts: Vec<&str> = all.iter().map(|it| &*it.text).collect();
            assert_eq!(texts, found, "{directive} {text}");
            for it in &all {
                assert_eq!(
                    &text[it.at(0..it.text.len())],
                    it.text,
                    "{directive} {text}"
                );
            }
        }
    }
}
