//! The files of an httpd's modules.

use std::fs;
use std::path::{Path, PathBuf};

use super::files;
use crate::facts::{Fact, Facts, LibraryVersion, ModuleDirectory, ModuleFile, WsgiModule};
use crate::object;

// Where packages put the modules, below what is compiled in or below the program's prefix. Those
// of another httpd must never be tried: they may crash this one.
const MODULES: [&str; 8] = [
    "modules",
    "lib/httpd/modules",
    "lib64/httpd/modules",
    "lib/apache2/modules",
    "lib/apache2",
    "lib64/apache2",
    "libexec/apache2",
    "libexec/apache24",
];

/// The directories of this httpd's modules, the most likely one first.
pub(super) fn directories(httpd: &Path, facts: &Facts) -> Vec<PathBuf> {
    // Debian compiles in no directory of its modules, but that of suexec beside them.
    let suexec = facts.defines.as_ref().and_then(|it| it.text("SUEXEC_BIN"));
    let suexec = suexec.as_ref().and_then(|it| Path::new(it.value).parent());
    // A link such as /usr/local/bin/httpd leads to the package that it belongs to.
    let real = fs::canonicalize(httpd).ok();
    let prefix = |it: &'_ Path| Some(it.parent()?.parent()?.to_owned());
    let bases = [
        facts.httpd_root().map(|it| PathBuf::from(it.value)),
        suexec.map(Path::to_owned),
        prefix(httpd),
        real.as_deref().and_then(prefix),
    ];
    let mut candidates: Vec<PathBuf> = bases
        .into_iter()
        .flatten()
        .flat_map(|base| MODULES.map(|it| base.join(it)))
        .collect();
    let installed = facts.apxs.iter().find(|it| it.0 == "exp_libexecdir");
    candidates.extend(installed.map(|it| PathBuf::from(&it.1.value)));
    // One directory has many names where links lead to it.
    let mut known = Vec::new();
    candidates.retain(|it| {
        let real = fs::canonicalize(it).ok().filter(|_| has_modules(it));
        let is_new = real.as_ref().is_some_and(|it| !known.contains(it));
        known.extend(real);
        is_new
    });
    candidates
}

fn has_modules(directory: &Path) -> bool {
    let is_module = |it: &String| it.starts_with("mod_") && it.ends_with(".so");
    names(directory).iter().any(is_module)
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let names = entries.filter_map(|it| it.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|it| is_plain(it)).collect();
    names.sort();
    names
}

// A name of another kind belongs to no module and may say anything.
fn is_plain(name: &str) -> bool {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "_.+-".contains(it);
    !name.starts_with('.') && name.chars().all(is_plain)
}

/// The files in a directory.
pub(super) fn listing(directory: &Path) -> Fact<ModuleDirectory> {
    let file = |name: String| ModuleFile {
        target: fs::read_link(directory.join(&name))
            .ok()
            .map(|it| it.display().to_string()),
        name,
    };
    let listing = ModuleDirectory {
        path: directory.display().to_string(),
        files: names(directory).into_iter().map(file).collect(),
    };
    files::fact(directory, 1, listing)
}

/// The mod_wsgi in one of the directories.
pub(super) fn find_wsgi(directories: &[PathBuf]) -> Option<PathBuf> {
    directories.iter().find_map(|directory| {
        let usual = directory.join("mod_wsgi.so");
        if usual.is_file() {
            return Some(usual);
        }
        let is_wsgi = |it: &String| it.starts_with("mod_wsgi") && it.ends_with(".so");
        let other = names(directory).into_iter().find(is_wsgi)?;
        Some(directory.join(other))
    })
}

/// What a file of mod_wsgi is linked with, and its version. `library_path` is where the server looks
/// first.
pub(super) fn wsgi_module(
    file: &Path,
    library_path: Option<&str>,
) -> (WsgiModule, Option<Fact<LibraryVersion>>) {
    let bytes = fs::read(file).unwrap_or_default();
    let version = wsgi_version(&bytes).and_then(LibraryVersion::parse);
    let dynamic = object::dynamic(&bytes);
    let libpython = dynamic.as_ref().and_then(|it| {
        let name = it.needed.iter().find(|it| it.starts_with("libpython"))?;
        files::library(name, file, it.run_path.as_deref(), library_path)
    });
    let text = |it: &Path| files::fact(file, 1, it.display().to_string());
    let module = WsgiModule {
        file: Some(text(file)),
        libraries: dynamic.map(|it| files::fact(file, 1, it.needed)),
        libpython: libpython.as_deref().map(text),
    };
    (module, version.map(|it| files::fact(file, 1, it)))
}

// The text that mod_wsgi puts into the pattern of its part of the server's banner: compilers keep
// it in front of that, in 4.9 as in 6.1. Where they do not, the version is not known.
fn wsgi_version(bytes: &[u8]) -> Option<&str> {
    let pattern = memchr::memmem::find(bytes, b"\0mod_wsgi/%s\0")?;
    let begin = memchr::memrchr(0, &bytes[..pattern])? + 1;
    let text = std::str::from_utf8(&bytes[begin..pattern]).ok()?;
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let is_version = text.contains('.') && text.split('.').all(is_number);
    is_version.then_some(text)
}

/// The line that loads the MPM that this httpd uses, or else any.
pub(super) fn load_mpm(facts: &Facts, directories: &[PathBuf]) -> Option<String> {
    let used = facts.mpm_name().map(|it| it.value);
    let names = used.as_deref().into_iter();
    names
        .chain(["event", "worker", "prefork"])
        .find_map(|name| {
            let file = directories
                .iter()
                .map(|it| it.join(format!("mod_mpm_{name}.so")))
                .find(|it| it.is_file())?;
            let file = file.display();
            Some(format!("LoadModule mpm_{name}_module \"{file}\"\n"))
        })
}
