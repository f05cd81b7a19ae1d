//! What an `<IfModule>` asks for.

use crate::evaluate::Line;
use crate::httpd::{ModuleId, Table};
use crate::source::Span;
use crate::syntax::words;

/// The question of an `<IfModule>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleTest {
    /// Whether it asks for a module that is not there (`!`).
    pub negated: bool,
    /// The name: a source file (`mod_ssl.c`) or an identifier (`ssl_module`), in exact case.
    pub name: String,
    /// The name's place.
    pub span: Span,
}

impl ModuleTest {
    /// Reads an `<IfModule>`; `None` where it asks for nothing.
    pub fn of(line: &Line<'_>) -> Option<Self> {
        let arguments = line.arguments();
        let asked = &arguments[..arguments.rfind('>')?];
        let name = asked.strip_prefix('!').unwrap_or(asked);
        let skipped = asked.len() - name.len();
        let (word, _) = words::first(name);
        let range = word.value_range();
        (!word.text.is_empty()).then(|| Self {
            negated: skipped > 0,
            name: word.text.clone().into_owned(),
            span: line.argument_span(skipped + range.start..skipped + range.end),
        })
    }

    /// The module that has the name.
    pub fn module(&self, table: &Table) -> Option<ModuleId> {
        table
            .module_by_identifier(&self.name)
            .or_else(|| table.module_by_source(&self.name))
    }
}
