//! Directives that take keywords which exclude one another.

use super::number::strtol;
use super::words::{argv, split, until_empty};
use super::{Located, Refusal};

fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

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

/// What httpd refuses in `AllowCONNECT PORT[-PORT]…`, the message that it prints first.
pub fn allow_connect(text: &str) -> Vec<Refusal> {
    until_empty(text)
        .into_iter()
        .filter_map(|word| {
            let message = port_mistake(&word.value)?;
            Some(Refusal::new(word.range, message))
        })
        .collect()
}

fn port_mistake(word: &str) -> Option<String> {
    if !word.starts_with(|it: char| it.is_ascii_digit()) {
        return Some("AllowCONNECT: port numbers must be numeric".to_owned());
    }
    let is_number = |it: &str| {
        let number = strtol(it, 10);
        number.length > 0 && number.length == it.len()
    };
    let (first, last) = match word.split_once('-') {
        Some((first, last)) => (first, Some(last)),
        None => (word, None),
    };
    let wrong = [Some(first), last]
        .into_iter()
        .flatten()
        .find(|it| !is_number(it))?;
    Some(format!("Cannot parse '{wrong}' as port number"))
}

/// What httpd refuses in `DeflateFilterNote` and `BrotliFilterNote`: the first of two words is the
/// type of the note.
pub fn filter_note(directive: &str, text: &str) -> Option<Refusal> {
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

/// The hooks of `LogMessage`.
const HOOKS: &[&str] = &[
    "all",
    "translate_name",
    "type_checker",
    "quick_handler",
    "map_to_storage",
    "check_access",
    "check_access_ex",
    "insert_filter",
    "check_authn",
    "check_authz",
    "fixups",
    "handler",
    "log_transaction",
];

/// What httpd refuses in `LogMessage`, expressions apart.
pub fn log_message(text: &str) -> Option<Refusal> {
    split(text).into_iter().skip(1).find_map(|word| {
        let message = match word.value.split_once('=') {
            Some((key, hook)) if is(key, "hook") => {
                let is_known = HOOKS.iter().any(|it| is(hook, it));
                (!is_known).then(|| format!("Invalid hook name: {hook}"))?
            }
            Some((key, _)) if is(key, "expr") => return None,
            _ => format!("Invalid argument {}", word.value),
        };
        Some(Refusal::new(word.range, message))
    })
}

/// What httpd refuses in `AllowMethods`.
pub fn allow_methods(text: &str, is_method: impl Fn(&str) -> bool) -> Option<Refusal> {
    let words = argv(text);
    if words.is_empty() {
        let message = "AllowMethods: No method or 'reset' keyword given";
        return Some(Refusal::new(0..text.len(), message));
    }
    words.into_iter().find_map(|word| {
        let is_known = is(&word.value, "reset") || is_method(&word.value);
        let message = format!("AllowMethods: Invalid Method '{}'", word.value);
        (!is_known).then(|| Refusal::new(word.range, message))
    })
}
