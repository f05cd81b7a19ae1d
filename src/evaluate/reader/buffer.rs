//! What the sizes of httpd's line buffer do to a text.

use std::ops::Range;

use super::{Reader, Refusal};
use crate::source::{Encoding, FileId, Source, Span};

// What a logical line takes at most in httpd's own files, with its LF (VARBUF_MAX_LEN).
const LONGEST: usize = 16 * 1024 * 1024;

// The same in `.htaccess` (HUGE_STRING_LEN).
const LONGEST_IN_HTACCESS: usize = 8192;

/// The same in a macro, whose lines end with a NUL (MAX_STRING_LEN).
pub(super) const LONGEST_IN_MACRO: usize = 8191;

/// A line that is too long.
pub(super) struct LongLine {
    span: Span,
    pub(super) number: u32,
}

/// The lines of a file that httpd refuses for their length: comments, too.
pub(super) fn long_lines(
    source: &Source,
    file: FileId,
    in_htaccess: bool,
) -> std::vec::IntoIter<LongLine> {
    let whole = 0..source.text().len();
    let limit = limit(in_htaccess);
    long_lines_within(source, file, whole, limit).into_iter()
}

fn limit(in_htaccess: bool) -> usize {
    if in_htaccess {
        LONGEST_IN_HTACCESS
    } else {
        LONGEST
    }
}

/// The lines of a part of a file that take more than so many bytes, with their LF.
pub(super) fn long_lines_within(
    source: &Source,
    file: FileId,
    part: Range<usize>,
    limit: usize,
) -> Vec<LongLine> {
    let mut found = Vec::new();
    let encoding = source.encoding();
    let base = part.start;
    let text = source.text().get(part).unwrap_or_default();
    if text.len() <= limit {
        return found;
    }
    // What lies before the line that is read, of the text and of the logical line.
    let (mut before, mut length, mut start) = (0, 0, 0);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        before += line.len();
        let is_too_long = length + encoding.len(line) > limit;
        if is_too_long && !text[start..before].contains('\0') {
            let span = Span::new(file, base + start..base + before);
            found.push(LongLine { span, number });
        }
        match continued(line) {
            Some(rest) if !is_too_long => length += encoding.len(rest),
            _ => (length, start) = (0, before),
        }
    }
    found
}

// A line without the backslash that joins it to the next one.
fn continued(line: &str) -> Option<&str> {
    let line = line.strip_suffix('\n')?;
    line.strip_suffix('\r').unwrap_or(line).strip_suffix('\\')
}

// How many bytes httpd's buffer must take, for the longest line before the last one and for that:
// what continued lines join, and the physical line behind it as it stands in the file.
fn lengths(text: &str, encoding: Encoding) -> (usize, usize) {
    let (mut joined, mut longest, mut last) = (0, 0, 0);
    for line in text.split_inclusive('\n') {
        longest = longest.max(last);
        last = joined + encoding.len(line);
        joined = continued(line).map_or(0, |it| joined + encoding.len(it));
    }
    (longest, last)
}

impl Reader<'_, '_, '_> {
    // httpd reads into a buffer that grows, and takes a last line without LF that fills it exactly
    // for the end of the file. It loses one behind a macro, too.
    pub(super) fn is_lost(&self, index: usize) -> bool {
        let document = &self.parsed.document;
        let text = self.parsed.source.text();
        let line = &document.lines[index];
        let is_last = document.unended.is_some() && line.end as usize == text.len();
        if !is_last || text[line.start as usize..].contains('\0') {
            return false;
        }
        // At the end of a macro, mod_macro reads the line behind `Use` byte by byte, and gives it
        // up where the file ends first (array_getstr).
        if self.replayed_at.is_some_and(|it| line.number == it + 1) {
            return true;
        }
        let reader = self.open.iter().rev().find(|it| it.conditional);
        let from = reader.map_or(0, |it| it.span.end as usize);
        let read = text.get(from..).unwrap_or_default();
        let (longest, last) = lengths(read, self.parsed.source.encoding());
        let in_htaccess = self.evaluation.overrides.is_some();
        fills_a_buffer(last, in_htaccess) && longest <= last
    }

    /// Refuses the lines up to one that are too long; httpd stops at the first of them.
    pub(super) fn refuse_long_lines_to(&mut self, reached: u32) {
        while let Some(line) = self.long_lines.as_slice().first()
            && line.number <= reached
        {
            let (span, number) = (line.span, line.number);
            self.long_lines.next();
            self.reached = number;
            self.refuse_long_line(span, number);
        }
    }

    fn refuse_long_line(&mut self, span: Span, number: u32) {
        let file = self.parsed.source.name();
        let limit = match self.evaluation.overrides {
            Some(_) => "8 KiB",
            None => "16 MiB",
        };
        self.refuse(Refusal {
            rule: "overlong-line",
            span: Span {
                end: span.start,
                ..span
            },
            position: self.last_executed,
            httpd: format!("Error reading {file} at line {number}: Line too long"),
            message: format!("this line is longer than {limit}"),
        });
    }
}

// The sizes of httpd's line buffer as it grows, found by trying (2.4.71, APR 1.7): APR rounds them
// up to its block sizes. In `.htaccess` it grows otherwise, because the buffer and what is read
// come from one pool.
fn fills_a_buffer(length: usize, in_htaccess: bool) -> bool {
    let fills_small = match in_htaccess {
        true => matches!(length, 206 | 622 | 1870),
        false => matches!(length, 206 | 414 | 1246),
    };
    fills_small || (length > 8000 && (length + 58).is_power_of_two())
}
