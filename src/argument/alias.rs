//! `Alias [URL-PATH] TARGET` and `ScriptAlias`.

use super::expression::directives::text_refusals;
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
