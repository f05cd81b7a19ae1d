//! Directives of Phusion Passenger with a language of their own.

use super::Refusal;
use super::words::split;

/// What httpd refuses in `PassengerBaseURI` and under its former names.
pub fn base_uri(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let message = if !word.value.starts_with('/') {
        "PassengerBaseURI must start with a slash (/)"
    } else if word.value.len() > 1 && word.value.ends_with('/') {
        "PassengerBaseURI must not end with a slash (/)"
    } else {
        return None;
    };
    Some(Refusal::new(word.range, message))
}
