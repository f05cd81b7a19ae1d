//! `Require [not] PROVIDER …`, and the sections around it.

use std::ops::Range;

use super::address::subnet_mistake;
use super::method::is_unknown_method;
use super::provider::{Kind, Presence, presence};
use super::section::Section;
use super::words::{Words, split};
use super::{Located, Refusal, Surroundings};
use crate::syntax::words::is_blank;

/// The sections that hold `Require`.
const CONTAINERS: &[&str] = &["<RequireAll", "<RequireAny", "<RequireNone"];

/// Providers of httpd's own that do not look at what follows their name.
const TAKES_NOTHING: &[&str] = &["file-group", "file-owner", "local", "valid-user"];

// The section that holds a directive of authorization; httpd puts a <RequireAny> around those that
// stand in none.
fn holder(surroundings: &dyn Surroundings) -> &'static str {
    let innermost = surroundings.sections().into_iter().next();
    let held = |it: &&&str| innermost.as_deref() == Some(**it);
    CONTAINERS
        .iter()
        .find(held)
        .copied()
        .unwrap_or("<RequireAny")
}

/// A `Require` directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Require {
    /// Whether it is turned around.
    pub is_negative: bool,
    /// The provider.
    pub provider: Located<String>,
    /// The bytes of what the provider gets.
    pub rest: Range<usize>,
}

impl Require {
    /// Reads the argument text of `Require`.
    pub fn parse(text: &str) -> Self {
        let mut words = Words::new(text);
        let mut provider = words.take();
        let is_negative = provider.value.eq_ignore_ascii_case("not");
        if is_negative {
            provider = words.take();
        }
        Self {
            is_negative,
            provider,
            rest: words.offset()..text.len(),
        }
    }

    /// The bytes that its provider does not look at, without the blanks around them.
    pub fn surplus(&self, text: &str) -> Option<Range<usize>> {
        let takes_nothing = TAKES_NOTHING.contains(&&*self.provider.value);
        let rest = text[self.rest.clone()].trim_end_matches(is_blank);
        let surplus = self.rest.start..self.rest.start + rest.len();
        (takes_nothing && !rest.is_empty()).then_some(surplus)
    }

    /// What httpd refuses, expressions apart.
    pub fn refusal(&self, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
        let name = self.provider.value.as_str();
        match presence(Kind::Authorization, name, surroundings) {
            Presence::Unknown => None,
            Presence::Absent => {
                let message = format!("Unknown Authz provider: {name}");
                Some(Refusal::new(self.provider.range.clone(), message))
            }
            Presence::There => {
                let refusal = self.refused_values(text, surroundings);
                refusal.or_else(|| self.refused_sense(surroundings))
            }
        }
    }

    // A negative one only makes sense next to others that must all hold.
    fn refused_sense(&self, surroundings: &dyn Surroundings) -> Option<Refusal> {
        if !self.is_negative {
            return None;
        }
        let container = holder(surroundings);
        (container != "<RequireAll").then(|| {
            let message =
                format!("negative Require directive has no effect in {container}> directive");
            Refusal::new(self.provider.range.clone(), message)
        })
    }

    /// What the provider refuses in what it gets.
    pub(super) fn refused_values(
        &self,
        text: &str,
        surroundings: &dyn Surroundings,
    ) -> Option<Refusal> {
        let rest = &text[self.rest.clone()];
        let at =
            |it: &Located<String>| self.rest.start + it.range.start..self.rest.start + it.range.end;
        let whole = || match rest.is_empty() {
            true => self.provider.range.clone(),
            false => self.rest.clone(),
        };
        let words = split(rest);
        match self.provider.value.as_str() {
            "all"
                if !["granted", "denied"]
                    .iter()
                    .any(|it| it.eq_ignore_ascii_case(rest)) =>
            {
                let message = "Argument for 'Require all' must be 'granted' or 'denied'";
                Some(Refusal::new(whole(), message))
            }
            "ip" if words.first().is_none_or(|it| it.value.is_empty()) => {
                Some(Refusal::new(whole(), "'require ip' requires an argument"))
            }
            "ip" => words.iter().find_map(|it| {
                let message = address_mistake(&it.value)?;
                Some(Refusal::new(at(it), message))
            }),
            "method" => words
                .iter()
                .find(|it| is_unknown_method(&it.value, surroundings))
                .map(|it| Refusal::new(at(it), format!("Invalid Method '{}'", it.value))),
            name @ ("ssl" | "ssl-verify-client") if !rest.is_empty() => {
                let message = format!("'Require {name}' does not take arguments");
                Some(Refusal::new(whole(), message))
            }
            _ => None,
        }
    }
}

// An address, or one with a mask; only for what looks like an address httpd says why not.
fn address_mistake(word: &str) -> Option<String> {
    let (address, mask) = match word.split_once('/') {
        Some((address, mask)) => (address, Some(mask)),
        None => (word, None),
    };
    let reason = subnet_mistake(address, mask)?;
    let because = match reason {
        "Invalid argument" => String::new(),
        reason => format!(": {reason}"),
    };
    Some(format!(
        "ip address '{word}' appears to be invalid{because}"
    ))
}

/// What httpd refuses before it reads the body of `<RequireAll>`, `<RequireAny>` and
/// `<RequireNone>`.
pub fn container(name: &str, text: &str) -> Option<Refusal> {
    let section = Section::parse(text);
    let behind = &text[section.argument.end..];
    // Nothing may follow the `>`, and it must be there.
    if !section.is_closed || behind != ">" {
        let end = text.len();
        let message = format!("{name}> directive missing closing '>'");
        return Some(Refusal::new(end..end, message));
    }
    let is_empty = section.argument_text().trim().is_empty();
    (!is_empty).then(|| {
        let message = format!("{name}> directive doesn't take additional arguments");
        Refusal::new(section.argument.clone(), message)
    })
}

/// What httpd refuses in such a section when it has read the body.
pub fn container_after_body(
    name: &str,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let range = 0..text.len();
    if surroundings.has_empty_body() == Some(true) {
        let message = format!("{name}> directive contains no authorization directives");
        return Some(Refusal::new(range, message));
    }
    let outer = holder(surroundings);
    (name == "<RequireNone" && outer != "<RequireAll").then(|| {
        let message = format!("{name}> directive has no effect in {outer}> directive");
        Refusal::new(range, message)
    })
}
