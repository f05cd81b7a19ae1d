//! `RewriteMap NAME [TYPE:]SOURCE [USER[:GROUP]]`.

use super::words::split;
use super::{Located, Refusal, Surroundings};
use crate::world::Kind;

/// The functions of `int:`.
pub(super) const FUNCTIONS: &[&str] = &["tolower", "toupper", "escape", "unescape"];
/// The kinds of DBM file that some build of APR has.
const DBM_TYPES: &[&str] = &["default", "db", "gdbm", "lmdb", "ndbm", "sdbm"];

/// What httpd refuses in `RewriteMap`.
pub fn refusal(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let (name, source) = (words.first()?, words.get(1)?);
    let text = source.value.to_ascii_lowercase();
    let needs_dbd = text.starts_with("dbd:") || text.starts_with("fastdbd:");
    if needs_dbd && surroundings.has_module("mod_dbd.c") == Some(false) {
        let message = "RewriteMap types dbd and fastdbd require mod_dbd!";
        return Some(Refusal::new(source.range.clone(), message));
    }
    if needs_dbd {
        return None;
    }
    let message = mistake(name, source, surroundings)?;
    Some(Refusal::new(
        source.range.clone(),
        format!("RewriteMap: {message}"),
    ))
}

fn mistake(
    name: &Located<String>,
    source: &Located<String>,
    surroundings: &dyn Surroundings,
) -> Option<String> {
    let text = source.value.as_str();
    let of_type = |prefix: &str| {
        let start = text.get(..prefix.len())?;
        start
            .eq_ignore_ascii_case(prefix)
            .then(|| &text[prefix.len()..])
    };
    let missing = |path: &str| {
        let kind = surroundings.kind(path);
        let is_missing = matches!(kind, Kind::Missing | Kind::NotADirectory);
        let path = surroundings
            .resolve(path)
            .unwrap_or_else(|| path.to_owned());
        is_missing.then(|| format!("file for map {} not found:{path}", name.value))
    };
    if let Some(function) = of_type("int:") {
        let is_known = FUNCTIONS.contains(&function);
        return (!is_known).then(|| format!("internal map not found:{function}"));
    }
    if let Some(path) = of_type("txt:").or_else(|| of_type("rnd:")) {
        return missing(path);
    }
    if let Some(command) = of_type("prg:") {
        return missing(command.split(' ').next().unwrap_or_default());
    }
    match of_type("dbm") {
        None => missing(text),
        Some(rest) => {
            let (kind, path) = match (rest.strip_prefix(':'), rest.strip_prefix('=')) {
                (Some(path), _) => ("default", Some(path)),
                (None, Some(rest)) => match rest.split_once(':') {
                    Some((kind, path)) => (kind, Some(path)),
                    None => (rest, None),
                },
                (None, None) => ("default", None),
            };
            let Some(path) = path else {
                return Some(format!("bad map:{text}"));
            };
            if !DBM_TYPES.contains(&kind) {
                return Some(format!("dbm type {kind} is invalid"));
            }
            match kind {
                "sdbm" => missing(&format!("{path}.dir")),
                _ => missing(path),
            }
        }
    }
}
