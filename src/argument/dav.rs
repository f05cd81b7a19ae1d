//! `DAV on|off|PROVIDER`.

use super::words::{is, split};
use super::{Refusal, Surroundings};

/// What httpd refuses: a provider that no module registers.
pub fn refusal(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let there = match word.value.as_str() {
        it if is(it, "on") || is(it, "off") => return None,
        "filesystem" => surroundings.has_module("mod_dav_fs.c"),
        "svn" => surroundings.has_module("mod_dav_svn.c"),
        _ => surroundings.has_foreign_module(),
    };
    let message = format!("Unknown DAV provider: {}", word.value);
    (there == Some(false)).then(|| Refusal::new(word.range, message))
}
