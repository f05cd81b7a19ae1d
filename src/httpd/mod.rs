//! What httpd *is*: its modules, their directives, and what each directive accepts where.
//!
//! The knowledge is data: one TOML file per module in `modules/`, and `removed.toml` for names
//! that are gone. The build script compiles them into static tables, so nothing is parsed when a
//! run starts. A test loads every module that the machine has into a real httpd and compares its
//! command tables with ours.
//!
//! This layer knows nothing of configuration texts: it answers what a name means, not whether a
//! line is right.

mod by_name;
mod description;
mod directive;
mod folded_hash;
mod module;
mod private;
mod removed;
mod similar;
mod table;
mod version;

pub use by_name::ByName;
pub use directive::{
    Allow, Arity, Checks, Directive, Merge, ModuleId, NameId, Place, Refusal, Text,
};
pub use module::{Module, MutexType};
pub use private::DescriptionError;
pub use removed::Removed;
pub use similar::{is_one_slip, most_similar};
pub use table::Table;
pub use version::{NotAVersion, Version};
