//! The arguments of a section: the text between its name and the last `>` of the line.

use std::ops::Range;

use super::Refusal;
use super::words::Words;

/// The argument text of a section that httpd's core opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section<'a> {
    text: &'a str,
    /// The bytes before the last `>`; to the end where there is none.
    pub argument: Range<usize>,
    /// Whether there is a `>`.
    pub is_closed: bool,
}

impl<'a> Section<'a> {
    /// Reads what follows a section's name, its `>` included.
    pub fn parse(text: &'a str) -> Self {
        let last = text.rfind('>');
        Self {
            text,
            argument: 0..last.unwrap_or(text.len()),
            is_closed: last.is_some(),
        }
    }

    /// The text of the argument.
    pub fn argument_text(&self) -> &'a str {
        &self.text[self.argument.clone()]
    }

    /// What httpd refuses before it reads the section's body. `name` is the section's name with
    /// its `<`, as httpd's command table spells it.
    pub fn refusal(&self, name: &str) -> Option<Refusal> {
        if !self.is_closed {
            let end = self.text.len();
            let message = format!("{name}> directive missing closing '>'");
            return Some(Refusal::new(end..end, message));
        }
        if self.argument.is_empty() {
            let message = format!("{name}> directive requires additional arguments");
            return Some(Refusal::new(self.argument.clone(), message));
        }
        None
    }

    /// What httpd refuses after it has read the body: words behind the first one.
    pub fn refusal_after_body(&self, name: &str) -> Option<Refusal> {
        let words = self.surplus(name)?;
        let yet = match name {
            "<If" | "<ElseIf" => "",
            _ => "(yet) ",
        };
        let message = format!("Multiple {name}> arguments not {yet}supported.");
        Some(Refusal::new(words, message))
    }

    fn surplus(&self, name: &str) -> Option<Range<usize>> {
        if !self.is_closed {
            return None;
        }
        let argument = self.argument_text();
        let mut words = Words::new(argument);
        let first = words.take();
        let takes_tilde = matches!(name, "<Directory" | "<Location" | "<Files");
        if takes_tilde && first.value == "~" {
            words.take();
        }
        (!words.is_at_end()).then(|| words.offset()..argument.trim_end().len())
    }
}
