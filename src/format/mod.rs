//! How a configuration is laid out: indentation and spacing, and nothing else.
//!
//! What httpd reads stays what it is, and that is looked at before anything is handed out: the
//! logical lines have the same names and arguments, and evaluating them leads to the same
//! directives. Quotes, continuations and comments stay as they are written.

mod proof;

use std::ops::Range;

use crate::source::Source;
use crate::syntax::words::{self, is_blank};
use crate::syntax::{Document, Line, LineKind};

/// What stands in front of a line for each section around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indentation {
    /// So many spaces.
    Spaces(usize),
    /// A tab.
    Tab,
}

impl Default for Indentation {
    /// Four spaces, as in the files that come with httpd.
    fn default() -> Self {
        Indentation::Spaces(4)
    }
}

impl Indentation {
    fn of(self, depth: usize) -> String {
        match self {
            Indentation::Spaces(width) => " ".repeat(width * depth),
            Indentation::Tab => "\t".repeat(depth),
        }
    }
}

/// A stretch of a text and what takes its place.
pub type Edit = (Range<usize>, String);

/// The sections whose bodies are written in another language, by how their names begin.
const FOREIGN: [&str; 3] = ["<Perl", "<LuaHook", "<LuaQuickHandler"];

/// What lays out the lines of a text that begin in `wanted`; nothing where it cannot be proved that
/// httpd reads the same then.
pub fn edits(source: &Source, indentation: Indentation, wanted: Range<usize>) -> Vec<Edit> {
    let text = source.text();
    let layout = Layout {
        text,
        document: &proof::parse(source),
        indentation,
    };
    let mut edits = layout.edits();
    let to_the_end = wanted.end >= text.len();
    let is_wanted =
        |it: &Range<usize>| wanted.start <= it.end && (to_the_end || it.end < wanted.end);
    edits.retain(|(range, new)| is_wanted(range) && text[range.clone()] != *new);
    match proof::is_same(source, &applied(text, &edits)) {
        true => edits,
        false => Vec::new(),
    }
}

/// The text, laid out.
pub fn formatted(source: &Source, indentation: Indentation) -> String {
    let text = source.text();
    applied(text, &edits(source, indentation, 0..text.len()))
}

fn applied(text: &str, edits: &[Edit]) -> String {
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for (range, replacement) in edits {
        new.push_str(&text[at..range.start]);
        new.push_str(replacement);
        at = range.end;
    }
    new.push_str(&text[at..]);
    new
}

struct Layout<'t> {
    text: &'t str,
    document: &'t Document,
    indentation: Indentation,
}

