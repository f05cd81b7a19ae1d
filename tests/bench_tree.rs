//! The servers that the benches measure are in order: a refused one would be measured up to its
//! first mistake only.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod linter;
    pub(crate) mod refusal;
    pub(crate) mod server;
}

#[path = "../benches/support/tree.rs"]
mod tree;

use support::linter;
use support::refusal::first_refusal;
use support::server::Server;
use tempfile::TempDir;

/// Each kind of site twice.
const SITES: usize = 20;

#[test]
fn a_generated_server_is_accepted() {
    let Some(server) = Server::find().filter(Server::has_wsgi) else {
        eprintln!("skipped: a generated server needs mod_wsgi; `tests/setup` installs it");
        return;
    };
    let folder = TempDir::with_prefix("httpd-lint-").unwrap();
    let root = folder.path().canonicalize().unwrap();
    tree::write(&root, SITES).unwrap();
    let main = root.join("apache2.conf");

    let (accepted, stderr) = server.check(&main, &root, &[], &[]);
    assert_eq!(first_refusal(accepted, &stderr), "Syntax OK\n");

    let answer = linter::check(&main, &root, &[]).unwrap();
    assert_eq!(answer.refusal, None);
}

#[test]
fn the_same_number_of_sites_gives_the_same_bytes() {
    let size = |files: Vec<(String, String)>| -> tree::Size {
        tree::Size {
            lines: files.iter().map(|(_, text)| text.lines().count()).sum(),
            bytes: files.iter().map(|(_, text)| text.len()).sum(),
        }
    };
    let once: Vec<(String, String)> = tree::files("/srv", SITES).collect();
    assert_eq!(once, tree::files("/srv", SITES).collect::<Vec<_>>());

    let folder = TempDir::with_prefix("httpd-lint-").unwrap();
    let root = folder.path().to_str().unwrap();
    let written = tree::write(folder.path(), SITES).unwrap();
    let counted = size(tree::files(root, SITES).collect());
    assert_eq!(
        (written.lines, written.bytes),
        (counted.lines, counted.bytes)
    );
}
