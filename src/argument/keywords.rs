//! Directives that take keywords which exclude one another.

use super::words::{is, split, until_empty};
use super::{Located, Refusal};

/// What httpd refuses in `FileETag`.
pub fn file_etag(text: &str) -> Option<Refusal> {
    split(text).into_iter().find_map(|word| {
        let name = word.value.strip_prefix(['+', '-']).unwrap_or(&word.value);
        let is_whole = is(name, "None") || is(name, "All");
        let is_signed = name.len() < word.value.len();
        let keywords = ["INode", "MTime", "Size", "Digest"];
        let message = if is_whole && is_signed {
            format!("FileETag keyword '{name}' cannot be used with '+' or '-'")
        } else if is_whole || keywords.iter().any(|it| is(name, it)) {
            return None;
        } else {
            format!("Unknown keyword '{name}' for FileETag directive")
        };
        Some(Refusal::new(word.range, message))
    })
}

/// What httpd refuses in `RegexDefaultOptions`.
pub fn regex_default_options(text: &str) -> Option<Refusal> {
    split(text).into_iter().find_map(|word| {
        let name = word.value.strip_prefix(['+', '-']).unwrap_or(&word.value);
        let is_none = is(&word.value, "none");
        let options = ["ICASE", "DOTALL", "DOLLAR_ENDONLY"];
        let is_known = is_none || options.iter().any(|it| is(name, it));
        let message = format!("RegexDefaultOptions: option '{name}' unknown");
        (!is_known).then(|| Refusal::new(word.range, message))
    })
}

/// The pairs of `HttpProtocolOptions`.
const PROTOCOL_OPTIONS: &[(&str, &str)] = &[
    ("Allow0.9", "Require1.0"),
    ("Strict", "Unsafe"),
    ("RegisteredMethods", "LenientMethods"),
];

/// What httpd refuses in `HttpProtocolOptions`, the message that it prints first.
pub fn http_protocol_options(text: &str) -> Vec<Refusal> {
    let mut seen: Vec<Located<String>> = Vec::new();
    let mut refusals = Vec::new();
    for word in until_empty(text) {
        let pair = PROTOCOL_OPTIONS
            .iter()
            .find(|it| is(&word.value, it.0) || is(&word.value, it.1));
        let Some((one, other)) = pair else {
            let message = "HttpProtocolOptions accepts 'Unsafe' or 'Strict' (default), \
                 'RegisteredMethods' or 'LenientMethods' (default), and 'Require1.0' or \
                 'Allow0.9' (default)";
            refusals.push(Refusal::new(word.range, message));
            continue;
        };
        let opposite = if is(&word.value, one) { other } else { one };
        if seen.iter().any(|it| is(&it.value, opposite)) {
            let message =
                format!("HttpProtocolOptions '{one}' and '{other}' are mutually exclusive");
            refusals.push(Refusal::new(word.range.clone(), message));
        }
        seen.push(word);
    }
    refusals
}

/// What httpd refuses in `MultiviewsMatch`, the message that it prints first.
pub fn multiviews_match(text: &str) -> Vec<Refusal> {
    let exclusive = [
        ("Any", "NegotiatedOnly, Filters and Handlers"),
        ("NegotiatedOnly", "Any, Filters and Handlers"),
        ("Filters", "Any and NegotiatedOnly"),
        ("Handlers", "Any and NegotiatedOnly"),
    ];
    let mut seen: Vec<&str> = Vec::new();
    let mut refusals = Vec::new();
    for word in until_empty(text) {
        let Some((keyword, others)) = exclusive.iter().find(|it| is(&word.value, it.0)) else {
            let message = format!("Unrecognized option '{}'", word.value);
            refusals.push(Refusal::new(word.range, message));
            continue;
        };
        let clashes = |it: &&str| *it != *keyword && others.contains(*it);
        if seen.iter().any(clashes) {
            let message = format!("{keyword} is incompatible with {others}");
            refusals.push(Refusal::new(word.range, message));
        }
        seen.push(keyword);
    }
    refusals
}

/// What httpd refuses in `ForceLanguagePriority`, the message that it prints first.
pub fn force_language_priority(text: &str) -> Vec<Refusal> {
    let mut has_none = false;
    let mut has_other = false;
    let mut refusals = Vec::new();
    for word in until_empty(text) {
        let other = ["Prefer", "Fallback"].iter().find(|it| is(&word.value, it));
        let message = match other {
            Some(other) if has_none => Some(format!(
                "Cannot combine ForceLanguagePriority options None and {other}"
            )),
            None if is(&word.value, "None") => has_other
                .then(|| "Cannot combine ForceLanguagePriority options with None".to_owned()),
            Some(_) => None,
            None => Some(format!(
                "Invalid ForceLanguagePriority option {}",
                word.value
            )),
        };
        has_none |= is(&word.value, "None");
        has_other |= other.is_some();
        refusals.extend(message.map(|it| Refusal::new(word.range, it)));
    }
    refusals
}
