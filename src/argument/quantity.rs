//! Directives whose one argument is a number within bounds, as `atoi` or `strtol` reads it.

use super::Refusal;
use super::number::{Long, atoi, strtol};
use super::words::first;

/// What httpd refuses in the argument of such a directive.
pub fn refusals(directive: &str, text: &str) -> Vec<Refusal> {
    let word = first(text);
    message(directive, &word.value)
        .map(|it| Refusal::new(word.range, it))
        .into_iter()
        .collect()
}

fn message(directive: &str, text: &str) -> Option<String> {
    let number = atoi(text);
    match directive {
        "LimitRequestLine" | "LimitRequestFieldsize" if number < 0 => Some(format!(
            "{directive} \"{text}\" must be a non-negative integer"
        )),
        "LimitRequestFields" if number < 0 => Some(format!(
            "{directive} \"{text}\" must be a non-negative integer (0 = no limit)"
        )),
        "ListenBacklog" | "ListenCoresBucketsRatio" | "ListenTCPDeferAccept" if number < 1 => {
            Some(format!("{directive} must be > 0"))
        }
        "SendBufferSize" | "ReceiveBufferSize" if number < 512 && number != 0 => Some(format!(
            "{directive} must be >= 512 bytes, or 0 for system default."
        )),
        "LimitRequestBody" => body_limit(text, strtol(text, 10)).map(str::to_owned),
        _ => None,
    }
}

// The one that looks behind its number.
fn body_limit(text: &str, number: Long) -> Option<&'static str> {
    if number.overflow {
        return Some("LimitRequestBody argument is not parsable.");
    }
    let is_refused = number.length < text.len() || number.value < 0;
    is_refused.then_some("LimitRequestBody requires a non-negative integer.")
}
