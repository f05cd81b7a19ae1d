//! `Error`, the directive that refuses.

use super::Refusal;

/// What httpd refuses: always, with the message that is the argument, without its outer quotes if
/// they are the same (core's `generate_message`). No escapes are resolved in it.
pub fn refusals(text: &str) -> Vec<Refusal> {
    let unquoted = ['"', '\'']
        .iter()
        .find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    let message = match unquoted.unwrap_or(text) {
        "" if text.is_empty() => "The Error directive was used with no message.",
        message => message,
    };
    vec![Refusal::new(0..text.len(), message)]
}
