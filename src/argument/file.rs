//! Files that a handler opens while it reads its arguments.

use super::Surroundings;
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

/// Whether it is known that there is no regular file.
pub fn is_no_file(kind: Kind) -> bool {
    !matches!(kind, Kind::File | Kind::Denied | Kind::Unknown)
}

/// The same as [`reason`], for a file that is read line by line (`ap_pcfg_openfile`), which must be a regular one.
pub fn reason_for_lines(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Directory | Kind::Other => Some("Bad file descriptor"),
        kind => reason(kind),
    }
}

/// Whether a file can be opened to write at its end, as far as that is known: no directory, and in
/// a directory that is there.
pub fn may_be_appended(path: &str, surroundings: &dyn Surroundings) -> bool {
    let folder = match surroundings.resolve(path) {
        Some(resolved) => match resolved.rsplit_once('/') {
            Some(("", _)) | None => return surroundings.kind(&resolved) != Kind::Directory,
            Some((folder, _)) => folder.to_owned(),
        },
        None => return true,
    };
    surroundings.kind(path) != Kind::Directory && reason(surroundings.kind(&folder)).is_none()
}

/// The same as [`reason`], for a path that is taken from the directory in which httpd was started,
/// which nobody knows.
pub fn reason_where_started(path: &str, surroundings: &dyn Surroundings) -> Option<&'static str> {
    let is_absolute = path.starts_with('/');
    is_absolute.then(|| reason(surroundings.kind(path)))?
}
