//! A directive at its place, and its text cut into name and arguments.

use std::borrow::Cow;

use super::config::{Config, Node, NodeKind, Occurrence, PlacedId};
use crate::source::{FrameId, Site, Span};
use crate::syntax::words::{self, Word};
use crate::syntax::{Logical, Origin};

/// A node together with everything needed to ask about it.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The evaluation of its file.
    pub occurrence: &'a Occurrence,
    /// Its id.
    pub id: PlacedId,
    /// The node.
    pub node: &'a Node,
}

impl<'a> Placed<'a> {
    /// The directive as a whole text, with its way back.
    pub fn line(&self) -> Line<'a> {
        Line::new(self.occurrence.unit.logical(self.node))
    }

    /// Whether the line stands in its file as httpd sees it: not in a macro, not continued, no
    /// variable in it. Only such a line can be edited by its places.
    pub fn is_verbatim(&self) -> bool {
        let logical = self.occurrence.unit.logical(self.node);
        self.occurrence.unit.used(self.node).is_none()
            && matches!(logical.origin, Origin::Verbatim(_))
    }

    /// The physical line of a verbatim node: with its indentation, and with its newline.
    pub fn physical_line(&self) -> Span {
        let (text, span) = (self.occurrence.unit.source.text(), self.site().span);
        let (before, after) = text.split_at(span.start as usize);
        let start = before.rfind('\n').map_or(0, |it| it + 1);
        let end = after
            .find('\n')
            .map_or(text.len(), |it| before.len() + it + 1);
        Span::new(span.file, start..end)
    }

    /// Its place: the whole line.
    pub fn site(&self) -> Site {
        let logical = self.occurrence.unit.logical(self.node);
        self.at(logical.origin.span(0..logical.text.len()))
    }

    /// A place in it.
    pub fn at(&self, span: Span) -> Site {
        let relative = self.occurrence.unit.used(self.node).map_or(0, |it| it + 1);
        Site {
            span,
            frame: FrameId(self.occurrence.frame.0 + relative),
        }
    }

    /// The section around it, through conditionals, macros and includes, as phase 2 sees it.
    pub fn parent(&self) -> Option<Placed<'a>> {
        let mut at = *self;
        loop {
            at = at.container()?;
            if at.node.kind == NodeKind::Section {
                return Some(at);
            }
        }
    }

    /// The section or conditional around it, also in the including file.
    pub fn container(&self) -> Option<Placed<'a>> {
        let mut at = *self;
        loop {
            let id = match at.node.parent {
                Some(node) => PlacedId {
                    occurrence: at.id.occurrence,
                    node,
                },
                None => {
                    let (occurrence, node) = at.occurrence.parent?;
                    at = at.config.placed(PlacedId { occurrence, node });
                    continue;
                }
            };
            return Some(self.config.placed(id));
        }
    }
}

/// A directive's text cut into its name and its arguments.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// The whole text.
    pub logical: Logical<'a>,
    name: usize,
    arguments: usize,
}

impl<'a> Line<'a> {
    /// Cuts a text as httpd does.
    pub fn new(logical: Logical<'a>) -> Self {
        let (word, rest) = words::first(&logical.text);
        let name = word.range.end;
        let arguments = logical.text.len() - rest.len();
        Self {
            logical,
            name,
            arguments,
        }
    }

    /// The name as written, without a trailing `>`.
    pub fn name(&self) -> Cow<'_, str> {
        let (word, _) = words::first(&self.logical.text);
        strip_bracket(word.text)
    }

    /// The place of the name.
    pub fn name_span(&self) -> Span {
        let text = &self.logical.text[..self.name];
        let stripped = if text.len() > 1 && text.as_bytes().get(1) != Some(&b'/') {
            text.strip_suffix('>').unwrap_or(text)
        } else {
            text
        };
        self.logical.origin.span(0..stripped.len())
    }

    /// The place of the whole directive.
    pub fn span(&self) -> Span {
        self.logical.origin.span(0..self.logical.text.len())
    }

    /// What follows the name, as the handler gets it (`cmd->args`).
    pub fn arguments(&self) -> &str {
        let rest = &self.logical.text[self.arguments..];
        if rest.is_empty() && self.logical.text.starts_with('<') {
            ">"
        } else {
            rest
        }
    }

    /// The words of the arguments.
    pub fn words(&self) -> Vec<Word<'_>> {
        words::split(&self.logical.text[self.arguments..])
    }

    /// The place of a byte range of the arguments.
    pub fn argument_span(&self, range: std::ops::Range<usize>) -> Span {
        self.logical
            .origin
            .span(self.arguments + range.start..self.arguments + range.end)
    }

    /// The place of a word of the arguments, with its quotes.
    pub fn word_span(&self, word: &Word<'_>) -> Span {
        self.argument_span(word.range.clone())
    }
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
