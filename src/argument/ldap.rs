//! Directives of mod_ldap and mod_authnz_ldap with a language of their own.

use super::words::split;
use super::{Refusal, Surroundings};
use crate::world::Kind;

/// The types of `LDAPTrustedGlobalCert`, in httpd's order.
const GLOBAL_TYPES: &[&str] = &[
    "CA_DER",
    "CA_BASE64",
    "CA_CERT7_DB",
    "CA_SECMOD",
    "CERT_DER",
    "CERT_BASE64",
    "CERT_KEY3_DB",
    "CERT_NICKNAME",
    "KEY_DER",
    "KEY_BASE64",
];

/// Those of `LDAPTrustedClientCert`.
const CLIENT_TYPES: &[&str] = &[
    "CA_DER",
    "CA_BASE64",
    "CERT_DER",
    "CERT_BASE64",
    "CERT_NICKNAME",
    "CERT_PFX",
    "KEY_DER",
    "KEY_BASE64",
    "KEY_PFX",
];

fn is_any_of(words: &[&str], word: &str) -> bool {
    words.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// What httpd refuses in `AuthLDAPURL URL [MODE]`: the URL comes first.
pub fn url(text: &str) -> Option<Refusal> {
    let words = split(text);
    let url = words.first()?;
    if let Some(message) = url_mistake(&url.value) {
        return Some(Refusal::new(url.range.clone(), message));
    }
    let mode = words.get(1).filter(|it| !it.value.is_empty())?;
    let message = "Invalid LDAP connection mode setting: must be one of NONE, SSL, or TLS/STARTTLS";
    let is_known = is_any_of(&["NONE", "SSL", "TLS", "STARTTLS"], &mode.value);
    (!is_known).then(|| Refusal::new(mode.range.clone(), message))
}

fn url_mistake(url: &str) -> Option<&'static str> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    if !is_any_of(&["ldap", "ldaps", "ldapi"], scheme) {
        return Some("The scheme was not recognised as a valid LDAP URL scheme.");
    }
    let host = rest.split('/').next().unwrap_or_default();
    if host.starts_with('[') && !host.contains(']') {
        return Some("Bad LDAP URL while parsing IPV6 syntax.");
    }
    let path = rest.split_once('/').map_or("", |it| it.1);
    let scope = path.split('?').nth(2).unwrap_or_default();
    let is_scope =
        scope.is_empty() || is_any_of(&["one", "onetree", "base", "sub", "subtree"], scope);
    (!is_scope).then_some("Bad scope encountered while parsing LDAP URL.")
}

/// What httpd refuses in `AuthLDAPBindPassword`: a program that cannot say a password. It is looked
/// for where httpd is started, unless its path is absolute.
pub fn bind_password(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let command = word.value.strip_prefix("exec:")?;
    let program = split(command).into_iter().next()?.value;
    let is_missing = program.starts_with('/')
        && matches!(
            surroundings.kind(&program),
            Kind::Missing | Kind::NotADirectory
        );
    let message = "Empty passwords are invalid for AuthLDAPBindPassword";
    is_missing.then(|| Refusal::new(word.range, message))
}

/// What httpd refuses in `LDAPTrustedGlobalCert` and `LDAPTrustedClientCert`.
pub fn certificate(
    directive: &str,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let words = split(text);
    let (kind, path) = (words.first()?, words.get(1)?);
    let name = &kind.value;
    let is_global = directive == "LDAPTrustedGlobalCert";
    let is_known = match is_global {
        true => is_any_of(GLOBAL_TYPES, name) || is_any_of(&["CERT_PFX", "KEY_PFX"], name),
        false => is_any_of(CLIENT_TYPES, name),
    };
    let other = ["CA_CERT7_DB", "CA_SECMOD", "CERT_KEY3_DB"];
    let message = if !is_global && is_any_of(&other, name) {
        format!(
            "The certificate type \"{name}\" is only valid within a LDAPTrustedGlobalCert \
             directive. Only CA_DER, CA_BASE64, CERT_DER, CERT_BASE64, CERT_NICKNAME, KEY_DER, \
             and KEY_BASE64 may be used."
        )
    } else if !is_known && is_global {
        format!(
            "The certificate type {name} is not recognised. It should be one of {}",
            GLOBAL_TYPES.join(", ")
        )
    } else if !is_known {
        format!(
            "The certificate type \"{name}\" is not recognised. It should be one of {}",
            CLIENT_TYPES.join(", ")
        )
    } else {
        let is_nickname = name.eq_ignore_ascii_case("CERT_NICKNAME");
        let is_missing = matches!(
            surroundings.kind(&path.value),
            Kind::Missing | Kind::NotADirectory
        );
        let what = if is_global { "global" } else { "client" };
        let message = format!("Invalid {what} certificate file path");
        return (is_missing && !is_nickname).then(|| Refusal::new(path.range.clone(), message));
    };
    Some(Refusal::new(kind.range.clone(), message))
}
