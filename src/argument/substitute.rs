//! `Substitute s/PATTERN/REPLACEMENT/FLAGS` and `SubstituteMaxLineLength`.

use super::number::strtol;
use super::words::first;
use super::{Refusal, regex};

/// A substitution, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Substitution<'a> {
    /// What is replaced.
    pub pattern: &'a str,
    /// What replaces it.
    pub replacement: &'a str,
    /// The flags, where the replacement is closed.
    pub flags: &'a str,
    /// The character that should close the replacement, where none does: httpd takes the rest of
    /// the word for the replacement.
    pub unclosed: Option<char>,
}

impl<'a> Substitution<'a> {
    /// Takes a substitution apart.
    ///
    /// # Errors
    /// httpd's message for a text that is none.
    pub fn parse(text: &'a str) -> Result<Self, &'static str> {
        let Some(rest) = text.strip_prefix(['s', 'S']) else {
            return Err("Bad Substitute format, must be an s/// pattern");
        };
        let incomplete = "Bad Substitute format, must be a complete s/// pattern";
        let delimiter = rest.chars().next().ok_or(incomplete)?;
        let rest = &rest[delimiter.len_utf8()..];
        let (pattern, rest) = rest.split_once(delimiter).ok_or(incomplete)?;
        if pattern.is_empty() {
            return Err(incomplete);
        }
        let closed = rest.split_once(delimiter);
        let (replacement, flags) = closed.unwrap_or((rest, ""));
        Ok(Self {
            unclosed: closed.is_none().then_some(delimiter),
            pattern,
            replacement,
            flags,
        })
    }

    fn mistake(&self) -> Option<&'static str> {
        let has = |flag: char| self.flags.contains([flag, flag.to_ascii_uppercase()]);
        if !self.flags.bytes().all(|it| b"infqINFQ".contains(&it)) {
            return Some("Bad Substitute flag, only s///[infq] are supported");
        }
        let is_wrong = !has('n') && regex::mistake(self.pattern).is_some();
        is_wrong.then_some("Substitute could not compile regex")
    }
}

/// What httpd refuses in `Substitute`.
pub fn refusal(text: &str) -> Option<Refusal> {
    let word = first(text);
    let message = match Substitution::parse(&word.value) {
        Ok(it) => it.mistake()?,
        Err(message) => message,
    };
    Some(Refusal::new(word.range, message))
}

/// What httpd refuses in `SubstituteMaxLineLength`: a number, and a letter for its unit.
pub fn max_line_length(text: &str) -> Option<Refusal> {
    let word = first(text);
    let number = strtol(&word.value, 10);
    let factor: i64 = match &word.value[number.length..] {
        "" | "b" | "B" => 1,
        "k" | "K" => 1 << 10,
        "m" | "M" => 1 << 20,
        "g" | "G" => 1 << 30,
        _ => 0,
    };
    let message = if factor == 0 || number.overflow || number.value < 0 {
        "SubstituteMaxLineLength must be a non-negative integer optionally suffixed with 'b', 'k', \
         'm' or 'g'."
    } else if number.value.checked_mul(factor).is_none() {
        "SubstituteMaxLineLength value too large"
    } else {
        return None;
    };
    Some(Refusal::new(word.range, message))
}
