//! What the files of a machine tell of its httpd.

use std::fs;
use std::path::{Path, PathBuf};

use crate::facts::{Fact, Facts, Origin, System};

/// A fact that a line of a file tells.
pub(super) fn fact<T>(file: &Path, line: usize, value: T) -> Fact<T> {
    let origin = Origin {
        text: file.display().to_string().into(),
        line: u32::try_from(line).unwrap_or(u32::MAX),
    };
    Fact { value, origin }
}

fn text(file: &Path) -> Option<String> {
    Some(String::from_utf8_lossy(&fs::read(file).ok()?).into_owned())
}

/// The lines `NAME=value` of a file; quotes around a value and blanks around `=` do not count.
fn settings(file: &Path) -> Vec<(String, Fact<String>)> {
    let text = text(file).unwrap_or_default();
    let setting = |(at, line): (usize, &str)| {
        let (name, value) = line.split_once('=')?;
        let value = value.trim().trim_matches('"').to_owned();
        Some((name.trim().to_owned(), fact(file, at + 1, value)))
    };
    text.lines().enumerate().filter_map(setting).collect()
}

/// The system, as far as Linux shows it in files.
pub(super) fn system() -> System {
    let kernel = |name: &str| {
        let file = Path::new("/proc/sys/kernel").join(name);
        Some(fact(&file, 1, text(&file)?.trim().to_owned()))
    };
    let release = settings(Path::new("/etc/os-release"));
    let field = |name: &str| {
        release
            .iter()
            .find(|it| it.0 == name)
            .map(|it| it.1.clone())
    };
    let sysname = kernel("ostype");
    System {
        // The machine that this program was built for is the one that it runs on.
        machine: sysname
            .as_ref()
            .map(|it| it.map(|_| std::env::consts::ARCH.to_owned())),
        kernel: sysname,
        host: kernel("hostname"),
        release: kernel("osrelease"),
        distribution: field("ID"),
        distribution_version: field("VERSION_ID"),
    }
}

// The directory of apxs' files, below the program's prefix or the ServerRoot compiled in.
const BUILD: [&str; 7] = [
    "build",
    "share/apache2/build",
    "lib/httpd/build",
    "lib64/httpd/build",
    "lib/apache2/build",
    "share/apache24/build",
    "share/httpd/build",
];

// The variables that tell where something is, and what was built.
const VARIABLES: [&str; 13] = [
    "progname",
    "HTTPD_VERSION",
    "HTTPD_MMN",
    "exp_sysconfdir",
    "exp_libexecdir",
    "exp_sbindir",
    "exp_bindir",
    "exp_includedir",
    "exp_installbuilddir",
    "exp_logfiledir",
    "exp_runtimedir",
    "APR_VERSION",
    "APU_VERSION",
];

/// What `apxs -q` would print: the lines of the file that it reads, of this httpd only.
pub(super) fn apxs(httpd: &Path, facts: &Facts) -> Vec<(String, Fact<String>)> {
    let version = facts.version.as_ref().map(|it| it.value.number.to_string());
    let program = httpd.file_name().and_then(|it| it.to_str());
    let variables = |directory: PathBuf| {
        let all = settings(&directory.join("config_vars.mk"));
        let get = |name: &str| all.iter().find(|it| it.0 == name);
        let value = |name: &str| get(name).map(|it| it.1.value.as_str());
        let is_ours = value("progname") == program && value("HTTPD_VERSION") == version.as_deref();
        let told = VARIABLES.iter().filter_map(|it| get(it)).cloned();
        let told = told.filter(|it| !it.1.value.is_empty());
        is_ours.then(|| told.collect::<Vec<_>>())
    };
    let found = build_directories(httpd, facts).find_map(variables);
    found.unwrap_or_default()
}

fn build_directories<'a>(
    httpd: &Path,
    facts: &'a Facts,
) -> impl Iterator<Item = PathBuf> + use<'a> {
    let real = fs::canonicalize(httpd).ok();
    let prefix = |it: &Path| Some(it.parent()?.parent()?.to_owned());
    let root = facts.httpd_root().map(|it| PathBuf::from(it.value));
    let bases = [prefix(httpd), real.as_deref().and_then(prefix), root];
    let bases = bases.into_iter().flatten();
    bases.flat_map(|base| BUILD.map(|it| base.join(it)))
}

/// The file `config.nice` of this build.
pub(super) fn config_nice(httpd: &Path, facts: &Facts) -> Option<(PathBuf, String)> {
    let build = facts.apxs.iter().find(|it| it.0 == "exp_installbuilddir");
    let build = build.map(|it| PathBuf::from(&it.1.value));
    let directories = build.into_iter().chain(build_directories(httpd, facts));
    let mut files = directories.map(|it| it.join("config.nice"));
    files.find_map(|it| Some((it.clone(), text(&it)?)))
}

/// The file that the loader takes for a library, as `ldd` prints it.
pub(super) fn library(
    name: &str,
    of: &Path,
    run_path: Option<&str>,
    library_path: Option<&str>,
) -> Option<PathBuf> {
    let origin = of.parent()?.display().to_string();
    let run_path = run_path.unwrap_or_default().replace("$ORIGIN", &origin);
    let named = library_path.unwrap_or_default().split(':');
    let own = run_path.split(':').filter(|it| it.starts_with('/'));
    let named = named.filter(|it| it.starts_with('/'));
    let mut directories: Vec<PathBuf> = named.chain(own).map(PathBuf::from).collect();
    directories.extend(configured_directories());
    directories.extend(["/lib64", "/usr/lib64", "/lib", "/usr/lib"].map(PathBuf::from));
    directories
        .iter()
        .map(|it| it.join(name))
        .find(|it| it.is_file())
}

// Those of the files of `ld.so.conf`, in the order in which they are read.
fn configured_directories() -> Vec<PathBuf> {
    let entries = fs::read_dir("/etc/ld.so.conf.d").into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.flatten().map(|it| it.path()).collect();
    files.sort();
    let texts = files.iter().filter_map(|it| text(it));
    let lines = texts.flat_map(|it| it.lines().map(str::to_owned).collect::<Vec<_>>());
    lines
        .filter(|it| it.starts_with('/'))
        .map(PathBuf::from)
        .collect()
}
