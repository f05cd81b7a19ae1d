//! Directives of mod_auth_cas with a language of their own.

use super::words::split;
use super::{Refusal, Surroundings, uri};
use crate::world::Kind;

/// What httpd refuses in the directives that take a URL: it must have a host.
pub fn url(directive: &str, text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let what = match directive {
        "CASLoginURL" => "Login URL",
        "CASValidateURL" => "Validation URL",
        "CASProxyValidateURL" => "Proxy Validation URL",
        _ => "Root Proxy URL",
    };
    let has_host = uri::parse(&word.value).is_some_and(|it| it.host.is_some());
    let message = format!("MOD_AUTH_CAS: {what} '{}' could not be parsed!", word.value);
    (!has_host).then(|| Refusal::new(word.range, message))
}

/// What httpd refuses in `CASCookiePath`. What it says of a directory that is not there depends on
/// chance.
pub fn cookie_path(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let path = word.value.as_str();
    let is_absolute = path.starts_with('/');
    let is_file = is_absolute && matches!(surroundings.kind(path), Kind::File | Kind::Other);
    let message = format!(
        "MOD_AUTH_CAS: CASCookiePath '{path}' is not a directory or does not end in a trailing '/'!"
    );
    (is_file || !path.ends_with('/')).then(|| Refusal::new(word.range, message))
}

/// What httpd refuses in `CASCertificatePath`. What it says of a file that is not there depends on
/// chance.
pub fn certificate_path(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let path = word.value.as_str();
    let is_odd = path.starts_with('/') && surroundings.kind(path) == Kind::Other;
    let message = format!(
        "MOD_AUTH_CAS: Certificate Authority file '{path}' is not a regular file or directory"
    );
    is_odd.then(|| Refusal::new(word.range, message))
}
