//! The facts of common packages, captured once.
//!
//! A build is what the packager decided: versions, compiled-in paths and modules, mutex
//! mechanisms. What a machine's configuration decides is not part of it: no list of loaded
//! modules, and no MPM where that is a module.

use super::Facts;

const BUILDS: &[(&str, &str)] = &[];

/// The names that [`builtin`] takes.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    BUILDS.iter().map(|it| it.0)
}

/// The facts of a build, parsed when asked for; `None` for a name that is not one of
/// [`builtin_names`].
pub fn builtin(name: &str) -> Option<Facts> {
    let (name, text) = BUILDS.iter().find(|it| it.0 == name)?;
    let (mut facts, _) = Facts::read(name, text);
    if facts.static_mpm().is_none() {
        facts.mpm = None;
    }
    Some(facts)
}
