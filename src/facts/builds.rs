//! The facts of common packages, captured once.
//!
//! A build is what the packager decided: versions, compiled-in paths and modules, mutex
//! mechanisms. What a machine's configuration decides is not part of it: no list of loaded
//! modules, and no MPM where that is a module. What no output or description of the package shows
//! is left out, and each text says where its lines come from.

use super::Facts;

const BUILDS: &[(&str, &str)] = &[
    ("alpine", include_str!("builds/alpine.txt")),
    ("debian-11", include_str!("builds/debian-11.txt")),
    ("debian-12", include_str!("builds/debian-12.txt")),
    ("debian-13", include_str!("builds/debian-13.txt")),
    ("docker", include_str!("builds/docker.txt")),
    ("homebrew", include_str!("builds/homebrew.txt")),
    ("rhel-8", include_str!("builds/rhel-8.txt")),
    ("rhel-9", include_str!("builds/rhel-9.txt")),
    ("ubuntu-22.04", include_str!("builds/ubuntu-22.04.txt")),
    ("ubuntu-24.04", include_str!("builds/ubuntu-24.04.txt")),
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

    const CAPTURED: &[&str] = &["debian-12", "homebrew"];

    #[test]
    fn every_build_says_what_a_packager_decides_and_nothing_else() {
        for (name, text) in BUILDS {
            let (facts, problems) = Facts::read(name, text);
            assert_eq!(problems, [], "{name}");
            assert!(facts.server_config_file().is_some(), "{name}");
            assert!(facts.dynamic_module_limit().is_some(), "{name}");
            let has_all = facts.defines.as_ref().is_some_and(|it| it.complete);
            // A name that is not there is unset only where somebody saw all of them.
            assert_eq!(has_all, CAPTURED.contains(name), "{name}");
            assert_eq!(facts.mutex_mechanisms.is_some(), has_all, "{name}");
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
