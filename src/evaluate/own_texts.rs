//! Texts of directives that are no lines of their document.

use std::borrow::Cow;

use crate::syntax::{Logical, Marks, Origin, Piece};

/// Texts that are not lines of the document as they stand there: variables were expanded in them,
/// or they came out of a macro. There are many, so they lie behind each other in one text.
#[derive(Debug, Default, PartialEq)]
pub(super) struct OwnTexts {
    text: String,
    pieces: Vec<Piece>,
    all: Vec<OwnText>,
}

/// What is known of one of the texts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct OwnText {
    /// httpd's number of the line, in its file or macro.
    pub(super) number: u32,
    /// The macro use it came out of, a position in [`super::Unit::uses`].
    pub(super) used: Option<u32>,
    /// The characters of note in the text.
    pub(super) marks: Marks,
    // One past its last byte and its last piece; it begins where the one before it ends.
    text_end: u32,
    pieces_end: u32,
}

impl OwnTexts {
    /// Adds a text and returns its position.
    pub(super) fn push(&mut self, logical: &Logical<'_>, number: u32, used: Option<u32>) -> usize {
        self.text.push_str(&logical.text);
        match &logical.origin {
            Origin::Verbatim(span) => self.pieces.push(Piece {
                at: 0,
                source: *span,
                verbatim: true,
            }),
            Origin::Pieces(pieces) => self.pieces.extend_from_slice(pieces),
        }
        self.all.push(OwnText {
            number,
            used,
            marks: Marks::of(&logical.text),
            text_end: u32::try_from(self.text.len()).unwrap_or(u32::MAX),
            pieces_end: u32::try_from(self.pieces.len()).unwrap_or(u32::MAX),
        });
        self.all.len() - 1
    }

    /// What is known of a text.
    pub(super) fn get(&self, position: usize) -> Option<&OwnText> {
        self.all.get(position)
    }

    /// A text, without the way back.
    pub(super) fn text(&self, position: usize) -> Option<&str> {
        let (before, own) = self.around(position)?;
        self.text.get(before.0..own.text_end as usize)
    }

    /// A text and the way back.
    pub(super) fn logical(&self, position: usize) -> Option<Logical<'_>> {
        let (before, own) = self.around(position)?;
        let text = self.text.get(before.0..own.text_end as usize)?;
        let origin = match self.pieces.get(before.1..own.pieces_end as usize)? {
            [whole] if whole.verbatim => Origin::Verbatim(whole.source),
            pieces => Origin::Pieces(pieces.into()),
        };
        Some(Logical {
            text: Cow::Borrowed(text),
            origin,
        })
    }

    /// Gives back the room that is not needed.
    pub(super) fn shrink_to_fit(&mut self) {
        self.text.shrink_to_fit();
        self.pieces.shrink_to_fit();
        self.all.shrink_to_fit();
    }

    // Where a text and its pieces begin, and what is known of it.
    fn around(&self, position: usize) -> Option<((usize, usize), &OwnText)> {
        let before = match position.checked_sub(1) {
            None => (0, 0),
            Some(before) => {
                let it = self.all.get(before)?;
                (it.text_end as usize, it.pieces_end as usize)
            }
        };
        Some((before, self.all.get(position)?))
    }
}
