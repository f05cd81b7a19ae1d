//! Debian's own configuration is in order: with every module of the package enabled, once for each
//! MPM, the linter finds nothing in it.
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
