//! Reads a configuration as httpd does: phase 1 of its two.
//!
//! Reading is executing: `LoadModule`, `Define`, `Include`, `<IfModule>`, `<Macro>` run where they
//! stand, and decide what the lines after them mean. The result is a [`Config`]: the directives
//! that wait for phase 2, in order, each with its place and how evaluation came to it. Everything
//! that httpd refuses while it reads becomes a finding, and reading goes on behind it.

mod ahead;
mod answers;
pub mod arity;
mod conditional;
mod config;
mod elsewhere;
mod environment;
mod evaluation;
pub mod fnmatch;
mod fragment;
mod include;
mod inputs;
mod line;
mod macros;
mod module;
mod own_texts;
pub mod paths;
mod reader;
mod replacement;
mod standing;
mod truth;
mod walk;

pub use config::{
    Config, LeftOpen, MacroUse, Node, NodeIndex, NodeKind, Occurrence, OccurrenceId, Placed,
    PlacedId, Undefined, Unit, Unknown, UnknownFact,
};
pub use environment::{Effects, Key, Moment, Space, Value};
pub use evaluation::Evaluation;
pub use inputs::Inputs;
pub use line::{Line, arguments_of};
pub use macros::Macro;
pub use replacement::Replaced;
pub use standing::{Overrides, Standing, context_comment};
pub use truth::Truth;
pub use walk::{Descend, Step};
