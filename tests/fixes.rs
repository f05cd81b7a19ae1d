//! Fixes mend what they say and nothing else, in no file but those of the tree.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test writes files, and fails by panicking"
)]
#![cfg(unix)]

mod support {
    pub(crate) mod folder;
    pub(crate) mod refusal;
    pub(crate) mod server;
    pub(crate) mod tree;
}

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use support::refusal::first_refusal;
use support::server::{MODULES, Server};
use support::tree::Tree;

const TWICE: &str = "\
ServerRoot /etc/httpd
LoadModule alias_module modules/mod_alias.so
LoadModule alias_module modules/mod_alias.so
";

const ONCE: &str = "ServerRoot /etc/httpd\nLoadModule alias_module modules/mod_alias.so\n";

#[test]
fn safe_fixes_are_applied_until_there_is_none_and_guesses_only_if_asked_for() {
    let load = "LoadModule alias_module modules/mod_alias.so\n";
    let text = format!("{TWICE}{load}{load}ServerAdmin \"ops@shop.example\n");
    let tree = Tree::new(&[("httpd.conf", &text)]);
    let said = tree.run(&["check", "httpd.conf", "--fix", "--fail-on", "never"]);
    assert_eq!(said.err, "httpd-lint: 4 fixes applied in 1 file\n");
    assert_eq!(
        tree.text("httpd.conf"),
        format!("{ONCE}ServerAdmin \"ops@shop.example\"\n")
    );
    assert_eq!(said.code, Some(0));

    tree.put("httpd.conf", format!("{TWICE}ServerNam shop.example\n"));
    tree.run(&["check", "httpd.conf", "--fix"]);
    assert!(tree.text("httpd.conf").contains("ServerNam shop.example"));
    let said = tree.run(&["check", "httpd.conf", "--unsafe-fixes"]);
    assert!(tree.text("httpd.conf").contains("ServerName shop.example"));
    assert_eq!(said.code, Some(0), "{}", said.out);
}

#[test]
fn the_bytes_the_mode_and_the_link_of_a_file_stay() {
    let tree = Tree::new(&[("httpd.conf", "Include conf/*.conf\nServerRoot /etc/httpd\n")]);
    let text = b"# Caf\xe9\r\nServerAdmin \"ops@caf\xe9.example";
    tree.put("conf/real.inc", text);
    symlink("real.inc", tree.root.join("conf/a.conf")).unwrap();
    let path = tree.root.join("conf/real.inc");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    tree.run(&["check", "httpd.conf", "--fix"]);
    assert_eq!(tree.bytes("conf/real.inc"), [&text[..], b"\""].concat());
    assert_eq!(
        fs::metadata(path).unwrap().permissions().mode() & 0o777,
        0o640
    );
    let link = fs::symlink_metadata(tree.root.join("conf/a.conf")).unwrap();
    assert!(link.is_symlink());
}

#[test]
fn what_is_outside_of_the_tree_stays_as_it_is() {
    let open = "ServerAdmin \"ops@shop.example\n";
    let main = "ServerRoot /etc/httpd\nInclude conf/*.conf\nInclude /srv/shared/*.conf\n";
    let tree = Tree::new(&[
        ("etc/httpd.conf", main),
        ("etc/conf/own.conf", open),
        ("shared/a.conf", open),
        ("shared/linked.inc", open),
    ]);
    symlink(
        "../../shared/linked.inc",
        tree.root.join("etc/conf/linked.conf"),
    )
    .unwrap();
    let map = format!("/srv/shared={}/shared", tree.root.display());
    let said = tree.run(&["check", "etc/httpd.conf", "--map", &map, "--fix"]);
    assert_eq!(said.err, "httpd-lint: 1 fix applied in 1 file\n");
    assert_ne!(tree.text("etc/conf/own.conf"), open);
    assert_eq!(tree.text("shared/a.conf"), open);
    assert_eq!(tree.text("shared/linked.inc"), open);
}

#[test]
fn a_file_that_is_read_twice_is_mended_only_if_it_is_right_for_both() {
    let alias = "ServerAlias \"www.shop.example\n";
    let main = "ServerRoot /etc/httpd\n<VirtualHost *:80>\nInclude a.inc\nInclude b.inc\n\
                </VirtualHost>\nInclude a.inc\nInclude b.inc\n";
    let tree = Tree::new(&[
        ("httpd.conf", main),
        ("a.inc", alias),
        ("b.inc", "ServerAdmin \"ops@shop.example\n"),
    ]);
    let before = tree.findings(&["httpd.conf"]);
    assert_eq!(
        before,
        [
            "a.inc:1 error misplaced-directive",
            "a.inc:1 warning unterminated-quote",
            "b.inc:1 warning unterminated-quote",
        ]
    );
    tree.run(&["check", "httpd.conf", "--fix"]);
    assert_eq!(tree.text("a.inc"), alias);
    assert_eq!(tree.text("b.inc"), "ServerAdmin \"ops@shop.example\"\n");
}

