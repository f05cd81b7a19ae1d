//! Comments that speak to httpd-lint.

use std::ops::Range;

use super::document::{Document, Line, LineKind};
use super::words::is_blank;
use crate::source::Span;

/// What such a comment begins with, behind its `#`; a colon follows.
const ADDRESS: &str = "httpd-lint";

/// A comment like `# httpd-lint: allow(empty-macro, empty-group) -- the template needs it`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// The position of the comment among the lines of its document.
    pub line: usize,
    /// The whole comment.
    pub span: Span,
    /// The name of whom it is told.
    pub address: Span,
    /// What is told: `allow`.
    pub name: Argument,
    /// What stands in the brackets; `None` where they are never closed.
    pub arguments: Option<Vec<Argument>>,
    /// Whether words follow behind `--`.
    pub has_reason: bool,
}

/// A word of an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// The word as written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Instruction {
    /// The names of all there are.
    pub const NAMES: [&'static str; 3] = ["allow", "allow-file", "context"];

    /// What a comment tells httpd-lint, as far as it is written; `None` of a comment for people.
    pub fn begun(comment: &str) -> Option<&str> {
        let told = addressed(comment)?.1.strip_prefix(':')?;
        Some(told.trim_start_matches(is_blank))
    }

    /// Whether this is what is told.
    pub fn is(&self, name: &str) -> bool {
        self.name.text == name
    }

    /// All instructions of a document, in order; of most documents none.
    pub fn all<'a>(document: &'a Document, text: &'a str) -> impl Iterator<Item = Self> + 'a {
        let lines = document.instructions.iter();
        lines.filter_map(|it| Self::read(document, *it as usize, text, true))
    }

    /// Comments that would be instructions, were there a colon: `# httpd-lint allow(empty-macro)`.
    pub fn all_without_colon<'a>(
        document: &'a Document,
        text: &'a str,
    ) -> impl Iterator<Item = Self> + 'a {
        let lines = document.instructions.iter();
        lines.filter_map(|it| Self::read(document, *it as usize, text, false))
    }

    // A text without a name and a bracket behind it is meant for people.
    fn read(document: &Document, line: usize, text: &str, colon: bool) -> Option<Self> {
        let logical = document.logical(document.lines.get(line)?, text);
        let whole = &*logical.text;
        // All of these are parts of the whole.
        let argument = |part: &str| {
            let range = place(whole, part);
            Argument {
                text: part.to_owned(),
                span: logical.origin.span(range),
            }
        };
        let (address, told) = addressed(whole)?;
        let told = match colon {
            true => told.strip_prefix(':')?,
            false => told.strip_prefix(is_blank)?,
        };
        let (name, rest) = told.trim_start_matches(is_blank).split_once('(')?;
        let is_name = |it: char| it.is_alphanumeric() || it == '-' || it == '_';
        if name.is_empty() || !name.chars().all(is_name) {
            return None;
        }
        let closed = rest.split_once(')');
        let behind = closed.map_or("", |it| it.1).trim_start_matches(is_blank);
        let reason = behind.strip_prefix("--").unwrap_or_default();
        let arguments = closed.map(|(list, _)| {
            let words = list.split(',').map(|it| it.trim_matches(is_blank));
            words.filter(|it| !it.is_empty()).map(argument).collect()
        });
        Some(Self {
            line,
            span: logical.origin.span(0..whole.len()),
            address: logical.origin.span(place(whole, address)),
            name: argument(name),
            arguments,
            has_reason: reason.contains(|it| !is_blank(it)),
        })
    }
}

impl Document {
    /// Whether there may be instructions.
    pub fn has_instructions(&self) -> bool {
        !self.instructions.is_empty()
    }
}

/// The positions of the comments that may be instructions: one search in most texts.
pub(super) fn lines(lines: &[Line], text: &str) -> Vec<u32> {
    let mut found: Vec<u32> = Vec::new();
    for at in memchr::memmem::find_iter(text.as_bytes(), ADDRESS) {
        let behind = lines.partition_point(|it| it.start as usize <= at);
        let line = behind.checked_sub(1).and_then(|it| lines.get(it));
        let is_comment = |it: &&Line| it.kind == LineKind::Comment && at < it.end as usize;
        let position = u32::try_from(behind.saturating_sub(1)).unwrap_or(u32::MAX);
        if line.filter(is_comment).is_some() && found.last() != Some(&position) {
            found.push(position);
        }
    }
    found
}

// The address of a comment, and what it says behind it.
fn addressed(comment: &str) -> Option<(&str, &str)> {
    let comment = comment.strip_prefix('#')?.trim_start_matches(is_blank);
    let told = comment.strip_prefix(ADDRESS)?;
    Some((&comment[..ADDRESS.len()], told))
}

fn place(whole: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Encoding, FileId};

    fn said(text: &str) -> Vec<String> {
        let document = Document::parse(FileId::FIRST, text, Encoding::Utf8);
        let each = Instruction::all(&document, text).map(|it| {
            let list = it.arguments.map(|all| {
                let words = all.iter().map(|it| {
                    let place = &text[it.span.range()];
                    assert!(place == it.text || place.contains('\n'));
                    it.text.clone()
                });
                words.collect::<Vec<_>>().join(" ")
            });
            let list = list.unwrap_or("?".to_owned());
            format!(
                "{} {}: {list}{}",
                it.line,
                it.name.text,
                if it.has_reason { " because" } else { "" }
            )
        });
        each.collect()
    }

    #[test]
    fn a_comment_says_what_and_why() {
        assert_eq!(
            said("# httpd-lint: allow(a, b) -- why\n"),
            ["0 allow: a b because"]
        );
        assert_eq!(said("x\n #httpd-lint:context( c )\n"), ["1 context: c"]);
        assert_eq!(said("# httpd-lint: allow() --\n"), ["0 allow: "]);
        assert_eq!(said("# httpd-lint: allow(a\n"), ["0 allow: ?"]);
    }

    #[test]
    fn what_is_said_to_people_is_no_instruction() {
        for text in [
            "# httpd-lint: see the wiki (all of it)\n",
            "# ask httpd-lint: allow(a)\n",
            "ServerAdmin httpd-lint:allow(a)\n",
            "# httpd-lint: (a)\n",
            "# httpd-lint:\n",
        ] {
            assert_eq!(said(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_continued_comment_is_one() {
        let text = "# httpd-lint: allow(a, \\\n  b) -- why \\\nServerName c\nListen 80\n";
        assert_eq!(said(text), ["0 allow: a b because"]);
    }
}
