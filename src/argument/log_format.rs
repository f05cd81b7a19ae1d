//! `LogFormat`, `CustomLog`, `GlobalLog`, `TransferLog` and `ErrorLogFormat`.

use pest::Parser;
use pest::iterators::Pair;

use super::expression::{Parse, condition_refusals, refused_behind};
use super::items::Format;
use super::words::split;
use super::{Located, Refusal, Surroundings};

grammar!(LogFormatParser, "grammar/log_format.pest");

use grammar::{LogFormatParser, Rule};

/// One item of a format, and its letter, or where the format ends.
struct Item<'a> {
    pair: Pair<'a, Rule>,
    letter: Option<&'a str>,
}

/// The items of a format.
fn items(rule: Rule, format: &str) -> Vec<Item<'_>> {
    let Ok(pairs) = LogFormatParser::parse(rule, format) else {
        return Vec::new();
    };
    pairs
        .flat_map(Pair::into_inner)
        .filter(|it| matches!(it.as_rule(), Rule::access_item | Rule::error_item))
        .map(|pair| {
            let inner = pair.clone().into_inner();
            let letter = inner.filter(|it| it.as_rule() == Rule::letter).last();
            Item {
                letter: letter.map(|it| it.as_str()),
                pair,
            }
        })
        .collect()
}

/// What httpd says to the first item of a format that it does not know.
pub fn mistake(format: &str, surroundings: &dyn Surroundings) -> Option<String> {
    // As a nickname, which stands for a format that is looked at elsewhere.
    if !format.contains('%') {
        return None;
    }
    items(Rule::access, format).iter().find_map(|it| {
        let Some(letter) = it.letter else {
            let message = "Ran off end of LogFormat parsing args to some directive";
            return Some(message.to_owned());
        };
        (!is_item(letter, surroundings))
            .then(|| format!("Unrecognized LogFormat directive %{letter}"))
    })
}

fn is_item(letter: &str, surroundings: &dyn Surroundings) -> bool {
    let is_there = |module: &str| surroundings.has_module(module) != Some(false);
    Format::Access
        .item(letter)
        .is_some_and(|it| it.module.is_none_or(is_there))
}

/// The items of a format with their letters, at their places.
pub(super) fn placed(format: Format, text: &str) -> Vec<Located<String>> {
    let rule = match format {
        Format::Error => Rule::error,
        _ => Rule::access,
    };
    let items = items(rule, text).into_iter();
    let placed = items.filter_map(|it| {
        let span = it.pair.as_span();
        Some(Located::new(
            it.letter?.to_owned(),
            span.start()..span.end(),
        ))
    });
    placed.collect()
}

const EXPRESSION: &str = "expr=";

/// What httpd refuses in `LogFormat`.
pub fn log_format(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let format = split(text).into_iter().next()?;
    let message = mistake(&format.value, surroundings)?;
    Some(Refusal::new(format.range, message))
}

/// What httpd refuses in `CustomLog` and `GlobalLog`: the condition comes before the format.
pub fn custom_log(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let condition = words.get(2).and_then(|it| {
        if let Some(message) = condition_mistake(&it.value) {
            return Some(Refusal::new(it.range.clone(), message));
        }
        let is_expression = it
            .value
            .get(..EXPRESSION.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(EXPRESSION));
        let how: (Parse, &str) = (condition_refusals, "");
        is_expression.then(|| refused_behind(text, it, EXPRESSION.len(), how, surroundings))?
    });
    condition.or_else(|| {
        let format = words.get(1)?;
        let message = mistake(&format.value, surroundings)?;
        Some(Refusal::new(format.range.clone(), message))
    })
}

fn condition_mistake(condition: &str) -> Option<&'static str> {
    let behind = |prefix: &str| {
        let start = condition.get(..prefix.len())?;
        start
            .eq_ignore_ascii_case(prefix)
            .then(|| &condition[prefix.len()..])
    };
    if let Some(variable) = behind("env=") {
        let is_missing = variable.is_empty() || variable == "!";
        return is_missing.then_some("missing environment variable name");
    }
    match behind(EXPRESSION) {
        Some(expression) => expression.is_empty().then_some("missing condition"),
        None => Some("error in condition clause"),
    }
}

/// What httpd refuses in `ErrorLogFormat`.
pub fn error_log_format(text: &str) -> Option<Refusal> {
    let words = split(text);
    let first = words.first()?;
    // An empty second word is none.
    let second = words.get(1).filter(|it| !it.value.is_empty());
    let (format, is_main) = match second {
        None => (first, true),
        Some(format) if is_occasion(&first.value) => (format, false),
        Some(_) => {
            let message = "ErrorLogFormat type must be one of request, connection";
            return Some(Refusal::new(first.range.clone(), message));
        }
    };
    let message = error_format_mistake(format, is_main)?;
    Some(Refusal::new(format.range.clone(), message))
}

fn is_occasion(word: &str) -> bool {
    ["connection", "request"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(word))
}

fn error_format_mistake(format: &Located<String>, is_main: bool) -> Option<String> {
    let mut has_message = false;
    let mut is_required = false;
    for item in items(Rule::error, &format.value) {
        let Some(letter) = item.letter else {
            let message = "Ran off end of error log format parsing args to some directive";
            return Some(message.to_owned());
        };
        if letter == "M" {
            has_message = true;
        } else if Format::Error.item(letter).is_none() {
            let message = format!("Unrecognized error log format directive %{letter}");
            return Some(message);
        }
        let modifiers = item.pair.into_inner();
        is_required |= modifiers
            .filter(|it| it.as_rule() == Rule::error_modifier)
            .any(|it| it.as_str() == "+");
    }
    let message = match is_main {
        true if is_required => "The '+' flag cannot be used in the main error log format",
        true if !has_message => "main ErrorLogFormat must contain message format string '%M'",
        false if has_message => {
            "%M cannot be used in once-per-request or once-per-connection formats"
        }
        _ => return None,
    };
    Some(message.to_owned())
}
