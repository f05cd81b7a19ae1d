//! What a Debian tree needs before httpd has ever run on the machine.

#![allow(dead_code, reason = "each test uses its part")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Where the package puts them.
const SOURCE: &str = "/etc/apache2";

/// Lets the `envvars` of a copied tree name a runtime folder that exists: the usual one is made
/// when the server first starts. Returns what the file then gives the server; the linter reads it
/// for itself.
pub(crate) fn settle(root: &Path) -> Vec<(String, String)> {
    let run = root.join("run");
    fs::create_dir_all(&run).expect("the folder is writable");
    let run = run.to_str().expect("a temporary folder has a plain name");

    let envvars = root.join("envvars");
    let text = fs::read_to_string(&envvars).expect("a Debian tree has envvars");
    fs::write(&envvars, text.replace("/var/run/apache2$SUFFIX", run))
        .expect("the folder is writable");
    [
        ("APACHE_RUN_USER", "www-data"),
        ("APACHE_RUN_GROUP", "www-data"),
        ("APACHE_PID_FILE", &format!("{run}/apache2.pid")),
        ("APACHE_RUN_DIR", run),
        ("APACHE_LOCK_DIR", "/var/lock/apache2"),
        ("APACHE_LOG_DIR", "/var/log/apache2"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// The files of the package `apache2`, everything enabled.
pub(crate) struct StockTree {
    pub(crate) folder: TempDir,
    pub(crate) environment: Vec<(String, String)>,
}

impl StockTree {
    pub(crate) fn with(mpm: &str) -> Option<Self> {
        let names = packaged_files()?;
        let folder = TempDir::with_prefix("httpd-lint-").expect("the temporary folder is writable");
        for name in &names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a file stands in a folder"))
                .and_then(|()| fs::copy(Path::new(SOURCE).join(name), &path))
                .expect("the folder is writable");
        }
        let environment = settle(folder.path());
        let tree = Self {
            folder,
            environment,
        };
        for kind in ["mods", "conf", "sites"] {
            tree.enable(kind, |name| {
                !name.starts_with("mpm_") || name.starts_with(mpm)
            });
        }
        Some(tree)
    }

    /// What `a2enmod`, `a2enconf` and `a2ensite` do: a link for every file.
    fn enable(&self, kind: &str, wanted: impl Fn(&str) -> bool) {
        let available = self.folder.path().join(format!("{kind}-available"));
        let enabled = self.folder.path().join(format!("{kind}-enabled"));
        fs::create_dir(&enabled).expect("the folder is writable");
        for entry in fs::read_dir(available).expect("the package has such a folder") {
            let name = entry.expect("it is readable").file_name();
            let name = name.to_string_lossy();
            if wanted(&name) {
                let target = format!("../{kind}-available/{name}");
                symlink(target, enabled.join(&*name)).expect("the folder is writable");
            }
        }
    }

    pub(crate) fn main(&self) -> PathBuf {
        self.folder.path().join("apache2.conf")
    }
}

/// The package's files, relative to `/etc/apache2`: what an administrator or another package has
/// put beside them is not stock.
fn packaged_files() -> Option<Vec<String>> {
    let list = Command::new("dpkg-query")
        .args(["--listfiles", "apache2"])
        .output();
    let list = list.ok().filter(|it| it.status.success());
    let Some(list) = list else {
        eprintln!("skipped: the package apache2 is not installed; `tests/setup` does it");
        return None;
    };
    let names = String::from_utf8_lossy(&list.stdout)
        .lines()
        .filter(|it| Path::new(it).is_file())
        .filter_map(|it| it.strip_prefix("/etc/apache2/"))
        .map(str::to_owned)
        .collect();
    Some(names)
}
