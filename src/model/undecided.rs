//! What stands where nobody knows whether httpd reads it.

use super::module_test::ModuleTest;
use super::modules::Modules;
use crate::diagnostic::{Diagnostic, Level, Promise};
use crate::evaluate::{NodeKind, Placed, Truth};
use crate::httpd::{ModuleId, Table};

/// Modules that came with httpd 2.4, or that every 2.4 has: `<IfModule !mod_authz_core.c>` is the
/// usual way to ask for an older httpd, in which other things are right.
const OF_THIS_HTTPD: [&str; 4] = [
    "mod_access_compat.c",
    "mod_authn_core.c",
    "mod_authz_core.c",
    "mod_unixd.c",
];

/// The conditionals around a directive of which it is not known whether they hold.
#[derive(Debug, Clone)]
pub struct Undecided<'a> {
    // From the outside to the inside; never empty.
    conditions: Vec<Placed<'a>>,
    modules: Vec<ModuleId>,
}

impl<'a> Undecided<'a> {
    /// The undecided conditionals around a directive that is uncertain for no other reason; `None`
    /// where something else is not known: a variable, or which httpd the condition asks for.
    pub fn around(placed: &Placed<'a>, table: &Table) -> Option<Self> {
        let is_plain = |it: &Placed<'_>| !it.text().contains("${");
        let mut at = placed.node.uncertain.then_some(*placed)?;
        let mut found = Self {
            conditions: Vec::new(),
            modules: Vec::new(),
        };
        if !is_plain(&at) {
            return None;
        }
        while let Some(container) = at.container() {
            at = container;
            if at.node.kind == NodeKind::Conditional(Truth::Unknown) {
                found.ask(&at, table)?;
                found.conditions.insert(0, at);
            }
            if at.node.uncertain && !is_plain(&at) {
                return None;
            }
        }
        (!found.conditions.is_empty()).then_some(found)
    }

    // What else is known where a condition holds; `None` where that is too little.
    fn ask(&mut self, condition: &Placed<'_>, table: &Table) -> Option<()> {
        let line = condition.line();
        match &*line.name().to_ascii_lowercase() {
            // Of another version other things are right.
            "<ifversion" => None,
            "<ifmodule" => {
                let test = ModuleTest::of(&line)?;
                let module = test.module(table)?;
                if test.negated {
                    let source = &*table.module(module).source;
                    return (!OF_THIS_HTTPD.contains(&source)).then_some(());
                }
                self.modules.push(module);
                Some(())
            }
            _ => Some(()),
        }
    }

    /// The modules that are there if all conditions hold. What a condition asks to be missing may
    /// have been loaded since.
    pub fn modules(&self, modules: &Modules) -> Modules {
        modules.with(&self.modules)
    }

    /// What is left of a finding about the directive: one level less, and what it depends on. Of
    /// advice nothing is left.
    pub fn lower(&self, mut finding: Diagnostic) -> Option<Diagnostic> {
        finding.level = match finding.level {
            Level::Error => Level::Warning,
            Level::Warning => Level::Note,
            Level::Note => return None,
        };
        let conditions = self.conditions.iter().map(|it| {
            let number = it.config.sources.start(it.site().span).line;
            format!("`{}` in line {number}", it.text())
        });
        let conditions = conditions.collect::<Vec<_>>().join(" and ");
        let holds = match self.conditions.len() {
            1 => "holds",
            _ => "hold",
        };
        let refused = match finding.httpd.take() {
            Some(_) => "httpd refuses it",
            None => "this counts",
        };
        finding.note(format!(
            "{refused} only if {conditions} {holds}, which is not known here"
        ));
        for fix in &mut finding.fixes {
            fix.promise = Promise::Unsafe;
        }
        Some(finding)
    }
}
