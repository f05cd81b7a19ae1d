//! Places in a text as an editor counts them, and as byte offsets.

use std::ops::Range;

use lsp_types::{Position, PositionEncodingKind, Range as PositionRange};

/// In what an editor counts the columns of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Columns {
    /// In bytes.
    Utf8,
    /// In units of UTF-16, as every editor can.
    #[default]
    Utf16,
}

impl Columns {
    /// What the protocol calls it.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Columns::Utf8 => PositionEncodingKind::UTF8,
            Columns::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn width(self, character: char) -> usize {
        match self {
            Columns::Utf8 => character.len_utf8(),
            Columns::Utf16 => character.len_utf16(),
        }
    }
}

/// Where the lines of a text begin for an editor: behind LF, CR LF, or a CR alone.
#[derive(Debug, Clone)]
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    columns: Columns,
}

impl<'t> Lines<'t> {
    /// The lines of a text.
    pub(super) fn new(text: &'t str, columns: Columns) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        let ends = ends.filter(|&it| bytes[it] == b'\n' || bytes.get(it + 1) != Some(&b'\n'));
        Self {
            text,
            starts: std::iter::once(0).chain(ends.map(|it| it + 1)).collect(),
            columns,
        }
    }

    /// How many lines there are; a line end opens another one.
    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line of an offset, from 0.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|it| *it <= offset) - 1
    }

    /// The bytes of a line without its end.
    pub(super) fn bytes(&self, line: usize) -> Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line + 1).copied();
        let body = &self.text[start..end.unwrap_or(self.text.len())];
        start..start + body.trim_end_matches(['\n', '\r']).len()
    }

    /// The place of an offset.
    pub(super) fn position(&self, offset: usize) -> Position {
        let line = self.line(offset);
        let before = self.text.get(self.starts[line]..offset).unwrap_or_default();
        let columns = match self.columns {
            Columns::Utf8 => before.len(),
            Columns::Utf16 => before.chars().map(char::len_utf16).sum(),
        };
        Position::new(number(line), number(columns))
    }

    /// The place of a range of bytes.
    pub(super) fn range(&self, range: Range<usize>) -> PositionRange {
        PositionRange::new(self.position(range.start), self.position(range.end))
    }

    /// The offset of a place; `None` where there is no such line. A column beyond the line means
    /// its end, as the protocol wants it, and so does the line behind the last one.
    pub(super) fn offset(&self, position: Position) -> Option<usize> {
        let line = position.line as usize;
        if line >= self.count() {
            return (line == self.count()).then_some(self.text.len());
        }
        let bytes = self.bytes(line);
        let mut left = position.character as usize;
        for (at, character) in self.text[bytes.clone()].char_indices() {
            let width = self.columns.width(character);
            if left < width {
                return Some(bytes.start + at);
            }
            left -= width;
        }
        Some(bytes.end)
    }

    /// The bytes of a range; `None` where a line is not there or the end comes first.
    pub(super) fn bytes_of(&self, range: PositionRange) -> Option<Range<usize>> {
        let (start, end) = (self.offset(range.start)?, self.offset(range.end)?);
        (start <= end).then_some(start..end)
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(line: u32, character: u32) -> Position {
        Position::new(line, character)
    }

    #[test]
    fn a_face_is_two_columns_or_four() {
        let text = "a\n\u{1F600}x";
        let utf16 = Lines::new(text, Columns::Utf16);
        assert_eq!(utf16.position(6), at(1, 2));
        assert_eq!(utf16.offset(at(1, 2)), Some(6));
        // The middle of a character is its beginning.
        assert_eq!(utf16.offset(at(1, 1)), Some(2));
        let utf8 = Lines::new(text, Columns::Utf8);
        assert_eq!(utf8.position(6), at(1, 4));
        assert_eq!(utf8.offset(at(1, 3)), Some(2));
    }

    #[test]
    fn all_three_line_ends_end_a_line() {
        let lines = Lines::new("a\r\nb\rc\nd", Columns::Utf16);
        assert_eq!(lines.count(), 4);
        assert_eq!(lines.bytes(0), 0..1);
        assert_eq!(lines.bytes(1), 3..4);
        assert_eq!(lines.position(7), at(3, 0));
    }

    #[test]
    fn what_is_beyond_the_text_is_its_end_or_nowhere() {
        let lines = Lines::new("ab\nc", Columns::Utf16);
        assert_eq!(lines.offset(at(0, 9)), Some(2));
        assert_eq!(lines.offset(at(2, 0)), Some(4));
        assert_eq!(lines.offset(at(3, 0)), None);
        assert_eq!(lines.bytes_of(PositionRange::new(at(1, 0), at(0, 0))), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn every_character_is_found_again(text in "[a\r\n\t é\u{1F600}]{0,30}") {
            for columns in [Columns::Utf8, Columns::Utf16] {
                let lines = Lines::new(&text, columns);
                for (offset, _) in text.char_indices() {
                    let is_inside_an_end = text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
                    if !is_inside_an_end {
                        prop_assert_eq!(lines.offset(lines.position(offset)), Some(offset));
                    }
                }
            }
        }
    }
}
