//! `ExpiresDefault CODE` and `ExpiresByType TYPE CODE`.

use pest::Parser;

use super::number::strtol;
use super::words::split;
use super::{Located, Refusal};

grammar!(ExpiresParser, "grammar/expires.pest");

use grammar::{ExpiresParser, Rule};

/// The beginnings of units; two letters tell `months` and `minutes` apart.
const UNITS: &[&str] = &["y", "mo", "w", "d", "h", "mi", "s"];
const BASES: &[&str] = &["n", "a", "m"];

/// A code that says less than it seems to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// Of one that begins with a capital `A` or `M`, httpd reads this number of seconds and no
    /// more: 0 where there is none.
    Seconds(i64),
    /// No time follows `plus`.
    Nothing,
}

/// What httpd does not read of a code that it accepts.
pub fn unread(code: &str) -> Option<Unread> {
    if let Some(rest) = code.strip_prefix(['A', 'M']) {
        let number = strtol(rest, 10);
        let unit = rest[number.length..].trim();
        let is_second = ["", "s", "sec", "secs", "second", "seconds"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(unit));
        let is_read = number.length > 0 && is_second;
        return (!is_read).then_some(Unread::Seconds(number.value));
    }
    let mut words = code.split_ascii_whitespace().skip(1);
    let is_plus = words.next().is_some_and(|it| it.starts_with(['p', 'P']));
    (is_plus && words.next().is_none()).then_some(Unread::Nothing)
}

/// What httpd says of a code that it cannot read.
pub fn mistake(code: &str) -> Option<String> {
    // `A3600` and `M3600`: the letter alone says so, whatever follows.
    if code.starts_with(['A', 'M']) {
        return None;
    }
    let pairs = ExpiresParser::parse(Rule::code, code).ok()?;
    let begins = |word: &str, beginnings: &[&str]| {
        let lower = word.to_ascii_lowercase();
        beginnings.iter().any(|it| lower.starts_with(it))
    };
    for pair in pairs.flat_map(pest::iterators::Pair::into_inner) {
        let text = pair.as_str();
        match pair.as_rule() {
            Rule::base if !begins(text, BASES) => {
                return Some(format!("bad expires code, unrecognised <base> '{text}'"));
            }
            Rule::time => {
                let mut parts = pair.into_inner();
                let number = parts.next().map_or("", |it| it.as_str());
                if !number.starts_with(|it: char| it.is_ascii_digit()) {
                    let message = "bad expires code, numeric value expected <num>";
                    return Some(format!("{message} '{number}'"));
                }
                let Some(unit) = parts.next() else {
                    return Some("bad expires code, missing <type>".to_owned());
                };
                let unit = unit.as_str();
                if !begins(unit, UNITS) {
                    return Some(format!("bad expires code, unrecognised <type>'{unit}'"));
                }
            }
            _ => {}
        }
    }
    None
}

/// What httpd refuses in `ExpiresDefault`.
pub fn default(text: &str) -> Option<Refusal> {
    let code = split(text).into_iter().next()?;
    refused("ExpiresDefault", &code)
}

/// What httpd refuses in `ExpiresByType`.
pub fn by_type(text: &str) -> Option<Refusal> {
    let words = split(text);
    let (kind, code) = (words.first()?, words.get(1)?);
    if !kind.value.contains('/') {
        let message = "Invalid mimetype: should contain a slash";
        return Some(Refusal::new(kind.range.clone(), message));
    }
    refused(&format!("ExpiresByType {}", kind.value), code)
}

fn refused(before: &str, code: &Located<String>) -> Option<Refusal> {
    let message = format!("'{before} {}': {}", code.value, mistake(&code.value)?);
    Some(Refusal::new(code.range.clone(), message))
}
