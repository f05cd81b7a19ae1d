//! Argument texts, as documents: `tests/arguments/*.conf`.
//!
//! Every line of a document is a directive. A line without carets below it is accepted; under a
//! refused one stand the messages, each at its place, the one that httpd prints first. The same
//! lines go through the real `apache2 -t`, one run for each, where there is one.
//!
//! `#!` lines say what surrounds the lines below them:
//!
//! ```text
//! #! inside: <Directory "/tmp">        the section around each line; nothing for none
//! #! before: WSGIDaemonProcess shop    a line before each line; nothing for none
//! #! modules: ssl log_debug            modules to load besides the usual ones; nothing for none
//! #! mod_wsgi: 6.1.1                   the module to load instead of the distribution's 4.9.4
//! #! modules: ssl headers              the modules to load besides the usual ones
//! ```
//!
//! `HTTPD_LINT_MOD_WSGI=FILE` names the module that documents about another mod_wsgi need.
//! `UPDATE=1 cargo test --test arguments` writes the messages into the documents.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test reads documents, starts httpd and says what it skips"
)]

mod document;
mod server;
#[path = "../support/third_party.rs"]
mod third_party;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use document::{Line, documents, read, shown};
use server::{HTTPD, MODULES, Server, object};

/// Names the mod_wsgi to load for documents about another version than the distribution's.
const OTHER_MOD_WSGI: &str = "HTTPD_LINT_MOD_WSGI";

#[test]
fn documents_say_what_is_refused() {
    let server = Server::new();
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        let mut written = String::new();
        for (line, kind) in read(&text) {
            match kind {
                Line::Annotation => {}
                Line::Text => {
                    let _ = writeln!(written, "{line}");
                }
                Line::Case(case) => {
                    let _ = write!(written, "{line}\n{}", case.annotations(&server));
                }
            }
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&document, &written).unwrap();
        } else {
            compare(&document, &text, &written);
        }
    }
}

fn compare(document: &Path, expected: &str, actual: &str) {
    for (number, (expected, actual)) in expected.lines().zip(actual.lines()).enumerate() {
        assert_eq!(expected, actual, "{}:{}", document.display(), number + 1);
    }
    assert_eq!(expected, actual, "{}", document.display());
}

#[test]
fn the_real_httpd_agrees() {
    if !Path::new(HTTPD).exists() {
        eprintln!("skipped: there is no {HTTPD}");
        return;
    }
    let agreements: Vec<Agreement> = std::thread::scope(|scope| {
        let documents: Vec<_> = documents()
            .into_iter()
            .map(|it| scope.spawn(move || agreement(&it)))
            .collect();
        documents.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let asked: usize = agreements.iter().map(|it| it.asked).sum();
    let skipped: usize = agreements.iter().map(|it| it.skipped).sum();
    let disagreements: String = agreements.into_iter().map(|it| it.disagreements).collect();
    eprintln!("httpd was asked about {asked} lines");
    if skipped > 0 {
        eprintln!(
            "skipped: {skipped} lines that need another mod_wsgi, which {OTHER_MOD_WSGI} names, \
             root, or modules that `tests/setup` unpacks"
        );
    }
    assert!(disagreements.is_empty(), "\n{disagreements}");
}

/// How far httpd agrees with a document.
#[derive(Default)]
struct Agreement {
    asked: usize,
    skipped: usize,
    disagreements: String,
}

fn agreement(document: &Path) -> Agreement {
    let server = Server::new();
    let distributed = Path::new(MODULES).join("mod_wsgi.so");
    let other = std::env::var_os(OTHER_MOD_WSGI).map(PathBuf::from);
    let text = fs::read_to_string(document).unwrap();
    let mut agreement = Agreement::default();
    for (_, kind) in read(&text) {
        let Line::Case(case) = kind else { continue };
        let module = match (case.setting.mod_wsgi, &other) {
            (None, _) => &distributed,
            (Some(_), Some(other)) => other,
            (Some(_), None) => {
                agreement.skipped += 1;
                continue;
            }
        };
        let is_missing = |it: &String| object(it).is_none();
        if case.setting.modules.iter().any(is_missing) {
            agreement.skipped += 1;
            continue;
        }
        // Only root may change the root directory, and the documents are about root.
        if case.line.contains("chroot=") && !server.is_run_by_root() {
            agreement.skipped += 1;
            continue;
        }
        let ours = case.refusals(&server);
        let ours = ours.first().map(|it| server.generic(&shown(it)));
        let theirs = server.ask(&case, module);
        // An unpacked module may need a library that is nowhere.
        let is_unloadable =
            |it: &String| it.starts_with("Cannot load") && it.contains("third-party");
        if theirs.as_ref().is_some_and(is_unloadable) {
            agreement.skipped += 1;
            continue;
        }
        agreement.asked += 1;
        if ours != theirs {
            let _ = writeln!(
                agreement.disagreements,
                "{}:{}: {}\n  ours  {ours:?}\n  httpd {theirs:?}",
                document.display(),
                case.number,
                case.line
            );
        }
    }
    agreement
}
