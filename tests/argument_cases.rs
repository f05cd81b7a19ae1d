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
    pub(crate) mod measured;
    pub(crate) mod refusal;
    pub(crate) mod server;
    pub(crate) mod workers;
}

use std::collections::BTreeMap;
use std::fs;

use support::measured::{Case, Fixtures};
use support::{linter, workers};

/// Cases that the linter does not foretell yet, with the reason. The list is exact: a case that is
/// foretold must leave it.
const LEFT_FOR_LATER: &[(&[u64], &str)] =
    &[(&[3599], "the names come in the order of a hash table")];

/// Why the linter is wrong about a case.
fn mistake(fixtures: &Fixtures, case: &Case) -> Option<String> {
    let file = fixtures.path().join(format!("{}.case.conf", case.id));
    let main = fixtures.path().join(format!("{}.conf", case.id));
    fs::write(&file, fixtures.specific(&case.text)).unwrap();
    let prelude = fixtures.prelude(case)?;
    let include = format!("{prelude}Include {}\n", file.display());
    fs::write(&main, include).unwrap();
    match linter::check(&main, &fixtures.root(), &[]) {
        Ok(answer) => case.mistake(fixtures, &file, answer),
        Err(problem) => Some(problem),
    }
}

#[test]
fn the_linter_foretells_the_measured_lines() {
    let Some((fixtures, cases)) = Fixtures::find("arguments.jsonl") else {
        return;
    };
    let mistakes = workers::map(&cases, |it| mistake(&fixtures, it));
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
