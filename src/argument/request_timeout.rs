//! The timeouts of mod_reqtimeout.

use super::Refusal;
use super::number::{atoi, strtol};
use super::words::split;

/// What httpd refuses in `RequestReadTimeout STAGE=TIME[-TIME][,MinRate=RATE]…`.
pub fn refusal(text: &str) -> Option<Refusal> {
    split(text).into_iter().find_map(|word| {
        let message = match word.value.split_once('=') {
            None => "Invalid RequestReadTimeout parameter. Parameter must be in the form \
                     'key=value'"
                .to_owned(),
            Some((stage, value)) => {
                let message = stage_mistake(stage, value)?;
                format!("RequestReadTimeout: {stage}={value}: {message}")
            }
        };
        Some(Refusal::new(word.range, message))
    })
}

fn stage_mistake(stage: &str, value: &str) -> Option<String> {
    let stages = ["handshake", "header", "body"];
    if !stages.iter().any(|it| it.eq_ignore_ascii_case(stage)) {
        return Some("Unknown RequestReadTimeout parameter".to_owned());
    }
    match times(value) {
        Err(message) => Some(message),
        Ok((least, most)) => (most != 0 && least >= most)
            .then(|| "Maximum timeout must be larger than initial timeout".to_owned()),
    }
}

fn times(value: &str) -> Result<(i64, i64), String> {
    let rate_at = value.to_ascii_lowercase().find(",minrate=");
    let Some(at) = rate_at else {
        if value.contains('-') {
            return Err("Must set MinRate option if using timeout range".to_owned());
        }
        return Ok((whole(value)?, 0));
    };
    if whole(&value[at + ",minrate=".len()..])? == 0 {
        return Err("Minimum data rate must be larger than 0".to_owned());
    }
    let (least, most) = match value[..at].split_once('-') {
        Some((least, most)) => (least, whole(most)?),
        None => (&value[..at], 0),
    };
    Ok((whole(least)?, most))
}

fn whole(text: &str) -> Result<i64, String> {
    let number = strtol(text, 10);
    let rest = &text[number.length..];
    if number.length == 0 {
        Err(format!("Value '{text}' not numerical"))
    } else if !rest.is_empty() {
        Err(format!("Cannot parse '{rest}'"))
    } else if atoi(text) < 0 {
        Err("Value must be non-negative".to_owned())
    } else {
        Ok(number.value)
    }
}
