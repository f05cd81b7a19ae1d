//! The facts of common packages, captured once.
//!
//! A build is what the packager decided: versions, compiled-in paths and modules, mutex
//! mechanisms. What a machine's configuration decides is not part of it: no list of loaded
//! modules, and no MPM where that is a module.

use super::Facts;

const BUILDS: &[(&str, &str)] = &[
    ("debian-12", include_str!("builds/debian-12.txt")),
    ("homebrew", include_str!("builds/homebrew.txt")),
];

/// The names that [`builtin`] takes.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    BUILDS.iter().map(|it| it.0)
}

/// The facts of a build, parsed when asked for; `None` for a name that is not one of
/// [`builtin_names`].
pub fn builtin(name: &str) -> Option<Facts> {
    let (name, text) = BUILDS.iter().find(|it| it.0 == name)?;
    let (facts, _) = Facts::read(name, text);
    Some(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_build_says_what_a_packager_decides_and_nothing_else() {
        for (name, text) in BUILDS {
            let (facts, problems) = Facts::read(name, text);
            assert_eq!(problems, [], "{name}");
            assert!(facts.version.is_some(), "{name}");
            assert!(facts.static_modules.is_some(), "{name}");
            assert!(facts.mutex_mechanisms.is_some(), "{name}");
            assert!(facts.default_mutex().is_some(), "{name}");
            assert!(facts.defines.is_some_and(|it| it.complete), "{name}");
            assert_eq!(facts.loaded_modules, None, "{name}");
            let mpm = facts.mpm.map(|it| it.value.name);
            assert_eq!(
                mpm, None,
                "{name}: an MPM that is a module is configuration"
            );
        }
    }

    #[test]
    fn a_build_that_nobody_captured_is_none() {
        assert_eq!(builtin("slackware-1"), None);
        assert!(builtin_names().all(|it| builtin(it).is_some()));
    }
}
