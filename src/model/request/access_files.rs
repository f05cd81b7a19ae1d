//! The `.htaccess` files that requests come across.

use std::collections::BTreeMap;

use crate::evaluate::Overrides;
use crate::model::scope::Body;

/// A `.htaccess` file as httpd takes it.
#[derive(Debug, Clone)]
pub enum AccessFile<'a> {
    /// It was read.
    Read(Body<'a>),
    /// httpd refuses it, and answers with 500; its message.
    Refused(String),
}

/// The files that were read, by their paths.
#[derive(Debug, Clone, Default)]
pub struct AccessFiles<'a> {
    files: BTreeMap<String, AccessFile<'a>>,
}

/// A file that a request comes across and that was not read yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its path.
    pub path: String,
    /// What is permitted in it.
    pub permitted: Overrides,
}

impl<'a> AccessFiles<'a> {
    /// Adds a file.
    pub fn add(&mut self, path: &str, file: AccessFile<'a>) {
        self.files.insert(path.to_owned(), file);
    }

    /// The file at a path, if it was read.
    pub fn get(&self, path: &str) -> Option<&AccessFile<'a>> {
        self.files.get(path)
    }
}
