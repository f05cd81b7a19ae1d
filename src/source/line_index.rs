//! From byte offsets to lines and columns.

/// A line and a column, both counted from 1; the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// The physical line.
    pub line: u32,
    /// The character in the line.
    pub column: u32,
}

/// Where the lines of a text begin. A line ends with LF, as in httpd.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// The table of `text`.
    pub fn new(text: &str) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes());
        let after = newlines.map(|it| u32::try_from(it + 1).unwrap_or(u32::MAX));
        Self {
            starts: std::iter::once(0).chain(after).collect(),
        }
    }

    /// The number of lines; a final LF opens one more, empty line.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never: even an empty text has one line.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The line of an offset, from 0.
    pub fn line(&self, offset: u32) -> usize {
        self.starts
            .partition_point(|&it| it <= offset)
            .saturating_sub(1)
    }

    /// The offset at which a line (from 0) begins; the last line's for anything beyond it.
    pub fn start(&self, line: usize) -> u32 {
        self.starts
            .get(line)
            .or(self.starts.last())
            .copied()
            .unwrap_or_default()
    }

    /// Line and column of an offset in `text`, the text this table was made of.
    pub fn position(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.line(offset);
        let start = self.start(line) as usize;
        let before = text.get(start..offset as usize).unwrap_or_default();
        let column = before.chars().count() + 1;
        LineColumn {
            line: u32::try_from(line + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters() {
        let text = "a\n\u{1F600}x";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 6), LineColumn { line: 2, column: 2 });
    }

    #[test]
    fn an_offset_at_the_end_lies_on_the_last_line() {
        let index = LineIndex::new("a\nb");
        assert_eq!(index.line(3), 1);
        assert_eq!(index.len(), 2);
    }
}
