//! `LoadModule NAME FILE`.

use super::words::Words;
use super::{Located, Refusal, Surroundings};
use crate::world::Kind;

/// Where the dynamic loader of common systems looks for a name without `/`.
const LIBRARY_DIRECTORIES: &[&str] = &[
    "/lib",
    "/usr/lib",
    "/lib64",
    "/usr/lib64",
    "/usr/local/lib",
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/lib/aarch64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
];

/// A `LoadModule` directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadModule {
    /// The name of the module's structure, `wsgi_module` for example.
    pub name: Located<String>,
    /// The shared object as written.
    pub file: Located<String>,
}

impl LoadModule {
    /// Reads the argument text of `LoadModule`.
    pub fn parse(text: &str) -> Self {
        let mut words = Words::new(text);
        Self {
            name: words.take(),
            file: words.take(),
        }
    }

    /// What httpd refuses before it looks into the file.
    pub fn refusals(&self, surroundings: &dyn Surroundings) -> Vec<Refusal> {
        // A name that is loaded already is skipped, whatever the file.
        if surroundings.is_loaded(&self.name.value) == Some(true) {
            return Vec::new();
        }
        if surroundings.is_built_in(&self.name.value) == Some(true) {
            let message = format!("module {} is built-in and can't be loaded", self.name.value);
            return vec![Refusal::new(self.name.range.clone(), message)];
        }
        let file = &self.file.value;
        let Some(path) = surroundings.resolve(file) else {
            return Vec::new();
        };
        let Some(reason) = unloadable(surroundings.kind(&path)) else {
            return Vec::new();
        };
        let is_searched = !file.contains('/');
        if is_searched && !is_in_no_library_directory(file, surroundings) {
            return Vec::new();
        }
        // The loader's second attempt, at the bare name, is the one that httpd reports.
        let tried = if is_searched { file } else { &path };
        let reason = if is_searched { MISSING } else { reason };
        let message = format!("Cannot load {file} into server: {tried}: {reason}");
        vec![Refusal::new(self.file.range.clone(), message)]
    }
}

const MISSING: &str = "cannot open shared object file: No such file or directory";

// glibc's words for a file that cannot be a shared object.
fn unloadable(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Missing => Some(MISSING),
        Kind::NotADirectory => Some("cannot open shared object file: Not a directory"),
        Kind::Denied => Some("cannot open shared object file: Permission denied"),
        Kind::Directory => Some("cannot read file data: Is a directory"),
        Kind::File | Kind::Other | Kind::Unknown => None,
    }
}

fn is_in_no_library_directory(name: &str, surroundings: &dyn Surroundings) -> bool {
    LIBRARY_DIRECTORIES.iter().all(|directory| {
        let kind = surroundings.kind(&format!("{directory}/{name}"));
        matches!(kind, Kind::Missing | Kind::NotADirectory)
    })
}
