//! `SetEnvIf`, `SetEnvIfNoCase`, `SetEnvIfExpr`, `BrowserMatch` and `BrowserMatchNoCase`.

use super::words::Words;
use super::{Located, Refusal, regex};

/// What httpd refuses, expressions apart.
pub fn refusal(directive: &str, text: &str) -> Option<Refusal> {
    let mut words = Words::new(text);
    let end = text.len();
    let missing = |what: &str| {
        let message = format!("Missing {what} for {directive}");
        Some(Refusal::new(end..end, message))
    };
    let attribute = match directive {
        "SetEnvIf" | "SetEnvIfNoCase" => {
            let attribute = words.take();
            if attribute.value.is_empty() {
                return missing("header-field name");
            }
            Some(attribute)
        }
        _ => None,
    };
    let pattern = words.take();
    let is_expression = directive == "SetEnvIfExpr";
    if pattern.value.is_empty() {
        let what = if is_expression {
            "expression"
        } else {
            "regular expression"
        };
        return missing(what);
    }
    if !is_expression {
        let refusal = attribute
            .as_ref()
            .and_then(|it| refused_attribute(directive, it));
        if refusal.is_some() {
            return refusal;
        }
        if !is_plain(&pattern.value) && regex::mistake(&pattern.value).is_some() {
            let message = format!("{directive} regex could not be compiled.");
            return Some(Refusal::new(pattern.range, message));
        }
    }
    if words.take().value.is_empty() {
        return missing("envariable expression");
    }
    None
}

// Whether httpd takes a pattern for the text itself and does not compile it: no character of it means
// more, and no backslash stands before a letter or a digit.
fn is_plain(pattern: &str) -> bool {
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        let is_special = match character {
            '\\' => characters.next().is_some_and(char::is_alphanumeric),
            _ => "^$.*+?()[]{}|".contains(character),
        };
        if is_special {
            return false;
        }
    }
    true
}

// Whatever is no name of a header is a regular expression for one. httpd forgets the blank.
fn refused_attribute(directive: &str, attribute: &Located<String>) -> Option<Refusal> {
    regex::mistake(&attribute.value)?;
    let message = format!("{directive}Header name regex could not be compiled.");
    Some(Refusal::new(attribute.range.clone(), message))
}
