//! Directives whose arguments are expressions, word by word.

use super::{in_word, parse_condition, parse_string};
use crate::argument::{Refusal, Surroundings};
use crate::syntax::words::{self, Word};

/// How a word is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Condition,
    Text,
    /// It is no expression.
    Plain,
}

/// How each word of a directive is read, and what httpd says before a mistake in it. `{1}` is the
/// first word.
type Words = &'static [(Reading, &'static str)];

const DIRECTIVES: &[(&str, Words)] = &[
    (
        "AuthBasicFake",
        &[
            (
                Reading::Text,
                "Could not parse fake username expression '{1}': ",
            ),
            (
                Reading::Text,
                "Could not parse fake password expression associated to user '{1}': ",
            ),
        ],
    ),
    (
        "AuthFormLoginRequiredLocation",
        &[(
            Reading::Text,
            "Could not parse login required expression '{1}': ",
        )],
    ),
    (
        "AuthFormLoginSuccessLocation",
        &[(
            Reading::Text,
            "Could not parse login success expression '{1}': ",
        )],
    ),
    (
        "AuthFormLogoutLocation",
        &[(
            Reading::Text,
            "Could not parse logout required expression '{1}': ",
        )],
    ),
    (
        "AuthName",
        &[(Reading::Text, "Cannot parse expression '{1}' in AuthName: ")],
    ),
    (
        "AuthType",
        &[(Reading::Text, "Cannot parse expression '{1}' in AuthType: ")],
    ),
    (
        "OIDCUnAuthAction",
        &[
            (Reading::Plain, ""),
            (
                Reading::Condition,
                "Invalid value for directive 'OIDCUnAuthAction': cannot parse expression: ",
            ),
        ],
    ),
    (
        "FilterProvider",
        &[
            (Reading::Plain, ""),
            (Reading::Plain, ""),
            (
                Reading::Condition,
                "Error parsing FilterProvider expression:",
            ),
        ],
    ),
];

/// Whether a word of such a directive is a condition; `None` for one that is no expression.
pub(in crate::argument) fn is_condition(directive: &str, position: usize) -> Option<bool> {
    let mut all = DIRECTIVES.iter();
    let (_, readings) = all.find(|it| it.0.eq_ignore_ascii_case(directive))?;
    match readings.get(position)?.0 {
        Reading::Condition => Some(true),
        Reading::Text => Some(false),
        Reading::Plain => None,
    }
}

