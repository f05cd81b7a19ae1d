//! What the linter foretells is what the real httpd does.
//!
//! Every case under `tests/cases` shows what the real server says of it. One test asks the server
//! again, the other asks the linter. `UPDATE=1 cargo test --test httpd` writes down what the
//! server says now.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod document;
    pub(crate) mod folder;
    pub(crate) mod linter;
    pub(crate) mod refusal;
    pub(crate) mod server;
    pub(crate) mod workers;
}

use std::path::{Path, PathBuf};

use support::document::{Case, Document, placed};
use support::refusal::{Refusal, first_refusal};
use support::server::{MODULES, Server, third_party};
use support::{folder, linter, workers};
use tempfile::TempDir;

/// Cases that the linter does not foretell yet: a shared one by its number, one of ours by its
/// name. The list is exact: a case that is foretold must leave it.
const LEFT_FOR_LATER: &[&str] = &[];

/// A shared case that says nothing about the linter: `-T` leaves out a check of the real server.
const NOT_FOR_US: &[&str] = &["228"];

/// A shared case that loads PHP, whose package is only unpacked.
const WITH_PHP: &str = "327";

/// Files of the shared cases that stand for symbolic links; each holds its target.
const LINKS: &[&str] = &["337.d/link", "338.d/link", "339.d/a.conf", "340.d/a.conf"];

#[test]
fn every_case_shows_what_the_real_server_says() {
    let Some(server) = Server::find() else { return };
    let mut outdated = Vec::new();
    for document in documents() {
        let answers = workers::map(&document.cases, |case| ask(&server, case));
        if updating() {
            document.update(&answers);
        } else {
            outdated.extend(document.outdated(&answers));
        }
    }
    assert!(outdated.is_empty(), "{}", outdated.join("\n"));
}

#[test]
fn every_case_is_foretold() {
    if updating() {
        return;
    }
    let documents = documents();
    let cases = documents.iter().flat_map(|it| &it.cases);
    let cases: Vec<&Case> = cases.filter(|it| it.is_complete()).collect();
    all_agree(workers::map(&cases, |case| {
        let folder = Folder::new();
        let modules = folder.modules(case);
        case.write(&folder.path, &modules);
        let expected = placed(case.expected.as_bytes(), &folder.path, &modules);
        let expected = Refusal::parse(&String::from_utf8_lossy(&expected));
        let main = folder.path.join(&case.main);
        let ours = linter::check(&main, &folder.path, &case.arguments);
        let found = linter::disagreement(expected.as_ref(), &ours).map(|it| folder.named(&it));
        unexpected(&case.name, &case.name, found)
    }));
}

#[test]
fn the_shared_cases_are_foretold() {
    // The verdicts are written down, but the linter still looks whether a module's file is there.
    let Some(_) = Server::find() else { return };
    let Some(shared) = SharedCases::find() else {
        return;
    };
    all_agree(workers::map(&shared.cases, |case| {
        let main = shared.folder.path.join(&case.file);
        let ours = linter::check(&main, &shared.folder.path, &case.arguments(&main));
        let found =
            linter::disagreement(case.refusal.as_ref(), &ours).map(|it| shared.folder.named(&it));
        unexpected(&case.file, case.number(), found)
    }));
}

#[test]
fn our_reading_of_a_refusal_is_that_of_the_shared_verdicts() {
    let Some(shared) = SharedCases::find() else {
        return;
    };
    for case in &shared.cases {
        let found = case
            .refusal
            .as_ref()
            .map(|it| (it.file.clone(), it.line))
            .unwrap_or_default();
        assert_eq!(found, case.place, "{}", case.file);
    }
}

/// A disagreement that the list does not name, or an agreement that it denies.
fn unexpected(name: &str, listed_as: &str, found: Option<String>) -> Option<String> {
    match (found, LEFT_FOR_LATER.contains(&listed_as)) {
        (Some(found), false) => Some(format!("{name}\n{found}")),
        (None, true) => Some(format!("{name}\n  is foretold: no longer left for later")),
        _ => None,
    }
}

/// Fails with a table of what was unexpected.
fn all_agree(results: Vec<Option<String>>) {
    let all = results.len();
    let unexpected: Vec<String> = results.into_iter().flatten().collect();
    assert!(
        unexpected.is_empty(),
        "{} of {all} cases:\n{}",
        unexpected.len(),
        unexpected.join("\n")
    );
}

/// What the real server says of a case, with names for the places.
fn ask(server: &Server, case: &Case) -> String {
    if !server.has_wsgi() && case.modules().iter().any(|it| it == "mod_wsgi.so") {
        eprintln!(
            "skipped: without mod_wsgi nothing is known of {}",
            case.name
        );
        return case.expected.clone();
    }
    if !case.is_complete() {
        eprintln!("skipped: {} needs modules that are not unpacked", case.name);
        return case.expected.clone();
    }
    let folder = Folder::new();
    case.write(&folder.path, Path::new(MODULES));
    let main = folder.path.join(&case.main);
    let (accepted, stderr) = server.check(&main, &folder.path, &case.arguments, &[]);
    folder.named(&first_refusal(accepted, &stderr))
}

