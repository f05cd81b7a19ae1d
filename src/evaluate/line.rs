//! One directive's text, as its handler gets it.

use std::borrow::Cow;

use super::config::{Node, Unit};
use crate::source::Span;
use crate::syntax::words::{self, Quote, Taken, Word};
use crate::syntax::{Logical, Origin};

/// A directive's text cut into its name and its arguments.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    text: Cow<'a, str>,
    way: Way<'a>,
    name: usize,
    arguments: usize,
    // Whether the name ends with the `>` that stands for the arguments then.
    is_bare_section: bool,
}

// The way back to the source. Most texts are looked at, and nothing is said of them.
#[derive(Debug, Clone)]
enum Way<'a> {
    Known(Origin),
    Of(&'a Unit, &'a Node),
}

impl<'a> Line<'a> {
    /// Cuts a text as httpd does.
    pub fn new(logical: Logical<'a>) -> Self {
        Self::cut(logical.text, Way::Known(logical.origin))
    }

    /// Cuts the text of a node.
    pub(super) fn of(text: Cow<'a, str>, unit: &'a Unit, node: &'a Node) -> Self {
        Self::cut(text, Way::Of(unit, node))
    }

    fn cut(text: Cow<'a, str>, way: Way<'a>) -> Self {
        let (taken, rest) = words::take(&text);
        let blanks = text.len() - text.trim_start_matches(words::is_blank).len();
        let name = blanks + taken.raw.len();
        let arguments = text.len() - rest.len();
        let is_bare_section = is_bare_section(&taken, rest);
        Self {
            text,
            way,
            name,
            arguments,
            is_bare_section,
        }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where its parts came from.
    pub fn origin(&self) -> Cow<'_, Origin> {
        match &self.way {
            Way::Known(origin) => Cow::Borrowed(origin),
            Way::Of(unit, node) => Cow::Owned(unit.logical(node).origin),
        }
    }

    /// The name as written, without a trailing `>`.
    pub fn name(&self) -> Cow<'_, str> {
        let (word, _) = words::first(&self.text);
        strip_bracket(word.text)
    }

    /// The place of the name.
    pub fn name_span(&self) -> Span {
        let text = &self.text[..self.name];
        let stripped = if text.len() > 1 && text.as_bytes().get(1) != Some(&b'/') {
            text.strip_suffix('>').unwrap_or(text)
        } else {
            text
        };
        self.origin().span(0..stripped.len())
    }

    /// The place of the whole directive.
    pub fn span(&self) -> Span {
        self.origin().span(0..self.text.len())
    }

    /// What follows the name, as the handler gets it (`cmd->args`).
    pub fn arguments(&self) -> &str {
        match self.is_bare_section {
            true => BRACKET,
            false => &self.text[self.arguments..],
        }
    }

    /// The words of the arguments.
    pub fn words(&self) -> Vec<Word<'_>> {
        words::split(&self.text[self.arguments..])
    }

    /// The place of a byte range of the arguments.
    pub fn argument_span(&self, range: std::ops::Range<usize>) -> Span {
        let (start, end) = (self.arguments + range.start, self.arguments + range.end);
        self.origin().span(start..end)
    }

    /// The place of a word of the arguments, with its quotes.
    pub fn word_span(&self, word: &Word<'_>) -> Span {
        self.argument_span(word.range.clone())
    }
}

/// What follows the name in a directive's text, as its handler gets it (`cmd->args`).
pub fn arguments_of(text: &str) -> &str {
    let (name, rest) = words::take(text);
    match is_bare_section(&name, rest) {
        true => BRACKET,
        false => rest,
    }
}

// The arguments of `<Directory>`: its `>` was taken from the name.
const BRACKET: &str = ">";

fn is_bare_section(name: &Taken<'_>, rest: &str) -> bool {
    let name = match name.quote {
        Quote::None => name.raw,
        _ => &name.raw[1..],
    };
    rest.is_empty() && name.starts_with('<')
}

// httpd drops one `>` from the end of every line's first word, unless it closes a section.
pub(super) fn strip_bracket(word: Cow<'_, str>) -> Cow<'_, str> {
    if word.as_bytes().get(1) == Some(&b'/') || !word.ends_with('>') {
        return word;
    }
    match word {
        Cow::Borrowed(word) => Cow::Borrowed(&word[..word.len() - 1]),
        Cow::Owned(mut word) => {
            word.pop();
            Cow::Owned(word)
        }
    }
}
