//! Temporary folders for servers.

use std::path::PathBuf;

use tempfile::TempDir;

/// A new folder, gone with the first value, and its path as httpd prints it: resolved.
pub(crate) fn temporary() -> (TempDir, PathBuf) {
    let folder = TempDir::with_prefix("httpd-lint-").expect("the temporary folder is writable");
    let path = folder.path().canonicalize().expect("it was just made");
    (folder, path)
}
