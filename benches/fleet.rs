//! What many hosts cost: 300 hosts in 10 groups against one, and 10,000 captures that are equal.
//! Prints medians, and their ratios to a check of one host.
//!
//! `cargo bench --bench fleet -- [SITES]`
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench runs our program, measures time and prints it"
)]

#[path = "support/tree.rs"]
#[allow(dead_code, reason = "the other benches use more of it")]
mod tree;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

/// Hosts that differ in their version, and in what is compiled in.
struct Mix {
    name: &'static str,
    /// What all hosts have.
    modules: &'static [&'static str],
    /// Of these a host has the first few.
    others: &'static [&'static str],
}

/// The modules by which hosts differ matter to a few files.
const ALIKE: Mix = Mix {
    name: "alike",
    modules: &[
        "mod_so.c",
        "http_core.c",
        "mod_log_config.c",
        "mod_logio.c",
        "mod_unixd.c",
    ],
    others: &["mod_watchdog.c", "mod_version.c", "mod_http2.c"],
};

/// One of them matters to all files: some hosts have no `CustomLog`.
const UNLIKE: Mix = Mix {
    name: "unlike",
    modules: &["mod_so.c", "http_core.c"],
    others: &["mod_watchdog.c", "mod_log_config.c", "mod_logio.c"],
};

fn main() {
    let sites = std::env::args().find_map(|it| it.parse().ok());
    let sites: usize = sites.unwrap_or(1_000);
    let folder = tempfile::TempDir::new().expect("the temporary folder is writable");
    let root = folder.path().join("tree");
    tree::write(&root, sites).expect("the tree is written");
    let hosts = |mix: &Mix, count: usize, groups: usize| {
        let facts = folder.path().join(format!("{}-{count}", mix.name));
        fs::create_dir_all(&facts).expect("the folder is writable");
        for host in 0..count {
            let text = capture(mix, host, host % groups);
            fs::write(facts.join(format!("web{host:05}.txt")), text).expect("it is writable");
        }
        facts
    };
    println!("{sites} sites");
    for mix in [ALIKE, UNLIKE] {
        let (one, fleet) = (hosts(&mix, 1, 1), hosts(&mix, 300, 10));
        let what = format!("300 hosts in 10 groups, {}", mix.name);
        medians(["one host", &what], || {
            [check(&root, &one), check(&root, &fleet)]
        });
    }
    let (one, equal) = (hosts(&ALIKE, 1, 1), hosts(&ALIKE, 10_000, 1));
    medians(
        ["one host", "10,000 equal captures", "reading 10,000 files"],
        || [check(&root, &one), check(&root, &equal), read(&equal)],
    );
}

// Prints the median of each, and its ratio to the first.
fn medians<const N: usize>(what: [&str; N], measure: impl Fn() -> [Duration; N]) {
    let rounds: Vec<[Duration; N]> = (0..ROUNDS).map(|_| measure()).collect();
    let medians = std::array::from_fn::<f64, N, _>(|at| {
        let mut times: Vec<Duration> = rounds.iter().map(|it| it[at]).collect();
        times.sort_unstable();
        times[ROUNDS / 2].as_secs_f64()
    });
    for (what, median) in what.iter().zip(medians) {
        let ratio = median / medians[0];
        println!("{what:<32} {:>8.1} ms {ratio:>7.2}", median * 1e3);
    }
}

fn capture(mix: &Mix, host: usize, group: usize) -> String {
    let mut text = format!(
        "Server version: Apache/2.4.{} (Debian)\nServer built:   2024-01-01T00:00:{:02}\n\
         Server MPM:     event\nCompiled in modules:\n  core.c\n",
        40 + group * 2,
        host % 60
    );
    let others = mix.others.iter().take(group % (mix.others.len() + 1));
    for module in mix.modules.iter().chain(others) {
        text += &format!("  {module}\n");
    }
    text
}

fn check(root: &Path, facts: &Path) -> Duration {
    let begin = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .arg("check")
        .arg(root)
        .arg("--host")
        .arg("--server-root")
        .arg(root)
        .arg("--facts")
        .arg(facts)
        .args(["--fail-on", "never", "--quiet"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("our program starts");
    assert!(status.success(), "{status}");
    begin.elapsed()
}

fn read(facts: &Path) -> Duration {
    let begin = Instant::now();
    for entry in fs::read_dir(facts).expect("the folder is there") {
        let path = entry.expect("an entry can be read").path();
        std::hint::black_box(fs::read(path).expect("a file can be read"));
    }
    begin.elapsed()
}
