//! `AllowOverride WORD…` and `AllowOverrideList NAME…`.

use super::options::DirectoryOption;
use super::words::split;
use super::{Located, Refusal};

/// One word of `AllowOverride`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Override {
    /// `All`; forgets what stands before it.
    All,
    /// `None`; forgets what stands before it.
    None,
    /// `AuthConfig`.
    AuthConfig,
    /// `FileInfo`.
    FileInfo,
    /// `Indexes`.
    Indexes,
    /// `Limit`.
    Limit,
    /// `Options`, or `Options=NAME,…` with the names; all options are allowed without them.
    Options(Option<Vec<String>>),
    /// `Nonfatal=WORD`; a word that httpd does not know counts for nothing.
    Nonfatal(Option<String>),
    /// Something else, which httpd refuses.
    Unknown,
}

/// An `AllowOverride` directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowOverride {
    /// Its words with their text, in order.
    pub words: Vec<(Override, Located<String>)>,
}

impl AllowOverride {
    /// Reads the argument text of `AllowOverride`.
    pub fn parse(text: &str) -> Self {
        Self {
            words: split(text)
                .into_iter()
                .map(|it| (override_of(&it.value), it))
                .collect(),
        }
    }

    /// What httpd refuses, the message that it prints first.
    pub fn refusals(&self) -> Vec<Refusal> {
        self.words
            .iter()
            .filter_map(|(kind, word)| refused(kind, word))
            .collect()
    }
}

/// The words that take no value.
pub(super) const CLASSES: &[&str] = &[
    "All",
    "None",
    "AuthConfig",
    "FileInfo",
    "Indexes",
    "Limit",
    "Options",
];

fn override_of(word: &str) -> Override {
    let (key, value) = match word.split_once('=') {
        Some((key, value)) => (key, Some(value)),
        None => (word, None),
    };
    let is = |name: &str| key.eq_ignore_ascii_case(name);
    // Only two of the words look at what follows their `=`.
    match () {
        () if is("Limit") => Override::Limit,
        () if is("Options") => Override::Options(value.map(names)),
        () if is("FileInfo") => Override::FileInfo,
        () if is("AuthConfig") => Override::AuthConfig,
        () if is("Indexes") => Override::Indexes,
        () if is("Nonfatal") => Override::Nonfatal(value.map(str::to_owned)),
        () if is("None") => Override::None,
        () if is("All") => Override::All,
        () => Override::Unknown,
    }
}

fn names(list: &str) -> Vec<String> {
    list.split(',')
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect()
}

fn refused(kind: &Override, word: &Located<String>) -> Option<Refusal> {
    let key = word.value.split('=').next().unwrap_or_default();
    let message = match kind {
        Override::Unknown => format!("Illegal override option {key}"),
        Override::Nonfatal(None) => {
            format!("=Override, =Unknown or =All expected after {key}")
        }
        Override::Options(Some(names)) => {
            let unknown = names.iter().find(|it| DirectoryOption::of(it).is_none())?;
            format!("Illegal option {unknown}")
        }
        _ => return None,
    };
    Some(Refusal::new(word.range.clone(), message))
}

/// What httpd refuses in `AllowOverrideList`; names that it does not know only make it warn.
pub fn list(text: &str) -> Vec<Refusal> {
    let words = super::words::argv(text);
    let none = words
        .iter()
        .find(|it| it.value.eq_ignore_ascii_case("none"));
    match none {
        Some(none) if words.len() > 1 => {
            let message = "'None' not allowed with other directives in AllowOverrideList";
            vec![Refusal::new(none.range.clone(), message)]
        }
        _ => Vec::new(),
    }
}
