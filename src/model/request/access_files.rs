//! The `.htaccess` files that requests come across.

use std::collections::BTreeMap;

use crate::evaluate::{Config, Overrides};
use crate::httpd::Table;
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

/// What httpd takes of a file where it only warns of the rest (`Nonfatal`).
pub fn permitted(config: &Config, body: Body, overrides: &Overrides, table: &Table) -> Body {
    body.only(config, &|line| {
        let Some(name) = line.node.name else {
            return false;
        };
        let spelling = table.spelling(name);
        let mut names = overrides.names.iter();
        let mut definitions = table.definitions(name);
        definitions.any(|it| it.allow.intersects(overrides.allow))
            || names.any(|it| it.eq_ignore_ascii_case(spelling))
    })
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
