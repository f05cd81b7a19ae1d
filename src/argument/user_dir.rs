//! `UserDir DIRECTORY…`.

use super::Refusal;
use super::words::split;

/// What httpd refuses: no word at all.
pub fn refusal(text: &str) -> Option<Refusal> {
    let is_missing = split(text).first().is_none_or(|it| it.value.is_empty());
    let message = "UserDir requires an argument.";
    is_missing.then(|| Refusal::new(0..text.len(), message))
}
