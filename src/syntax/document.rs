//! The logical lines of a file.

use std::borrow::Cow;

use pest::Parser;

use super::logical::{Logical, Origin, Piece};
use super::marks::Marks;
use crate::source::{Encoding, FileId, Span};

grammar!(LinesParser, "grammar/lines.pest");

use grammar::{LinesParser, Rule};

/// What a logical line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// `#`: ignored by httpd.
    Comment,
    /// `</`: closes a section, or pretends to.
    Close,
    /// `<`: opens a section, or pretends to.
    Open,
    /// Anything else.
    Directive,
}

impl LineKind {
    fn of(line: &str) -> Self {
        match line.as_bytes() {
            [b'#', ..] => LineKind::Comment,
            [b'<', b'/', ..] => LineKind::Close,
            [b'<', ..] => LineKind::Open,
            _ => LineKind::Directive,
        }
    }
}

/// One logical line that is not blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The first byte that is not blank.
    pub start: u32,
    /// One past the last byte: the LF that ends the line, or the end of the text.
    pub end: u32,
    /// The number by which httpd knows the line: that of its last physical line, from 1.
    pub number: u32,
    /// What it begins with.
    pub kind: LineKind,
    /// The characters of note between start and end.
    pub marks: Marks,
}

impl Line {
    /// Whether the bytes are the line: no continuation joins it, no NUL cuts it.
    pub fn is_plain(&self) -> bool {
        !self.marks.has_break()
    }
}

/// A file as a list of logical lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The text's id.
    pub file: FileId,
    /// The lines that are not blank, in order.
    pub lines: Vec<Line>,
    /// The number of the last physical line that httpd counts.
    pub end_number: u32,
    /// The bytes of a last physical line that no LF ends, where there is one.
    pub unended: Option<u32>,
    /// The positions of the comments that may be an [`super::Instruction`].
    pub(super) instructions: Vec<u32>,
}

// httpd reads into a buffer that first takes this many bytes; of a longer physical line with a
// NUL in it, what lies beyond the buffer comes back as a line of its own.
const FIRST_BUFFER: usize = 206;

impl Document {
    /// Splits a text. Never fails: every text is a list of lines.
    pub fn parse(file: FileId, text: &str, encoding: Encoding) -> Self {
        let mut document = Self {
            file,
            lines: Vec::with_capacity(text.len() / 32),
            end_number: 0,
            unended: None,
            instructions: Vec::new(),
        };
        // Of LFs before the line, and lines that httpd makes of what its buffer did not take.
        let mut counted = 0;
        // The grammar accepts every string, so there is always a tree.
        for pair in LinesParser::parse(Rule::file, text).into_iter().flatten() {
            for pair in pair.into_inner() {
                let span = pair.as_span();
                let ended = match pair.as_rule() {
                    Rule::line => 1,
                    Rule::last => 0,
                    _ => continue,
                };
                let body = &text[span.start()..span.end() - ended];
                let blanks = leading_blanks(body);
                counted += newlines(&body[..blanks]);
                let line = Line {
                    start: offset(span.start() + blanks),
                    end: offset(span.end() - ended),
                    number: counted + 1,
                    kind: LineKind::of(&body[blanks..]),
                    marks: Marks::of(&body[blanks..]),
                };
                counted += document.push(text, line);
                counted += u32::from(ended == 1);
            }
        }
        document.lines.shrink_to_fit();
        document.instructions = super::instruction::lines(&document.lines, text);
        document.end_number = counted + 1;
        let last = memchr::memrchr(b'\n', text.as_bytes()).map_or(text, |it| &text[it + 1..]);
        if !last.is_empty() {
            document.unended = u32::try_from(encoding.len(last)).ok();
        }
        document
    }

    // Adds a line that is not blank; returns by how much the lines behind it count more, the LF at
    // its end left out.
    fn push(&mut self, text: &str, mut line: Line) -> u32 {
        let (start, end) = (line.start as usize, line.end as usize);
        let is_blank = start == end || text.as_bytes()[start] == 0;
        if line.is_plain() {
            if !is_blank {
                self.lines.push(line);
            }
            return 0;
        }
        let joined = newlines(&text[start..end]);
        if is_blank {
            return joined;
        }
        line.number += joined;
        self.lines.push(line);
        joined + self.push_lost_tail(text, start, end)
    }

