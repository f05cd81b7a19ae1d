//! Directives of mod_http2 with a language of their own.

use super::Refusal;
use super::number::{atoi, strtol};
use super::words::{first, split};

/// What httpd refuses in `H2PushPriority TYPE DEPENDENCY [WEIGHT]`.
pub fn push_priority(text: &str) -> Option<Refusal> {
    let words = split(text);
    let (dependency, weight) = (
        words.get(1)?,
        words.get(2).filter(|it| !it.value.is_empty()),
    );
    let is = |it: &str| it.eq_ignore_ascii_case(&dependency.value);
    let refused = |word: &super::Located<String>, message: &str| {
        Some(Refusal::new(word.range.clone(), message))
    };
    // A weight may stand in its place.
    if dependency.value.starts_with(|it: char| it.is_ascii_digit()) {
        return None;
    }
    if !["after", "before", "interleaved"].iter().any(|it| is(it)) {
        let message = "dependency must be one of 'After', 'Before' or 'Interleaved'";
        return refused(dependency, message);
    }
    let weight = weight?;
    if is("before") {
        return refused(weight, "dependency 'Before' does not allow a weight");
    }
    let is_wrong = atoi(&weight.value) < 1;
    is_wrong.then(|| refused(weight, "weight must be a number >= 1"))?
}

/// What httpd refuses in `H2PushResource [add] PATH [critical]`.
pub fn push_resource(text: &str) -> Option<Refusal> {
    let words = split(text);
    let adds = words.len() > 1 && words.first()?.value.eq_ignore_ascii_case("add");
    let rest = &words[usize::from(adds)..];
    let (word, message) = match rest {
        [_, last] if !last.value.eq_ignore_ascii_case("critical") => {
            (last, "unknown last parameter")
        }
        [_, _, last, ..] => (last, "too many parameter"),
        _ => return None,
    };
    Some(Refusal::new(word.range.clone(), message))
}

/// What httpd refuses in `H2PushDiarySize`: a power of two up to 32768.
pub fn push_diary_size(text: &str) -> Option<Refusal> {
    let word = first(text);
    let number = strtol(&word.value, 10).value as i32;
    let message = match number {
        ..0 => "value must be >= 0",
        0 => return None,
        _ if number & (number - 1) != 0 => "value must a power of 2",
        32769.. => "value must <= 65536",
        _ => return None,
    };
    Some(Refusal::new(word.range, message))
}

/// What httpd refuses in `H2EarlyHint`.
pub fn early_hint(text: &str) -> Option<Refusal> {
    let value = split(text).into_iter().nth(1)?;
    let message = "Early Hint header value must not be empty/only space";
    let is_blank = value.value.trim().is_empty();
    is_blank.then(|| Refusal::new(value.range, message))
}