impl Layout<'_> {
    // In the order of the text, not overlapping.
    fn edits(&self) -> Vec<Edit> {
        let around = self.document.lines_around(self.text);
        let mut edits = Vec::new();
        let mut end = 0;
        for (index, line) in self.document.lines.iter().enumerate() {
            let sections = std::iter::successors(around[index], |it| around[*it]);
            let mut sections = sections.map(|it| &self.document.lines[it]);
            let depth = sections.clone().count();
            let is_foreign = sections.any(|it| self.is_foreign(it));
            if !is_foreign {
                let is_closing = line.kind == LineKind::Close;
                edits.extend(self.before(end, line, depth, is_closing));
                edits.extend(self.gap(line));
                edits.extend(self.after(line));
            }
            end = line.end as usize;
        }
        edits.extend(self.ending(end));
        edits
    }

    fn is_foreign(&self, line: &Line) -> bool {
        let body = &self.text.as_bytes()[line.start as usize..];
        FOREIGN.iter().any(|it| {
            let beginning = body.get(..it.len());
            beginning.is_some_and(|body| body.eq_ignore_ascii_case(it.as_bytes()))
        })
    }

    // The line end that the text has.
    fn newline(&self, before: usize) -> &'static str {
        match self.text[..before].ends_with('\r') || self.text.contains("\r\n") {
            true => "\r\n",
            false => "\n",
        }
    }

    // Blank lines and the indentation in front of a line. At most one blank line stays, none at the
    // top or in front of what closes a section.
    fn before(&self, end: usize, line: &Line, depth: usize, is_closing: bool) -> Option<Edit> {
        let start = line.start as usize;
        let between = &self.text[end..start];
        let is_plain = between.chars().all(|it| it == '\n' || is_blank(it));
        // What a continuation joins stays where it is.
        if !is_plain || self.text[..end].ends_with('\\') {
            return None;
        }
        let blank = match between.matches('\n').count() {
            _ if end == 0 => String::new(),
            0 => return None,
            1 => "\n".to_owned(),
            _ if is_closing => "\n".to_owned(),
            _ => format!("\n{}", self.newline(end)),
        };
        Some((end..start, blank + &self.indentation.of(depth)))
    }

    // One blank between the name and what follows it.
    fn gap(&self, line: &Line) -> Option<Edit> {
        if line.kind == LineKind::Comment {
            return None;
        }
        let span = self.document.span(line, self.text).range();
        let body = &self.text[span.clone()];
        let first = body.split('\n').next().unwrap_or(body);
        let (name, rest) = words::take(first);
        let is_joined = first.len() < body.len() && rest.trim_end() == "\\";
        if rest.is_empty() || is_joined || name.unterminated {
            return None;
        }
        let start = span.start + name.raw.len();
        let stop = span.start + first.len() - rest.len();
        Some((start..stop, " ".to_owned()))
    }

    // Nothing behind a line.
    fn after(&self, line: &Line) -> Option<Edit> {
        let span = self.document.span(line, self.text);
        let (start, end) = (span.end as usize, line.end as usize);
        // A backslash with nothing behind it would join the next line.
        let joins = self.text[..start].ends_with('\\');
        let carriage = if self.text[..end].ends_with('\r') {
            "\r"
        } else {
            ""
        };
        (line.is_plain() && !joins).then(|| (start..end, carriage.to_owned()))
    }

    // One newline at the end of the text.
    fn ending(&self, end: usize) -> Option<Edit> {
        let rest = &self.text[end..];
        let is_blank_rest = rest.chars().all(|it| it == '\n' || is_blank(it));
        let joins = self.text[..end].ends_with('\\');
        (is_blank_rest && !joins && !self.document.lines.is_empty())
            .then(|| (end..self.text.len(), "\n".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn laid_out(text: &str) -> String {
        let source = Source::new("a.conf", text.as_bytes().to_vec());
        formatted(&source, Indentation::default())
    }

    #[test]
    fn what_is_laid_out_stays_so() {
        let text = "<VirtualHost  *:80>\n\n\n ServerName\ta\n<Directory /srv>\nOptions  +Indexes  -X\n\n</Directory>\n\t</VirtualHost>\n\n\n";
        let once = laid_out(text);
        assert_eq!(
            once,
            "<VirtualHost *:80>\n\n    ServerName a\n    <Directory /srv>\n        Options +Indexes  -X\n    </Directory>\n</VirtualHost>\n"
        );
        assert_eq!(laid_out(&once), once);
    }

    #[test]
    fn continuations_quotes_and_comments_stay() {
        let text = "Header set X \"a  b\" \\\n       env=X\n# a \\ \n# b\n";
        assert_eq!(laid_out(text), text);
    }

    #[test]
    fn another_language_is_left_alone() {
        let text = "<Perl>\n  my $x =  1;\n\n\n  $y;\n</Perl>\n";
        assert_eq!(laid_out(text), text);
    }

    #[test]
    fn line_ends_stay_what_they_are() {
        assert_eq!(
            laid_out("<If a>\r\nA  b\r\n</If>\r\n"),
            "<If a>\r\n    A b\r\n</If>\r\n"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn httpd_reads_the_same(text in "([ \t]{0,2}(<If a>|</If>|Alias|#|\\$\\{x\\}|\"|\\\\|b| |\r|\0){0,4}\n){0,6}") {
            let source = Source::new("a.conf", text.into_bytes());
            let new = formatted(&source, Indentation::Tab);
            prop_assert!(proof::is_same(&source, &new));
            let again = Source::new("a.conf", new.clone().into_bytes());
            prop_assert!(proof::is_same(&again, &formatted(&again, Indentation::Tab)));
        }
    }
}
