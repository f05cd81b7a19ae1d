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
// What every Debian has compiled in, and what some builds have besides.
const MODULES: [&str; 5] = [
    "mod_so.c",
    "http_core.c",
    "mod_log_config.c",
    "mod_logio.c",
    "mod_unixd.c",
];
const OTHERS: [&str; 3] = ["mod_watchdog.c", "mod_version.c", "mod_http2.c"];

fn main() {
    let sites = std::env::args().find_map(|it| it.parse().ok());
    let sites: usize = sites.unwrap_or(1_000);
    let folder = tempfile::TempDir::new().expect("the temporary folder is writable");
    let root = folder.path().join("tree");
    tree::write(&root, sites).expect("the tree is written");
    let hosts = |name: &str, count: usize, groups: usize| {
        let facts = folder.path().join(name);
        fs::create_dir(&facts).expect("the folder is new");
        for host in 0..count {
            let text = capture(host, host % groups);
            fs::write(facts.join(format!("web{host:05}.txt")), text).expect("it is writable");
        }
        facts
    };
    let one = hosts("one", 1, 1);
    let fleet = hosts("fleet", 300, 10);
    let equal = hosts("equal", 10_000, 1);
    let mut times = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (times, facts) in times.iter_mut().zip([&one, &fleet, &equal]) {
            times.push(check(&root, facts));
        }
        times[3].push(read(&equal));
    }
    let [one, fleet, equal, reading] = times.map(|mut it| {
        it.sort_unstable();
        it[ROUNDS / 2]
    });
    let line = |what: &str, time: Duration| {
        let ratio = time.as_secs_f64() / one.as_secs_f64();
        println!(
            "{what:<28} {:>8.1} ms {ratio:>7.2}",
            time.as_secs_f64() * 1e3
        );
    };
    println!("{sites} sites");
    line("one host", one);
    line("300 hosts in 10 groups", fleet);
    line("10,000 equal captures", equal);
    line("reading 10,000 files", reading);
}

fn capture(host: usize, group: usize) -> String {
    let mut text = format!(
        "Server version: Apache/2.4.{} (Debian)\nServer built:   2024-01-01T00:00:{:02}\n\
         Server MPM:     event\nCompiled in modules:\n  core.c\n",
        40 + group * 2,
        host % 60
    );
    let others = OTHERS.iter().take(group % (OTHERS.len() + 1));
    for module in MODULES.iter().chain(others) {
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
