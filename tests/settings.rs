//! What a project settles in its `httpd-lint.toml` counts, and says less than options do.
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

use std::path::Path;

use support::tree::Tree;

const MAIN: &str = "ServerRoot /etc/httpd\nInclude sites/*.conf\nServerAdmin \"a\n";

fn tree(settings: &str) -> Tree {
    Tree::new(&[
        ("httpd-lint.toml", settings),
        ("etc/httpd.conf", MAIN),
        ("etc/sites/shop.conf", "ServerAdmin \"b\nLogLevel loud\n"),
    ])
}

const MAIN_FINDING: &str = "etc/httpd.conf:3 warning unterminated-quote";
const SHOP_FINDING: &str = "etc/sites/shop.conf:1 warning unterminated-quote";
const SHOP_ERROR: &str = "etc/sites/shop.conf:2 error invalid-argument";

#[test]
fn without_a_path_the_main_file_is_linted() {
    let tree = tree("main = 'etc/httpd.conf'\n");
    assert_eq!(tree.findings(&[]), [MAIN_FINDING, SHOP_FINDING, SHOP_ERROR]);
    let said = tree.run_below(
        Path::new("etc/sites"),
        &["check", "-q", "--format", "concise"],
    );
    assert_eq!(said.out.lines().count(), 3, "{}{}", said.out, said.err);
    let nothing = Tree::new(&[]).run(&["check"]);
    assert_eq!(nothing.code, Some(2));
    assert!(nothing.err.contains("nothing to lint"), "{}", nothing.err);
}

#[test]
fn levels_are_those_of_the_project_but_what_httpd_refuses_stays() {
    let off = tree("[rules]\nlines = 'off'\ninvalid-argument = 'off'\n");
    assert_eq!(off.findings(&["etc/httpd.conf"]), [SHOP_ERROR]);
    assert_eq!(
        off.findings(&["etc/httpd.conf", "--select", "unterminated-quote"]),
        [MAIN_FINDING, SHOP_FINDING, SHOP_ERROR]
    );
    let some =
        tree("[[overrides]]\nfiles = 'etc/sites/*'\nrules = { unterminated-quote = 'note' }\n");
    let note = "etc/sites/shop.conf:1 note unterminated-quote";
    assert_eq!(
        some.findings(&["etc/httpd.conf"]),
        [MAIN_FINDING, note, SHOP_ERROR]
    );
    let refusals = tree("profile = 'refusals'\n");
    assert_eq!(refusals.findings(&["etc/httpd.conf"]), [SHOP_ERROR]);
}

#[test]
fn a_rule_that_is_off_is_not_missed_by_a_comment() {
    let tree = tree("[rules]\nlines = 'off'\n");
    let comment = "# httpd-lint: allow(unterminated-quote) -- a test\nServerAdmin c\n";
    tree.put("etc/sites/shop.conf", comment);
    assert_eq!(tree.findings(&["etc/httpd.conf"]), [""; 0]);
}

#[test]
fn what_is_wrong_with_settings_is_said_with_its_place() {
    let wrong = tree("facts = 'debian-12'\nfact = 'a'\n[rules]\nlimes = 'off'\n");
    let said = wrong.run(&["check", "etc/httpd.conf"]);
    assert_eq!(said.code, Some(2));
    let lines: Vec<&str> = said.err.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].ends_with("httpd-lint.toml:2: there is no key `fact`; is it `facts`?"));
    assert!(
        lines[1].ends_with("httpd-lint.toml:4: there is no rule or area `limes`; is it `lines`?")
    );
    assert!(lines.iter().all(|it| it.starts_with("httpd-lint: ")));
}

#[test]
fn an_option_names_another_file() {
    let tree = tree("profile = 'refusals'\n");
    tree.put("other.toml", "");
    assert_eq!(
        tree.findings(&["etc/httpd.conf", "--config", "other.toml"])
            .len(),
        3
    );
}

#[test]
fn folders_facts_and_names_come_from_settings() {
    let tree = tree("facts = 'debian-12'\ndefine = 'SHOP'\n[map]\n'/srv/conf' = 'shared'\n");
    let main = "ServerRoot /etc/httpd\n<IfDefine SHOP>\nInclude /srv/conf/*.conf\n</IfDefine>\n";
    tree.put("etc/httpd.conf", main);
    tree.put("shared/a.conf", "ServerAdmin \"a\n");
    assert_eq!(
        tree.findings(&["etc/httpd.conf"]),
        [
            "etc/httpd.conf:1 error mpm-count",
            "shared/a.conf:1 warning unterminated-quote"
        ]
    );
}

#[test]
fn a_file_to_begin_with_says_nothing_yet() {
    let tree = Tree::new(&[("httpd.conf", MAIN)]);
    let before = tree.findings(&["httpd.conf"]);
    assert_eq!(tree.run(&["settings", "init"]).code, Some(0));
    assert_eq!(tree.findings(&["httpd.conf"]), before);
    let again = tree.run(&["settings", "init"]);
    assert_eq!(again.code, Some(2), "{}", again.err);
    let schema = tree.run(&["settings", "schema"]).out;
    assert!(schema.contains("\"unterminated-quote\""));
}

#[test]
fn a_part_stands_where_settings_say_unless_it_says_so_itself() {
    let tree = tree("context = 'vhost'\n[[overrides]]\nfiles = 'parts/*'\ncontext = 'location'\n");
    tree.put(
        "parts/a.conf",
        "Options +Indexes MultiViews\nAllowOverride None\n",
    );
    let options = "parts/a.conf:1 error invalid-argument";
    let useless = "parts/a.conf:2 warning useless-allow-override";
    assert_eq!(tree.findings(&["parts/a.conf"]), [options, useless]);
    assert_eq!(
        tree.findings(&["parts/a.conf", "--context", "directory"]),
        [options]
    );
    let comment = "# httpd-lint: context(directory)\nAllowOverride None\n";
    tree.put("parts/b.conf", comment);
    assert_eq!(tree.findings(&["parts/b.conf"]), [""; 0]);
    tree.put("c.conf", "Listen 80\n");
    assert_eq!(
        tree.findings(&["c.conf"]),
        ["c.conf:1 error misplaced-directive"]
    );
    // A whole server is no part of one.
    assert_eq!(
        tree.findings(&["etc/httpd.conf"]),
        [MAIN_FINDING, SHOP_FINDING, SHOP_ERROR]
    );
}

#[test]
fn a_file_of_any_name_is_an_access_file_where_settings_say_so() {
    let tree = tree("[[overrides]]\nfiles = 'templates/*'\ncontext = 'htaccess'\n");
    tree.put("templates/deny.txt", "ServerAdmin a\nRequire all denied\n");
    assert_eq!(
        tree.findings(&["templates/deny.txt"]),
        ["templates/deny.txt:1 error misplaced-directive"]
    );
}
