//! Directives of mod_jk with a language of their own.

use super::words::{split, until_empty};
use super::{Refusal, Surroundings};

/// What httpd refuses in `JkMount` and `JkUnMount [PATH] WORKER`: the path stands in the line or in
/// the section around it.
pub fn mount(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let first = words.first()?;
    let in_line = words.get(1).filter(|it| !it.value.is_empty());
    let path = match (surroundings.section_path(), in_line) {
        (Some(_), Some(_)) => {
            let message = format!("{directive} can not have a path when defined in a location");
            return Some(Refusal::new(first.range.clone(), message));
        }
        (None, None) => {
            let message = format!("{directive} needs a path when not defined in a location");
            return Some(Refusal::new(first.range.clone(), message));
        }
        (Some(path), None) => path,
        (None, Some(_)) => first.value.clone(),
    };
    let message = format!("{directive} context should start with /");
    (!path.starts_with('/')).then(|| Refusal::new(first.range.clone(), message))
}

/// Options that another option replaces, so that nothing takes them away.
const ALTERNATIVES: &[&str] = &[
    "ForwardURICompat",
    "ForwardURICompatUnparsed",
    "ForwardURIEscaped",
    "ForwardURIProxy",
];

const OPTIONS: &[&str] = &[
    "CollapseSlashesAll",
    "CollapseSlashesNone",
    "CollapseSlashesUnmount",
    "DisableReuse",
    "FlushHeader",
    "FlushPackets",
    "ForwardDirectories",
    "ForwardKeySize",
    "ForwardLocalAddress",
    "ForwardPhysicalAddress",
    "ForwardSSLCertChain",
    "RejectUnsafeURI",
];

/// What httpd refuses in `JkOptions [+|-]OPTION…`, the message that it prints first.
pub fn options(text: &str) -> Vec<Refusal> {
    until_empty(text)
        .into_iter()
        .filter_map(|word| {
            let name = word.value.strip_prefix(['+', '-']).unwrap_or(&word.value);
            let is_one_of = |list: &[&str]| list.iter().any(|it| it.eq_ignore_ascii_case(name));
            let message = if is_one_of(OPTIONS) {
                return None;
            } else if !is_one_of(ALTERNATIVES) {
                format!("JkOptions: Illegal option '{name}'")
            } else if word.value.starts_with('-') {
                let illegal = &word.value;
                format!("JkOptions: Illegal option '{illegal}': option can not be disabled")
            } else {
                return None;
            };
            Some(Refusal::new(word.range, message))
        })
        .collect()
}