    // What httpd's buffer did not take of a physical line with a NUL is the next line to it.
    fn push_lost_tail(&mut self, text: &str, start: usize, end: usize) -> u32 {
        let physical = text[..start].rfind('\n').map_or(0, |it| it + 1);
        let Some(nul) = text[start..end].find('\0') else {
            return 0;
        };
        let mut cut = physical + FIRST_BUFFER;
        if text[physical..start + nul].contains('\n') || start + nul >= cut || cut >= end {
            return 0;
        }
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        let Some(line) = self.lines.last_mut() else {
            return 0;
        };
        line.end = offset(cut);
        let number = line.number + 1;
        let rest = text[cut..end].trim_start_matches(super::words::is_blank);
        if !rest.is_empty() && !rest.starts_with('\0') {
            self.lines.push(Line {
                start: offset(end - rest.len()),
                end: offset(end),
                number,
                kind: LineKind::of(rest),
                marks: Marks::of(rest),
            });
        }
        1
    }

    /// The span of a line without the blanks at its end.
    pub fn span(&self, line: &Line, text: &str) -> Span {
        let body = text
            .get(line.start as usize..line.end as usize)
            .unwrap_or_default();
        let body = if line.is_plain() {
            body.trim_end_matches(super::words::is_blank)
        } else {
            body
        };
        Span {
            file: self.file,
            start: line.start,
            end: line.start + offset(body.len()),
        }
    }

    /// The text that httpd sees: continuations joined, cut at a NUL, trimmed; and the way back.
    pub fn logical<'a>(&self, line: &Line, text: &'a str) -> Logical<'a> {
        let body = text
            .get(line.start as usize..line.end as usize)
            .unwrap_or_default();
        if line.is_plain() {
            let body = body.trim_end_matches(super::words::is_blank);
            let span = Span {
                file: self.file,
                start: line.start,
                end: line.start + offset(body.len()),
            };
            return Logical {
                text: Cow::Borrowed(body),
                origin: Origin::Verbatim(span),
            };
        }
        self.joined(line, body)
    }

    fn joined<'a>(&self, line: &Line, body: &'a str) -> Logical<'a> {
        let mut text = String::with_capacity(body.len());
        let mut pieces = Vec::new();
        let mut at = 0;
        while at < body.len() {
            let physical = &body[at..];
            let newline = memchr::memchr(b'\n', physical.as_bytes());
            let content = &physical[..newline.unwrap_or(physical.len())];
            let (kept, goes_on) = match memchr::memchr(0, content.as_bytes()) {
                Some(nul) => (&content[..nul], false),
                None => {
                    let content = content.strip_suffix('\r').unwrap_or(content);
                    // Behind an empty line, the backslash that ends what is joined joins again.
                    let joins_again = content.is_empty() && text.ends_with('\\');
                    if joins_again && newline.is_some() {
                        text.pop();
                    }
                    match content.strip_suffix('\\').or(joins_again.then_some("")) {
                        Some(kept) if newline.is_some() => (kept, true),
                        _ => (&physical[..newline.unwrap_or(physical.len())], false),
                    }
                }
            };
            let start = line.start + offset(at);
            let span = Span {
                file: self.file,
                start,
                end: start + offset(kept.len()),
            };
            pieces.push(Piece {
                at: offset(text.len()),
                source: span,
                verbatim: true,
            });
            text.push_str(kept);
            match newline {
                Some(newline) if goes_on => at += newline + 1,
                _ => break,
            }
        }
        text.truncate(text.trim_end_matches(super::words::is_blank).len());
        let lead = text.len() - text.trim_start_matches(super::words::is_blank).len();
        let joined = Logical {
            text: Cow::Owned(text),
            origin: Origin::Pieces(pieces.into()),
        };
        if lead == 0 { joined } else { joined.skip(lead) }
    }
}

// The bytes before the first character that is not blank. Continuations join before blanks are
// trimmed, so a line may begin with one.
fn leading_blanks(body: &str) -> usize {
    let bytes = body.as_bytes();
    let mut at = 0;
    loop {
        at += match &bytes[at..] {
            [b' ' | b'\t' | b'\r' | 0x0b | 0x0c, ..] => 1,
            [b'\\', b'\n', ..] => 2,
            [b'\\', b'\r', b'\n', ..] => 3,
            _ => return at,
        };
    }
}

fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

