//! The examples are what their pages say: the real httpd refuses what is said to be refused, and
//! nothing else.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod debian;
    pub(crate) mod example;
    pub(crate) mod folder;
    pub(crate) mod linter;
    pub(crate) mod refusal;
    pub(crate) mod server;
}

use support::example::{Example, Mended};
use support::linter;
use support::refusal::{Refusal, first_refusal};
use support::server::Server;

/// The three states in which the example passes by: what is mended, and what httpd then says.
const STATES: &[(Mended, Option<(&str, u64)>)] = &[
    (Mended::Nothing, Some(("sites-enabled/030-api.conf", 10))),
    (Mended::Comment, Some(("sites-enabled/030-api.conf", 17))),
    (Mended::Everything, None),
];

#[test]
fn the_debian_example_is_refused_twice_and_then_accepted() {
    let Some(server) = Server::find() else { return };
    if !server.has_wsgi() {
        eprintln!("skipped: mod_wsgi is not installed; `tests/setup` does it");
        return;
    }
    for (mended, expected) in STATES {
        let tree = Example::copy(*mended);
        let (accepted, stderr) = server.check(&tree.main(), &tree.root, &[], &tree.environment);
        let refusal = Refusal::parse(&first_refusal(accepted, &stderr));
        assert_eq!(
            tree.place(refusal.as_ref()),
            *expected,
            "{mended:?}: {stderr}"
        );
    }
}

#[test]
fn the_debian_example_is_foretold() {
    for (mended, expected) in STATES {
        let tree = Example::copy(*mended);
        let answer = linter::check(&tree.main(), &tree.root, &[]).unwrap();
        assert_eq!(tree.place(answer.refusal.as_ref()), *expected, "{mended:?}");
        for clean in ["000-redirect.conf", "010-shop.conf"] {
            let found: Vec<&String> = answer
                .findings
                .iter()
                .filter(|it| it.contains(clean) && !is_absent(it))
                .collect();
            assert!(found.is_empty(), "{found:?}");
        }
    }
}

// The shop's files are not on this machine.
fn is_absent(finding: &str) -> bool {
    let absent = [
        " missing-document-root ",
        " missing-script ",
        " unusable-python-home ",
    ];
    absent.iter().any(|it| finding.contains(it))
}
