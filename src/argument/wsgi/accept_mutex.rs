//! `WSGIAcceptMutex MECHANISM`.

use crate::argument::words::first;
use crate::argument::{Located, Refusal, Surroundings};

/// The mechanisms that some build of mod_wsgi has, in the order of its own list.
const MECHANISMS: &[&str] = &[
    "default", "flock", "fcntl", "sysvsem", "posixsem", "pthread",
];

/// A `WSGIAcceptMutex` directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptMutex {
    /// The mechanism as written; mod_wsgi ignores its letter case.
    pub mechanism: Located<String>,
}

impl AcceptMutex {
    /// Reads the argument text of `WSGIAcceptMutex`.
    pub fn parse(text: &str) -> Self {
        Self {
            mechanism: first(text),
        }
    }

    /// What mod_wsgi refuses. Where the mechanisms of the server are unknown, the message lacks
    /// the sentence that lists them.
    pub fn refusals(&self, surroundings: &dyn Surroundings) -> Vec<Refusal> {
        let name = &self.mechanism.value;
        let available = surroundings.accept_mutex_mechanisms();
        let is_available = match available {
            Some(available) => available.iter().any(|it| it.eq_ignore_ascii_case(name)),
            None => MECHANISMS.iter().any(|it| it.eq_ignore_ascii_case(name)),
        };
        if is_available {
            return Vec::new();
        }
        let mut message = format!("Accept mutex lock mechanism '{name}' is invalid.");
        if let Some(available) = available {
            message += " Valid accept mutex mechanisms for this platform are: ";
            message += &available.join(", ");
            message.push('.');
        }
        vec![Refusal::new(self.mechanism.range.clone(), message)]
    }
}
