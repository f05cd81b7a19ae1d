//! `<WSGIInterpreterOptions [process-group=NAME] [application-group=NAME]>`.

use crate::argument::words::split;
use crate::argument::{Located, Refusal};

/// The argument of a `<WSGIInterpreterOptions>` section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterpreterOptions {
    /// The words before the last `>`, up to the first empty one, at which mod_wsgi stops.
    pub selectors: Vec<Located<String>>,
    /// Where the section should be closed and is not.
    pub unclosed: Option<usize>,
}

impl InterpreterOptions {
    /// Reads what follows the section's name, its `>` included.
    pub fn parse(text: &str) -> Self {
        let end = text.rfind('>');
        let words = split(&text[..end.unwrap_or(text.len())]);
        Self {
            selectors: words
                .into_iter()
                .take_while(|it| !it.value.is_empty())
                .collect(),
            unclosed: end.is_none().then_some(text.len()),
        }
    }

    /// What mod_wsgi refuses, the message that httpd prints first.
    pub fn refusals(&self) -> Vec<Refusal> {
        if let Some(end) = self.unclosed {
            let message = "<WSGIInterpreterOptions> directive missing closing '>'";
            return vec![Refusal::new(end..end, message)];
        }
        let mut given: Vec<&str> = Vec::new();
        let mut refusals = Vec::new();
        for selector in &self.selectors {
            let message = match selector.value.split_once('=') {
                None => format!("argument '{}' is not of the form key=value", selector.value),
                Some((key, _)) => match known(key) {
                    None => format!(
                        "unknown selector '{key}', expected process-group or application-group"
                    ),
                    Some(key) if given.contains(&key) => format!("{key} given more than once"),
                    Some(key) => {
                        given.push(key);
                        continue;
                    }
                },
            };
            let message = format!("<WSGIInterpreterOptions>: {message}");
            refusals.push(Refusal::new(selector.range.clone(), message));
        }
        refusals
    }
}

fn known(key: &str) -> Option<&'static str> {
    ["process-group", "application-group"]
        .into_iter()
        .find(|it| it.eq_ignore_ascii_case(key))
}
