//! Directives of mod_auth_mellon with a language of their own.

use super::words::{argv, split};
use super::{Located, Refusal, Surroundings, file, regex};
use crate::world::Kind;

fn refused(word: &Located<String>, message: impl Into<String>) -> Option<Refusal> {
    Some(Refusal::new(word.range.clone(), message))
}

/// What httpd refuses in `MellonCond ATTRIBUTE VALUE [FLAGS]`. With a flag that it does not know,
/// httpd never comes to an end, so nothing is said of one.
pub fn condition(text: &str) -> Option<Refusal> {
    let words = split(text);
    let (value, flags) = (words.get(1)?, words.get(2)?);
    if flags.value.is_empty() {
        return None;
    }
    let list = flags
        .value
        .strip_prefix('[')
        .and_then(|it| it.strip_suffix(']'));
    let Some(list) = list else {
        let message = format!("MellonCond - invalid flags {}", flags.value);
        return refused(flags, message);
    };
    let is_pattern = list.split([',', ' ']).any(|it| it == "REG");
    let is_wrong = is_pattern && regex::mistake(&value.value).is_some();
    let message = format!("MellonCond - invalid regex {}", value.value);
    is_wrong.then(|| refused(value, message))?
}

/// What httpd refuses in `MellonRequire ATTRIBUTE VALUE…`.
pub fn require(text: &str) -> Option<Refusal> {
    let words = split(text);
    let is_given = |at: usize| words.get(at).is_some_and(|it| !it.value.is_empty());
    let message = "MellonRequire takes at least two arguments";
    (!is_given(0) || !is_given(1)).then(|| Refusal::new(0..text.len(), message))
}

/// What httpd refuses in directives that take a list without an arity.
pub fn list(directive: &str, text: &str) -> Option<Refusal> {
    let message = format!("{directive} takes at least one arguments");
    argv(text)
        .is_empty()
        .then(|| Refusal::new(0..text.len(), message))
}

/// What httpd refuses in `MellonMergeEnvVars On|Off [SEPARATOR]`.
pub fn merge(text: &str) -> Option<Refusal> {
    let words = split(text);
    let state = words.first()?;
    if state.value.eq_ignore_ascii_case("on") {
        return None;
    }
    if !state.value.eq_ignore_ascii_case("off") {
        return refused(state, "MellonMergeEnvVars first parameer must be On or Off");
    }
    let separator = words.get(1).filter(|it| !it.value.is_empty())?;
    let message = "MellonMergeEnvVars separator should not be used with Off";
    refused(separator, message)
}

/// What httpd refuses in directives that name a file of the server.
pub fn file(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let path = surroundings.resolve(&word.value)?;
    let kind = surroundings.kind(&word.value);
    if let Some(message) = missing(&path, kind) {
        return refused(&word, message);
    }
    let is_read = matches!(
        directive,
        "MellonSPCertFile" | "MellonSPMetadataFile" | "MellonSPPrivateKeyFile"
    );
    let message = match kind {
        Kind::Directory if is_read => {
            format!("apr_file_read_full: Error reading \"{path}\" [21] \"Is a directory\"")
        }
        Kind::Directory | Kind::Other if !is_read => {
            format!("file \"{path}\" is not a regular file")
        }
        _ => return None,
    };
    refused(&word, message)
}

/// What httpd refuses in `MellonIdPMetadataFile FILE [CHAIN]`.
pub fn metadata(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    for word in split(text).iter().filter(|it| !it.value.is_empty()) {
        // A relative path begins in the directory in which httpd was started.
        if !word.value.starts_with('/') {
            return None;
        }
        if let Some(message) = missing(&word.value, surroundings.kind(&word.value)) {
            return refused(word, message);
        }
    }
    None
}

fn missing(path: &str, kind: Kind) -> Option<String> {
    let reason = file::reason(kind)?;
    let number = match kind {
        Kind::Missing => 2,
        Kind::NotADirectory => 20,
        _ => return None,
    };
    Some(format!(
        "apr_stat: Error opening \"{path}\" [{number}] \"{reason}\""
    ))
}
