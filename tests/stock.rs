//! Debian's own configuration is in order: with every module of the package enabled, once for each
//! MPM, the linter finds nothing in it. Nor does it in what packages of web applications add, but for
//! mistakes.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod debian;
    pub(crate) mod linter;
    pub(crate) mod refusal;
    pub(crate) mod server;
}

use std::fs;
use std::path::Path;

use support::debian::StockTree;
use support::linter;
use support::refusal::first_refusal;
use support::server::Server;

#[test]
fn nothing_is_found_with_the_event_mpm() {
    nothing_is_found_with("mpm_event");
}

#[test]
fn nothing_is_found_with_the_worker_mpm() {
    nothing_is_found_with("mpm_worker");
}

#[test]
fn nothing_is_found_with_the_prefork_mpm() {
    nothing_is_found_with("mpm_prefork");
}

fn nothing_is_found_with(mpm: &str) {
    let Some(server) = Server::find() else { return };
    let Some(tree) = StockTree::with(mpm) else {
        return;
    };
    let root = tree.folder.path();

    let (accepted, stderr) = server.check(&tree.main(), root, &[], &tree.environment);
    assert_eq!(first_refusal(accepted, &stderr), "Syntax OK\n");

    let answer = linter::check(&tree.main(), root, &[]).unwrap();
    assert!(answer.findings.is_empty(), "{}", answer.findings.join("\n"));
    assert_eq!(answer.refusal, None);
}

/// What packages of web applications add, by its path in the package, and what is found in it.
const APPLICATIONS: &[(&str, &[&str])] = &[
    // Its `AddType` also runs `cat.php.jpg`.
    (
        "usr/share/cacti/conf_templates/cacti.apache.conf",
        &["handler-by-any-extension"],
    ),
    ("etc/ganglia-webfrontend/apache.conf", &[]),
    ("etc/mailman3/apache.conf", &[]),
    ("etc/munin/apache24.conf", &[]),
    // `/cgi-bin/` of `serve-cgi-bin.conf` comes before `/cgi-bin/nagios4`.
    (
        "etc/apache2/conf-available/nagios4-cgi.conf",
        &["overlapping-alias"],
    ),
    ("etc/phpmyadmin/apache.conf", &[]),
    ("etc/roundcube/apache.conf", &[]),
];

#[test]
fn web_applications_are_in_order_but_for_mistakes() {
    let Some(server) = Server::find() else { return };
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/applications");
    if !unpacked.exists() {
        eprintln!("skipped: web applications are not unpacked; `tests/setup` does it");
        return;
    }
    let Some(tree) = StockTree::with("mpm_event") else {
        return;
    };
    let root = tree.folder.path();
    for (path, expected) in APPLICATIONS {
        // Behind all others, as the last one that was installed.
        let enabled = root.join("conf-enabled/zz-application.conf");
        fs::copy(unpacked.join(path), &enabled).unwrap();
        let (accepted, stderr) = server.check(&tree.main(), root, &[], &tree.environment);
        assert_eq!(first_refusal(accepted, &stderr), "Syntax OK\n", "{path}");

        let answer = linter::check(&tree.main(), root, &[]).unwrap();
        let rules = answer.findings.iter().filter_map(|it| it.split(' ').nth(1));
        assert_eq!(rules.collect::<Vec<_>>(), *expected, "{path}");
        assert_eq!(answer.refusal, None);
    }
}
