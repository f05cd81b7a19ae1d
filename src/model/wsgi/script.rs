//! The script that runs: whether the process can read, compile and load it.

use super::python::{self, Python};
use super::{Failure, source};
use crate::evaluate::paths;
use crate::model::accounts::Account;
use crate::model::request::Httpd;
use crate::model::{Doubt, Known};
use crate::world::Kind;

/// Modules that are part of the Python program itself.
const BUILT_IN: [&str; 12] = [
    "sys",
    "builtins",
    "time",
    "_thread",
    "itertools",
    "marshal",
    "gc",
    "errno",
    "posix",
    "math",
    "atexit",
    "mod_wsgi",
];

/// The process that a script runs in.
pub(super) struct Process {
    /// Who it runs as.
    pub(super) account: Account,
    /// Its Python.
    pub(super) python: Python,
    /// Where its Python looks for modules besides.
    pub(super) own_path: Option<String>,
    /// Whether it is one of httpd's own.
    pub(super) is_embedded: bool,
}

/// What goes wrong with a script in a process; `None` where nothing is seen to.
///
/// # Errors
/// The script is not visible from here.
pub(super) fn failure(
    httpd: &Httpd<'_>,
    path: &str,
    callable: &str,
    process: &Process,
) -> Known<Option<Failure>> {
    let unreadable = || Ok(Some(Failure::ScriptIsUnreadable(path.to_owned())));
    if httpd.may(&process.account, 4, path) == Ok(false) {
        return unreadable();
    }
    let bytes = httpd.world().read(path);
    let bytes = bytes.map_err(|_| Doubt::new(format!("`{path}` is not visible from here")))?;
    let text = String::from_utf8_lossy(&bytes);
    if source::is_broken(&text) {
        return unreadable();
    }
    if misses_module(httpd, &text, process) == Ok(true) {
        return Ok(Some(Failure::ScriptFails(path.to_owned())));
    }
    if !source::may_define(&text, callable) && !source::is_python(&text) {
        let why = format!("what Python makes of `{path}` is not known");
        return Err(Doubt::new(why).between(["404", "500"]));
    }
    Ok((!source::may_define(&text, callable)).then(|| {
        let (path, name) = (path.to_owned(), callable.to_owned());
        Failure::CallableIsMissing(path, name, process.is_embedded)
    }))
}

// Whether a module that the script imports is nowhere where Python looks.
fn misses_module(httpd: &Httpd<'_>, text: &str, process: &Process) -> Known<bool> {
    let Python::Runs(prefix) = &process.python else {
        return Ok(false);
    };
    // The script may extend the path itself.
    if text.contains("sys.path") || text.contains("site.addsitedir") {
        return Ok(false);
    }
    let version = python::version(httpd)?;
    let mut directories: Vec<String> = Vec::new();
    for base in [prefix.as_str(), "/usr", "/usr/local"] {
        let library = format!("{base}/lib/python{version}");
        directories.push(format!("{library}/lib-dynload"));
        directories.push(format!("{library}/site-packages"));
        directories.push(format!("{library}/dist-packages"));
        directories.push(library);
    }
    directories.push("/usr/lib/python3/dist-packages".to_owned());
    directories.extend(
        process
            .own_path
            .iter()
            .flat_map(|it| it.split(':'))
            .map(str::to_owned),
    );
    for directory in directories.clone() {
        directories.extend(added_by(httpd, &directory)?);
    }
    for name in source::imports(text) {
        if !BUILT_IN.contains(&name.as_str()) && !is_in_any(httpd, &directories, &name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

// What a directory holds; nothing where there is none.
fn entries(httpd: &Httpd<'_>, directory: &str) -> Known<Vec<String>> {
    if httpd.kind(directory)? != Kind::Directory {
        return Ok(Vec::new());
    }
    let entries = httpd.world().list(directory);
    let hidden = |_| Doubt::new(format!("`{directory}` is not visible from here"));
    let entries = entries.map_err(hidden)?.into_iter();
    Ok(entries.map(|it| it.name).collect())
}

// The directories that files of paths (`.pth`) in a directory add.
fn added_by(httpd: &Httpd<'_>, directory: &str) -> Known<Vec<String>> {
    let mut added = Vec::new();
    for name in entries(httpd, directory)? {
        if !name.to_ascii_lowercase().ends_with(".pth") {
            continue;
        }
        let path = paths::join(directory, &name);
        let bytes = httpd.world().read(&path);
        let bytes = bytes.map_err(|_| Doubt::new(format!("`{path}` is not visible from here")))?;
        for line in String::from_utf8_lossy(&bytes).lines() {
            // Such a line may put modules in place that are in no directory.
            if line.contains("__editable__") {
                return Err(Doubt::new(format!("`{path}` may bring other modules")));
            }
            if !line.is_empty() && !line.starts_with(['#', ' ']) && !line.starts_with("import") {
                added.push(paths::resolve(directory, line.trim_end()));
            }
        }
    }
    Ok(added)
}

fn is_in_any(httpd: &Httpd<'_>, directories: &[String], name: &str) -> Known<bool> {
    // The module is `module`, `module.py` or `module.cpython-311-….so`.
    let is_it = |it: &String| {
        let rest = it.strip_prefix(name);
        rest.is_some_and(|it| it.is_empty() || it.starts_with('.'))
    };
    for directory in directories {
        if entries(httpd, directory)?.iter().any(is_it) {
            return Ok(true);
        }
    }
    Ok(false)
}