#[test]
fn a_fix_that_brings_an_error_is_taken_back() {
    let text = "ServerRoot /etc/httpd\nServerNam a b\nServerNam shop.example\n";
    let tree = Tree::new(&[("httpd.conf", text)]);
    tree.run(&["check", "httpd.conf", "--unsafe-fixes"]);
    assert_eq!(
        tree.text("httpd.conf"),
        "ServerRoot /etc/httpd\nServerNam a b\nServerName shop.example\n"
    );
}

#[test]
fn a_difference_writes_nothing_and_is_what_patch_reads() {
    let text = format!("{TWICE}# 1\n# 2\n# 3\nServerAdmin \"ops@shop.example\n");
    let tree = Tree::new(&[("conf/httpd.conf", &text)]);
    let said = tree.run(&["check", "conf/httpd.conf", "--diff"]);
    assert_eq!(said.code, Some(1));
    assert_eq!(tree.text("conf/httpd.conf"), text);
    tree.put("changes", &said.out);
    let patch = Command::new("patch")
        .args(["-p0", "-i", "changes"])
        .current_dir(&tree.root)
        .output();
    if let Ok(output) = patch {
        assert!(output.status.success(), "{}", said.out);
        let patched = tree.text("conf/httpd.conf");
        tree.put("conf/httpd.conf", &text);
        tree.run(&["check", "conf/httpd.conf", "--fix"]);
        assert_eq!(tree.text("conf/httpd.conf"), patched);
    }
    assert_eq!(
        tree.run(&["check", "conf/httpd.conf", "--fix"]).code,
        Some(0)
    );
    assert_eq!(tree.run(&["check", "conf/httpd.conf", "--diff"]).out, "");
}

#[test]
fn what_a_comment_allows_is_not_mended() {
    let text = "ServerRoot /etc/httpd\n# httpd-lint: allow(unterminated-quote) -- a test\nServerAdmin \"a\n";
    let tree = Tree::new(&[("httpd.conf", text)]);
    tree.run(&["check", "httpd.conf", "--fix"]);
    assert_eq!(tree.text("httpd.conf"), text);
}

#[test]
fn access_files_are_mended_too() {
    let tree = Tree::new(&[
        ("www/.htaccess", "SetHandler \"server-status\n"),
        ("www/a/.htaccess", "SetHandler \"b\n"),
    ]);
    tree.run(&["check", "www", "--fix"]);
    assert_eq!(tree.text("www/.htaccess"), "SetHandler \"server-status\"\n");
    assert_eq!(tree.text("www/a/.htaccess"), "SetHandler \"b\"\n");
}

#[test]
fn the_real_server_accepts_what_was_mended() {
    let Some(server) = Server::find() else { return };
    let tree = Tree::new(&[]);
    let root = tree.root.display();
    let load = "LoadModule alias_module modules/mod_alias.so\n";
    symlink(MODULES, tree.root.join("modules")).unwrap();
    fs::create_dir(tree.root.join("logs")).unwrap();
    tree.put(
        "httpd.conf",
        format!(
            "ServerRoot {root}\nServerName shop.example\nErrorLog logs/error.log\n\
         LoadModule mpm_event_module modules/mod_mpm_event.so\n\
         LoadModule authz_core_module modules/mod_authz_core.so\n{load}{load}\
         ServerAdmin \"ops@shop.example\nServerSignatur Off\n"
        ),
    );
    let main = tree.root.join("httpd.conf");
    let check = || {
        let (accepted, stderr) = server.check(&main, &tree.root, &[], &[]);
        first_refusal(accepted, &stderr)
    };
    assert!(check().contains("ServerSignatur"), "{}", check());
    let said = tree.run(&[
        "check",
        "httpd.conf",
        "--host",
        "--unsafe-fixes",
        "--facts",
        "debian-12",
    ]);
    assert_eq!(said.code, Some(0), "{}", said.out);
    let (accepted, stderr) = server.check(&main, &tree.root, &[], &[]);
    assert!(accepted, "{stderr}");
}
