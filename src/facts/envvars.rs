//! Debian's `/etc/apache2/envvars`: the environment that httpd is started with.
//!
//! The file is a shell script that `apache2ctl` reads in. It is interpreted here as far as such
//! files go, and never run. What a statement outside of that does to a variable is unknown, and so
//! is the variable.

mod shell;

use std::collections::{BTreeMap, BTreeSet};

use pest::Parser;
use pest::iterators::Pair;

use shell::Shell;

grammar!(EnvvarsParser, "grammar/envvars.pest");

use grammar::{EnvvarsParser, Rule};

// What a login, a service manager or the shell itself sets, whatever the text says.
const AMBIENT: &[&str] = &[
    "HOME", "HOSTNAME", "IFS", "LANG", "LANGUAGE", "LOGNAME", "OLDPWD", "PATH", "PPID", "PWD",
    "RANDOM", "SHELL", "TERM", "TMPDIR", "TZ", "UID", "USER",
];

// A text with more expansions is not read: they may all nest, and each takes room on the stack. The
// file of Debian has a dozen.
const MOST_EXPANSIONS: usize = 256;

/// What is known of one variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variable<'a> {
    /// It is in the environment with this value.
    Set(&'a str),
    /// It is not in the environment, unless whoever starts httpd adds it.
    Unset,
    /// It may or may not be there: a statement was not understood, it is not exported by this
    /// text, or it is one of those that the starting program sets (`PATH`, `LANG`, …).
    Unknown,
}

/// A statement that was not understood.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Gap {
    /// Its line, from 1.
    pub line: u32,
    /// Its text, without blanks around it.
    pub text: String,
}

/// The environment of a server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Environment {
    /// The exported variables with a known value.
    pub values: BTreeMap<String, String>,
    /// The variables that are known to be absent because the text removes them.
    pub unset: BTreeSet<String>,
    /// The variables that may have any value, or none.
    pub unknown: BTreeSet<String>,
    /// Whether any other variable may be set too, because another file is read in.
    pub open: bool,
    /// The statements that were not understood.
    pub gaps: Vec<Gap>,
}

impl Environment {
    /// What is known of a variable.
    pub fn get(&self, name: &str) -> Variable<'_> {
        if let Some(value) = self.values.get(name) {
            Variable::Set(value)
        } else if self.unset.contains(name) {
            Variable::Unset
        } else if self.open || self.unknown.contains(name) || is_ambient(name) {
            Variable::Unknown
        } else {
            Variable::Unset
        }
    }
}

fn is_ambient(name: &str) -> bool {
    AMBIENT.contains(&name) || name.starts_with("LC_")
}

/// Reads the text of `envvars` without running it. `inherited` are variables that the starting
/// program is known to export, such as `APACHE_CONFDIR` for one of several instances on Debian.
///
/// `export NAME=$OTHER` keeps a value with blanks whole, as POSIX of 2024 and dash since 0.5.11
/// do.
pub fn read(text: &str, inherited: &BTreeMap<String, String>) -> Environment {
    let mut shell = Shell::new(inherited);
    let statements = match expansions(text) {
        0..=MOST_EXPANSIONS => EnvvarsParser::parse(Rule::script, text).ok(),
        _ => None,
    };
    match statements {
        Some(script) => script
            .flat_map(Pair::into_inner)
            .for_each(|it| shell.run(it)),
        None => shell.give_up(text),
    }
    shell.into_environment()
}

// What opens something that may nest.
fn expansions(text: &str) -> usize {
    text.matches("${").count() + text.matches("$(").count()
}

#[cfg(test)]
mod tests;
