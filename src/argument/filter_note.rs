//! `DeflateFilterNote [TYPE] NAME` and `BrotliFilterNote [TYPE] NAME`.

use super::Refusal;
use super::words::{is, split};

/// What httpd refuses: the first of two words is the
/// type of the note.
pub fn refusal(directive: &str, text: &str) -> Option<Refusal> {
    let words = split(text);
    let second = words.get(1).filter(|it| !it.value.is_empty());
    let kind = words.first().filter(|_| second.is_some())?;
    let kinds = ["Input", "Output", "Ratio"];
    let message = match directive {
        "BrotliFilterNote" => format!("Unknown BrotliFilterNote type '{}'", kind.value),
        _ => format!("Unknown note type {}", kind.value),
    };
    let is_known = kinds.iter().any(|it| is(&kind.value, it));
    (!is_known).then(|| Refusal::new(kind.range.clone(), message))
}