/// What httpd refuses in the expressions of such a directive; nothing for any other.
pub(in crate::argument) fn refusals(
    directive: &str,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Vec<Refusal> {
    let Some((_, readings)) = DIRECTIVES.iter().find(|it| it.0 == directive) else {
        return Vec::new();
    };
    let words = words::split(text);
    let Some(first) = words.first() else {
        return Vec::new();
    };
    if directive == "AuthBasicFake" && first.text.eq_ignore_ascii_case("off") {
        return Vec::new();
    }
    let read = |(word, (reading, before)): (&Word<'_>, &(Reading, &str))| {
        word_refusals(
            word,
            *reading,
            &before.replace("{1}", &first.text),
            surroundings,
        )
    };
    words.iter().zip(*readings).flat_map(read).collect()
}

/// `SetHandler [expr=]TEXT`
pub(in crate::argument) fn set_handler(
    text: &str,
    surroundings: &dyn Surroundings,
) -> Vec<Refusal> {
    let (word, _) = words::first(text);
    let expression = option(&word, "expr=").unwrap_or(&word.text);
    let skipped = word.text.len() - expression.len();
    let refusals = parse_string(expression, surroundings).1.into_iter();
    let before = "Can't parse expression : ";
    refusals
        .map(|it| in_word(it, &word, skipped, 0, before))
        .collect()
}

/// `SSLRequire CONDITION`: all of the text, quotes included.
pub(in crate::argument) fn ssl_require(
    text: &str,
    surroundings: &dyn Surroundings,
) -> Vec<Refusal> {
    let refusals = parse_condition(text, surroundings).1.into_iter();
    refusals.map(|it| it.after("SSLRequire: ")).collect()
}

/// `SetEnvIfExpr CONDITION [!]NAME[=VALUE]…`
pub(in crate::argument) fn set_env_if(text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    let (word, rest) = words::first(text);
    let missing = |what: &str| {
        let message = format!("Missing {what} for SetEnvIfExpr");
        vec![Refusal::new(text.len()..text.len(), message)]
    };
    if word.text.is_empty() {
        return missing("expression");
    }
    let before = format!("Could not parse expression \"{}\": ", word.text);
    let refusals = word_refusals(&word, Reading::Condition, &before, surroundings);
    if refusals.is_empty() && words::first(rest).0.text.is_empty() {
        return missing("envariable expression");
    }
    refusals
}

/// `ProxyFCGISetEnvIf CONDITION [!]NAME [TEXT]`
pub(in crate::argument) fn proxy_fcgi_set_env_if(
    text: &str,
    surroundings: &dyn Surroundings,
) -> Vec<Refusal> {
    let words = words::split(text);
    let expression = |word: &Word<'_>, reading| {
        let before = format!("Could not parse expression \"{}\": ", word.text);
        word_refusals(word, reading, &before, surroundings)
    };
    let (Some(condition), Some(name)) = (words.first(), words.get(1)) else {
        return Vec::new();
    };
    let mut refusals = expression(condition, Reading::Condition);
    match (name.text.strip_prefix('!'), words.get(2)) {
        (Some(_), Some(value)) => {
            let message = format!(
                "Third argument (\"{}\") is not allowed when using ProxyFCGISetEnvIf's unset mode \
                 ({})",
                value.text, name.text
            );
            refusals.push(Refusal::new(value.range.clone(), message));
        }
        (Some(""), None) => {
            let message = "ProxyFCGISetEnvIf: \"!\" is not a valid variable name";
            refusals.push(Refusal::new(name.range.clone(), message));
        }
        (Some(_), None) => {}
        (None, value) => refusals.extend(
            value
                .into_iter()
                .flat_map(|it| expression(it, Reading::Text)),
        ),
    }
    refusals
}

/// The most bytes in a name of `ProxyHCExpr`.
const LONGEST_NAME: usize = 15;

/// `ProxyHCExpr NAME {CONDITION}`
pub(in crate::argument) fn proxy_health_check(
    text: &str,
    surroundings: &dyn Surroundings,
) -> Vec<Refusal> {
    let (name, rest) = words::first(text);
    let refused = |range, message: String| vec![Refusal::new(range, message)];
    let end = text.len()..text.len();
    if name.text.is_empty() {
        return refused(end, "Missing expression name for ProxyHCExpr".to_owned());
    }
    if name.text.len() > LONGEST_NAME {
        let message = format!("Expression name limited to {LONGEST_NAME} characters");
        return refused(name.range, message);
    }
    let offset = text.len() - rest.len();
    let (condition, range, surplus) = match in_braces(rest) {
        Some((inner, surplus)) => {
            let range = 1..1 + inner.len();
            (inner.replace("\\\\", "\\").into(), range, surplus)
        }
        None => {
            let (word, surplus) = words::first(rest);
            let range = word.value_range();
            (word.text, range, surplus)
        }
    };
    if condition.is_empty() {
        return refused(end, "Missing expression for ProxyHCExpr".to_owned());
    }
    let before = format!("Could not parse expression \"{condition}\": ");
    let mut refusals = parse_condition(&condition, surroundings).1;
    for refusal in &mut refusals {
        // Behind an escape nothing stands at its place any more; then the whole is to blame.
        let (from, to) = match range.len() == condition.len() {
            true => (refusal.range.start, refusal.range.end),
            false => (0, range.len()),
        };
        let start = offset + range.start;
        refusal.range = start + from..start + to;
    }
    let mut refusals: Vec<_> = refusals.into_iter().map(|it| it.after(&before)).collect();
    if !words::first(surplus).0.text.is_empty() {
        let message = "error: extra parameter(s)";
        refusals.push(Refusal::new(
            text.len() - surplus.len()..text.len(),
            message,
        ));
    }
    refusals
}

// What stands in braces that belong together, and what follows them (`ap_getword_conf2`). A brace
// that nothing closes reaches to the end.
fn in_braces(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{')?;
    let mut depth = 1;
    let mut is_escaped = false;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'\\' if !is_escaped => {
                is_escaped = true;
                continue;
            }
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        is_escaped = false;
        if depth == 0 {
            return Some((
                &inner[..at],
                inner[at + 1..].trim_start_matches(words::is_blank),
            ));
        }
    }
    Some((inner, ""))
}