fn newlines(text: &str) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', text.as_bytes()).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Sources};
    use proptest::prelude::*;

    fn parse(text: &str) -> (Document, Vec<(u32, String)>) {
        let mut sources = Sources::new();
        let file = sources.put(Source::new("t", text.as_bytes().to_vec()));
        let document = Document::parse(file, text, Encoding::Utf8);
        let lines = document
            .lines
            .iter()
            .map(|it| (it.number, document.logical(it, text).text.into_owned()))
            .collect();
        (document, lines)
    }

    fn lines(text: &str) -> Vec<(u32, String)> {
        parse(text).1
    }

    fn line(number: u32, text: &str) -> (u32, String) {
        (number, text.to_owned())
    }

    #[test]
    fn a_backslash_joins_lines_and_the_last_one_counts() {
        assert_eq!(lines("Server\\\nAdmin a@b\n"), [line(2, "ServerAdmin a@b")]);
        assert_eq!(lines("# foo \\\nBogus x\n"), [line(2, "# foo Bogus x")]);
        assert_eq!(lines("a \\ \nb\n"), [line(1, "a \\"), line(2, "b")]);
        assert_eq!(lines("a\\\r\nb\r\n"), [line(2, "ab")]);
        assert_eq!(lines("a\\\\\nb\n"), [line(2, "a\\b")]);
        assert_eq!(lines("a\\\\\n\nb\nc\n"), [line(3, "ab"), line(4, "c")]);
        assert_eq!(lines("a\\\\\n\n\nb\n"), [line(3, "a"), line(4, "b")]);
        assert_eq!(lines("a\\"), [line(1, "a\\")]);
        assert_eq!(lines("a\\\n"), [line(2, "a")]);
        assert_eq!(lines("\\\n"), []);
        assert_eq!(lines("\\\n # foo\n"), [line(2, "# foo")]);
    }

    #[test]
    fn a_nul_cuts_the_physical_line() {
        assert_eq!(lines("a\0b\\\nc\n"), [line(1, "a"), line(2, "c")]);
        assert_eq!(lines("a \\\nb\0c\nd\n"), [line(2, "a b"), line(3, "d")]);
        assert_eq!(lines("\0x\nd\n"), [line(2, "d")]);
    }

    #[test]
    fn what_the_buffer_did_not_take_of_a_line_with_a_nul_is_the_next_line() {
        let text = format!("a\0{}{}\nz\n", "x".repeat(204), "b".repeat(3));
        assert_eq!(lines(&text), [line(1, "a"), line(2, "bbb"), line(3, "z")]);
    }

    #[test]
    fn only_lf_ends_a_line() {
        assert_eq!(lines("a\rb\r"), [line(1, "a\rb")]);
    }

    #[test]
    fn the_kind_is_that_of_the_first_character() {
        let (document, _) = parse(" # c\n\t<a>\n</a>\nx\n\n");
        let kinds: Vec<_> = document.lines.iter().map(|it| it.kind).collect();
        assert_eq!(
            kinds,
            [
                LineKind::Comment,
                LineKind::Open,
                LineKind::Close,
                LineKind::Directive
            ]
        );
    }

    #[test]
    fn places_lead_back_through_a_continuation() {
        let text = "Server\\\n  Name \\\n x\n";
        let (document, _) = parse(text);
        let logical = document.logical(&document.lines[0], text);
        assert_eq!(logical.text, "Server  Name  x");
        let at = logical.text.find('x').unwrap();
        let span = logical.origin.span(at..at + 1);
        assert_eq!(&text[span.range()], "x");
        assert_eq!(
            &text[logical.origin.span(0..12).range()],
            "Server\\\n  Name"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn every_text_is_lines_and_blanks(text in "[a#</>\\\\\r\n\0 é]{0,40}") {
            let (document, _) = parse(&text);
            let mut end = 0;
            for line in &document.lines {
                let (start, stop) = (line.start as usize, line.end as usize);
                prop_assert!(start >= end && stop > start);
                prop_assert!(text.is_char_boundary(start) && text.is_char_boundary(stop));
                let gap: String = text[end..start].replace("\\\r\n", "").replace("\\\n", "");
                let gap = gap.split('\n').map(|it| it.split('\0').next().unwrap_or("")).collect::<String>();
                prop_assert!(gap.chars().all(super::super::words::is_blank), "{gap:?}");
                let logical = document.logical(line, &text);
                let span = logical.origin.span(0..logical.text.len());
                prop_assert!(text.get(span.range()).is_some());
                end = stop;
            }
        }
    }
}
