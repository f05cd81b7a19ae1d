//! Directives of mod_perl with a language of their own. What runs a program is not looked at.

use super::words::until_empty;
use super::{Refusal, Surroundings};

/// Options of a server.
const OF_SERVER: &[&str] = &[
    "None",
    "Access",
    "Authen",
    "Authz",
    "Autoload",
    "ChildExit",
    "ChildInit",
    "Cleanup",
    "Clone",
    "Enable",
    "Fixup",
    "GlobalRequest",
    "HeaderParser",
    "InheritSwitches",
    "InputFilter",
    "Log",
    "MapToStorage",
    "MergeHandlers",
    "OpenLogs",
    "OutputFilter",
    "Parent",
    "ParseHeaders",
    "PostConfig",
    "PostReadRequest",
    "PreConnection",
    "ProcessConnection",
    "Response",
    "SetupEnv",
    "Trans",
    "Type",
    "Unset",
];

/// Options of a directory.
const OF_DIRECTORY: &[&str] = &[
    "None",
    "GlobalRequest",
    "MergeHandlers",
    "ParseHeaders",
    "SetupEnv",
    "Unset",
];

/// What httpd refuses in `PerlOptions [+|-]OPTION…`, the message that it prints first.
pub fn options(text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    let in_section = surroundings.section_path().is_some();
    until_empty(text)
        .into_iter()
        .filter_map(|word| {
            let name = word.value.strip_prefix(['+', '-']).unwrap_or(&word.value);
            let of_server = OF_SERVER.contains(&name);
            let message = match (in_section, of_server) {
                (false, true) => return None,
                (false, false) => format!("Invalid per-server PerlOption: {name}"),
                (true, _) if OF_DIRECTORY.contains(&name) => return None,
                (true, true) => format!("Invalid per-directory PerlOption: {name}"),
                (true, false) => {
                    format!("Invalid per-directory PerlOption: {name} (only allowed per-server)")
                }
            };
            Some(Refusal::new(word.range, message))
        })
        .collect()
}
