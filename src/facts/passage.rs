//! A text of facts, or a part of one that has a heading.

use std::sync::Arc;

use memchr::memchr_iter;
use pest::RuleType;
use pest::iterators::Pair;

use super::Origin;

/// A part of a text that one grammar reads.
#[derive(Clone, Copy)]
pub(super) struct Passage<'t> {
    /// How notes call the text.
    pub(super) name: &'t Arc<str>,
    /// The part itself.
    pub(super) text: &'t str,
    /// Its first line in the text, from 1.
    pub(super) line: usize,
}

impl<'t> Passage<'t> {
    /// A part of this one.
    pub(super) fn part(self, text: &'t str, line: usize) -> Self {
        Self { text, line, ..self }
    }

    /// Counts its lines.
    pub(super) fn places(self) -> Places<'t> {
        Places {
            passage: self,
            offset: 0,
            line: self.line,
        }
    }

    /// The place where it begins.
    pub(super) fn origin(self) -> Origin {
        Origin::new(self.name, self.line)
    }
}

/// Says where the pairs of a passage stand. Each line is counted once as long as the pairs come in
/// their order, so that a text of many facts costs no more than its length.
pub(super) struct Places<'t> {
    passage: Passage<'t>,
    offset: usize,
    line: usize,
}

impl Places<'_> {
    /// The line of a pair.
    pub(super) fn line<R: RuleType>(&mut self, pair: &Pair<'_, R>) -> usize {
        let offset = pair.as_span().start();
        if offset < self.offset {
            (self.offset, self.line) = (0, self.passage.line);
        }
        let passed = self.passage.text.as_bytes().get(self.offset..offset);
        self.line += memchr_iter(b'\n', passed.unwrap_or_default()).count();
        self.offset = offset;
        self.line
    }

    /// The place of a pair.
    pub(super) fn origin<R: RuleType>(&mut self, pair: &Pair<'_, R>) -> Origin {
        Origin::new(self.passage.name, self.line(pair))
    }
}
