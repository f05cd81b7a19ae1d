//! Words with their places.

use super::Located;
use crate::syntax::words::{self, Word};

/// Whether a word is a keyword, in whatever case.
pub(super) fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

/// A word's value, at its place in a text in which `offset` bytes stand before the text that was
/// split.
pub(super) fn located(word: &Word<'_>, offset: usize) -> Located<String> {
    Located::new(
        word.text.clone().into_owned(),
        offset + word.range.start..offset + word.range.end,
    )
}

/// The words of an argument text.
pub fn split(text: &str) -> Vec<Located<String>> {
    words::split(text).iter().map(|it| located(it, 0)).collect()
}

/// The first word of an argument text; an empty one where there is none.
pub fn first(text: &str) -> Located<String> {
    Words::new(text).take()
}

/// Takes words from a text one by one (`ap_getword_conf`).
#[derive(Debug, Clone)]
pub(super) struct Words<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Words<'a> {
    /// Starts at the beginning of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, offset: 0 }
    }

    /// The next word; an empty one at the end of the text.
    pub(super) fn take(&mut self) -> Located<String> {
        let (word, rest) = words::first(&self.text[self.offset..]);
        let word = located(&word, self.offset);
        self.offset = self.text.len() - rest.len();
        word
    }

    /// Where the next word begins.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// Whether nothing is left.
    pub(super) fn is_at_end(&self) -> bool {
        self.offset == self.text.len()
    }
}

/// The words that a handler with a vector of arguments receives: no more than 64, and an empty
/// last one is none.
pub fn argv(text: &str) -> Vec<Located<String>> {
    let mut words = split(text);
    if words.last().is_some_and(|it| it.value.is_empty()) {
        words.pop();
    }
    words.truncate(64);
    words
}

/// The words that a handler of single words receives, one by one: an empty one ends the list.
pub fn until_empty(text: &str) -> Vec<Located<String>> {
    let mut words = split(text);
    words.truncate(
        words
            .iter()
            .position(|it| it.value.is_empty())
            .unwrap_or(words.len()),
    );
    words
}
