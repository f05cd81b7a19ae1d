//! Names that httpd does not know.

use super::{Checker, refusal};
use crate::diagnostic::{Diagnostic, Edit, Level, Promise};
use crate::evaluate::{NodeKind, Placed};
use crate::httpd::{Directive, NameId, Removed, Table};

fn invalid(name: &str) -> String {
    format!(
        "Invalid command '{name}', perhaps misspelled or defined by a module not included in the \
         server configuration"
    )
}

/// A name that no module of the table has. Where a module that we do not know may have brought it,
/// it is only in a part of a configuration that we speak of what looks like a mistake.
pub(super) fn unknown(checker: &Checker<'_>, placed: &Placed<'_>) -> Option<Diagnostic> {
    let is_certain = checker.modules.are_all_known();
    let may_be_mistake = checker.config.fragment && checker.modules.foreign().is_empty();
    if !is_certain && !may_be_mistake {
        return None;
    }
    let line = placed.line();
    let name = line.name().into_owned();
    let shown = bracketed(&name, placed);
    let what = if name.starts_with('<') {
        "section"
    } else {
        "directive"
    };
    let table = checker.inputs.table;
    let mut finding = refusal(
        "unknown-directive",
        placed,
        line.name_span(),
        format!("there is no {what} `{shown}`"),
        &invalid(&name),
    );
    if !is_certain {
        finding.level = Level::Warning;
        finding.httpd = None;
        finding.message = format!("no known module has a {what} `{shown}`");
    }
    if let Some(removed) = table.removed(&name) {
        finding.note(removed_note(table, removed));
        return Some(finding);
    }
    let usable = |it: NameId| {
        table.spelling(it).starts_with('<') == name.starts_with('<')
            && table
                .definitions(it)
                .any(|it| !checker.modules.has(it.module).is_false())
    };
    if let Some(similar) = table.similar(&name, usable) {
        let edit = Edit {
            span: line.name_span(),
            text: similar.to_owned(),
        };
        let title = format!("write `{}`", bracketed(similar, placed));
        finding.fix(Promise::Unsafe, title, vec![edit]);
    } else if !is_certain {
        return None;
    }
    Some(finding)
}

// A name of a module that is there, in another version.
fn of_other_version(
    checker: &Checker<'_>,
    placed: &Placed<'_>,
    definition: &Directive,
) -> Diagnostic {
    let module = checker.inputs.table.module(definition.module);
    let owner = if module.own_versions {
        &module.source
    } else {
        "httpd"
    };
    let line = placed.line();
    let shown = bracketed(&definition.spelling, placed);
    let came = definition
        .since
        .map(|it| format!("`{shown}` came with {owner} {it}"));
    let went = definition
        .removed
        .map(|it| format!("`{shown}` is gone since {owner} {it}"));
    let mut finding = refusal(
        "directive-of-other-version",
        placed,
        line.name_span(),
        came.or(went)
            .unwrap_or_else(|| format!("`{shown}` is not in this version")),
        &invalid(&line.name()),
    );
    if let Some(version) = checker
        .inputs
        .facts
        .version
        .as_ref()
        .filter(|_| !module.own_versions)
    {
        finding.note(format!(
            "this is httpd {} ({})",
            version.value, version.origin
        ));
    }
    if let Some(version) = checker
        .inputs
        .facts
        .mod_wsgi_version
        .as_ref()
        .filter(|_| module.own_versions)
    {
        finding.note(format!(
            "this is {owner} {} ({})",
            version.value, version.origin
        ));
    }
    finding
}

/// A name of modules that are not there.
pub(super) fn not_loaded(
    checker: &Checker<'_>,
    placed: &Placed<'_>,
    name: NameId,
) -> Option<Diagnostic> {
    let table = checker.inputs.table;
    let there = |it: &&Directive| checker.modules.has(it.module).is_true();
    if let Some(definition) = table.definitions(name).find(there) {
        return Some(of_other_version(checker, placed, definition));
    }
    // Fragments are parts of a server whose modules nobody told us.
    let modules: Vec<_> = table
        .definitions(name)
        .map(|it| table.module(it.module))
        .collect();
    let standard = modules.iter().find(|it| it.standard).or(modules.first());
    let line = placed.line();
    // httpd prints a name that it does not know as it is written.
    let written = line.name().into_owned();
    let shown = bracketed(&written, placed);
    let mut finding = refusal(
        "directive-of-missing-module",
        placed,
        line.name_span(),
        match standard {
            Some(module) if module.mpm => {
                format!("no multi-processing module with `{shown}` is loaded")
            }
            Some(module) => {
                format!(
                    "`{shown}` belongs to `{}`, which is not loaded",
                    module.source
                )
            }
            None => format!("`{shown}` belongs to a module that is not loaded"),
        },
        &invalid(&written),
    );
    if let Some(removed) = table.removed(&written) {
        finding.note(removed_note(table, removed));
    }
    let deprecated = table
        .definitions(name)
        .find_map(|it| it.deprecated.as_ref());
    if let Some(advice) = deprecated {
        finding.note(advice.as_ref());
    }
    let facts = checker.inputs.facts.but_version();
    if facts.static_modules.is_none() && facts.loaded_modules.is_none() {
        finding.note(
            "httpd is taken to have no more modules compiled in than the common packages have; \
             `httpd -l` would tell",
        );
    }
    if let Some(module) = standard
        && !module.object.is_empty()
        && !module.mpm
    {
        finding.help(format!(
            "add `LoadModule {} {}`",
            module.identifier,
            facts.module_path(&module.object)
        ));
    }
    Some(finding)
}

fn removed_note(table: &Table, removed: &Removed) -> String {
    let mut modules = table.modules().map(|it| it.1);
    let module = modules.find(|it| it.own_versions && it.source == removed.module);
    let owner = module.map_or("httpd", |it| it.source.trim_end_matches(".c"));
    match removed.replacement {
        Some(replacement) => {
            format!(
                "gone from {owner}: {} (now: `{replacement}`)",
                removed.advice
            )
        }
        None => format!("gone from {owner}: {}", removed.advice),
    }
}

fn bracketed(name: &str, placed: &Placed<'_>) -> String {
    let closes = placed.node.kind == NodeKind::Section;
    if closes {
        format!("{name}>")
    } else {
        name.to_owned()
    }
}
