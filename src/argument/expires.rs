//! `ExpiresDefault CODE` and `ExpiresByType TYPE CODE`.

use pest::Parser;

use super::words::split;
use super::{Located, Refusal};

grammar!(ExpiresParser, "grammar/expires.pest");

use grammar::{ExpiresParser, Rule};

/// The beginnings of units; two letters tell `months` and `minutes` apart.
const UNITS: &[&str] = &["y", "mo", "w", "d", "h", "mi", "s"];
const BASES: &[&str] = &["n", "a", "m"];

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
