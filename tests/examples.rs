//! The examples are what their pages say: the real httpd refuses what is said to be refused, and
//! nothing else.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod debian;
    pub(crate) mod folder;
    pub(crate) mod linter;
    pub(crate) mod refusal;
    pub(crate) mod server;
}

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use support::refusal::{Refusal, first_refusal};
use support::server::Server;
use support::{debian, folder, linter};
use tempfile::TempDir;

/// The three states in which the example passes by: what is mended, and what httpd then says.
const STATES: &[(Mended, Option<(&str, u64)>)] = &[
    (Mended::Nothing, Some(("sites-enabled/030-api.conf", 10))),
    (Mended::Comment, Some(("sites-enabled/030-api.conf", 17))),
    (Mended::Everything, None),
];

#[derive(Debug, Clone, Copy)]
enum Mended {
    Nothing,
    Comment,
    Everything,
}

#[test]
fn the_debian_example_is_refused_twice_and_then_accepted() {
    let Some(server) = Server::find() else { return };
    if !server.has_wsgi() {
        eprintln!("skipped: mod_wsgi is not installed; `tests/setup` does it");
        return;
    }
    for (mended, expected) in STATES {
        let tree = Example::copy(*mended);
        let (accepted, stderr) = server.check(&tree.main(), &tree.root, &[], &tree.environment);
        let refusal = Refusal::parse(&first_refusal(accepted, &stderr));
        assert_eq!(
            tree.place(refusal.as_ref()),
            *expected,
            "{mended:?}: {stderr}"
        );
    }
}

#[test]
fn the_debian_example_is_foretold() {
    for (mended, expected) in STATES {
        let tree = Example::copy(*mended);
        let answer = linter::check(&tree.main(), &tree.root, &[]).unwrap();
        assert_eq!(tree.place(answer.refusal.as_ref()), *expected, "{mended:?}");
        for clean in ["000-redirect.conf", "010-shop.conf"] {
            let found: Vec<&String> = answer
                .findings
                .iter()
                // The shop's pages are not on this machine.
                .filter(|it| it.contains(clean) && !it.contains(" missing-document-root "))
                .collect();
            assert!(found.is_empty(), "{found:?}");
        }
    }
}

/// A copy of `examples/debian-wsgi`, where something may be mended.
struct Example {
    root: PathBuf,
    environment: Vec<(String, String)>,
    _guard: TempDir,
}

impl Example {
    fn copy(mended: Mended) -> Self {
        let (guard, root) = folder::temporary();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/debian-wsgi/etc/apache2");
        for entry in walkdir::WalkDir::new(&source).min_depth(1) {
            let entry = entry.expect("the example is readable");
            let path = root.join(
                entry
                    .path()
                    .strip_prefix(&source)
                    .expect("it was found there"),
            );
            if entry.file_type().is_dir() {
                fs::create_dir(&path).expect("the folder is writable");
            } else if entry.path_is_symlink() {
                let target = fs::read_link(entry.path()).expect("it is a link");
                symlink(target, &path).expect("the folder is writable");
            } else {
                fs::copy(entry.path(), &path).expect("the folder is writable");
            }
        }
        mend(&root.join("sites-available/030-api.conf"), mended);
        let environment = debian::settle(&root);
        Self {
            root,
            environment,
            _guard: guard,
        }
    }

    fn main(&self) -> PathBuf {
        self.root.join("apache2.conf")
    }

    /// File and line of a refusal; the file below the root.
    fn place<'a>(&self, refusal: Option<&'a Refusal>) -> Option<(&'a str, u64)> {
        let refusal = refusal?;
        let file = Path::new(refusal.file.as_ref()?)
            .strip_prefix(&self.root)
            .ok()?;
        Some((file.to_str()?, refusal.line?))
    }
}

fn mend(site: &Path, mended: Mended) {
    let mut text = fs::read_to_string(site).expect("the example is readable");
    if matches!(mended, Mended::Comment | Mended::Everything) {
        text = text.replace(" # partners are few", "");
    }
    if matches!(mended, Mended::Everything) {
        text = text
            .replace("Order allow,deny", "Require all granted")
            .replace("        Allow from all\n", "");
    }
    fs::write(site, text).expect("the folder is writable");
}
