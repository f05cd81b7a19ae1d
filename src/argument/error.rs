//! `Error TEXT`, which httpd always refuses.

use super::Refusal;

/// What httpd says: the text, without the quotes that it begins and ends with.
pub fn refusal(text: &str) -> Refusal {
    let inside = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    let message = match inside('"').or_else(|| inside('\'')) {
        Some(inner) => inner,
        None if text.is_empty() => "The Error directive was used with no message.",
        None => text,
    };
    Refusal::new(0..text.len(), message)
}
