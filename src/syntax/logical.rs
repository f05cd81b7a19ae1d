//! A line as httpd sees it, and the way back to its source.

use std::borrow::Cow;
use std::ops::Range;

use super::words::Word;
use crate::source::Span;

/// Text with the places that it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logical<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Where its parts came from.
    pub origin: Origin,
}

/// Where the parts of a text came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The text stands in a source as it is.
    Verbatim(Span),
    /// It is put together from pieces, in order, the first at offset 0.
    Pieces(Box<[Piece]>),
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Where in the text the part begins.
    pub at: u32,
    /// Where in the source it came from.
    pub source: Span,
    /// Whether it stands there as it is; otherwise something (`${NAME}`, a macro's parameter)
    /// stands there in its place.
    pub verbatim: bool,
}

impl Origin {
    /// The place in the source behind a byte range of the text.
    pub fn span(&self, range: Range<usize>) -> Span {
        match self {
            Origin::Verbatim(span) => {
                let start = (span.start + offset(range.start)).min(span.end);
                let end = (span.start + offset(range.end)).min(span.end);
                Span {
                    file: span.file,
                    start,
                    end,
                }
            }
            Origin::Pieces(pieces) => {
                let start = place(pieces, range.start, false);
                let end = place(pieces, range.end, range.end > range.start);
                match (start, end) {
                    (Some(start), Some(end)) => Span {
                        file: start.file,
                        start: start.start,
                        end: if end.file == start.file {
                            end.end.max(start.start)
                        } else {
                            start.end
                        },
                    },
                    _ => Span {
                        file: crate::source::FileId::FIRST,
                        start: 0,
                        end: 0,
                    },
                }
            }
        }
    }
}

// The place of an offset: for an end, the piece is the one that the offset closes.
fn place(pieces: &[Piece], at: usize, is_end: bool) -> Option<Span> {
    let at = offset(at);
    let index = pieces.partition_point(|it| if is_end { it.at < at } else { it.at <= at });
    let piece = pieces.get(index.saturating_sub(1))?;
    if !piece.verbatim {
        return Some(piece.source);
    }
    let point = (piece.source.start + at.saturating_sub(piece.at)).min(piece.source.end);
    Some(Span {
        file: piece.source.file,
        start: point,
        end: point,
    })
}

impl<'a> Logical<'a> {
    /// The place of a byte range of a word.
    pub fn at(&self, word: &Word<'_>, range: Range<usize>) -> Span {
        self.origin.span(word.at(range))
    }

    /// The place of a word, with its quotes.
    pub fn word(&self, word: &Word<'_>) -> Span {
        self.origin.span(word.range.clone())
    }

