//! The expressions in `Require [not] PROVIDER …`. What else a provider refuses is not looked at.

use crate::argument::{Refusal, Surroundings};
use crate::syntax::words;

use super::{parse_condition, parse_string};

/// Providers that read all behind their name as one text, and the module that brings them.
const TEXTS: &[(&str, &str)] = &[
    ("user", "authz_user_module"),
    ("group", "authz_groupfile_module"),
    ("host", "authz_host_module"),
    ("forward-dns", "authz_host_module"),
    ("dbm-group", "authz_dbm_module"),
    ("dbd-group", "authz_dbd_module"),
    ("ldap-user", "authnz_ldap_module"),
    ("ldap-group", "authnz_ldap_module"),
    ("ldap-dn", "authnz_ldap_module"),
    ("ldap-attribute", "authnz_ldap_module"),
    ("ldap-filter", "authnz_ldap_module"),
    ("ldap-search", "authnz_ldap_module"),
];

const BEFORE: &str = "Cannot parse expression in require line: ";

/// What httpd refuses in the expression of a `Require` directive, where it has one.
pub(in crate::argument) fn refusals(text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    let (mut provider, mut rest) = words::first(text);
    if provider.text.eq_ignore_ascii_case("not") {
        (provider, rest) = words::first(rest);
    }
    let offset = text.len() - rest.len();
    let is_there = |module| surroundings.has_module(module) == Some(true);
    let (skipped, refusals) = if provider.text == "expr" {
        let condition = unquoted(rest);
        let skipped = usize::from(condition.len() < rest.len());
        (skipped, parse_condition(condition, surroundings).1)
    } else if TEXTS
        .iter()
        .any(|it| it.0 == provider.text && is_there(it.1))
    {
        (0, parse_string(rest, surroundings).1)
    } else {
        return Vec::new();
    };
    let start = offset + skipped;
    let moved = |it: Refusal| Refusal {
        range: start + it.range.start..start + it.range.end,
        ..it.after(BEFORE)
    };
    refusals.into_iter().map(moved).collect()
}

// One pair of double quotes around all of it is taken off; nothing is unescaped.
fn unquoted(text: &str) -> &str {
    text.strip_prefix('"')
        .and_then(|it| it.strip_suffix('"'))
        .unwrap_or(text)
}
