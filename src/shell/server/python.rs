//! The Python that a server finds.

use std::path::Path;

use super::files;
use super::program::PATH;
use crate::facts::{Facts, Python};

/// The Python of mod_wsgi's version on a plain `PATH`. It is looked at and not run, so its exact
/// version stays unknown.
pub(super) fn find(facts: &Facts) -> Python {
    let Some(version) = facts.wsgi_module.python() else {
        return Python::default();
    };
    let name = format!("python{}.{}", version.value.major, version.value.minor);
    let mut programs = PATH.split(':').map(|it| Path::new(it).join(&name));
    let Some(program) = programs.find(|it| it.is_file()) else {
        return Python::default();
    };
    let text = |it: &Path| files::fact(&program, 1, it.display().to_string());
    // Where Python finds this file, it takes the directory above for its prefix.
    let prefix = program.parent().and_then(Path::parent);
    let library = Path::new("lib").join(&name).join("os.py");
    let prefix = prefix.filter(|it| it.join(&library).is_file());
    Python {
        prefix: prefix.map(text),
        executable: Some(text(&program)),
        version: None,
    }
}
