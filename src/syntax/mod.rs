//! From the text of one file to its logical lines, and from a line to its words.
//!
//! This layer knows no directive and no section: nesting is decided while a configuration is
//! evaluated. Nothing here fails.

mod document;
mod instruction;
mod logical;
mod marks;
mod outline;
pub mod words;

pub use document::{Document, Line, LineKind};
pub use instruction::{Argument, Instruction};
pub use logical::{Logical, Origin, Piece};
pub use marks::Marks;