    /// The text from an offset on.
    #[must_use]
    pub fn skip(self, skip: usize) -> Logical<'a> {
        let start = offset(skip);
        let origin = match &self.origin {
            Origin::Verbatim(span) => Origin::Verbatim(Span {
                start: (span.start + start).min(span.end),
                ..*span
            }),
            Origin::Pieces(pieces) => {
                let first = pieces
                    .partition_point(|it| it.at <= start)
                    .saturating_sub(1);
                let rest = pieces[first..].iter().map(|it| {
                    let cut = start.saturating_sub(it.at);
                    let mut piece = Piece {
                        at: it.at.saturating_sub(start),
                        ..*it
                    };
                    if piece.verbatim {
                        piece.source.start = (piece.source.start + cut).min(piece.source.end);
                    }
                    piece
                });
                Origin::Pieces(rest.collect())
            }
        };
        let text = match self.text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(skip..).unwrap_or_default()),
            Cow::Owned(text) => Cow::Owned(text.get(skip..).unwrap_or_default().to_owned()),
        };
        Logical { text, origin }
    }

    /// Puts texts in the place of ranges: ranges in ascending order, not overlapping. The new
    /// text's place is that of what it replaces.
    #[must_use]
    pub fn substitute(&self, changes: &[(Range<usize>, impl AsRef<str>)]) -> Logical<'static> {
        let whole;
        let old = match &self.origin {
            Origin::Verbatim(span) => {
                whole = [Piece {
                    at: 0,
                    source: *span,
                    verbatim: true,
                }];
                &whole
            }
            Origin::Pieces(pieces) => &**pieces,
        };
        let replaced: usize = changes.iter().map(|it| it.0.len()).sum();
        let added: usize = changes.iter().map(|it| it.1.as_ref().len()).sum();
        let mut text = String::with_capacity(self.text.len() - replaced + added);
        let mut pieces = Vec::with_capacity(old.len() + 2 * changes.len());
        let mut at = 0;
        for (range, new) in changes {
            copy_pieces(old, at..range.start, text.len(), &mut pieces);
            text.push_str(&self.text[at..range.start]);
            let source = self.origin.span(range.clone());
            pieces.push(Piece {
                at: offset(text.len()),
                source,
                verbatim: false,
            });
            text.push_str(new.as_ref());
            at = range.end;
        }
        copy_pieces(old, at..self.text.len(), text.len(), &mut pieces);
        text.push_str(&self.text[at..]);
        Logical {
            text: Cow::Owned(text),
            origin: Origin::Pieces(pieces.into()),
        }
    }

    /// The same with a text of its own.
    pub fn into_owned(self) -> Logical<'static> {
        Logical {
            text: Cow::Owned(self.text.into_owned()),
            origin: self.origin,
        }
    }
}

// Appends the pieces that cover `range` of the old text, which goes to `to` in the new one.
fn copy_pieces(old: &[Piece], range: Range<usize>, to: usize, pieces: &mut Vec<Piece>) {
    if range.is_empty() {
        return;
    }
    let (start, end) = (offset(range.start), offset(range.end));
    let first = old.partition_point(|it| it.at <= start).saturating_sub(1);
    for (index, piece) in old
        .iter()
        .enumerate()
        .skip(first)
        .take_while(|(_, it)| it.at < end)
    {
        let from = piece.at.max(start);
        let stop = old.get(index + 1).map_or(end, |it| it.at).min(end);
        let mut source = piece.source;
        if piece.verbatim {
            source.start = (piece.source.start + (from - piece.at)).min(piece.source.end);
            source.end = (source.start + (stop - from)).min(piece.source.end);
        }
        pieces.push(Piece {
            at: offset(to) + (from - start),
            source,
            verbatim: piece.verbatim,
        });
    }
}

fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn a_substitution_points_at_what_it_replaces() {
        let source = "Listen ${HOST}:${PORT} x";
        let span = Span::new(FileId::FIRST, 0..source.len());
        let line = Logical {
            text: source.into(),
            origin: Origin::Verbatim(span),
        };
        let line = line.substitute(&[(7..14, "a"), (15..22, "8080")]);
        assert_eq!(line.text, "Listen a:8080 x");
        assert_eq!(&source[line.origin.span(9..13).range()], "${PORT}");
        assert_eq!(&source[line.origin.span(7..13).range()], "${HOST}:${PORT}");
        assert_eq!(&source[line.origin.span(14..15).range()], "x");
        let rest = line.skip(9);
        assert_eq!(rest.text, "8080 x");
        assert_eq!(&source[rest.origin.span(5..6).range()], "x");
        assert_eq!(&source[rest.origin.span(0..4).range()], "${PORT}");
    }

    #[test]
    fn substitutions_can_be_stacked() {
        let source = "A $x $y";
        let span = Span::new(FileId::FIRST, 0..source.len());
        let line = Logical {
            text: source.into(),
            origin: Origin::Verbatim(span),
        };
        let line = line.substitute(&[(2..4, "${V}")]);
        let line = line.substitute(&[(2..6, "long value")]);
        assert_eq!(line.text, "A long value $y");
        assert_eq!(&source[line.origin.span(2..12).range()], "$x");
        assert_eq!(&source[line.origin.span(13..15).range()], "$y");
    }
}
