//! The arguments of mod_wsgi's directives.

pub mod accept_mutex;
pub mod daemon_process;
pub mod group;
pub mod interpreter_options;
pub mod options;
pub mod python;
pub mod script;
pub mod telemetry;
pub mod trusted_proxies;

/// The literal name of the empty group: embedded mode for a process group, the main interpreter
/// for an application group.
pub const GLOBAL: &str = "%{GLOBAL}";
