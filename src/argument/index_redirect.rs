//! `DirectoryIndexRedirect on|off|permanent|temp|seeother|3xx`.

use super::Refusal;
use super::number::atoi;
use super::words::split;

/// What httpd refuses.
pub fn refusal(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let words = ["on", "off", "permanent", "temp", "seeother"];
    if words.iter().any(|it| it.eq_ignore_ascii_case(&word.value)) {
        return None;
    }
    let status = atoi(&word.value);
    let message = if !word.value.starts_with(|it: char| it.is_ascii_digit()) {
        "DirectoryIndexRedirect ON|OFF|permanent|temp|seeother|3xx"
    } else if !(300..400).contains(&status) {
        "DirectoryIndexRedirect only accepts values between 300 and 399"
    } else {
        return None;
    };
    Some(Refusal::new(word.range, message))
}
