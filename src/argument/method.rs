//! The request methods that httpd knows by name.

use super::words::{argv, is};
use super::{Declared, Refusal, Surroundings};

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

/// What httpd refuses in `AllowMethods reset|METHOD…`.
pub fn allow_methods(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = argv(text);
    if words.is_empty() {
        let message = "AllowMethods: No method or 'reset' keyword given";
        return Some(Refusal::new(0..text.len(), message));
    }
    words.into_iter().find_map(|word| {
        let is_wrong = !is(&word.value, "reset") && is_unknown_method(&word.value, surroundings);
        let message = format!("AllowMethods: Invalid Method '{}'", word.value);
        is_wrong.then(|| Refusal::new(word.range, message))
    })
}
