//! The `.htaccess` files that requests come across.

use std::collections::BTreeMap;

use crate::evaluate::Overrides;
use crate::model::scope::Body;

/// A `.htaccess` file as httpd takes it.
#[derive(Debug, Clone)]
pub enum AccessFile {
    /// It was read.
    Read(Body),
    /// httpd refuses it, and answers with 500; its message.
    Refused(String),
}

/// The files that were read, by their paths.
#[derive(Debug, Clone, Default)]
pub struct AccessFiles {
    files: BTreeMap<String, AccessFile>,
}

/// A file that a request comes across and that was not read yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its path.
    pub path: String,
    /// What is permitted in it.
    pub permitted: Overrides,
}

impl AccessFiles {
    /// Adds a file.
    pub fn add(&mut self, path: &str, file: AccessFile) {
        self.files.insert(path.to_owned(), file);
    }

    /// The file at a path, if it was read.
    pub fn get(&self, path: &str) -> Option<&AccessFile> {
        self.files.get(path)
    }
}
