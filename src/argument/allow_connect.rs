//! `AllowCONNECT PORT[-PORT]…`.

use super::Refusal;
use super::number::strtol;
use super::words::until_empty;

/// What httpd refuses, the message that it prints first.
pub fn refusals(text: &str) -> Vec<Refusal> {
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
