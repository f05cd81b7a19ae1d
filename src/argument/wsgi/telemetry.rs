//! `WSGITelemetryService unix:PATH [interval=N]` and `WSGITelemetryOptions FLAG…`.

use crate::argument::number::atof;
use crate::argument::words::{Words, split};
use crate::argument::{Located, Refusal};

/// What mod_wsgi refuses in `WSGITelemetryService`.
pub fn service(text: &str) -> Vec<Refusal> {
    let mut words = Words::new(text);
    let (target, interval) = (words.take(), words.take());
    let mut refusals = Vec::new();
    if !target.value.starts_with("unix:") {
        let message = "WSGITelemetryService target must be 'unix:/path' \
             (remote 'udp:host:port' targets are no longer supported)";
        refusals.push(Refusal::new(target.range, message));
    }
    let message = match interval.value.strip_prefix("interval=") {
        // An empty second word is none.
        None if interval.value.is_empty() => return refusals,
        None => "WSGITelemetryService second argument must be 'interval=N'",
        Some(number) if atof(number) < 0.5 => {
            "WSGITelemetryService interval must be at least 0.5 seconds"
        }
        Some(_) => return refusals,
    };
    refusals.push(Refusal::new(interval.range, message));
    refusals
}

/// What mod_wsgi refuses in `WSGITelemetryOptions`, the message that httpd prints first.
pub fn options(text: &str) -> Vec<Refusal> {
    let words = split(text);
    if words.is_empty() {
        let message = "WSGITelemetryOptions: at least one flag required";
        return vec![Refusal::new(0..text.len(), message)];
    }
    let mut refusals = Vec::new();
    let (mut has_signed, mut has_plain) = (false, false);
    for word in words.iter().take_while(|it| !it.value.is_empty()) {
        let is_signed = word.value.starts_with(['+', '-']);
        // A sign alone is refused before the two forms are compared.
        if word.value != "+" && word.value != "-" {
            has_signed |= is_signed;
            has_plain |= !is_signed;
        }
        if let Some(message) = refused_flag(word, has_signed && has_plain) {
            let message = format!("WSGITelemetryOptions: {message}");
            refusals.push(Refusal::new(word.range.clone(), message));
        }
    }
    refusals
}

fn refused_flag(word: &Located<String>, is_mixed: bool) -> Option<String> {
    let (sign, name) = match word.value.strip_prefix(['+', '-']) {
        Some(name) => (true, name),
        None => (false, word.value.as_str()),
    };
    if name.is_empty() {
        return Some("bare '+' / '-' is not a flag".to_owned());
    }
    if is_mixed {
        return Some("cannot mix +/- form with absolute names in a single directive".to_owned());
    }
    for whole in ["None", "All"] {
        if name.eq_ignore_ascii_case(whole) {
            return sign.then(|| format!("'{whole}' may not have a +/- prefix"));
        }
    }
    if name.eq_ignore_ascii_case("CaptureUserAgent") {
        return None;
    }
    Some(format!("unknown flag '{name}'"))
}
