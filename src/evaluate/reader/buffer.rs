//! What the sizes of httpd's line buffer do to a text.

use super::{Incoming, Reader, Refusal};
use crate::source::Span;

// httpd refuses logical lines from this size on (VARBUF_MAX_LEN).
pub(super) const LONGEST_LINE: usize = 16 * 1024 * 1024;

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
        if !fills_a_buffer(length) {
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
        let position = self.last_executed;
        let file = self.parsed.source.name();
        let number = incoming.position.number;
        let span = incoming.span();
        self.refuse(Refusal {
            rule: "overlong-line",
            span: Span {
                end: span.start,
                ..span
            },
            position,
            httpd: format!("Error reading {file} at line {number}: Line too long"),
            message: "this line is longer than 16 MiB".to_owned(),
        });
    }
}

// The sizes of httpd's line buffer as it grows, found by trying (2.4.71, APR 1.7): APR rounds them
// up to its block sizes.
fn fills_a_buffer(length: usize) -> bool {
    matches!(length, 206 | 414 | 1246) || (length > 8000 && (length + 58).is_power_of_two())
}
