//! Files that a handler opens while it reads its arguments.

use crate::world::{Kind, ReadError};

/// The system's reason why a file cannot be opened; `None` where it can, or where nobody knows.
pub fn reason(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Missing => Some("No such file or directory"),
        Kind::NotADirectory => Some("Not a directory"),
        Kind::Denied => Some("Permission denied"),
        Kind::File | Kind::Directory | Kind::Other | Kind::Unknown => None,
    }
}

/// Whether a path leads to a file with something in it; `None` where nobody knows. `read` is only
/// asked about a file.
pub fn has_content(kind: Kind, read: impl FnOnce() -> Result<Vec<u8>, ReadError>) -> Option<bool> {
    match kind {
        Kind::File => read().ok().map(|it| !it.is_empty()),
        Kind::Missing | Kind::NotADirectory | Kind::Directory | Kind::Other => Some(false),
        Kind::Denied | Kind::Unknown => None,
    }
}

/// The same for a file that is read line by line (`ap_pcfg_openfile`), which must be a regular one.
pub fn reason_for_lines(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Directory | Kind::Other => Some("Bad file descriptor"),
        kind => reason(kind),
    }
}
