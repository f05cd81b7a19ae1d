//! `<Macro>` and `Use` (mod_macro).

use std::borrow::Cow;
use std::ops::Range;

use crate::source::{Encoding, Span};
use crate::syntax::Logical;

/// The definition of a macro.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Macro {
    /// The name, in lower case.
    pub name: String,
    /// Where it is defined, in httpd's words: `defined on line 3 of "/etc/httpd.conf"`.
    pub location: String,
    /// The place of its name.
    pub span: Span,
    /// The parameters' names.
    pub parameters: Vec<String>,
    /// The lines of the body that are no comments, blank ones too.
    pub lines: Vec<Logical<'static>>,
}

impl Macro {
    /// The phrase with which httpd names the macro: `macro 'm' (defined on …)`.
    pub fn phrase(&self) -> String {
        format!("macro '{}' ({})", self.name, self.location)
    }

    /// What httpd says where the macro does not end.
    pub fn unclosed(&self) -> String {
        let phrase = self.phrase();
        format!("{phrase}\n\tcontents error: expected token not found: </Macro>")
    }

    /// The position of the first line that takes more than so many bytes at some time while
    /// arguments are put in, one after the other.
    pub fn overflow(
        &self,
        arguments: &[String],
        encoding: Encoding,
        limit: usize,
    ) -> Option<usize> {
        let longest = arguments.iter().map(String::len).max().unwrap_or_default();
        self.lines.iter().position(|line| {
            // No parameter is shorter than a byte, and quoting at most doubles an argument.
            let bound = line.text.len().saturating_mul(2 * longest + 3);
            bound > limit && self.grows_beyond(limit, &line.text, arguments, encoding)
        })
    }

    fn grows_beyond(
        &self,
        limit: usize,
        line: &str,
        arguments: &[String],
        encoding: Encoding,
    ) -> bool {
        let mut length = encoding.len(line);
        let mut changes = self.changes(line, arguments).into_iter();
        changes.any(|(range, new)| {
            length = length + encoding.len(&new) - encoding.len(&line[range]);
            length > limit
        })
    }

    /// The positions of two parameters with the same name.
    pub fn conflict(&self) -> Option<(usize, usize)> {
        (0..self.parameters.len()).find_map(|one| {
            let mut later = one + 1..self.parameters.len();
            later
                .find(|two| self.parameters[*two] == self.parameters[one])
                .map(|two| (one, two))
        })
    }

    /// The positions of the parameters that no line of the body names (`check_macro_contents`).
    pub fn unused(&self) -> Vec<usize> {
        let mut unused: Vec<usize> = (0..self.parameters.len()).collect();
        for line in &self.lines {
            let mut at = 0;
            while let Some((start, parameter)) = self.next_parameter(&line.text, at) {
                unused.retain(|it| *it != parameter);
                at = start + self.parameters[parameter].len();
            }
        }
        unused
    }

    /// A line of the body with arguments in the place of the parameters: at each place the longest
    /// parameter, from left to right, and not again in what was put in (mod_macro's
    /// `substitute_macro_args`).
    pub fn line(&self, index: usize, arguments: &[String]) -> Logical<'static> {
        let Some(line) = self.lines.get(index) else {
            return Logical {
                text: Cow::Borrowed(""),
                origin: crate::syntax::Origin::Verbatim(self.span),
            };
        };
        let changes = self.changes(&line.text, arguments);
        if changes.is_empty() {
            line.clone()
        } else {
            line.substitute(&changes)
        }
    }

    fn changes(&self, text: &str, arguments: &[String]) -> Vec<(Range<usize>, Cow<'static, str>)> {
        let mut changes = Vec::new();
        let mut at = 0;
        while let Some((start, parameter)) = self.next_parameter(text, at) {
            let name = &self.parameters[parameter];
            let argument = arguments
                .get(parameter)
                .map(String::as_str)
                .unwrap_or_default();
            let new = if name.starts_with('@') {
                quoted(argument)
            } else {
                argument.to_owned()
            };
            at = start + name.len();
            changes.push((start..at, Cow::Owned(new)));
        }
        changes
    }

    fn next_parameter(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let found = self
            .parameters
            .iter()
            .enumerate()
            .filter(|(_, name)| !name.is_empty());
        found
            .filter_map(|(index, name)| {
                let at = text.get(from..)?.find(name.as_str())?;
                Some((from + at, std::cmp::Reverse(name.len()), index))
            })
            .min()
            .map(|(at, _, index)| (at, index))
    }
}

// A parameter with `@` is replaced in double quotes, with a backslash before quotes and
// backslashes of the argument.
fn quoted(argument: &str) -> String {
    let mut text = String::with_capacity(argument.len() + 2);
    text.push('"');
    for character in argument.chars() {
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push('"');
    text
}
