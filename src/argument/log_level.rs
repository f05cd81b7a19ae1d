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
    pub module: Option<String>,
    /// The level as written.
    pub level: String,
    /// The whole word.
    pub word: Located<String>,
}

/// Reads the argument text of `LogLevel`.
pub fn parse(text: &str) -> Vec<LogLevel> {
    until_empty(text)
        .into_iter()
        .map(|word| {
            let (module, level) = match word.value.rsplit_once(':') {
                Some((module, level)) => (Some(module.to_owned()), level.to_owned()),
                None => (None, word.value.clone()),
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
        let is_level = LEVELS.iter().any(|it| it.eq_ignore_ascii_case(&self.level));
        let message = match &self.module {
            None if is_level => return None,
            None => NO_LEVEL.to_owned(),
            Some(module) if self.level.is_empty() => {
                format!("Module specifier '{module}' must be followed by a log level keyword")
            }
            Some(module) if !is_level => format!("{module}:{}: {NO_LEVEL}", self.level),
            Some(module) => {
                let names = [module.clone(), format!("{module}_module")];
                if names
                    .iter()
                    .any(|it| surroundings.has_module(it) != Some(false))
                {
                    return None;
                }
                format!("Cannot find module {module}")
            }
        };
        Some(Refusal::new(self.word.range.clone(), message))
    }
}
