//! The example of a Debian server, and what is wrong with it.

#![allow(dead_code, reason = "each test uses its part")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::refusal::Refusal;
use super::{debian, folder};

/// What is mended of it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mended {
    Nothing,
    Comment,
    Everything,
}

/// A copy of `examples/debian-wsgi`, where something may be mended.
pub(crate) struct Example {
    pub(crate) root: PathBuf,
    pub(crate) environment: Vec<(String, String)>,
    _guard: TempDir,
}

impl Example {
    pub(crate) fn copy(mended: Mended) -> Self {
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

    pub(crate) fn main(&self) -> PathBuf {
        self.root.join("apache2.conf")
    }

    /// File and line of a refusal; the file below the root.
    pub(crate) fn place<'a>(&self, refusal: Option<&'a Refusal>) -> Option<(&'a str, u64)> {
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
