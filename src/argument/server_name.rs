//! `ServerName [SCHEME://]HOST[:PORT]`.

use super::number::atoi;
use super::words::first;
use super::{Located, Refusal};

/// A `ServerName` directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerName {
    /// The whole word.
    pub word: Located<String>,
    /// The scheme, in small letters.
    pub scheme: Option<String>,
    /// The host as written.
    pub host: String,
    /// The text behind the first colon of the host.
    pub port: Option<String>,
}

impl ServerName {
    /// Reads the argument text of `ServerName`.
    pub fn parse(text: &str) -> Self {
        let word = first(text);
        let (scheme, rest) = match word.value.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, word.value.as_str()),
        };
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(port.to_owned())),
            None => (rest, None),
        };
        Self {
            scheme,
            host: host.to_owned(),
            port,
            word,
        }
    }

    /// The port, as `atoi` reads it; a `ServerName` without one forgets the server's port.
    pub fn port_number(&self) -> Option<u16> {
        let number = atoi(self.port.as_ref()?);
        u16::try_from(number).ok().filter(|it| *it > 0)
    }

    /// What httpd refuses.
    pub fn refusals(&self) -> Vec<Refusal> {
        let text = &self.word.value;
        let message = if is_pattern(text) {
            format!("Invalid ServerName \"{text}\" use ServerAlias to set multiple server names.")
        } else if self.port.is_some() && self.port_number().is_none() {
            format!("The port number \"{text}\" is outside the appropriate range (i.e., 1..65535).")
        } else {
            return Vec::new();
        };
        vec![Refusal::new(self.word.range.clone(), message)]
    }
}

/// Whether a text is a pattern for APR (`apr_fnmatch_test`): it has `*`, `?` or a pair of
/// brackets. A backslash takes its meaning from the next character.
pub fn is_pattern(text: &str) -> bool {
    let mut characters = text.chars();
    let mut has_bracket = false;
    while let Some(character) = characters.next() {
        match character {
            '?' | '*' => return true,
            '\\' => {
                characters.next();
            }
            '[' => has_bracket = true,
            ']' if has_bracket => return true,
            _ => {}
        }
    }
    false
}
