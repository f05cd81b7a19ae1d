//! Which Python a process runs: its `sys.prefix`.

use super::module;
use crate::model::accounts::Account;
use crate::model::layers::{Layers, first_word};
use crate::model::request::Httpd;
use crate::model::{Doubt, Known};
use crate::world::Kind;

/// What a process makes of its Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Python {
    /// It runs, with this `sys.prefix`.
    Runs(String),
    /// It does not start with this home.
    Fails(String),
}

/// The Python of a process with a home of its own, or of the server's.
///
/// # Errors
/// The files of the server are not visible from here.
pub(super) fn of(httpd: &Httpd<'_>, own_home: Option<&str>, account: &Account) -> Known<Python> {
    let home = match own_home {
        Some(home) => Some(home.to_owned()),
        None => configured_home(httpd)?,
    };
    let home = match home {
        Some(home) => Some(home),
        None => variable(httpd, "PYTHONHOME")?,
    };
    match home {
        Some(home) => at_home(httpd, &home, account),
        None => searched(httpd, account).map(Python::Runs),
    }
}

/// The home that the configuration gives to all processes: the last one counts.
fn configured_home(httpd: &Httpd<'_>) -> Known<Option<String>> {
    let mut layers = Layers::new(httpd.config, httpd.table());
    layers.push(httpd.main().body(), None);
    let line = layers.last("WSGIPythonHome")?;
    Ok(line.and_then(|it| first_word(&it)))
}

fn variable(httpd: &Httpd<'_>, name: &str) -> Known<Option<String>> {
    let environment = httpd.inputs.facts.of_applications().environment.as_ref();
    let unknown = || {
        Doubt::new(format!(
            "the environment that httpd starts with may set `{name}`"
        ))
    };
    let values = &environment.ok_or_else(unknown)?.value.values;
    Ok(values.get(name).filter(|it| !it.is_empty()).cloned())
}

// A home with `pyvenv.cfg` is a virtual environment, whatever else it holds. Another one must hold
// the library of the very Python that mod_wsgi was built with.
fn at_home(httpd: &Httpd<'_>, home: &str, account: &Account) -> Known<Python> {
    // `PREFIX:EXEC_PREFIX`.
    let prefix = home.split(':').next().unwrap_or(home);
    let prefix = match prefix.trim_end_matches('/') {
        "" => "/",
        prefix => prefix,
    };
    let fails = || Ok(Python::Fails(home.to_owned()));
    let in_doubt = |doubt: Doubt| doubt.between([prefix]);
    if !prefix.starts_with('/') || httpd.kind(prefix).map_err(in_doubt)? != Kind::Directory {
        return fails();
    }
    if httpd.may(account, 5, prefix) == Ok(false) {
        return fails();
    }
    let settings = format!("{prefix}/pyvenv.cfg");
    let is_readable = || httpd.may(account, 4, &settings) != Ok(false);
    if httpd.kind(&settings)? == Kind::File && is_readable() {
        return Ok(Python::Runs(prefix.to_owned()));
    }
    let version = version(httpd)?;
    let library = format!("{prefix}/lib/python{version}/os.py");
    match httpd.kind(&library)? {
        Kind::File => Ok(Python::Runs(prefix.to_owned())),
        _ => fails(),
    }
}

// Without a home, Python looks for itself: a program `python3` on the path, and from there upwards
// for its library.
fn searched(httpd: &Httpd<'_>, account: &Account) -> Known<String> {
    let path = variable(httpd, "PATH")?.unwrap_or_default();
    let version = version(httpd)?;
    for directory in path.split(':').filter(|it| it.starts_with('/')) {
        let program = format!("{}/python3", directory.trim_end_matches('/'));
        let is_program = httpd.kind(&program)? == Kind::File;
        if !is_program || httpd.may(account, 1, &program) == Ok(false) {
            continue;
        }
        if let Some(prefix) = environment_of(httpd, &program)? {
            return Ok(prefix);
        }
        let real = httpd.world().real_path(&program).unwrap_or(program);
        let mut above = real.as_str();
        // The root itself is not looked at.
        while let Some((parent, _)) = above.rsplit_once('/').filter(|it| !it.0.is_empty()) {
            let library = format!("{parent}/lib/python{version}/os.py");
            if httpd.kind(&library)? == Kind::File {
                return Ok(parent.to_owned());
            }
            above = parent;
        }
        break;
    }
    // What it was compiled with is not said anywhere; nearly always it is this.
    let usual = format!("/usr/lib/python{version}/os.py");
    match httpd.kind(&usual)? {
        Kind::File => Ok("/usr".to_owned()),
        _ => Err(Doubt::new(
            "where Python was installed is not known from here",
        )),
    }
}

// The virtual environment that a program belongs to.
fn environment_of(httpd: &Httpd<'_>, program: &str) -> Known<Option<String>> {
    let Some((directory, _)) = program.rsplit_once('/') else {
        return Ok(None);
    };
    let parent = directory.rsplit_once('/').map_or("", |it| it.0);
    for above in [directory, parent] {
        if httpd.kind(&format!("{above}/pyvenv.cfg"))? == Kind::File {
            return Ok(Some(parent.to_owned()));
        }
    }
    Ok(None)
}

/// The version of Python that mod_wsgi is linked to, such as `3.11`.
pub(super) fn version(httpd: &Httpd<'_>) -> Known<String> {
    if let Some(fact) = &httpd.inputs.facts.of_applications().python_version {
        let number = fact.value.number;
        return Ok(format!("{}.{}", number.major, number.minor));
    }
    let version = module::python_version(httpd);
    version.ok_or_else(|| Doubt::new("the version of Python is not known from here"))
}
