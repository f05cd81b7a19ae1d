//! Measured argument lines, where the shared cases are: what the linter foretells is what the real
//! httpd said of them.
//!
//! Each case is a small file that is included after a prelude which loads every module; one with a
//! prelude of its own needs modules that do not come with httpd. The test prints the directives on
//! which the two disagree.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod linter;
    pub(crate) mod refusal;
    pub(crate) mod server;
    pub(crate) mod workers;
}

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::server::{MODULES, third_party};
use support::{linter, workers};
use tempfile::TempDir;

/// Cases that the linter does not foretell yet, with the reason. The list is exact: a case that is
/// foretold must leave it.
const LEFT_FOR_LATER: &[(&[u64], &str)] =
    &[(&[3599], "the names come in the order of a hash table")];

/// One measured line.
struct Case {
    id: u64,
    directive: String,
    text: String,
    accepted: bool,
    line: Option<u64>,
    message: String,
    needs_third_party: bool,
}

/// The unpacked fixtures, with the preludes.
struct Fixtures {
    folder: TempDir,
    prelude: String,
    // Where modules that do not come with httpd are unpacked.
    third_party: Option<String>,
}

impl Fixtures {
    fn unpack(shared: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let status = Command::new("tar")
            .arg("-xzf")
            .arg(shared.join("arguments-fixtures.tgz"))
            .arg("-C")
            .arg(folder.path())
            .status()
            .expect("tar starts");
        assert!(status.success(), "the fixtures are an archive");
        let prelude = fs::read_to_string(shared.join("arguments-prelude.conf")).unwrap();
        let mut fixtures = Self {
            folder,
            prelude: String::new(),
            third_party: None,
        };
        fixtures.prelude = fixtures.specific(&prelude);
        if Path::new(third_party::MODULES).exists() {
            let prelude = shared.join("arguments-prelude-prefork-all.conf");
            let prelude = fs::read_to_string(prelude).unwrap();
            fixtures.third_party = Some(unpacked(&fixtures.specific(&prelude)));
        }
        fixtures
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("sr")
    }

    /// A text with the name of the server's root put in.
    fn specific(&self, text: &str) -> String {
        text.replace("@SR@", &self.root().display().to_string())
    }

    /// Why the linter is wrong about a case.
    fn mistake(&self, case: &Case) -> Option<String> {
        let file = self.folder.path().join(format!("{}.case.conf", case.id));
        let main = self.folder.path().join(format!("{}.conf", case.id));
        fs::write(&file, self.specific(&case.text)).unwrap();
        let prelude = match case.needs_third_party {
            true => self.third_party.as_ref()?,
            false => &self.prelude,
        };
        let include = format!("{prelude}Include {}\n", file.display());
        fs::write(&main, include).unwrap();
        let answer = match linter::check(&main, &self.root(), &[]) {
            Ok(answer) => answer,
            Err(problem) => return Some(problem),
        };
        let message = self.specific(&case.message);
        let message = message.replace("@DIR@", &file.display().to_string());
        match (case.accepted, answer.refusal) {
            (true, None) => None,
            (true, Some(ours)) => Some(format!("httpd accepts it\n  ours  {ours}")),
            (false, None) => Some(format!("httpd refuses it: {message}")),
            (false, Some(ours)) => {
                // Ours may leave out the help sentence.
                let is_same = message.trim() == ours.message.trim()
                    || message.starts_with(&format!("{}, ", ours.message));
                let is_there = case.line.is_none() || case.line == ours.line;
                (!is_same || !is_there)
                    .then(|| format!("httpd {:?} {message}\n  ours  {ours}", case.line))
            }
        }
    }
}

#[test]
fn the_linter_foretells_the_measured_lines() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases");
    let Ok(text) = fs::read_to_string(shared.join("arguments.jsonl")) else {
        eprintln!("skipped: there are no shared cases");
        return;
    };
    if !Path::new(MODULES).join("mod_wsgi.so").exists() {
        eprintln!("skipped: the modules of the prelude are not installed");
        return;
    }
    let fixtures = Fixtures::unpack(&shared);
    if fixtures.third_party.is_none() {
        eprintln!("skipped: the cases of modules that `tests/setup` unpacks");
    }
    let cases: Vec<Case> = text.lines().map(case).collect();
    let mistakes = workers::map(&cases, |it| fixtures.mistake(it));
    let left = |id: u64| LEFT_FOR_LATER.iter().any(|it| it.0.contains(&id));
    let mut wrong = String::new();
    let mut table: BTreeMap<&str, usize> = BTreeMap::new();
    for (case, mistake) in cases.iter().zip(&mistakes) {
        let Case { id, directive, .. } = case;
        if mistake.is_some() {
            *table.entry(directive).or_default() += 1;
        }
        match mistake {
            Some(mistake) if !left(*id) => wrong += &format!("{id} {directive}: {mistake}\n"),
            None if left(*id) => wrong += &format!("{id} {directive} is foretold now\n"),
            _ => {}
        }
    }
    let disagreements: usize = table.values().sum();
    eprintln!(
        "{} of {} lines are foretold",
        cases.len() - disagreements,
        cases.len()
    );
    for (directive, count) in &table {
        eprintln!("{count:4} {directive}");
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

// A prelude that loads modules from where they are.
fn unpacked(prelude: &str) -> String {
    let mut text = prelude.to_owned();
    for line in prelude.lines().filter(|it| it.starts_with("LoadModule ")) {
        let Some((_, object)) = line.rsplit_once('/') else {
            continue;
        };
        if !Path::new(MODULES).join(object).exists() {
            let (installed, unpacked) = (MODULES, third_party::MODULES);
            text = text.replace(
                &format!("{installed}/{object}"),
                &format!("{unpacked}/{object}"),
            );
        }
    }
    text
}

fn case(line: &str) -> Case {
    let value: Value = serde_json::from_str(line).expect("a case is JSON");
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    Case {
        id: value["id"].as_u64().expect("a case has a number"),
        directive: text(&value["directive"]),
        text: text(&value["config"]),
        accepted: value["exit"] == 0,
        line: value["line"].as_u64(),
        message: text(&value["message"]),
        needs_third_party: !value["prelude"].is_null(),
    }
}
