//! Directives of mod_dav_svn with a language of their own.

use super::number::strtol;
use super::words::split;
use super::{Refusal, Surroundings, uri};

/// What httpd refuses in `SVNSpecialURI`.
pub fn special_uri(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let message = "The special URI path must have at least one component.";
    let is_empty = word.value.trim_matches('/').is_empty();
    is_empty.then(|| Refusal::new(word.range, message))
}

/// What httpd refuses in `SVNMasterURI`.
pub fn master_uri(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let needed = ["mod_proxy", "mod_proxy_http"];
    let lacks = |it: &&&str| surroundings.has_module(&format!("{it}.c")) == Some(false);
    let message = if let Some(module) = needed.iter().find(lacks) {
        format!("module {module} not loaded, required for SVNMasterURI")
    } else {
        match uri::parse(&word.value) {
            None => "unable to parse SVNMasterURI value".to_owned(),
            Some(uri) if uri.path.is_none_or(|it| it == "/") => {
                "SVNMasterURI value must not be a server root".to_owned()
            }
            Some(_) => return None,
        }
    };
    Some(Refusal::new(word.range, message))
}

/// What httpd refuses in `SVNMasterVersion MAJOR.MINOR[.PATCH[-TAG]]`.
pub fn master_version(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let number = match word.value.split_once('-') {
        Some((number, _)) if number.split('.').count() == 3 => number,
        _ => &word.value,
    };
    let parts: Vec<&str> = number.split('.').collect();
    let is_number = |it: &&str| {
        let number = strtol(it, 10);
        let is_whole = number.length > 0 && number.length == it.len();
        is_whole && (0..=i64::from(i32::MAX)).contains(&number.value)
    };
    let is_version = (2..=3).contains(&parts.len()) && parts.iter().all(is_number);
    let message = "Malformed master server version string.";
    (!is_version).then(|| Refusal::new(word.range, message))
}
