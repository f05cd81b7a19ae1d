//! Which lines look like the inside of a section.
//!
//! Sections pair when a configuration is read; this is what a reader of the text sees, for comments
//! and for what outlives a run.

use super::document::{Document, LineKind};
use super::words::is_blank;

impl Document {
    /// Whether only comments stand before a line.
    pub fn is_at_top(&self, line: usize) -> bool {
        let mut before = self.lines.iter().take(line);
        before.all(|it| it.kind == LineKind::Comment)
    }

    /// The position of the line that closes the section that a line opens; `None` where the line
    /// opens none, or nothing closes it. Sections of other names in between may be left open, as
    /// in what httpd passes over.
    pub fn closing_line(&self, text: &str, opening: usize) -> Option<usize> {
        let name = self.section_name(text, opening, LineKind::Open)?;
        let mut depth = 0_usize;
        let is_same = |line: usize, kind: LineKind| {
            let other = self.section_name(text, line, kind);
            other.is_some_and(|it| it.eq_ignore_ascii_case(&name))
        };
        (opening..self.lines.len()).find(|&line| {
            if is_same(line, LineKind::Open) {
                depth += 1;
            } else if is_same(line, LineKind::Close) {
                depth -= 1;
            }
            depth == 0
        })
    }

    /// For each line the position of the one that opens the section around it.
    pub fn lines_around(&self, text: &str) -> Vec<Option<usize>> {
        let mut open: Vec<(usize, String)> = Vec::new();
        let mut around = Vec::with_capacity(self.lines.len());
        for line in 0..self.lines.len() {
            if let Some(name) = self.section_name(text, line, LineKind::Close) {
                let is_same = |it: &(usize, String)| it.1.eq_ignore_ascii_case(&name);
                let opened = open.iter().rposition(is_same);
                open.truncate(opened.unwrap_or(open.len()));
            }
            around.push(open.last().map(|it| it.0));
            let name = self.section_name(text, line, LineKind::Open);
            open.extend(name.map(|it| (line, it)));
        }
        around
    }

    // Without brackets and arguments; `None` where the line is of another kind.
    fn section_name(&self, text: &str, line: usize, kind: LineKind) -> Option<String> {
        let line = self.lines.get(line).filter(|it| it.kind == kind)?;
        let logical = self.logical(line, text);
        let name = logical.text.trim_start_matches(['<', '/']);
        let end = name.find(|it| is_blank(it) || it == '>');
        Some(name[..end.unwrap_or(name.len())].to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Encoding, FileId};

    fn closing(text: &str, opening: usize) -> Option<usize> {
        let document = Document::parse(FileId::FIRST, text, Encoding::Utf8);
        document.closing_line(text, opening)
    }

    #[test]
    fn a_section_ends_where_its_name_closes() {
        let text = "<Files a>\n<files b>\n</FILES>\n</Files >\nx\n";
        assert_eq!(closing(text, 0), Some(3));
        assert_eq!(closing(text, 1), Some(2));
        assert_eq!(closing(text, 2), None);
        assert_eq!(closing(text, 4), None);
    }

    #[test]
    fn a_line_knows_the_section_around_it() {
        let text = "a\n<X>\nb\n<Y>\nc\n</Y>\n</Z>\n</x>\nd\n";
        let document = Document::parse(FileId::FIRST, text, Encoding::Utf8);
        let around = document.lines_around(text);
        let expected = [
            None,
            None,
            Some(1),
            Some(1),
            Some(3),
            Some(1),
            Some(1),
            None,
            None,
        ];
        assert_eq!(around, expected);
    }

    #[test]
    fn others_may_be_left_open() {
        assert_eq!(
            closing("<IfModule a>\n<Files b>\n</IfModule>\n", 0),
            Some(2)
        );
        assert_eq!(closing("<Files b>\n</File>\n", 0), None);
    }
}
