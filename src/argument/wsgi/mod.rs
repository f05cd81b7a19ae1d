//! The arguments of mod_wsgi's directives.

pub mod daemon_process;
pub mod options;
pub mod script;

/// The literal name of the empty group: embedded mode for a process group, the main interpreter
/// for an application group.
pub const GLOBAL: &str = "%{GLOBAL}";
