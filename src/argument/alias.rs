//! `Alias [URL-PATH] TARGET` and `ScriptAlias`.

use super::expression::directives::text_refusals;
use super::words::split;
use super::{Refusal, Surroundings};
use crate::syntax::words;

/// What httpd refuses: both name themselves `Alias` in its messages. A target alone, in a section
/// about paths, is an expression.
pub fn refusals(text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    let words = words::split(text);
    let [first, rest @ ..] = words.as_slice() else {
        return Vec::new();
    };
    if rest.first().is_some_and(|it| !it.text.is_empty()) {
        return Vec::new();
    }
    if surroundings.section_path().is_none() {
        let message = "Alias must have two arguments when used globally";
        return vec![Refusal::new(0..text.len(), message)];
    }
    text_refusals(first, "Cannot parse alias expression '{1}': ", surroundings)
}

/// What httpd refuses in `Action TYPE SCRIPT [virtual]`.
pub fn action(text: &str) -> Option<Refusal> {
    let option = split(text).into_iter().nth(2)?;
    let is_wrong = !option.value.eq_ignore_ascii_case("virtual");
    let message = format!("unrecognized option '{}'", option.value);
    is_wrong.then(|| Refusal::new(option.range, message))
}

/// What httpd refuses in `Script METHOD SCRIPT`.
pub fn script(text: &str) -> Option<Refusal> {
    let method = split(text).into_iter().next()?;
    let message = "TRACE not allowed for Script";
    (method.value == "TRACE").then(|| Refusal::new(method.range, message))
}

/// What httpd refuses in `UserDir`.
pub fn user_dir(text: &str) -> Option<Refusal> {
    let is_missing = split(text).first().is_none_or(|it| it.value.is_empty());
    let message = "UserDir requires an argument.";
    is_missing.then(|| Refusal::new(0..text.len(), message))
}

/// What httpd refuses in `DirectoryIndexRedirect`.
pub fn index_redirect(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let words = ["on", "off", "permanent", "temp", "seeother"];
    if words.iter().any(|it| it.eq_ignore_ascii_case(&word.value)) {
        return None;
    }
    let status = super::number::atoi(&word.value);
    let message = if !word.value.starts_with(|it: char| it.is_ascii_digit()) {
        "DirectoryIndexRedirect ON|OFF|permanent|temp|seeother|3xx"
    } else if !(300..400).contains(&status) {
        "DirectoryIndexRedirect only accepts values between 300 and 399"
    } else {
        return None;
    };
    Some(Refusal::new(word.range, message))
}
