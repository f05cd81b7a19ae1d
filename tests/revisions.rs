//! `trace --compare` reads revisions of a repository from its objects, whatever is checked out.
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
use std::path::Path;

use support::repository::{self, commit, git, git_in};
use support::tree::{Said, Tree};

const MAIN: &str = "\
ServerRoot /etc/httpd
LoadModule alias_module modules/mod_alias.so
LoadModule authz_core_module modules/mod_authz_core.so
Listen 80
DocumentRoot /srv/www
Include enabled/*.conf
";
const OLD: &str = "http://a.test/old";
const NEW: &str = "http://a.test/new";

/// A repository whose main branch redirects to `/old`, and the branch `change` to `/new`.
fn repository() -> Option<Tree> {
    let tree = Tree::new(&[
        ("etc/httpd.conf", MAIN),
        ("etc/available/shop.conf", "Redirect /x http://a.test/old\n"),
    ]);
    fs::create_dir(tree.root.join("etc/enabled")).unwrap();
    let link = tree.root.join("etc/enabled/shop.conf");
    symlink("../available/shop.conf", link).unwrap();
    if !repository::is_there() {
        return None;
    }
    repository::init(&tree);
    git(&tree, &["checkout", "--quiet", "-b", "change"]);
    tree.put("etc/available/shop.conf", "Redirect /x http://a.test/new\n");
    commit(&tree);
    Some(tree)
}

/// Where `/x` is redirected to before and after; nothing where that is the same.
fn redirects(said: &Said) -> Vec<String> {
    assert!(said.code == Some(0) || said.code == Some(1), "{}", said.err);
    let lines = said.out.lines().map(str::trim);
    let targets = lines.filter_map(|it| it.strip_prefix("location "));
    let targets = targets.map(|it| it.trim().to_owned());
    targets.filter(|it| !it.starts_with("is ")).collect()
}

fn compare(tree: &Tree, folder: &str, revisions: &str) -> Said {
    let compare = format!("--compare={revisions}");
    let arguments = ["trace", &compare, "http://a.test/x", "etc"];
    tree.run_below(Path::new(folder), &arguments)
}

#[test]
fn a_revision_is_compared_with_what_is_checked_out() {
    let Some(tree) = repository() else { return };
    assert_eq!(redirects(&compare(&tree, "", "main")), [OLD, NEW]);
    assert_eq!(redirects(&compare(&tree, "", "change")), [""; 0]);
    tree.put("etc/available/shop.conf", "Redirect /x http://a.test/old\n");
    assert_eq!(redirects(&compare(&tree, "", "main")), [""; 0]);
    assert_eq!(redirects(&compare(&tree, "", "change")), [NEW, OLD]);
}

#[test]
fn two_revisions_need_nothing_that_is_checked_out() {
    let Some(tree) = repository() else { return };
    git(&tree, &["clone", "--quiet", "--bare", ".", "bare"]);
    for (revisions, told) in [
        ("main..change", vec![OLD, NEW]),
        ("change..main", vec![NEW, OLD]),
        ("main...change", vec![OLD, NEW]),
        ("change...main", vec![]),
        ("main..", vec![OLD, NEW]),
        ("main..main", vec![]),
    ] {
        assert_eq!(redirects(&compare(&tree, "bare", revisions)), told);
        assert_eq!(redirects(&compare(&tree, "", revisions)), told);
    }
    assert_eq!(redirects(&compare(&tree, "bare", "change")), [""; 0]);
}

#[test]
fn what_the_base_did_meanwhile_is_no_change() {
    let Some(tree) = repository() else { return };
    git(&tree, &["checkout", "--quiet", "main"]);
    tree.put(
        "etc/httpd.conf",
        format!("{MAIN}Redirect /x http://a.test/later\n"),
    );
    commit(&tree);
    git(&tree, &["checkout", "--quiet", "change"]);
    assert_eq!(redirects(&compare(&tree, "", "main")), [OLD, NEW]);
    assert_eq!(redirects(&compare(&tree, "", "main...change")), [OLD, NEW]);
}

#[test]
fn many_files_and_names_of_all_kinds_are_found() {
    let Some(tree) = repository() else { return };
    for number in 0..2000 {
        let text = format!("Redirect /{number} http://a.test/\n");
        tree.put(&format!("etc/enabled/{number}.conf"), text);
    }
    tree.put("etc/enabled/größe x.conf", "Redirect /y http://a.test/y\n");
    commit(&tree);
    let arguments = ["trace", "--compare=main..change"];
    let urls = [
        "http://a.test/1999",
        "http://a.test/y",
        "http://a.test/2000",
        "etc",
    ];
    let said = tree.run(&[&arguments[..], &urls[..]].concat());
    assert_eq!(redirects(&said), ["http://a.test/", "http://a.test/y"]);
}

#[test]
fn another_repository_inside_is_not_known() {
    let Some(tree) = repository() else { return };
    git(&tree, &["init", "--quiet", "inner"]);
    let inner = tree.root.join("inner");
    fs::write(inner.join("a.conf"), "Redirect /z http://a.test/z\n").unwrap();
    git_in(&inner, &["add", "--all"]);
    git_in(&inner, &["commit", "--quiet", "--message", "a"]);
    git(
        &tree,
        &["submodule", "--quiet", "add", "./inner", "etc/inner"],
    );
    tree.put("etc/httpd.conf", format!("{MAIN}Include inner/a.conf\n"));
    commit(&tree);
    let said = compare(&tree, "", "main..change");
    assert_eq!(redirects(&said), [OLD]);
    assert!(said.err.contains("not known"), "{}", said.err);
}

#[test]
fn a_blob_that_is_no_configuration_is_named_and_not_read() {
    let Some(tree) = repository() else { return };
    tree.put("etc/enabled/big.conf", vec![b'#'; 33 << 20]);
    commit(&tree);
    let said = compare(&tree, "", "main..change");
    let gap = "etc/enabled/big.conf: 34603008 bytes are no configuration";
    assert!(said.err.contains(gap), "{}", said.err);
    assert_eq!(redirects(&said), [OLD]);
}

#[test]
fn a_file_that_is_no_configuration_is_named_and_not_read() {
    let Some(tree) = repository() else { return };
    tree.put("etc/enabled/big.conf", vec![b'#'; 33 << 20]);
    let said = compare(&tree, "", "main");
    let gap = "etc/enabled/big.conf: 34603008 bytes are no configuration";
    assert!(said.err.contains(gap), "{}", said.err);
    assert_eq!(redirects(&said), [OLD]);
}

#[test]
fn a_link_that_leads_out_of_the_repository_is_not_followed() {
    for (target, told) in [
        ("/srv/elsewhere/a.conf", vec![OLD]),
        ("../../../../../a.conf", vec![OLD]),
        ("a.conf", vec![OLD, NEW]),
    ] {
        let Some(tree) = repository() else { return };
        symlink(target, tree.root.join("etc/enabled/a.conf")).unwrap();
        commit(&tree);
        let said = compare(&tree, "", "main..change");
        assert_eq!(redirects(&said), told, "{target}");
    }
}

#[test]
fn what_cannot_be_compared_is_said_in_a_line() {
    let Some(tree) = repository() else { return };
    git(&tree, &["rm", "-r", "--quiet", "etc"]);
    tree.put("other/httpd.conf", MAIN);
    commit(&tree);
    let alone = Tree::new(&[("etc/httpd.conf", MAIN)]);
    for (tree, revisions, part) in [
        (&tree, "nowhere..change", "`nowhere` is no revision of "),
        (&tree, "main..--help", "`--help` is no revision of "),
        (&tree, "main..change", "etc: no such file"),
        (&alone, "main..change", "not a git repository"),
    ] {
        let said = compare(tree, "", revisions);
        assert_eq!(said.code, Some(2), "{revisions}");
        assert!(said.err.contains(part), "{}", said.err);
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    }
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let Some(tree) = repository() else { return };
    let source = format!("file://{}", tree.root.display());
    git(
        &tree,
        &[
            "clone",
            "--quiet",
            "--depth=1",
            "--branch=change",
            &source,
            "shallow",
        ],
    );
    let said = compare(&tree, "shallow", "HEAD~1");
    assert_eq!(said.code, Some(2));
    assert!(
        said.err.contains("a shallow clone lacks most"),
        "{}",
        said.err
    );
}

#[test]
fn nothing_is_written_into_the_repository() {
    let Some(tree) = repository() else { return };
    let state = || {
        let index = fs::metadata(tree.root.join(".git/index")).unwrap();
        let status = git(&tree, &["--no-optional-locks", "status", "--porcelain"]);
        (status, index.modified().unwrap())
    };
    let before = state();
    compare(&tree, "", "main..change");
    assert_eq!(state(), before);
}
