//! From a path on the command line to a server's main file.

use std::fmt;
use std::path::{Path, PathBuf};

use super::Mapping;

/// Where a server's configuration begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MainFile {
    /// The main file, as the server knows it.
    pub path: String,
    /// The main file on this machine, absolute.
    pub local: PathBuf,
    /// The `ServerRoot` before any directive sets another, as the server knows it; `None` where
    /// nothing tells.
    pub server_root: Option<String>,
    /// The folders that the server's paths mean, for [`super::DiskWorld::new`].
    pub mappings: Vec<Mapping>,
    /// The file `envvars` beside the main file, if there is one.
    pub envvars: Option<PathBuf>,
}

/// Why there is no main file at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MainFileError {
    /// Nothing is there.
    Missing(PathBuf),
    /// It cannot be read; with the system's text.
    Unreadable(PathBuf, String),
    /// A directory in which no file is called like a main file.
    NoMainFile(PathBuf),
}

impl fmt::Display for MainFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MainFileError::Missing(path) => write!(formatter, "{}", path.display()),
            MainFileError::Unreadable(path, _) => write!(formatter, "{}", path.display()),
            MainFileError::NoMainFile(path) => write!(formatter, "{}", path.display()),
        }
    }
}

impl std::error::Error for MainFileError {}

/// Finds the main file for a path: a file, or a `ServerRoot` directory.
///
/// # Errors
/// Why there is none.
pub fn find(path: &Path) -> Result<MainFile, MainFileError> {
    Err(MainFileError::Missing(path.to_owned()))
}
