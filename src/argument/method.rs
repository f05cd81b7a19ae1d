//! The request methods that httpd knows by name.

use super::{Declared, Surroundings};

/// The methods that httpd itself registers (`ap_method_registry_init`), WebDAV's among them.
pub const METHODS: &[&str] = &[
    "GET",
    "HEAD",
    "PUT",
    "POST",
    "DELETE",
    "CONNECT",
    "OPTIONS",
    "TRACE",
    "PATCH",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "VERSION-CONTROL",
    "CHECKOUT",
    "UNCHECKOUT",
    "CHECKIN",
    "UPDATE",
    "LABEL",
    "REPORT",
    "MKWORKSPACE",
    "MKACTIVITY",
    "BASELINE-CONTROL",
    "MERGE",
];

/// The methods that mod_dav registers when the configuration is read: too late for it, but not for
/// `.htaccess` files.
const OF_DAV: [&str; 2] = ["BIND", "SEARCH"];

/// Whether no module registers a method; httpd tells small letters and capitals apart.
pub(super) fn is_unknown_method(name: &str, surroundings: &dyn Surroundings) -> bool {
    if METHODS.contains(&name) {
        return false;
    }
    let may_be_of_dav = OF_DAV.contains(&name)
        && surroundings.is_htaccess() != Some(false)
        && surroundings.has_module("mod_dav.c") != Some(false);
    if may_be_of_dav || !surroundings.knows_all_modules() {
        return false;
    }
    let registered = surroundings.declared_above(Declared::Method, name);
    registered.is_some_and(|it| it.is_empty())
}
