//! The `.htaccess` files that requests come across.

use std::collections::BTreeMap;

use crate::evaluate::{Overrides, Placed};
use crate::httpd::Table;
use crate::model::scope::{Body, Entry};

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

/// What httpd takes of a file where it only warns of the rest (`Nonfatal`).
pub fn permitted<'a>(mut body: Body<'a>, overrides: &Overrides, table: &Table) -> Body<'a> {
    let is_permitted = |line: &Placed<'_>| {
        let Some(name) = line.node.name else {
            return false;
        };
        let is_named = || {
            let spelling = table.spelling(name);
            overrides
                .names
                .iter()
                .any(|it| it.eq_ignore_ascii_case(spelling))
        };
        let mut definitions = table.definitions(name);
        definitions.any(|it| it.allow.intersects(overrides.allow)) || is_named()
    };
    body.entries.retain(|entry| match entry {
        Entry::Directive(line) => is_permitted(line),
        Entry::Section(section) => is_permitted(&section.placed),
    });
    for entry in &mut body.entries {
        if let Entry::Section(section) = entry {
            section.body = permitted(std::mem::take(&mut section.body), overrides, table);
        }
    }
    body
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
