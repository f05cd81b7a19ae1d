//! What the sizes of httpd's line buffer do to a text.

use super::{Incoming, Position, Reader, Refusal};
use crate::source::{FileId, Source, Span};

// httpd refuses logical lines from this size on (VARBUF_MAX_LEN).
pub(super) const LONGEST_LINE: usize = 16 * 1024 * 1024;

// In `.htaccess` a logical line takes no more bytes than this, with its LF (HUGE_STRING_LEN).
const LONGEST_IN_HTACCESS: usize = 8192;

/// A line of a `.htaccess` file that is too long.
pub(super) struct LongLine {
    span: Span,
    number: u32,
}

/// The lines of a `.htaccess` file that httpd refuses for their length: comments, too.
pub(super) fn long_lines(source: &Source, file: FileId) -> std::vec::IntoIter<LongLine> {
    let mut found = Vec::new();
    let (text, encoding) = (source.text(), source.encoding());
    // What lies before the line that is read, of the text and of the logical line.
    let (mut before, mut length, mut start) = (0, 0, 0);
    let physical = if text.len() > LONGEST_IN_HTACCESS {
        text.split_inclusive('\n')
    } else {
        "".split_inclusive('\n')
    };
    for (number, line) in (1..).zip(physical) {
        before += line.len();
        let is_too_long = length + encoding.len(line) > LONGEST_IN_HTACCESS;
        if is_too_long && !text[start..before].contains('\0') {
            let span = Span::new(file, start..before);
            found.push(LongLine { span, number });
        }
        match continued(line) {
            Some(rest) if !is_too_long => length += encoding.len(rest),
            _ => (length, start) = (0, before),
        }
    }
    found.into_iter()
}

// A line without the backslash that joins it to the next one.
fn continued(line: &str) -> Option<&str> {
    let line = line.strip_suffix('\n')?;
    line.strip_suffix('\r').unwrap_or(line).strip_suffix('\\')
}

impl Reader<'_, '_, '_> {
    // httpd reads into a buffer that grows, and takes a last line without LF that fills it exactly
    // for the end of the file. It loses one behind a macro, too.
    pub(super) fn is_lost(&self, index: usize) -> bool {
        let document = &self.parsed.document;
        let Some(length) = document.unended.map(|it| it as usize) else {
            return false;
        };
        let text = self.parsed.source.text();
        let line = &document.lines[index];
        if line.end as usize != text.len() || !line.is_plain() {
            return false;
        }
        // At the end of a macro, mod_macro reads the line behind `Use` byte by byte, and gives it
        // up where the file ends first (array_getstr).
        if self.replayed_at.is_some_and(|it| line.number == it + 1) {
            return true;
        }
        let in_htaccess = self.evaluation.overrides.is_some();
        if !fills_a_buffer(length, in_htaccess) {
            return false;
        }
        let reader = self.open.iter().rev().find(|it| it.conditional);
        let from = reader.map_or(0, |it| it.span.end as usize);
        let earlier = text.get(from..).unwrap_or_default().split_inclusive('\n');
        let encoding = self.parsed.source.encoding();
        let longest = earlier
            .filter(|it| it.ends_with('\n'))
            .map(|it| encoding.len(it))
            .max()
            .unwrap_or_default();
        longest <= length
    }

    pub(super) fn refuse_long_line(&mut self, incoming: &Incoming<'_>) {
        let (span, number) = (incoming.span(), incoming.position.number);
        let position = self.last_executed;
        self.refuse_length(span, number, position, "16 MiB");
    }

    /// Refuses the lines of a `.htaccess` file up to one that is too long; httpd stops at the
    /// first of them.
    pub(super) fn refuse_long_lines_to(&mut self, reached: u32) {
        while let Some(line) = self.long_lines.as_slice().first()
            && line.number <= reached
        {
            let (span, number) = (line.span, line.number);
            self.long_lines.next();
            self.reached = number;
            self.refuse_length(span, number, None, "8 KiB");
        }
    }

    fn refuse_length(&mut self, span: Span, number: u32, at: Option<Position>, limit: &str) {
        let file = self.parsed.source.name();
        self.refuse(Refusal {
            rule: "overlong-line",
            span: Span {
                end: span.start,
                ..span
            },
            position: at,
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
