//! What a review costs: two revisions of a server that differ in one site, the same with what is
//! checked out as the second, and two that differ for all sites. Prints medians, and their ratios to
//! a check.
//!
//! `cargo bench --bench review -- [SITES]`
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench runs our program and git, measures time and prints it"
)]

#[path = "support/tree.rs"]
#[allow(dead_code, reason = "the other benches use more of it")]
mod tree;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

/// What is measured, each with the arguments before the path.
const RUNS: [(&str, &[&str]); 4] = [
    ("a check", &["check", "--fail-on", "never", "--quiet"]),
    ("one site is another", &["review", "base..site"]),
    ("the same, checked out", &["review", "base"]),
    ("all sites have another header", &["review", "base..all"]),
];

fn main() {
    let sites = std::env::args().find_map(|it| it.parse().ok());
    let sites: usize = sites.unwrap_or(10_000);
    let folder = tempfile::TempDir::new().expect("the temporary folder is writable");
    let root = folder.path().canonicalize().expect("the folder is there");
    tree::write(&root, sites).expect("the tree is written");
    commit_changes(&root);
    println!("{sites} sites");
    let rounds: Vec<[Duration; 4]> = (0..ROUNDS)
        .map(|_| RUNS.map(|it| run(&root, it.1)))
        .collect();
    let medians = std::array::from_fn::<f64, 4, _>(|at| {
        let mut times: Vec<Duration> = rounds.iter().map(|it| it[at]).collect();
        times.sort_unstable();
        times[ROUNDS / 2].as_secs_f64()
    });
    for ((what, _), median) in RUNS.iter().zip(medians) {
        let ratio = median / medians[0];
        println!("{what:<32} {:>8.1} ms {ratio:>7.2}", median * 1e3);
    }
}

// The tags `base` and `all`, and `site`, which is checked out.
fn commit_changes(root: &Path) {
    let (name, text) = tree::site(0);
    let main = fs::read_to_string(root.join("apache2.conf")).expect("there is a main file");
    git(root, &["init", "--quiet"]);
    commit(root, "base");
    let header = "Header always set X-Frame-Options DENY\n";
    fs::write(root.join("apache2.conf"), main.clone() + header).expect("it is writable");
    commit(root, "all");
    fs::write(root.join("apache2.conf"), main).expect("it is writable");
    let site = text.replacen("Require all granted", "Require local", 1);
    fs::write(root.join(name), site).expect("it is writable");
    commit(root, "site");
}

fn commit(root: &Path, tag: &str) {
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "--message", tag]);
    git(root, &["tag", tag]);
}

fn git(root: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=bench", "-c", "user.email=bench@localhost"])
        .args(arguments)
        .current_dir(root)
        .status()
        .expect("git starts");
    assert!(status.success(), "{status}");
}

fn run(root: &Path, arguments: &[&str]) -> Duration {
    let begin = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .args(arguments)
        .arg("apache2.conf")
        .arg("--server-root")
        .arg(root)
        .args(["--facts", "debian-12"])
        .current_dir(root)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("our program starts");
    assert!(status.success(), "{status}");
    begin.elapsed()
}
