//! All rules, one file each; a folder is an area.

mod build;
mod instructions;
mod lines;
mod macros;
mod mapping;
mod modules;
mod overrides;
mod processes;
mod refused;
mod rewrite;
mod values;
mod wsgi;

use crate::rule::Rule;

/// The areas and their rules.
const AREAS: [&[&Rule]; 12] = [
    build::RULES,
    instructions::RULES,
    lines::RULES,
    macros::RULES,
    mapping::RULES,
    modules::RULES,
    overrides::RULES,
    processes::RULES,
    refused::RULES,
    rewrite::RULES,
    values::RULES,
    wsgi::RULES,
];

/// All rules.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    AREAS.iter().flat_map(|it| it.iter().copied())
}

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|it| it.id == id)
}

/// The id that a misspelt one was probably meant to be.
pub fn similar(id: &str) -> Option<&'static str> {
    crate::httpd::most_similar(id, all().map(|it| it.id))
}
