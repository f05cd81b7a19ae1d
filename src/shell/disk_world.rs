//! The world as it lies on this machine's disk.

use std::path::{Path, PathBuf};

use crate::world::{Entry, Kind, ReadError, World};

/// A folder of the server, and where it lies on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mapping {
    /// The server's path: absolute, with `/`, without one at the end.
    pub from: String,
    /// The local folder, absolute.
    pub to: PathBuf,
}

impl Mapping {
    /// Reads the option `FROM=TO`.
    ///
    /// # Errors
    /// One line that says what is wrong.
    pub fn parse(_text: &str) -> Result<Self, String> {
        Err(String::new())
    }

    /// A folder that has the same path on the server and here. `path` must be absolute.
    pub fn identity(path: &Path) -> Self {
        Self {
            from: path.to_string_lossy().into_owned(),
            to: path.to_owned(),
        }
    }
}

/// How much of the server this machine shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visible {
    /// Everything: this machine is the server (`--host`).
    Everything,
    /// Only what lies below a mapping; all else is unknown.
    Mapped,
}

/// The files of this machine under the server's paths.
#[derive(Debug)]
pub struct DiskWorld {
    mappings: Vec<Mapping>,
    visible: Visible,
}

impl DiskWorld {
    /// A world of some mappings. The longest `from` that covers a path decides.
    pub fn new(mappings: Vec<Mapping>, visible: Visible) -> Self {
        Self { mappings, visible }
    }

    /// Where a path of the server lies here, symbolic links not followed; `None` where it is not
    /// visible.
    pub fn local(&self, _path: &str) -> Option<PathBuf> {
        let _ = (&self.mappings, self.visible);
        None
    }

    /// The server's path of an absolute local path; `None` where no mapping covers it and not
    /// everything is visible.
    pub fn server(&self, _local: &Path) -> Option<String> {
        None
    }
}

impl World for DiskWorld {
    fn read(&self, _path: &str) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::Unknown)
    }

    fn list(&self, _path: &str) -> Result<Vec<Entry>, ReadError> {
        Err(ReadError::Unknown)
    }

    fn kind(&self, _path: &str) -> Kind {
        Kind::Unknown
    }
}
