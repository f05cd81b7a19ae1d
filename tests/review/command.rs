//! The command line of `review`: revisions, exit codes, formats, and what cannot be reviewed.

use std::fs;
use std::path::Path;

use crate::support::repository::{self, commit, git};
use crate::support::tree::{Said, Tree};

const MAIN: &str = "\
ServerRoot /etc/httpd
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule authz_host_module modules/mod_authz_host.so
LoadModule headers_module modules/mod_headers.so
ServerName a.test
Listen 80
DocumentRoot /srv/www
<Location /admin>
    Require ip 10.0.0.0/8
</Location>
Include sites/*.conf
";

// A repository with a commit on `main`, and the branch `change`.
fn tree() -> Option<Tree> {
    if !repository::is_there() {
        return None;
    }
    let tree = Tree::new(&[
        ("etc/httpd.conf", MAIN),
        ("etc/sites/a.conf", "ServerAdmin \"a\n"),
    ]);
    repository::init(&tree);
    git(&tree, &["checkout", "--quiet", "-b", "change"]);
    Some(tree)
}

fn review(tree: &Tree, folder: &str, more: &[&str]) -> Said {
    let arguments = [&["review"], more].concat();
    tree.run_below(Path::new(folder), &arguments)
}

fn open(tree: &Tree) {
    tree.put(
        "etc/httpd.conf",
        MAIN.replace("ip 10.0.0.0/8", "all granted"),
    );
}

const NOTHING: &str = "no effective change; no new findings; 0 fixed, 1 unchanged (not shown)\n";

#[test]
fn without_a_change_nothing_is_told() {
    let Some(tree) = tree() else { return };
    let said = review(&tree, "", &["main", "etc"]);
    assert_eq!((said.out.as_str(), said.code), (NOTHING, Some(0)));
}

#[test]
fn the_exit_code_is_by_new_findings_and_by_the_changes_that_are_asked_for() {
    let Some(tree) = tree() else { return };
    open(&tree);
    for (options, code) in [
        (vec![], 0),
        (vec!["--fail-on-change", "access"], 1),
        (vec!["--fail-on-change", "tls,access"], 1),
        (vec!["--fail-on-change", "tls"], 0),
    ] {
        let said = review(&tree, "", &[&["main", "etc"], &options[..]].concat());
        assert_eq!(said.code, Some(code), "{options:?}: {}", said.out);
        assert!(said.out.contains("(opens)"), "{}", said.out);
    }
    tree.put("etc/sites/b.conf", "ServerAdmin \"b\n");
    let said = review(&tree, "", &["main", "etc"]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.out.contains("new: 1 warning"), "{}", said.out);
    let said = review(&tree, "", &["main", "etc", "--fail-on", "error"]);
    assert_eq!(said.code, Some(0), "{}", said.out);
}

#[test]
fn findings_are_known_again_in_renamed_files() {
    let Some(tree) = tree() else { return };
    git(&tree, &["mv", "etc/sites/a.conf", "etc/sites/z.conf"]);
    let said = review(&tree, "", &["main", "etc"]);
    assert_eq!(said.out, NOTHING);
    tree.put("etc/sites/z.conf", "ServerAdmin a\n");
    let said = review(&tree, "", &["main", "etc"]);
    assert!(
        said.out.contains("fixed: etc/sites/a.conf:1: "),
        "{}",
        said.out
    );
}

#[test]
fn an_access_file_that_comes_with_a_commit_was_not_there_before() {
    let Some(tree) = tree() else { return };
    let site = "DocumentRoot /etc/httpd/www\n<Directory /etc/httpd/www>\nAllowOverride All\n\
                Require all granted\n</Directory>\n";
    tree.put("etc/sites/b.conf", site);
    tree.put("etc/www/index.html", "");
    git(&tree, &["add", "--all"]);
    commit(&tree);
    tree.put("etc/www/.htaccess", "Require all denied\n");
    git(&tree, &["add", "--all"]);
    commit(&tree);
    let shut = "    before    granted to everyone\n              etc/sites/b.conf:4: Require all granted\n    \
                after     denied to everyone\n              etc/www/.htaccess:1: Require all denied\n";
    for revisions in ["HEAD~1..HEAD", "HEAD~1"] {
        let said = review(&tree, "", &[revisions, "etc"]);
        assert!(said.out.contains(shut), "{revisions}: {}", said.out);
        assert!(!said.out.contains("(opens)"), "{revisions}: {}", said.out);
    }
    let said = review(&tree, "", &["HEAD..HEAD~1", "etc"]);
    assert!(said.out.contains("(opens)"), "{}", said.out);
}

#[test]
fn folders_that_git_does_not_keep_are_there_on_both_sides() {
    let Some(tree) = tree() else { return };
    fs::create_dir(tree.root.join("etc/logs")).unwrap();
    let root = tree.root.join("etc").display().to_string();
    tree.put(
        "etc/sites/b.conf",
        format!("ErrorLog {root}/logs/error.log\n"),
    );
    git(&tree, &["add", "--all"]);
    commit(&tree);
    tree.put(
        "etc/sites/b.conf",
        format!("# logs\nErrorLog {root}/logs/error.log\n"),
    );
    let said = review(&tree, "", &["HEAD", "etc", "--host"]);
    assert!(
        said.out.contains("no new findings; 0 fixed"),
        "{}",
        said.out
    );
}

#[test]
fn two_revisions_of_a_bare_repository_are_reviewed() {
    let Some(tree) = tree() else { return };
    open(&tree);
    commit(&tree);
    git(&tree, &["clone", "--quiet", "--bare", ".", "bare"]);
    let told = review(&tree, "", &["main..change", "etc"]).out;
    assert!(told.contains("granted to everyone"), "{told}");
    for range in ["main..change", "main...change", "main..", "main"] {
        let said = review(&tree, "bare", &[range, "etc"]);
        let short = said.out.replace("bare/", "");
        assert_eq!(short, told, "{range}: {}", said.err);
    }
    let back = review(&tree, "bare", &["change..main", "etc"]);
    assert!(!back.out.contains("(opens)"), "{}", back.out);
}

#[test]
fn all_formats_tell_the_same_and_obey_nobody() {
    let Some(tree) = tree() else { return };
    let hostile = "Header set X-A \"</details> @you \u{1b}[31m ``` ::error::x\"\n";
    tree.put("etc/sites/b.conf", hostile);
    open(&tree);
    let told = |format: &str| {
        let said = review(&tree, "", &["main", "etc", "--format", format]);
        assert!(!said.out.contains('\u{1b}'), "{format}");
        assert!(said.out.contains("admin"), "{format}: {}", said.out);
        said.out
    };
    told("full");
    let json = told("json");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let opening = json["changes"].as_array().unwrap().iter();
    assert_eq!(opening.filter(|it| it["opens"] == true).count(), 1);
    let markdown = told("markdown");
    let markup = outside_of_code(&markdown);
    assert!(!markup.contains("</details> @"), "{markup}");
    let count = |it: &str| markup.matches(it).count();
    assert_eq!(count("<details>"), count("</details>"), "{markup}");
    let github = told("github");
    let commands = github.lines().filter(|it| it.starts_with("::"));
    let known = |it: &str| it.starts_with("::warning ") || it.starts_with("::notice ");
    assert!(commands.clone().all(known), "{github}");
    assert!(commands.count() >= 2, "{github}");
}

// Markdown without what stands between fences.
fn outside_of_code(markdown: &str) -> String {
    let mut fence: Option<String> = None;
    let mut outside = String::new();
    for line in markdown.lines() {
        let ticks: String = line.chars().take_while(|it| *it == '`').collect();
        match &fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if ticks.len() > 2 => fence = Some(ticks),
            None => outside += &format!("{line}\n"),
        }
    }
    outside
}

#[test]
fn what_cannot_be_reviewed_is_said_in_a_line() {
    let Some(tree) = tree() else { return };
    let alone = Tree::new(&[("etc/httpd.conf", MAIN)]);
    for (tree, arguments, part) in [
        (
            &tree,
            vec!["nowhere", "etc"],
            "`nowhere` is no revision of ",
        ),
        (&tree, vec!["main", "gone"], "gone: no such file"),
        (
            &tree,
            vec!["main..gone", "etc"],
            "`gone` is no revision of ",
        ),
        (&alone, vec!["main", "etc"], "not a git repository"),
    ] {
        let said = review(tree, "", &arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}: {}", said.out);
        assert!(said.err.contains(part), "{}", said.err);
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    }
    fs::remove_file(tree.root.join("etc/httpd.conf")).unwrap();
    let said = review(&tree, "", &["main", "etc"]);
    assert_eq!(
        (said.code, said.err.lines().count()),
        (Some(2), 1),
        "{}",
        said.err
    );
    tree.put("etc/httpd.conf", [0; 64]);
    let said = review(&tree, "", &["main", "etc"]);
    assert!(
        said.code.is_some_and(|it| it <= 2),
        "a binary file is no crash"
    );
}

#[test]
fn what_lies_in_another_repository_is_missed() {
    let Some(tree) = tree() else { return };
    let main = MAIN.replace("sites/*.conf", "other/*.conf");
    tree.put("etc/httpd.conf", &main);
    let name = git(&tree, &["rev-parse", "HEAD"]);
    let entry = format!("160000,{},etc/other", name.trim());
    git(&tree, &["update-index", "--add", "--cacheinfo", &entry]);
    git(&tree, &["add", "etc/httpd.conf"]);
    git(&tree, &["commit", "--quiet", "--message", "other"]);
    tree.put("etc/httpd.conf", main.replace("10.0.0.0/8", "10.0.0.0/9"));
    git(&tree, &["add", "etc/httpd.conf"]);
    git(&tree, &["commit", "--quiet", "--message", "net"]);
    let said = review(&tree, "", &["HEAD~1..HEAD", "etc"]);
    let gap = "etc/other: its files are those of another repository, a submodule";
    assert_eq!(said.err.matches(gap).count(), 1, "{}", said.err);
    assert!(said.out.contains("10.0.0.0/9"), "{}", said.out);
}

#[test]
fn a_main_file_that_a_revision_lacks_is_named_with_it() {
    let Some(tree) = tree() else { return };
    git(&tree, &["rm", "--quiet", "etc/httpd.conf"]);
    git(&tree, &["commit", "--quiet", "--message", "gone"]);
    let said = review(&tree, "", &["HEAD~1..HEAD", "etc/httpd.conf"]);
    assert_eq!(said.code, Some(2), "{}", said.out);
    assert!(
        said.err.ends_with("no such file (at `HEAD`)\n"),
        "{}",
        said.err
    );
}
