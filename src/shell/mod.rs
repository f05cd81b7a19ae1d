//! The machine: its files, and an httpd that the user named.
//!
//! With `cli`, `lsp` and `review` the only layer that touches anything outside the process.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is the layer that the ban on files, programs and the clock protects"
)]

mod disk_world;
pub mod main_file;
pub mod server;

pub use disk_world::{DiskWorld, Mapping, Visible};
pub use main_file::{MainFile, MainFileError};
