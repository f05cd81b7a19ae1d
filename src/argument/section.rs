//! The arguments of a section: the text between its name and the last `>` of the line.

use std::ops::Range;

use super::method::is_unknown_method;
use super::words::{Words, split};
use super::{Located, Refusal, Surroundings, expression, regex, virtual_host};
use crate::syntax::words::{self, is_blank};

/// The sections of httpd's core whose argument is read when their body is, and not before.
const CORE: &[&str] = &[
    "<Directory",
    "<DirectoryMatch",
    "<Location",
    "<LocationMatch",
    "<Files",
    "<FilesMatch",
    "<VirtualHost",
    "<Limit",
    "<LimitExcept",
    "<If",
    "<ElseIf",
    "<Else",
];

/// Whether a name, with its `<`, is that of a section of httpd's core.
pub fn is_core(name: &str) -> bool {
    CORE.contains(&name)
}

/// Whether a name is that of a section that gives its directives a path (`cmd_parms.path`).
pub fn is_about_paths(name: &str) -> bool {
    let others = ["<VirtualHost", "<Limit", "<LimitExcept"];
    (is_core(name) && !others.contains(&name)) || matches!(name, "<Proxy" | "<ProxyMatch")
}

/// The path that the argument text of such a section gives: its first word, or the one behind `~`.
/// That of a directory ends with a slash.
pub fn path(name: &str, text: &str) -> String {
    let mut words = Words::new(Section::parse(text).argument_text());
    let first = words.take();
    if first.value == "~" {
        return words.take().value;
    }
    let mut path = first.value;
    if name == "<Directory" && path.starts_with('/') && !path.ends_with('/') {
        path.push('/');
    }
    path
}

/// What httpd refuses in an `<ElseIf>` or `<Else>` that follows no condition, when it has read the
/// body.
pub fn refused_order(name: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let depends = matches!(name, "<ElseIf" | "<Else");
    let is_wrong = depends && surroundings.follows_condition() == Some(false);
    let message = "<Else> or <ElseIf> section without previous <If> or <ElseIf> section in same \
         scope";
    is_wrong.then(|| Refusal::new(0..text.len(), message))
}

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
    pub fn refusals(&self, name: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
        if !self.is_closed {
            let end = self.text.len();
            let message = format!("{name}> directive missing closing '>'");
            return vec![Refusal::new(end..end, message)];
        }
        if name == "<Else" {
            let refused = !self.argument.is_empty();
            let message = "<Else> does not take an argument";
            return refused
                .then(|| Refusal::new(self.argument.clone(), message))
                .into_iter()
                .collect();
        }
        if self.argument.is_empty() {
            let message = format!("{name}> directive requires additional arguments");
            return vec![Refusal::new(self.argument.clone(), message)];
        }
        match name {
            "<Limit" | "<LimitExcept" => self.refused_methods(name, surroundings),
            "<If" | "<ElseIf" => self.refused_condition(surroundings),
            "<VirtualHost" => virtual_host::refusals(self, surroundings),
            _ => self.refused_pattern(name).into_iter().collect(),
        }
    }

    /// What httpd refuses after it has read the body: words behind the first one.
    pub fn refusal_after_body(&self, name: &str) -> Option<Refusal> {
        let yet = match name {
            "<Directory" | "<DirectoryMatch" | "<Location" | "<LocationMatch" | "<Files"
            | "<FilesMatch" => "(yet) ",
            "<If" | "<ElseIf" => "",
            _ => return None,
        };
        let message = format!("Multiple {name}> arguments not {yet}supported.");
        Some(Refusal::new(self.surplus(name)?, message))
    }

    /// The words of the argument: the methods of `<Limit>`, the addresses of `<VirtualHost>`.
    pub fn words(&self) -> Vec<Located<String>> {
        split(self.argument_text())
    }

    /// The pattern, where the section has one: that of a `…Match` section, or the one behind `~`.
    pub fn pattern(&self, name: &str) -> Option<Located<String>> {
        let mut words = Words::new(self.argument_text());
        let first = words.take();
        match name {
            _ if first.value == "~" && takes_tilde(name) => Some(words.take()),
            "<DirectoryMatch" | "<LocationMatch" | "<FilesMatch" => Some(first),
            _ => None,
        }
    }

    fn surplus(&self, name: &str) -> Option<Range<usize>> {
        if !self.is_closed {
            return None;
        }
        let argument = self.argument_text();
        let mut words = Words::new(argument);
        let first = words.take();
        if takes_tilde(name) && first.value == "~" {
            words.take();
        }
        let end = argument.trim_end_matches(is_blank).len();
        (!words.is_at_end()).then(|| words.offset()..end)
    }

    // `LimitExcept` takes TRACE. In the configuration of the server both register what nobody knows.
    fn refused_methods(&self, name: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
        let mistake = |method: &str| {
            if method == "TRACE" && name == "<Limit" {
                let message = "TRACE cannot be controlled by <Limit>, see TraceEnable";
                return Some(message.to_owned());
            }
            let is_refused =
                surroundings.is_htaccess() == Some(true) && is_unknown_method(method, surroundings);
            is_refused.then(|| {
                format!(
                    "Could not register method '{method}' for {name} from .htaccess configuration"
                )
            })
        };
        let words = self.words().into_iter();
        words
            .filter_map(|it| Some(Refusal::new(it.range, mistake(&it.value)?)))
            .collect()
    }

    // Only the first word is read, so a condition with blanks needs quotes around it.
    fn refused_condition(&self, surroundings: &dyn Surroundings) -> Vec<Refusal> {
        let (word, _) = words::first(self.argument_text());
        let before = "Cannot parse condition clause: ";
        let (_, refusals) = expression::parse_condition(&word.text, surroundings);
        let refusals = refusals.into_iter();
        refusals
            .map(|it| expression::in_word(it, &word, 0, 0, before))
            .collect()
    }

    fn refused_pattern(&self, name: &str) -> Option<Refusal> {
        let pattern = self.pattern(name)?;
        regex::mistake(&pattern.value)?;
        Some(Refusal::new(pattern.range, "Regex could not be compiled"))
    }
}

// To the other two `…Match` sections `~` is a pattern of its own.
fn takes_tilde(name: &str) -> bool {
    matches!(
        name,
        "<Directory" | "<DirectoryMatch" | "<Location" | "<Files"
    )
}
