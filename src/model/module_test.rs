//! What an `<IfModule>` asks for.

use crate::evaluate::Line;
use crate::httpd::{Module, ModuleId, Table, is_one_slip};
use crate::source::Span;
use crate::syntax::words;

// Modules that are there, are none of the table, and whose names are a slip away from one of it.
const NAMESAKES: [&str; 1] = ["removeip"];

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
        table.module_named(&self.name)
    }

    /// The identifier of the module that it asks for; the name itself, where no module is known by
    /// it.
    pub fn identifier<'t>(&'t self, table: &'t Table) -> &'t str {
        let module = self.module(table);
        module.map_or(&self.name, |it| &table.module(it).identifier)
    }

    /// The name of the module that was probably meant, in the form that was tried: a source file
    /// or an identifier. It is a module in a form that httpd does not know (`ssl`, `mod_ssl.so`),
    /// or one a single slip away. Where not all modules are known, a slip may be a name.
    pub fn similar(&self, table: &Table, all_known: bool) -> Option<String> {
        let name = self.name.to_ascii_lowercase();
        let is_file = name.ends_with(".c") || name.ends_with(".so");
        let stem = stem(&name);
        let form = |module: &Module| {
            let name = if is_file {
                &module.source
            } else {
                &module.identifier
            };
            name.to_string()
        };
        let mut modules = table.modules().map(|it| it.1);
        let has_stem = |it: &&Module| stems_of(it).contains(&stem);
        if let Some(module) = modules.find(has_stem) {
            return Some(form(module));
        }
        let is_like = |it: &&str| {
            let digits = |it: &str| it.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
            it.len() > 3
                && it.bytes().next() == stem.bytes().next()
                && digits(it) == digits(stem)
                && is_one_slip(it, stem)
        };
        let may_slip = all_known && !NAMESAKES.contains(&stem);
        let mut modules = table.modules().map(|it| it.1).filter(|_| may_slip);
        let module = modules.find(|it| stems_of(it).iter().any(is_like));
        module.map(form)
    }
}

fn stems_of(module: &Module) -> [&str; 2] {
    [stem(&module.identifier), stem(&module.source)]
}

// `rewrite` of `mod_rewrite.c`, `rewrite_module`, `mod_rewrite.so`, `rewrite_module.c`.
fn stem(name: &str) -> &str {
    let name = name
        .strip_suffix(".c")
        .or(name.strip_suffix(".so"))
        .unwrap_or(name);
    let name = name.strip_suffix("_module").unwrap_or(name);
    name.strip_prefix("mod_").unwrap_or(name)
}
