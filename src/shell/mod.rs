//! The machine: its files, and an httpd that the user named.
//!
//! With `cli` and `lsp` the only layer that touches anything outside the process.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is the layer that the ban on files, programs and the clock protects"
)]

mod commit;
mod disk_world;
mod git;
pub mod main_file;
mod mapping;
mod revision;
mod rewrite;
pub mod server;

pub use commit::{Commit, CommitWorld};
pub use disk_world::DiskWorld;
pub use git::{Differences, Repository};
pub use main_file::{Files, MainFile, MainFileError};
pub use mapping::{Mapping, Visible};
pub use revision::{Revision, RevisionWorld};
pub use rewrite::rewrite;

use std::time::{SystemTime, UNIX_EPOCH};

use crate::facts::Moment;

/// Who compares revisions takes no larger file for one of a configuration, and does not read it.
pub const LARGEST_REVIEWED: u64 = 32 << 20;

/// The time, or what `SOURCE_DATE_EPOCH` says it is, for outputs that are the same each time.
pub fn now() -> Moment {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok();
    let fixed = fixed.and_then(|it| it.parse().ok());
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let seconds = fixed.or_else(|| i64::try_from(clock()?.as_secs()).ok());
    Moment {
        seconds: seconds.unwrap_or_default(),
    }
}

// The text of `strerror`, without the number that Rust adds.
fn system_text(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}
