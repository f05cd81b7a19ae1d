//! A folder with a configuration, and our program run in it.
#![allow(dead_code, reason = "each test uses its part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::folder;

/// A folder, gone with the value.
pub(crate) struct Tree {
    _folder: tempfile::TempDir,
    pub(crate) root: PathBuf,
}

/// What the program said.
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: Option<i32>,
}

impl Tree {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let (folder, root) = folder::temporary();
        let tree = Self {
            _folder: folder,
            root,
        };
        for (name, text) in files {
            tree.put(name, text);
        }
        tree
    }

    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it is writable");
        fs::write(path, bytes).expect("it is writable");
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.root.join(name)).expect("it is there")
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).expect("it is UTF-8")
    }

    /// Runs the program in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        self.run_below(Path::new(""), arguments)
    }

    /// Runs the program in a folder below.
    pub(crate) fn run_below(&self, folder: &Path, arguments: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
            .args(arguments)
            .current_dir(self.root.join(folder))
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Said {
            out: text(&output.stdout),
            err: text(&output.stderr),
            code: output.status.code(),
        }
    }

    /// One line for each finding: where, and of which rule.
    pub(crate) fn findings(&self, arguments: &[&str]) -> Vec<String> {
        let concise = [&["check", "-q", "--format", "concise"], arguments].concat();
        let said = self.run(&concise);
        assert_eq!(said.err, "");
        let short = |line: &str| {
            let (place, rest) = line.split_once(": ").unwrap_or_default();
            let place = place.rsplit_once(':').map_or(place, |it| it.0);
            let rule = rest.split_once(']').unwrap_or_default().0;
            format!("{place} {}", rule.replace('[', " "))
        };
        said.out.lines().map(short).collect()
    }
}
