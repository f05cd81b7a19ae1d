//! git in a folder.
#![allow(dead_code, reason = "each test uses its part")]

use std::path::Path;
use std::process::Command;

use super::tree::Tree;

/// Whether there is a git; a test that needs it says that it is skipped.
pub(crate) fn is_there() -> bool {
    let there = Command::new("git").arg("--version").output().is_ok();
    if !there {
        eprintln!("skipped: there is no git");
    }
    there
}

/// Makes a tree a repository with all that it has as its first commit.
pub(crate) fn init(tree: &Tree) {
    git(tree, &["init", "--quiet", "--initial-branch=main"]);
    commit(tree);
}

/// What git says in the folder of a tree.
pub(crate) fn git(tree: &Tree, arguments: &[&str]) -> String {
    git_in(&tree.root, arguments)
}

/// What git says in a folder.
pub(crate) fn git_in(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.com"])
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Commits all that is there.
pub(crate) fn commit(tree: &Tree) {
    git(tree, &["add", "--all"]);
    let message = ["--quiet", "--allow-empty", "--message", "a change"];
    git(tree, &[&["commit"], &message[..]].concat());
}
