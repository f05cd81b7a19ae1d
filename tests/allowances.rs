//! What comments allow, on servers, on several hosts and in `.htaccess` files.
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

const REASON: &str = "# httpd-lint: allow(unterminated-quote) -- a test\n";

#[test]
fn everything_is_shown_if_nothing_is_allowed() {
    let text = format!("ServerRoot /etc/httpd\n{REASON}ServerAdmin \"a\n{REASON}ServerName b\n");
    let tree = Tree::new(&[("httpd.conf", &text)]);
    let unused = "httpd.conf:4 note unused-allowance";
    assert_eq!(tree.findings(&["httpd.conf"]), [unused]);
    assert_eq!(
        tree.findings(&["httpd.conf", "--no-allow"]),
        ["httpd.conf:3 warning unterminated-quote", unused]
    );
    let other = ["httpd.conf", "--ignore", "unterminated-quote"];
    assert_eq!(tree.findings(&other), [""; 0]);
}

#[test]
fn in_an_access_file_it_counts_as_well() {
    let main = "\
ServerRoot /etc/httpd
<Directory /srv>
    AllowOverride All
</Directory>
";
    let access = format!("{REASON}SetHandler \"a\nForceType \"b\n");
    let tree = Tree::new(&[("httpd.conf", main), ("www/.htaccess", &access)]);
    let map = format!("/srv={}/www", tree.root.display());
    assert_eq!(
        tree.findings(&["httpd.conf", "--map", &map, "--htaccess", "www"]),
        ["www/.htaccess:3 warning unterminated-quote"]
    );
    assert_eq!(
        tree.findings(&["www/.htaccess"]),
        ["www/.htaccess:3 warning unterminated-quote"]
    );
}

#[test]
fn of_several_hosts_one_that_needs_it_is_enough() {
    let main = format!(
        "ServerRoot /etc/httpd\n{REASON}<IfDefine !SHOP>\nServerAdmin \"a\n</IfDefine>\n\
         # httpd-lint: allow(mpm-differs-from-build) -- the old hosts go away\n\
         LoadModule mpm_event_module modules/mod_mpm_event.so\n"
    );
    let version = "Server version: Apache/2.4.62 (Unix)\nServer MPM:     ";
    let tree = Tree::new(&[
        ("httpd.conf", &main),
        ("facts/web01.txt", &format!("{version}event\n")),
        ("facts/web02.txt", &format!("{version}prefork\n")),
    ]);
    let one = tree.run(&["check", "-q", "httpd.conf", "--facts", "facts/web01.txt"]);
    assert!(
        one.out
            .contains("note[unused-allowance]: `mpm-differs-from-build`"),
        "{}",
        one.out
    );
    let all = tree.run(&["check", "-q", "httpd.conf", "--facts", "facts"]);
    assert!(!all.out.contains("unused-allowance"), "{}", all.out);
}
