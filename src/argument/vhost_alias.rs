//! The paths of mod_vhost_alias.

use super::Refusal;
use super::words::first;

/// What httpd refuses in `VirtualDocumentRoot` and its like: a path with `%N`, `%N+`, `%N.M`, `%-N`,
/// `%p` and `%%`.
pub fn refusal(text: &str) -> Option<Refusal> {
    let word = first(text);
    let path = &word.value;
    let message = if path.eq_ignore_ascii_case("none") {
        return None;
    } else if !path.starts_with('/') {
        "format string must be an absolute path, or 'none'"
    } else if !is_format(path) {
        "syntax error in format string"
    } else {
        return None;
    };
    Some(Refusal::new(word.range, message))
}

fn is_format(path: &str) -> bool {
    let mut rest = path;
    while let Some((_, item)) = rest.split_once('%') {
        let Some(behind) = behind_item(item) else {
            return false;
        };
        rest = behind;
    }
    true
}

// One digit counts, with a minus before it; a second one may follow a dot.
fn behind_item(item: &str) -> Option<&str> {
    if let Some(rest) = item.strip_prefix(['p', '%']) {
        return Some(rest);
    }
    let number = |text: &str| {
        let inner = text.strip_prefix('-').unwrap_or(text);
        let is_digit = inner.starts_with(|it: char| it.is_ascii_digit());
        is_digit.then(|| text.len() - inner.len() + 1)
    };
    let rest = &item[number(item)?..];
    let rest = rest.strip_prefix('+').unwrap_or(rest);
    match rest.strip_prefix('.') {
        None => Some(rest),
        Some(rest) => Some(&rest[number(rest)?..]),
    }
}
