//! `check --changed` shows what a change brought, and nothing else; git says what it is.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod folder;
    pub(crate) mod repository;
    pub(crate) mod tree;
}

use std::fs;
use std::os::unix::fs::symlink;

use support::repository::{self, commit, git};
use support::tree::Tree;

const MAIN: &str = "\
ServerRoot /etc/httpd
LoadModule wsgi_module modules/mod_wsgi.so
Include groups.conf
Include enabled/*.conf
ServerAdmin \"old
";
const SHOP: &str = "WSGIProcessGroup shop\nServerAdmin \"shop\nKeepAlive On\n";

/// A repository with a commit, on a branch beside `main`; `None` where there is no git.
fn repository() -> Option<Tree> {
    let tree = Tree::new(&[
        ("etc/httpd.conf", MAIN),
        ("etc/groups.conf", "WSGIDaemonProcess shop\n"),
        ("etc/available/shop.conf", SHOP),
    ]);
    fs::create_dir(tree.root.join("etc/enabled")).unwrap();
    symlink(
        "../available/shop.conf",
        tree.root.join("etc/enabled/shop.conf"),
    )
    .unwrap();
    if !repository::is_there() {
        return None;
    }
    repository::init(&tree);
    git(&tree, &["checkout", "--quiet", "-b", "change"]);
    Some(tree)
}

/// The findings that are shown, without what is said besides.
fn brought(tree: &Tree) -> Vec<String> {
    tree.findings(&["etc", "--changed", "main"])
}

const OLD: [&str; 2] = [
    "etc/available/shop.conf:2 warning unterminated-quote",
    "etc/httpd.conf:5 warning unterminated-quote",
];

#[test]
fn without_a_change_nothing_is_shown() {
    let Some(tree) = repository() else { return };
    assert_eq!(tree.findings(&["etc"]).len(), OLD.len());
    assert_eq!(brought(&tree), [""; 0]);
    let said = tree.run(&["check", "etc", "--changed", "main"]);
    assert_eq!(said.code, Some(0));
    let expected = "httpd-lint: 2 findings not shown, which the change since main did not bring\n";
    assert_eq!(said.err, expected);
}

#[test]
fn a_changed_line_shows_what_it_has() {
    let Some(tree) = repository() else { return };
    tree.put("etc/available/shop.conf", SHOP.replace("\"shop", "\"shops"));
    let shown = ["etc/enabled/shop.conf:2 warning unterminated-quote"];
    assert_eq!(brought(&tree), shown);
    commit(&tree);
    assert_eq!(brought(&tree), shown);
}

#[test]
fn what_only_moves_is_not_shown() {
    let Some(tree) = repository() else { return };
    tree.put("etc/available/shop.conf", format!("# a comment\n\n{SHOP}"));
    assert_eq!(brought(&tree), [""; 0]);
}

#[test]
fn a_change_shows_what_it_causes_elsewhere() {
    let Some(tree) = repository() else { return };
    tree.put("etc/groups.conf", "WSGIDaemonProcess shops\n");
    let shown = ["etc/enabled/shop.conf:1 warning undeclared-daemon-process"];
    let found = brought(&tree);
    assert!(
        shown.iter().all(|it| found.iter().any(|found| found == it)),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|it| it.contains("unterminated-quote")),
        "{found:?}"
    );
}

#[test]
fn a_new_file_shows_all_that_it_has() {
    let Some(tree) = repository() else { return };
    tree.put("etc/enabled/new.conf", "ServerAdmin \"new\n");
    let shown = ["etc/enabled/new.conf:1 warning unterminated-quote"];
    assert_eq!(brought(&tree), shown, "git does not know it yet");
    commit(&tree);
    assert_eq!(brought(&tree), shown);
}

#[test]
fn a_link_that_enables_a_file_shows_all_that_it_has() {
    let Some(tree) = repository() else { return };
    tree.put("etc/available/blog.conf", "ServerAdmin \"blog\n");
    commit(&tree);
    git(&tree, &["branch", "--force", "main"]);
    assert_eq!(brought(&tree), [""; 0]);
    symlink(
        "../available/blog.conf",
        tree.root.join("etc/enabled/blog.conf"),
    )
    .unwrap();
    commit(&tree);
    assert_eq!(
        brought(&tree),
        ["etc/enabled/blog.conf:1 warning unterminated-quote"]
    );
}

#[test]
fn a_file_that_goes_away_shows_what_misses_it() {
    let Some(tree) = repository() else { return };
    fs::remove_file(tree.root.join("etc/groups.conf")).unwrap();
    commit(&tree);
    let found = brought(&tree);
    assert!(!found.is_empty());
    assert!(
        !found.iter().any(|it| it.contains("unterminated-quote")),
        "{found:?}"
    );
}

#[test]
fn a_renamed_file_has_what_it_had() {
    let Some(tree) = repository() else { return };
    git(
        &tree,
        &["mv", "etc/available/shop.conf", "etc/available/store.conf"],
    );
    fs::remove_file(tree.root.join("etc/enabled/shop.conf")).unwrap();
    symlink(
        "../available/store.conf",
        tree.root.join("etc/enabled/store.conf"),
    )
    .unwrap();
    commit(&tree);
    assert_eq!(brought(&tree), [""; 0]);
}

#[test]
fn a_link_of_another_name_leads_to_what_was_there() {
    let Some(tree) = repository() else { return };
    git(
        &tree,
        &["mv", "etc/enabled/shop.conf", "etc/enabled/10-shop.conf"],
    );
    assert_eq!(brought(&tree), [""; 0]);
    commit(&tree);
    assert_eq!(brought(&tree), [""; 0]);
}

#[test]
fn a_link_that_leads_elsewhere_shows_what_is_there() {
    let Some(tree) = repository() else { return };
    tree.put("etc/available/blog.conf", "ServerAdmin \"blog\n");
    commit(&tree);
    git(&tree, &["branch", "--force", "main"]);
    let link = tree.root.join("etc/enabled/shop.conf");
    fs::remove_file(&link).unwrap();
    symlink("../available/blog.conf", link).unwrap();
    // The group was the shop's.
    let shown = [
        "etc/groups.conf:1 warning unused-daemon-process",
        "etc/enabled/shop.conf:1 warning unterminated-quote",
    ];
    assert_eq!(brought(&tree), shown);
}

#[test]
fn what_the_base_did_meanwhile_is_no_part_of_the_change() {
    let Some(tree) = repository() else { return };
    git(&tree, &["checkout", "--quiet", "main"]);
    tree.put("etc/httpd.conf", MAIN.replace("\"old\n", "old\n"));
    commit(&tree);
    git(&tree, &["checkout", "--quiet", "change"]);
    assert_eq!(brought(&tree), [""; 0]);
}

#[test]
fn nothing_is_written_into_the_repository() {
    let Some(tree) = repository() else { return };
    tree.put("etc/enabled/new.conf", "ServerAdmin \"new\n");
    let state = |tree: &Tree| {
        let index = fs::metadata(tree.root.join(".git/index")).unwrap();
        (
            git(tree, &["--no-optional-locks", "status", "--porcelain"]),
            index.modified().unwrap(),
        )
    };
    let before = state(&tree);
    brought(&tree);
    assert_eq!(state(&tree), before);
}

#[test]
fn the_repository_may_lie_below_the_server_root() {
    if !repository::is_there() {
        return;
    }
    let tree = Tree::new(&[("conf/extra.conf", "")]);
    let main = |more: &str| {
        let root = tree.root.display();
        format!("ServerRoot {root}\nServerAdmin \"old\n{more}Include conf/extra.conf\n")
    };
    tree.put("conf/httpd.conf", main(""));
    let conf = tree.root.join("conf");
    repository::git_in(&conf, &["init", "--quiet", "--initial-branch=main"]);
    repository::git_in(&conf, &["add", "--all"]);
    repository::git_in(&conf, &["commit", "--quiet", "--message", "a change"]);
    let brought = || tree.findings(&["conf/httpd.conf", "--changed", "HEAD"]);
    assert_eq!(brought(), [""; 0]);
    tree.put("conf/httpd.conf", main("ServerAdmin \"new\n"));
    let shown = ["conf/httpd.conf:3 warning unterminated-quote"];
    assert_eq!(brought(), shown);
}

#[test]
fn what_cannot_be_compared_is_said_in_a_line() {
    let Some(tree) = repository() else { return };
    for (base, part) in [
        ("nowhere", "`nowhere` is no revision of "),
        ("--help", "`--help` is no revision of "),
    ] {
        let said = tree.run(&["check", "etc", &format!("--changed={base}")]);
        assert_eq!(said.code, Some(2));
        assert!(said.err.contains(part), "{}", said.err);
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    }
    git(&tree, &["checkout", "--quiet", "--orphan", "other"]);
    tree.put("etc/other.conf", "");
    commit(&tree);
    let said = tree.run(&["check", "etc", "--changed", "main"]);
    assert!(said.err.contains("no common history"), "{}", said.err);
    let alone = Tree::new(&[("httpd.conf", MAIN)]);
    let said = alone.run(&["check", "httpd.conf", "--changed", "main"]);
    assert_eq!(said.code, Some(2));
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
}
