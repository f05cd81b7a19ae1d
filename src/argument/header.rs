//! `Header [always|onsuccess] ACTION NAME [VALUE [REPLACEMENT]] [CONDITION]` and `RequestHeader`.

use pest::Parser;
use pest::iterators::Pair;

use super::expression::{Parse, condition_refusals, refused_behind, string_refusals};
use super::items::Format;
use super::words::Words;
use super::{Located, Refusal, Surroundings, regex};

grammar!(HeaderFormatParser, "grammar/header_format.pest");

use grammar::{HeaderFormatParser, Rule};

/// What a directive does with a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// `set`, `setifempty`, `append`, `add`, `merge`: give it a value.
    Give,
    /// `note`: copy it into a note.
    Note,
    /// `unset`: take it away.
    Unset,
    /// `echo`: copy it from the request.
    Echo,
    /// `edit`, `edit*`: replace in its value.
    Edit,
}

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("set", Action::Give),
    ("setifempty", Action::Give),
    ("append", Action::Give),
    ("add", Action::Give),
    ("merge", Action::Give),
    ("note", Action::Note),
    ("unset", Action::Unset),
    ("echo", Action::Echo),
    ("edit", Action::Edit),
    ("edit*", Action::Edit),
];

const EXPRESSION: &str = "expr=";

const NO_ACTION: &str = "first argument must be 'add', 'set', 'setifempty', 'append', 'merge', \
     'unset', 'echo', 'note', 'edit', or 'edit*'.";

const NO_VARIABLE: &str = "error: missing environment variable name. envclause should be in the \
     form env=envar ";

/// A `Header` or `RequestHeader` directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The action as written.
    pub word: Located<String>,
    /// Whether it is about the headers that also answers of httpd itself about errors have.
    pub is_always: bool,
    /// The action; `None` for a word that is none.
    pub action: Option<Action>,
    /// The name of the header.
    pub name: Located<String>,
    /// The words behind the name, three at most: value, replacement and condition.
    pub rest: Vec<Located<String>>,
    /// Where the words that are too many begin.
    pub surplus: Option<usize>,
    length: usize,
}

impl Header {
    /// Reads the argument text of `Header`, or of `RequestHeader`, which knows no `always`.
    pub fn parse(directive: &str, text: &str) -> Self {
        let mut words = Words::new(text);
        let mut word = words.take();
        let is_table = ["always", "onsuccess"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(&word.value));
        let mut is_always = false;
        if directive == "Header" && is_table {
            is_always = word.value.eq_ignore_ascii_case("always");
            word = words.take();
        }
        let name = words.take();
        let mut rest = Vec::new();
        while rest.len() < 3 && !words.is_at_end() {
            rest.push(words.take());
        }
        let action = ACTIONS
            .iter()
            .find(|it| it.0.eq_ignore_ascii_case(&word.value));
        Self {
            action: action.map(|it| it.1),
            word,
            is_always,
            name,
            rest,
            surplus: (!words.is_at_end()).then(|| words.offset()),
            length: text.len(),
        }
    }

    /// When it counts: `early`, `env=NAME`, `expr=…`.
    pub fn condition(&self) -> Option<&str> {
        let at = match self.action? {
            Action::Unset | Action::Echo => 0,
            Action::Give | Action::Note => 1,
            Action::Edit => 2,
        };
        self.rest.get(at).map(|it| it.value.as_str())
    }

    /// What httpd refuses; `text` is what this was read from.
    pub fn refusal(
        &self,
        directive: &str,
        text: &str,
        surroundings: &dyn Surroundings,
    ) -> Option<Refusal> {
        if let Some(start) = self.surplus {
            let message = format!("{directive} has too many arguments");
            return Some(Refusal::new(start..self.length, message));
        }
        let Some(action) = self.action else {
            return Some(Refusal::new(self.word.range.clone(), NO_ACTION));
        };
        let is_request = directive == "RequestHeader";
        if is_request && action == Action::Note {
            let message = "RequestHeader does not support the 'note' action";
            return Some(Refusal::new(self.word.range.clone(), message));
        }
        let at = |index: usize| self.rest.get(index);
        let refused =
            |it: &Located<String>, message: &str| Some(Refusal::new(it.range.clone(), message));
        let condition = match action {
            Action::Edit => {
                let (Some(pattern), Some(_)) = (at(0), at(1)) else {
                    return refused(
                        &self.word,
                        "Header edit requires a match and a substitution",
                    );
                };
                if regex::mistake(&pattern.value).is_some() {
                    return refused(pattern, "Header edit regex could not be compiled");
                }
                at(2)
            }
            _ if let Some(surplus) = at(2) => {
                return refused(surplus, "Too many arguments to directive");
            }
            Action::Unset => match at(1) {
                Some(surplus) => return refused(surplus, "header unset takes two arguments"),
                None => at(0),
            },
            Action::Echo => {
                if let Some(surplus) = at(1) {
                    return refused(surplus, "Header echo takes two arguments");
                }
                if is_request {
                    return refused(&self.word, "Header echo only valid on Header directives");
                }
                if regex::mistake(&self.name.value).is_some() {
                    return refused(&self.name, "Header echo regex could not be compiled");
                }
                at(0)
            }
            Action::Give | Action::Note if self.rest.is_empty() => {
                return refused(&self.word, "Header requires three arguments");
            }
            Action::Give | Action::Note => at(1),
        };
        condition
            .and_then(|it| refused_condition(it, text, surroundings))
            .or_else(|| self.refused_format(action, text, surroundings))
    }

