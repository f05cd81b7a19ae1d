//! What an evaluation depends on besides texts.

use super::standing::Standing;
use super::truth::Truth;
use crate::facts::NotedFacts;
use crate::httpd::{Directive, Table};
use crate::world::World;

/// All that an evaluation depends on.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The files.
    pub world: &'a dyn World,
    /// What this httpd is.
    pub facts: NotedFacts<'a>,
    /// What httpd is.
    pub table: &'a Table,
    /// The main file's path on the server.
    pub main: &'a str,
    /// `ServerRoot` before any line sets it: `-d`, or `HTTPD_ROOT` of the build.
    pub server_root: &'a str,
    /// What httpd calls itself in its messages: the name of its program file.
    pub program: &'a str,
    /// Names defined on the command line (`-D`).
    pub defines: &'a [String],
    /// Whether the main file is a part of a configuration; `None` to see from its lines.
    pub fragment: Option<bool>,
    /// Where the main file stands, if it is a part of a configuration; `None` to see from its lines.
    pub standing: Option<Standing>,
    /// Where it stands if it is a part, and neither `standing` nor a comment in it says where.
    pub usual_standing: Option<Standing>,
}

impl Inputs<'_> {
    /// Whether this httpd was built with a directive that not every build of its version has.
    pub fn is_compiled(&self, definition: &Directive) -> Truth {
        let Some(condition) = &definition.compiled_if else {
            return Truth::True;
        };
        let configured = |with: &str| {
            let words = self.facts.configure.as_ref();
            words.map(|it| it.value.iter().any(|it| it.contains(with)))
        };
        let is_compiled = match &**condition {
            // A program for Windows has a module that no other has.
            "WIN32" => {
                let modules = self.facts.static_modules.as_ref();
                modules.map(|it| it.value.iter().any(|it| it == "mod_win32.c"))
            }
            "AP_ENABLE_EXCEPTION_HOOK" => configured("--enable-exception-hook"),
            "GPROF" => configured("GPROF"),
            _ => None,
        };
        is_compiled.map_or(Truth::Unknown, Truth::from)
    }
}
