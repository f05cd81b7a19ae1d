//! `ErrorDocument STATUS DOCUMENT`.

use super::number::atoi;
use super::words::located;
use super::{Located, Refusal, Surroundings, expression};
use crate::syntax::words::{self, Quote, Word};

/// How the names of pages end, and hardly a message of one word.
const PAGES: &[&str] = &[
    "asp", "aspx", "cgi", "htm", "html", "jsp", "php", "pl", "py", "shtml", "txt",
];

/// An `ErrorDocument` directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorDocument<'a> {
    /// The status as written.
    pub status: Located<String>,
    /// The document: a text, a local path, a URL or `default`.
    pub document: Word<'a>,
    // Where the text begins that the document was taken from.
    offset: usize,
}

impl<'a> ErrorDocument<'a> {
    /// Reads the argument text of `ErrorDocument`.
    pub fn parse(text: &'a str) -> Self {
        let (status, rest) = words::first(text);
        Self {
            status: located(&status, 0),
            document: words::first(rest).0,
            offset: text.len() - rest.len(),
        }
    }

    /// Whether it is a URL for 401, which httpd passes over.
    pub fn is_remote_unauthorized(&self) -> bool {
        atoi(&self.status.value) == 401 && is_url(&self.document.text)
    }

    /// The document where it is a text that looks like the name of a page: a word without quotes
    /// that ends as such names do.
    pub fn misread_page(&self) -> Option<Located<String>> {
        let document = &self.document;
        let name = &*document.text;
        let ending = name.rsplit_once('.')?.1;
        let is_page = PAGES.iter().any(|it| it.eq_ignore_ascii_case(ending));
        let is_name = document.quote == Quote::None
            && name.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '.')
            && !name.contains([':', '$', '%']);
        (is_page && is_name).then(|| located(document, self.offset))
    }

    /// What httpd refuses in the status, and in the document.
    pub fn refusals(&self, surroundings: &dyn Surroundings) -> Vec<Refusal> {
        let status = &self.status;
        if !is_known_status(atoi(&status.value)) {
            let message = format!("Unsupported HTTP response code {}", status.value);
            return vec![Refusal::new(status.range.clone(), message)];
        }
        let document = &self.document.text;
        if self.is_remote_unauthorized() {
            return Vec::new();
        }
        let before = "Cannot parse expression in ErrorDocument: ";
        let (_, refusals) = expression::parse_string(document, surroundings);
        let refusals = refusals.into_iter();
        refusals
            .map(|it| expression::in_word(it, &self.document, 0, self.offset, before))
            .collect()
    }
}

// What has a blank in it is a text.
fn is_url(document: &str) -> bool {
    let is_of_scheme = |it: char| it.is_ascii_alphanumeric() || "+-.".contains(it);
    let behind_scheme = document.trim_start_matches(is_of_scheme);
    behind_scheme.starts_with(':')
        && behind_scheme.len() < document.len()
        && !document.contains(' ')
}

/// Whether httpd has a status line for a code.
pub fn is_known_status(code: i32) -> bool {
    matches!(
        code,
        100..=103 | 200..=208 | 226 | 300..=305 | 307 | 308 | 400..=417 | 421..=424 | 426 | 428 | 429 | 431 | 451
            | 500..=508 | 510 | 511
    )
}
