//! Names that httpd 2.4 does not know any more.

use super::version::Version;

/// A directive or a module that is gone from every 2.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// The directive, or the module's source file.
    pub name: &'static str,
    /// The first version without it.
    pub since: Version,
    /// The module that had it; for a module its own name.
    pub module: &'static str,
    /// What does its work now, as one would write it.
    pub replacement: Option<&'static str>,
    /// What to do, in a sentence.
    pub advice: &'static str,
}
