//! `LogLevel [MODULE:]LEVEL…`.

use super::words::until_empty;
use super::{Located, Refusal, Surroundings};

pub(super) const LEVELS: &[&str] = &[
    "emerg", "alert", "crit", "error", "warn", "notice", "info", "debug", "trace1", "trace2",
    "trace3", "trace4", "trace5", "trace6", "trace7", "trace8",
];

const NO_LEVEL: &str = "Log level keyword must be one of \
     emerg/alert/crit/error/warn/notice/info/debug/trace1/.../trace8";

/// One word of `LogLevel`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLevel {
    /// The module before the last colon: its name with or without `_module`, or its source file.
    pub module: Option<Located<String>>,
    /// The level as written.
    pub level: Located<String>,
    /// The whole word.
    pub word: Located<String>,
}

/// Reads the argument text of `LogLevel`.
pub fn parse(text: &str) -> Vec<LogLevel> {
    until_empty(text)
        .into_iter()
        .map(|word| {
            let value = word.value.as_str();
            // What an escape changed is shown as a whole.
            let lead = text.get(word.range.clone()).and_then(|it| it.find(value));
            let part = |from: usize, to: usize| {
                let place =
                    |lead: usize| word.range.start + lead + from..word.range.start + lead + to;
                Located::new(
                    value[from..to].to_owned(),
                    lead.map_or(word.range.clone(), place),
                )
            };
            let (module, level) = match value.rfind(':') {
                Some(colon) => (Some(part(0, colon)), part(colon + 1, value.len())),
                None => (None, part(0, value.len())),
            };
            LogLevel {
                module,
                level,
                word,
            }
        })
        .collect()
}

/// What httpd refuses in `LogLevel`, the message that it prints first.
pub fn refusals(text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    parse(text)
        .iter()
        .filter_map(|it| it.refusal(surroundings))
        .collect()
}

impl LogLevel {
    /// What httpd refuses in this word.
    pub fn refusal(&self, surroundings: &dyn Surroundings) -> Option<Refusal> {
        let is_level = LEVELS
            .iter()
            .any(|it| it.eq_ignore_ascii_case(&self.level.value));
        let (range, message) = match &self.module {
            None if is_level => return None,
            None => (&self.level.range, NO_LEVEL.to_owned()),
            Some(module) if self.level.value.is_empty() => (
                &self.word.range,
                format!(
                    "Module specifier '{}' must be followed by a log level keyword",
                    module.value
                ),
            ),
            Some(module) if !is_level => (
                &self.level.range,
                format!("{}:{}: {NO_LEVEL}", module.value, self.level.value),
            ),
            Some(Located { value, range }) => {
                let names = [value.clone(), format!("{value}_module")];
                if names
                    .iter()
                    .any(|it| surroundings.has_module(it) != Some(false))
                {
                    return None;
                }
                (range, format!("Cannot find module {value}"))
            }
        };
        Some(Refusal::new(range.clone(), message))
    }
}
