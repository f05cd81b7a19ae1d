//! Debian's `/etc/apache2/envvars`: the environment that httpd is started with.

use std::collections::{BTreeMap, BTreeSet};

/// What is known of one variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variable<'a> {
    /// It is in the environment with this value.
    Set(&'a str),
    /// It is not in the environment, unless whoever starts httpd adds it.
    Unset,
    /// It may or may not be there: a line was not understood, or the value is not exported by
    /// this text.
    Unknown,
}

/// A line that was not understood.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Gap {
    /// The line, from 1.
    pub line: u32,
    /// Its text, without blanks around it.
    pub text: String,
}

/// The environment of a server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// The exported variables with a known value.
    pub values: BTreeMap<String, String>,
    /// The variables that may have any value, or none.
    pub unknown: BTreeSet<String>,
    /// Whether any other variable may be set too, because another file is read in.
    pub open: bool,
    /// The lines that were not understood.
    pub gaps: Vec<Gap>,
}

impl Environment {
    /// What is known of a variable.
    pub fn get(&self, name: &str) -> Variable<'_> {
        if let Some(value) = self.values.get(name) {
            return Variable::Set(value);
        }
        if self.open || self.unknown.contains(name) {
            return Variable::Unknown;
        }
        Variable::Unset
    }
}

/// Reads a text of POSIX shell assignments without running it. `inherited` is what the starting
/// program is known to pass, such as `APACHE_CONFDIR`, and counts as exported.
pub fn read(_text: &str, inherited: &BTreeMap<String, String>) -> Environment {
    Environment {
        values: inherited.clone(),
        ..Environment::default()
    }
}
