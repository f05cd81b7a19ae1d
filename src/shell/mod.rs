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
mod mapping;
pub mod server;

pub use disk_world::DiskWorld;
pub use main_file::{MainFile, MainFileError};
pub use mapping::{Mapping, Visible};

// The text of `strerror`, without the number that Rust adds.
fn system_text(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}
