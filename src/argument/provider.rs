//! The providers that modules register for others: whom `AuthBasicProvider` and `Require` may name.

use super::require::Require;
use super::section::Section;
use super::words::until_empty;
use super::{Declared, Refusal, Surroundings};

/// What a provider is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It knows users: `AuthBasicProvider file`.
    Authentication,
    /// It knows who may: `Require ip`.
    Authorization,
}

/// Whether a provider is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// A module registers it.
    There,
    /// No module does.
    Absent,
    /// We cannot know.
    Unknown,
}

/// The providers of authentication with their modules, and whether they know the hash of a
/// password, as `AuthDigestProvider` needs it.
pub(super) const AUTHENTICATION: &[(&str, &str, bool)] = &[
    ("anon", "mod_authn_anon.c", false),
    ("dbd", "mod_authn_dbd.c", true),
    ("dbm", "mod_authn_dbm.c", true),
    ("file", "mod_authn_file.c", true),
    ("ldap", "mod_authnz_ldap.c", false),
    ("socache", "mod_authn_socache.c", true),
    ("wsgi", "mod_wsgi.c", true),
];

/// The providers of authorization with their modules.
pub(super) const AUTHORIZATION: &[(&str, &str)] = &[
    ("all", "mod_authz_core.c"),
    ("dbd-group", "mod_authz_dbd.c"),
    ("dbd-login", "mod_authz_dbd.c"),
    ("dbd-logout", "mod_authz_dbd.c"),
    ("dbm-file-group", "mod_authz_dbm.c"),
    ("dbm-group", "mod_authz_dbm.c"),
    ("env", "mod_authz_core.c"),
    ("expr", "mod_authz_core.c"),
    ("file-group", "mod_authz_groupfile.c"),
    ("file-owner", "mod_authz_owner.c"),
    ("forward-dns", "mod_authz_host.c"),
    ("group", "mod_authz_groupfile.c"),
    ("host", "mod_authz_host.c"),
    ("ip", "mod_authz_host.c"),
    ("ldap-attribute", "mod_authnz_ldap.c"),
    ("ldap-dn", "mod_authnz_ldap.c"),
    ("ldap-filter", "mod_authnz_ldap.c"),
    ("ldap-group", "mod_authnz_ldap.c"),
    ("ldap-search", "mod_authnz_ldap.c"),
    ("ldap-user", "mod_authnz_ldap.c"),
    ("local", "mod_authz_host.c"),
    ("method", "mod_authz_core.c"),
    ("ssl", "mod_ssl.c"),
    ("ssl-verify-client", "mod_ssl.c"),
    ("user", "mod_authz_user.c"),
    ("valid-user", "mod_authz_user.c"),
    ("wsgi-group", "mod_wsgi.c"),
];

/// Whether a provider is there.
pub fn presence(kind: Kind, name: &str, surroundings: &dyn Surroundings) -> Presence {
    let module = match kind {
        Kind::Authentication => AUTHENTICATION.iter().find(|it| it.0 == name).map(|it| it.1),
        Kind::Authorization => AUTHORIZATION.iter().find(|it| it.0 == name).map(|it| it.1),
    };
    match module.map(|it| surroundings.has_module(it)) {
        Some(Some(true)) => return Presence::There,
        Some(None) => return Presence::Unknown,
        Some(Some(false)) | None => {}
    }
    let declared = match kind {
        Kind::Authentication => Declared::Authentication,
        Kind::Authorization => Declared::Authorization,
    };
    match surroundings.declared_above(declared, name) {
        None => return Presence::Unknown,
        Some(declarations) if !declarations.is_empty() => return Presence::There,
        Some(_) => {}
    }
    // Modules of others have providers of their own.
    match surroundings.has_foreign_module() {
        Some(false) => Presence::Absent,
        _ => Presence::Unknown,
    }
}

/// What httpd refuses in `AuthBasicProvider`, `AuthDigestProvider` and `AuthFormProvider`, the
/// message that it prints first.
pub fn refusals(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    let mistake = |name: &str| match presence(Kind::Authentication, name, surroundings) {
        Presence::Absent => Some(format!("Unknown Authn provider: {name}")),
        Presence::There if directive == "AuthDigestProvider" => {
            let known = AUTHENTICATION.iter().find(|it| it.0 == name)?;
            (!known.2).then(|| {
                format!("The '{name}' Authn provider doesn't support Digest Authentication")
            })
        }
        _ => None,
    };
    until_empty(text)
        .into_iter()
        .filter_map(|it| Some(Refusal::new(it.range.clone(), mistake(&it.value)?)))
        .collect()
}

/// What httpd refuses in `<AuthnProviderAlias BASE NAME>` and `<AuthzProviderAlias BASE NAME …>`
/// before it reads the section's body.
pub fn alias(section: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let parsed = Section::parse(text);
    if !parsed.is_closed {
        let end = text.len();
        let message = format!("{section}> directive missing closing '>'");
        return Some(Refusal::new(end..end, message));
    }
    let words = parsed.words();
    let (Some(base), Some(name)) = (words.first(), words.get(1)) else {
        let message = format!("{section}> directive requires additional arguments");
        return Some(Refusal::new(parsed.argument.clone(), message));
    };
    if section != "<AuthnProviderAlias" {
        return None;
    }
    if base.value.eq_ignore_ascii_case(&name.value) {
        let message = "The alias provider name must be different from the base provider name.";
        return Some(Refusal::new(name.range.clone(), message));
    }
    if presence(Kind::Authentication, &name.value, surroundings) == Presence::There {
        let name_text = &name.value;
        let message = format!(
            "The alias provider {name_text} has already be registered previously as either a \
             base provider or an alias provider."
        );
        return Some(Refusal::new(name.range.clone(), message));
    }
    None
}

/// What httpd refuses in such a section when it has read the body.
pub fn alias_after_body(
    section: &str,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let parsed = Section::parse(text);
    let words = parsed.words();
    let (base, _) = (words.first()?, words.get(1)?);
    let (kind, what) = match section {
        "<AuthnProviderAlias" => (Kind::Authentication, "Authn"),
        _ => (Kind::Authorization, "Authz"),
    };
    if presence(kind, &base.value, surroundings) == Presence::Absent {
        let message = format!("Unknown {what} provider: {}", base.value);
        return Some(Refusal::new(base.range.clone(), message));
    }
    if kind == Kind::Authentication {
        return None;
    }
    // What follows is as in `Require`, one word of it.
    let rest = words.get(2).map_or("", |it| it.value.as_str());
    let required = format!("{} {rest}", base.value);
    let refusal = Require::parse(&required).refused_values(&required, surroundings)?;
    let message = format!("Can't parse 'Require {required}': {}", refusal.message);
    let range = words.get(2).unwrap_or(base).range.clone();
    Some(Refusal::new(range, message))
}
