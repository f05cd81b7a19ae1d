//! How long the look-up of a directive's name takes. A line of a configuration costs one.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark reads the clock and prints"
)]

use std::hint::black_box;
use std::time::Instant;

use httpd_lint::httpd::Table;

const ROUNDS: u32 = 2_000;

fn main() {
    let table = Table::builtin();
    let names = || table.names().map(|it| table.spelling(it).to_owned());
    measure("as httpd spells them", &names().collect::<Vec<_>>());
    let lower = names().map(|it| it.to_ascii_lowercase());
    measure("in lower case", &lower.collect::<Vec<_>>());
    let unknown = names().map(|it| it + "x");
    measure("no names at all", &unknown.collect::<Vec<_>>());
}

fn measure(what: &str, words: &[String]) {
    let table = Table::builtin();
    let start = Instant::now();
    for _ in 0..ROUNDS {
        for word in words {
            black_box(table.name(black_box(word)));
        }
    }
    let lookups = f64::from(ROUNDS) * words.len() as f64;
    let nanoseconds = start.elapsed().as_secs_f64() * 1e9 / lookups;
    println!(
        "{} names, {what}: {nanoseconds:.1} ns per look-up",
        words.len()
    );
}