const HOOKS: &[&str] = &[
    "log_transaction",
    "quick_handler",
    "handler",
    "pre_translate_name",
    "translate_name",
    "map_to_storage",
    "fixups",
    "type_checker",
    "check_access",
    "check_access_ex",
    "check_authn",
    "check_authz",
    "insert_filter",
    "all",
];

/// `ProxyHTMLURLMap FROM TO [FLAGS [CONDITION]]`: `[!]NAME=VALUE`, as it was written before there
/// were expressions, is put into one (`old_expr`), and so is a name alone, which makes none.
pub(in crate::argument) fn proxy_html_url_map(
    text: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let words = words::split(text);
    let word = words.get(3).filter(|it| !it.text.is_empty())?;
    let Some(old) = of_old(&word.text) else {
        let refusal = parse_condition(&word.text, surroundings)
            .1
            .into_iter()
            .next()?;
        return Some(in_word(refusal, word, 0, 0, ""));
    };
    let refusal = parse_condition(&old, surroundings).1.into_iter().next()?;
    Some(Refusal::new(word.at(0..word.text.len()), refusal.message))
}

// `^(!)?(\w+)((=)(.+))?$` as an expression.
fn of_old(condition: &str) -> Option<String> {
    let negated = condition.strip_prefix('!');
    let (name, value) = match negated.unwrap_or(condition).split_once('=') {
        Some((_, "")) => return None,
        Some((name, value)) => (name, Some(value)),
        None => (negated.unwrap_or(condition), None),
    };
    let is_word = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
    if name.is_empty() || !name.bytes().all(is_word) {
        return None;
    }
    let not = if negated.is_some() { "!" } else { "" };
    let equals = if value.is_some() { "=" } else { "" };
    let value = value.unwrap_or_default();
    Some(format!("%{{ENV:{name}}} {not}{equals} '{value}'"))
}

/// `LogMessage TEXT [hook=HOOK] [expr=CONDITION]`
pub(in crate::argument) fn log_message(
    text: &str,
    surroundings: &dyn Surroundings,
) -> Vec<Refusal> {
    let words = words::split(text);
    let mut refusals = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if index == 0 {
            let before = format!("Could not parse message expression '{}': ", word.text);
            refusals.extend(word_refusals(word, Reading::Text, &before, surroundings));
        } else if let Some(hook) = option(word, "hook=") {
            if !HOOKS.iter().any(|it| it.eq_ignore_ascii_case(hook)) {
                let message = format!("Invalid hook name: {hook}");
                refusals.push(Refusal::new(word.range.clone(), message));
            }
        } else if let Some(condition) = option(word, "expr=") {
            let skipped = word.text.len() - condition.len();
            let before = format!("Could not parse expression '{condition}': ");
            let found = parse_condition(condition, surroundings).1.into_iter();
            refusals.extend(found.map(|it| in_word(it, word, skipped, 0, &before)));
        } else {
            let message = format!("Invalid argument {}", word.text);
            refusals.push(Refusal::new(word.range.clone(), message));
        }
    }
    refusals
}

// What follows a name in any letter case.
fn option<'a>(word: &'a Word<'_>, name: &str) -> Option<&'a str> {
    let (start, value) = word.text.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then_some(value)
}

/// What httpd refuses in a word that is a text with `%{…}` in it, with what it says before a
/// mistake there; `{1}` is the word.
pub(in crate::argument) fn text_refusals(
    word: &Word<'_>,
    before: &str,
    surroundings: &dyn Surroundings,
) -> Vec<Refusal> {
    let before = before.replace("{1}", &word.text);
    word_refusals(word, Reading::Text, &before, surroundings)
}

fn word_refusals(
    word: &Word<'_>,
    reading: Reading,
    before: &str,
    surroundings: &dyn Surroundings,
) -> Vec<Refusal> {
    let refusals = match reading {
        Reading::Condition => parse_condition(&word.text, surroundings).1,
        Reading::Text => parse_string(&word.text, surroundings).1,
        Reading::Plain => return Vec::new(),
    };
    let found = refusals.into_iter();
    found.map(|it| in_word(it, word, 0, 0, before)).collect()
}
