//! `DocumentRoot DIRECTORY`.

use super::words::first;
use super::{Refusal, Surroundings};
use crate::world::Kind;

/// What httpd refuses: in a virtual host it only warns.
pub fn refusal(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = first(text);
    let is_wrong = matches!(
        surroundings.kind(&word.value),
        Kind::Missing | Kind::NotADirectory | Kind::File | Kind::Other
    );
    let path = surroundings.resolve(&word.value)?;
    let message = format!("DocumentRoot '{path}' is not a directory, or is not readable");
    (is_wrong && !surroundings.is_in_virtual_host()).then(|| Refusal::new(word.range, message))
}
