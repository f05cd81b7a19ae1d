//! Writes what httpd itself reports of a configuration: one file for each report.
//!
//! The text is that of httpd, byte for byte, except that a control character is shown and not
//! obeyed, and that `unknown` stands for what nobody told us. The same as a JSON object is
//! described by the schema beside each file.

pub mod access;
mod config;
mod difference;
mod directives;
mod includes;
mod modules;
mod mutexes;
mod runtime;
pub mod sections;
pub mod trace;
mod unknown;
mod vhosts;
pub mod wsgi;

use std::io::{self, Write};

use serde::Serialize;

pub use config::config;
pub use directives::directives;
pub use includes::includes;
pub use modules::modules;
pub use mutexes::mutexes;
pub use runtime::runtime;
pub use vhosts::vhosts;

/// What the caller decides about the looks.
#[derive(Clone, Copy)]
pub struct Style<'a> {
    /// Whether it is a JSON object instead of the text of httpd.
    pub json: bool,
    /// From the name of a file on the server to the path that the user knows it by.
    pub display: &'a (dyn Fn(&str) -> String + Sync),
}

/// What stands for something that only the server knows.
const UNKNOWN: &str = "unknown";

/// The version of all reports.
const VERSION: u32 = 1;

fn json(report: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    super::json::write_object(report, out)
}
