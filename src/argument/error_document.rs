//! `ErrorDocument STATUS DOCUMENT`.

use super::number::atoi;
use super::words::Words;
use super::{Located, Refusal};

/// An `ErrorDocument` directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorDocument {
    /// The status as written.
    pub status: Located<String>,
    /// The document: a text, a local path, a URL or `default`.
    pub document: Located<String>,
}

impl ErrorDocument {
    /// Reads the argument text of `ErrorDocument`.
    pub fn parse(text: &str) -> Self {
        let mut words = Words::new(text);
        Self {
            status: words.take(),
            document: words.take(),
        }
    }

    /// What httpd refuses in the status. Expressions in the document are not looked at.
    pub fn refusals(&self) -> Vec<Refusal> {
        if is_known_status(atoi(&self.status.value)) {
            return Vec::new();
        }
        let message = format!("Unsupported HTTP response code {}", self.status.value);
        vec![Refusal::new(self.status.range.clone(), message)]
    }
}

/// Whether httpd has a status line for a code.
pub fn is_known_status(code: i32) -> bool {
    matches!(
        code,
        100..=103 | 200..=208 | 226 | 300..=305 | 307 | 308 | 400..=417 | 421..=424 | 426 | 428 | 429 | 431 | 451
            | 500..=508 | 510 | 511
    )
}