    fn refused_format(
        &self,
        action: Action,
        text: &str,
        surroundings: &dyn Surroundings,
    ) -> Option<Refusal> {
        let format = match action {
            Action::Edit => self.rest.get(1)?,
            Action::Give | Action::Note => self.rest.first()?,
            Action::Unset | Action::Echo => return None,
        };
        if format.value.starts_with(EXPRESSION) {
            let how: (Parse, &str) = (string_refusals, "Can't parse value expression : ");
            return refused_behind(text, format, EXPRESSION.len(), how, surroundings);
        }
        let letter = unknown_item(&format.value)?;
        let message = format!("Unrecognized header format %{letter}");
        Some(Refusal::new(format.range.clone(), message))
    }
}

fn refused_condition(
    condition: &Located<String>,
    whole: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let text = &condition.value;
    let begins = |prefix: &str| {
        let start = text.get(..prefix.len());
        start.is_some_and(|it| it.eq_ignore_ascii_case(prefix))
    };
    let message = if begins("env=") {
        let is_missing = matches!(&text[4..], "" | "!");
        is_missing.then_some(NO_VARIABLE)?.to_owned()
    } else if text.eq_ignore_ascii_case("early") {
        return None;
    } else if begins(EXPRESSION) {
        let how: (Parse, &str) = (condition_refusals, "Can't parse envclause/expression: ");
        return refused_behind(whole, condition, EXPRESSION.len(), how, surroundings);
    } else {
        format!("Unknown parameter: {text}")
    };
    Some(Refusal::new(condition.range.clone(), message))
}

/// A part of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text.
    Text(String),
    /// `%{ARGUMENT}LETTER`.
    Item {
        /// What stands in braces; empty where nothing does.
        argument: String,
        /// What it asks for; empty where the value ends before.
        letter: String,
    },
}

/// The parts of a value.
pub fn parts(value: &str) -> Vec<Part> {
    let pairs = HeaderFormatParser::parse(Rule::value, value).ok();
    let pairs = pairs.into_iter().flatten().flat_map(Pair::into_inner);
    let part = |it: Pair<'_, Rule>| match it.as_rule() {
        Rule::literal => Some(Part::Text(it.as_str().to_owned())),
        Rule::percent => Some(Part::Text("%".to_owned())),
        Rule::item => {
            let mut item = (String::new(), String::new());
            for inner in it.into_inner() {
                match inner.as_rule() {
                    Rule::argument => {
                        let inside = inner.as_str().trim_start_matches('{');
                        item.0 = inside.trim_end_matches('}').to_owned();
                    }
                    _ => item.1 = inner.as_str().to_owned(),
                }
            }
            Some(Part::Item {
                argument: item.0,
                letter: item.1,
            })
        }
        _ => None,
    };
    pairs.filter_map(part).collect()
}

/// The letter of the first item that httpd does not know; an empty text where the value ends
/// before the letter.
fn unknown_item(value: &str) -> Option<String> {
    // Most values are all text.
    if !value.contains('%') {
        return None;
    }
    let pairs = HeaderFormatParser::parse(Rule::value, value).ok()?;
    pairs
        .flat_map(Pair::into_inner)
        .filter(|it| it.as_rule() == Rule::item)
        .map(|it| {
            let letter = it.into_inner().find(|it| it.as_rule() == Rule::letter);
            letter.map_or_else(String::new, |it| it.as_str().to_owned())
        })
        .find(|it| Format::Header.item(it).is_none())
}

/// The items of a value with their letters, at their places.
pub(super) fn placed(value: &str) -> Vec<Located<String>> {
    let pairs = HeaderFormatParser::parse(Rule::value, value).ok();
    let pairs = pairs.into_iter().flatten().flat_map(Pair::into_inner);
    let placed = pairs
        .filter(|it| it.as_rule() == Rule::item)
        .filter_map(|it| {
            let span = it.as_span();
            let letter = it.into_inner().find(|it| it.as_rule() == Rule::letter)?;
            Some(Located::new(
                letter.as_str().to_owned(),
                span.start()..span.end(),
            ))
        });
    placed.collect()
}