fn documents() -> Vec<Document> {
    Document::all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"))
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// A temporary folder; gone with the value.
struct Folder {
    path: PathBuf,
    _guard: TempDir,
}

impl Folder {
    fn new() -> Self {
        let (guard, path) = folder::temporary();
        Self {
            path,
            _guard: guard,
        }
    }

    /// The server's modules, or stand-ins: a linter looks whether a module's file is there.
    fn modules(&self, case: &Case) -> PathBuf {
        let modules = PathBuf::from(MODULES);
        if modules.exists() {
            return modules;
        }
        let stand_ins = self.path.join("modules");
        std::fs::create_dir(&stand_ins).expect("the folder is writable");
        for name in case.modules() {
            let this = std::env::current_exe().expect("a test runs from a file");
            std::os::unix::fs::symlink(this, stand_ins.join(name)).expect("the folder is writable");
        }
        stand_ins
    }

    /// A text in which the places are replaced by their names.
    fn named(&self, text: &str) -> String {
        text.replace(&*self.path.to_string_lossy(), "@DIR@")
            .replace(MODULES, "@MODDIR@")
    }
}

/// The cases that lie beside the project where it is developed.
struct SharedCases {
    folder: Folder,
    cases: Vec<SharedCase>,
}

struct SharedCase {
    file: String,
    refusal: Option<Refusal>,
    place: (Option<String>, Option<u64>),
}

impl SharedCases {
    fn find() -> Option<Self> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/configtest");
        let Ok(verdicts) = std::fs::read(source.join("verdicts.tsv")) else {
            eprintln!("skipped: there are no shared cases beside this project");
            return None;
        };
        let folder = Folder::new();
        copy_placed(&source, &folder.path);
        for link in LINKS {
            restore_link(&folder.path.join(link));
        }
        let verdicts = placed(&verdicts, &folder.path, Path::new(MODULES));
        let cases = String::from_utf8_lossy(&verdicts)
            .lines()
            .skip(2)
            .map(SharedCase::parse)
            .filter(|it| !NOT_FOR_US.contains(&it.number()))
            .filter(|it| it.number() != WITH_PHP || Path::new(third_party::MODULES).exists())
            .collect();
        Some(Self { folder, cases })
    }
}

impl SharedCase {
    /// A row: file, exit code, file and line of the refusal, its first message, warnings.
    fn parse(row: &str) -> Self {
        let fields: Vec<&str> = row.split('\t').collect();
        let [file, exit, reported_file, reported_line, message, _] = fields[..] else {
            panic!("not a verdict: {row}");
        };
        let given = |it: &str| (it != "-").then(|| it.to_owned());
        let place = (
            given(reported_file),
            given(reported_line).map(|it| it.parse().expect("a line is a number")),
        );
        // Only the message of the second phase stands without its place.
        let text = match &place {
            (Some(file), Some(line)) if !message.starts_with("apache2: Syntax error") => {
                format!("AH00526: Syntax error on line {line} of {file}:\n{message}")
            }
            _ => message.to_owned(),
        };
        Self {
            file: file.to_owned(),
            refusal: (exit != "0").then(|| Refusal::parse(&text)).flatten(),
            place,
        }
    }

    fn number(&self) -> &str {
        self.file.split('-').next().unwrap_or("")
    }

    /// The options that the first line of the case asks for.
    fn arguments(&self, main: &Path) -> Vec<String> {
        let bytes = std::fs::read(main).expect("a case has its file");
        let text = String::from_utf8_lossy(&bytes);
        let first = text.lines().next().unwrap_or("");
        first
            .split_once(" ARGS: ")
            .map(|(_, it)| it.split_whitespace().map(str::to_owned).collect())
            .unwrap_or_default()
    }
}

/// Copies a tree; links stay links, and the places' names are replaced.
fn copy_placed(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).min_depth(1) {
        let entry = entry.expect("the shared cases are readable");
        let path = to.join(entry.path().strip_prefix(from).expect("it was found below"));
        let kind = entry.file_type();
        if kind.is_dir() {
            std::fs::create_dir(&path)
        } else if kind.is_symlink() {
            std::fs::read_link(entry.path())
                .and_then(|target| std::os::unix::fs::symlink(target, &path))
        } else {
            std::fs::read(entry.path()).and_then(|it| {
                let text = placed(&it, to, Path::new(MODULES));
                std::fs::write(&path, with_unpacked_php(text))
            })
        }
        .expect("the folder is writable");
    }
}

/// A text that loads PHP from where it is unpacked.
fn with_unpacked_php(text: Vec<u8>) -> Vec<u8> {
    let installed = format!("{MODULES}/libphp");
    match memchr::memmem::find(&text, installed.as_bytes()) {
        None => text,
        Some(_) => {
            let unpacked = format!("{}/libphp", third_party::MODULES);
            let text = String::from_utf8_lossy(&text).replace(&installed, &unpacked);
            text.into_bytes()
        }
    }
}

/// Makes a link of a file that holds a link's target.
fn restore_link(path: &Path) {
    let Ok(target) = std::fs::read_to_string(path) else {
        return;
    };
    std::fs::remove_file(path)
        .and_then(|()| std::os::unix::fs::symlink(target.trim_end(), path))
        .expect("the folder is writable");
}
