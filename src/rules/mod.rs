//! All rules, one file each; a folder is an area.

mod access;
mod build;
mod hosts;
mod instructions;
mod lines;
mod logging;
mod macros;
mod mapping;
mod migration;
mod modules;
mod overrides;
mod performance;
mod processes;
mod proxy;
mod refused;
mod rewrite;
mod security;
mod slash;
mod tls;
mod values;
mod wsgi;

use crate::rule::Rule;

/// The areas and their rules.
const AREAS: &[(&str, &[&Rule])] = &[
    ("access", access::RULES),
    ("build", build::RULES),
    ("hosts", hosts::RULES),
    ("instructions", instructions::RULES),
    ("lines", lines::RULES),
    ("logging", logging::RULES),
    ("macros", macros::RULES),
    ("mapping", mapping::RULES),
    ("migration", migration::RULES),
    ("modules", modules::RULES),
    ("overrides", overrides::RULES),
    ("performance", performance::RULES),
    ("processes", processes::RULES),
    ("proxy", proxy::RULES),
    ("refused", refused::RULES),
    ("rewrite", rewrite::RULES),
    ("security", security::RULES),
    ("tls", tls::RULES),
    ("values", values::RULES),
    ("wsgi", wsgi::RULES),
];

/// The areas, each with its rules.
pub fn areas() -> impl Iterator<Item = (&'static str, &'static [&'static Rule])> {
    AREAS.iter().copied()
}

/// All rules.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    AREAS.iter().flat_map(|it| it.1.iter().copied())
}

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|it| it.id == id)
}

/// The id that a misspelt one was probably meant to be.
pub fn similar(id: &str) -> Option<&'static str> {
    crate::httpd::most_similar(id, all().map(|it| it.id))
}
