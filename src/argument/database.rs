//! `DBDriver NAME`.

use super::words::first;
use super::{Refusal, Surroundings};
use crate::world::Kind;

/// The drivers that some build of APR has.
const DRIVERS: &[&str] = &[
    "freetds", "mysql", "odbc", "oracle", "pgsql", "sqlite2", "sqlite3",
];

/// Where distributions put them.
const DRIVER_DIRECTORIES: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu/apr-util-1",
    "/usr/lib/aarch64-linux-gnu/apr-util-1",
    "/usr/lib64/apr-util-1",
];

/// What httpd refuses in `DBDriver`: a driver that cannot be loaded.
pub fn driver(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = first(text);
    let name = &word.value;
    let is_missing = |directory: &&str| {
        surroundings.kind(directory) == Kind::Directory
            && surroundings.kind(&format!("{directory}/apr_dbd_{name}.so")) == Kind::Missing
    };
    let is_wrong = !DRIVERS.contains(&name.as_str()) || DRIVER_DIRECTORIES.iter().any(is_missing);
    let message = format!("Can't load driver file apr_dbd_{name}.so");
    is_wrong.then(|| Refusal::new(word.range, message))
}
