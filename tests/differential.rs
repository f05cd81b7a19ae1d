//! Configurations with random mistakes: the real httpd and the linter judge them in the same run.
//!
//! A mutant is a seed (a case of `tests/cases`, an example, a generated server, Debian's own tree)
//! with one to four mistakes, the same for the same number. `MUTANTS=20000 MUTANTS_SEED=2` asks for
//! more of them, or for others.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod debian;
    pub(crate) mod document;
    pub(crate) mod linter;
    pub(crate) mod mutation;
    pub(crate) mod random;
    pub(crate) mod refusal;
    pub(crate) mod server;
    pub(crate) mod workers;
}

#[path = "../benches/support/tree.rs"]
#[allow(dead_code, reason = "the benches use more of it")]
mod tree;

use std::collections::BTreeMap;
use std::path::Path;

use support::debian::{self, StockTree};
use support::document::{Case, Document, Entry};
use support::linter;
use support::mutation::mutate;
use support::random::Random;
use support::refusal::{Refusal, first_refusal};
use support::server::{MODULES, Server};
use support::workers;
use tempfile::TempDir;

/// How many mutants a run judges when nobody asks for a number.
const MUTANTS: u64 = 800;

/// What httpd says of things that the linter does not see: what a name resolves to, what lies below
/// the directory that httpd is started in, and what Lua makes of code.
const OUT_OF_SIGHT: &[&str] = &[
    "Lua Error:",
    "alloc_listener: failed to set up sockaddr",
    "ServerRoot must be a valid directory",
];

#[test]
fn mutants_are_judged_alike() {
    let Some(server) = Server::find().filter(Server::has_wsgi) else {
        eprintln!("skipped: the seeds need mod_wsgi; `tests/setup` installs it");
        return;
    };
    let seeds = Seeds::new();
    let (count, seed) = (number("MUTANTS", MUTANTS), number("MUTANTS_SEED", 1));
    let numbers: Vec<u64> = (0..count).collect();
    let results = workers::map(&numbers, |number| {
        Mutant::new(&seeds, seed, *number).judge(&server)
    });
    let unsettled = results
        .iter()
        .filter(|it| **it == Verdict::Unsettled)
        .count();
    let wrong: Vec<&str> = results.iter().filter_map(Verdict::disagreement).collect();
    eprintln!("{count} mutants, {unsettled} of them left open");
    assert!(
        wrong.is_empty(),
        "{} of {count} mutants:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn number(variable: &str, otherwise: u64) -> u64 {
    let given = std::env::var(variable).ok();
    given.map_or(otherwise, |it| {
        it.parse().expect("the variable is a number")
    })
}

/// What the mutants are made of.
struct Seeds {
    cases: Vec<Case>,
    trees: Vec<Case>,
}

impl Seeds {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let documents = Document::all(&root.join("tests/cases"));
        let cases = documents.into_iter().flat_map(|it| it.cases);
        let cases = cases.filter(|it| !it.needs_third_party()).collect();

        let example = root.join("examples/debian-wsgi/etc/apache2");
        let mut example = Case::of_folder("debian-wsgi", &example, "apache2.conf");
        // This file is refused, and hides what is wrong behind it.
        example.entries.retain(|it| !it.0.ends_with("030-api.conf"));

        let folder = TempDir::with_prefix("httpd-lint-").unwrap();
        tree::write(folder.path(), 10).unwrap();
        let generated = Case::of_folder("generated", folder.path(), "apache2.conf");

        let stock = StockTree::with("mpm_event");
        let stock = stock.map(|it| Case::of_folder("stock", it.folder.path(), "apache2.conf"));
        let trees = [example, generated].into_iter().chain(stock).collect();
        Self { cases, trees }
    }
}

/// A configuration with mistakes.
struct Mutant {
    number: u64,
    seed: Case,
    case: Case,
    made: Vec<String>,
}

#[derive(PartialEq, Eq)]
enum Verdict {
    Alike,
    Unsettled,
    Different(String),
}

impl Verdict {
    fn disagreement(&self) -> Option<&str> {
        match self {
            Verdict::Different(it) => Some(it),
            _ => None,
        }
    }
}

impl Mutant {
    fn new(seeds: &Seeds, seed: u64, number: u64) -> Self {
        let mut random = Random::of(seed, number);
        let kinds = [&seeds.cases, &seeds.trees];
        let kind = *random.pick(&kinds);
        let seed = random.pick(kind).clone();
        let (case, made) = mutate(&seed, &mut random);
        Self {
            number,
            seed,
            case,
            made,
        }
    }

    fn judge(&self, server: &Server) -> Verdict {
        let folder = TempDir::with_prefix("httpd-lint-").unwrap();
        // httpd prints the resolved path.
        let root = folder.path().canonicalize().unwrap();
        self.case.write(&root, Path::new(MODULES));
        let environment = match root.join("envvars").exists() {
            true => debian::settle(&root),
            false => Vec::new(),
        };
        let main = root.join(&self.case.main);
        let arguments = &self.case.arguments;
        let (accepted, stderr) = server.check(&main, &root, arguments, &environment);
        let theirs = Refusal::parse(&first_refusal(accepted, &stderr));
        let ours = linter::check(&main, &root, arguments);
        let is_out_of_sight =
            |it: &Refusal| OUT_OF_SIGHT.iter().any(|said| it.message.contains(said));
        let is_unsettled = theirs.as_ref().is_some_and(is_out_of_sight);
        match linter::disagreement(theirs.as_ref(), &ours) {
            None => Verdict::Alike,
            Some(_) if is_unsettled => Verdict::Unsettled,
            Some(found) => {
                let text = self.describe(&found);
                Verdict::Different(text.replace(&*root.to_string_lossy(), "@DIR@"))
            }
        }
    }

    // What was changed, and what the two say.
    fn describe(&self, found: &str) -> String {
        let mut text = format!("\n{}: {}\n", self.number, self.seed.name);
        for it in &self.made {
            text.push_str(&format!("  {it}\n"));
        }
        let before: BTreeMap<&String, &Entry> =
            self.seed.entries.iter().map(|it| (&it.0, &it.1)).collect();
        for (name, entry) in &self.case.entries {
            let Entry::File(bytes) = entry else { continue };
            if before.get(name) != Some(&entry) {
                text.push_str(&format!("--- {name}\n"));
                for (number, line) in String::from_utf8_lossy(bytes).split('\n').enumerate() {
                    text.push_str(&format!("{:4} {}\n", number + 1, line.escape_debug()));
                }
            }
        }
        text + found
    }
}
