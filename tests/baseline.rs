//! Known findings are not shown, wherever their lines move; new ones are.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test writes files, and fails by panicking"
)]

mod support {
    pub(crate) mod folder;
    pub(crate) mod tree;
}

use support::tree::Tree;

const TEXT: &str = "\
ServerRoot /etc/httpd
<VirtualHost *:80>
    ServerAdmin \"a
</VirtualHost>
";

fn known(text: &str) -> Tree {
    let tree = Tree::new(&[("etc/httpd.conf", text)]);
    let said = write(&tree);
    assert_eq!(
        said,
        "httpd-lint: known.json: 1 finding known, 1 of them new, 0 forgotten\n"
    );
    tree
}

fn write(tree: &Tree) -> String {
    let said = tree.run(&[
        "check",
        "etc/httpd.conf",
        "--baseline",
        "known.json",
        "--write-baseline",
    ]);
    assert_eq!(said.code, Some(0), "{}", said.out);
    said.err
}

fn shown(tree: &Tree) -> Vec<String> {
    tree.findings(&["etc/httpd.conf", "--baseline", "known.json"])
}

#[test]
fn a_known_finding_may_move() {
    let tree = known(TEXT);
    assert_eq!(shown(&tree), [""; 0]);
    let moved = TEXT
        .replace("<Virt", "# The shop.\n\n<Virt")
        .replace("    S", "\tKeepAlive On\n\tS");
    tree.put("etc/httpd.conf", moved);
    assert_eq!(shown(&tree), [""; 0]);
}

#[test]
fn the_same_line_again_or_elsewhere_or_another_one_is_new() {
    let tree = known(TEXT);
    let line = "    ServerAdmin \"a\n";
    for (text, expected) in [
        (
            TEXT.replace(line, &format!("{line}{line}")),
            "etc/httpd.conf:4",
        ),
        (TEXT.replace(":80", ":81"), "etc/httpd.conf:3"),
        (TEXT.replace("\"a", "\"b"), "etc/httpd.conf:3"),
    ] {
        tree.put("etc/httpd.conf", text);
        assert_eq!(
            shown(&tree),
            [format!("{expected} warning unterminated-quote")]
        );
    }
}

#[test]
fn what_was_mended_is_forgotten() {
    let tree = known(TEXT);
    tree.put("etc/httpd.conf", TEXT.replace("\"a", "a"));
    let said = tree.run(&["check", "etc/httpd.conf", "--baseline", "known.json"]);
    assert_eq!(
        said.err,
        "httpd-lint: known.json: 1 finding less than known (`--write-baseline` forgets them)\n"
    );
    assert_eq!(said.code, Some(0));
    assert_eq!(
        write(&tree),
        "httpd-lint: known.json: 0 findings known, 0 of them new, 1 forgotten\n"
    );
    assert_eq!(
        tree.text("known.json"),
        "{\"version\":1,\"findings\":[\n\n]}\n"
    );
}

#[test]
fn what_httpd_refuses_is_never_known() {
    let tree = known(TEXT);
    tree.put("etc/httpd.conf", format!("{TEXT}LogLevel loud\n"));
    let said = tree.run(&[
        "check",
        "etc/httpd.conf",
        "--baseline",
        "known.json",
        "--write-baseline",
    ]);
    assert_eq!(said.code, Some(1));
    assert_eq!(shown(&tree), ["etc/httpd.conf:5 error invalid-argument"]);
}

#[test]
fn a_known_finding_is_not_mended() {
    let tree = known(TEXT);
    tree.run(&[
        "check",
        "etc/httpd.conf",
        "--baseline",
        "known.json",
        "--fix",
    ]);
    assert_eq!(tree.text("etc/httpd.conf"), TEXT);
}

#[test]
fn a_baseline_is_there_and_is_one() {
    let tree = Tree::new(&[
        ("etc/httpd.conf", TEXT),
        ("other.json", "{\"version\":2,\"findings\":[]}"),
    ]);
    for (file, problem) in [
        ("known.json", "No such file"),
        ("other.json", "version 2 is not known"),
    ] {
        let said = tree.run(&["check", "etc/httpd.conf", "--baseline", file]);
        assert_eq!(said.code, Some(2));
        assert!(said.err.contains(problem), "{}", said.err);
    }
    let said = tree.run(&["check", "etc/httpd.conf", "--write-baseline"]);
    assert_eq!(
        said.err,
        "httpd-lint: `--write-baseline` needs `--baseline FILE`\n"
    );
}
