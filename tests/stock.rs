//! Debian's own configuration is in order: with every module of the package enabled, once for each
//! MPM, the linter finds nothing in it.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod debian;
    pub(crate) mod linter;
    pub(crate) mod refusal;
    pub(crate) mod server;
}

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::refusal::first_refusal;
use support::server::Server;
use support::{debian, linter};
use tempfile::TempDir;

/// Where the package puts them.
const SOURCE: &str = "/etc/apache2";

#[test]
fn nothing_is_found_with_the_event_mpm() {
    nothing_is_found_with("mpm_event");
}

#[test]
fn nothing_is_found_with_the_worker_mpm() {
    nothing_is_found_with("mpm_worker");
}

#[test]
fn nothing_is_found_with_the_prefork_mpm() {
    nothing_is_found_with("mpm_prefork");
}

fn nothing_is_found_with(mpm: &str) {
    let Some(server) = Server::find() else { return };
    let Some(tree) = StockTree::with(mpm) else {
        return;
    };
    let root = tree.folder.path();

    let (accepted, stderr) = server.check(&tree.main(), root, &[], &tree.environment);
    assert_eq!(first_refusal(accepted, &stderr), "Syntax OK\n");

    let answer = linter::check(&tree.main(), root, &[]).unwrap();
    assert!(answer.findings.is_empty(), "{}", answer.findings.join("\n"));
    assert_eq!(answer.refusal, None);
}

/// The files of the package `apache2` below `/etc/apache2`, everything enabled.
struct StockTree {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl StockTree {
    fn with(mpm: &str) -> Option<Self> {
        let names = packaged_files()?;
        let folder = TempDir::with_prefix("httpd-lint-").expect("the temporary folder is writable");
        for name in &names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a file stands in a folder"))
                .and_then(|()| fs::copy(Path::new(SOURCE).join(name), &path))
                .expect("the folder is writable");
        }
        let environment = debian::settle(folder.path());
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

    fn main(&self) -> PathBuf {
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
