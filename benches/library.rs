//! What the library costs without a disk: splitting texts into lines, evaluating, linting, and
//! replacing one file of a running session. Prints medians; the last column says whether the cost
//! of a replacement grows with the number of sites.
//!
//! `cargo bench --bench library -- [SITES]...`
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench measures time and prints it"
)]

#[path = "support/tree.rs"]
#[allow(dead_code, reason = "the generator also writes to disk")]
mod tree;

use std::hint::black_box;
use std::time::{Duration, Instant};

use httpd_lint::evaluate::{Evaluation, Inputs};
use httpd_lint::facts::{Facts, builtin};
use httpd_lint::httpd::Table;
use httpd_lint::lint::{Options, Session};
use httpd_lint::source::{Source, Sources};
use httpd_lint::syntax::Document;
use httpd_lint::world::MemoryWorld;

const ROOT: &str = "/etc/apache2";
const ROUNDS: usize = 7;
const EDITS: usize = 201;

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|it| it.parse().ok()).collect();
    let sizes = if sizes.is_empty() {
        vec![1, 100, 1_000, 10_000]
    } else {
        sizes
    };
    let facts = builtin("debian-12").expect("a built-in build");
    println!(
        "{:>6} {:>9} {:>12} {:>12} {:>12} {:>14}",
        "sites", "lines", "parse", "evaluate", "check", "replace one"
    );
    for sites in sizes {
        row(sites, &facts);
    }
}

fn row(sites: usize, facts: &Facts) {
    let mut world = MemoryWorld::default();
    let mut texts = Vec::new();
    for (name, text) in tree::files(ROOT, sites) {
        world.put(&format!("{ROOT}/{name}"), text.clone());
        texts.push(text);
    }
    let lines: usize = texts.iter().map(|it| it.lines().count()).sum();
    let inputs = Inputs {
        world: &world,
        facts: facts.into(),
        table: Table::builtin(),
        main: "/etc/apache2/apache2.conf",
        server_root: ROOT,
        program: "apache2",
        defines: &[],
        fragment: Some(false),
        standing: None,
        usual_standing: None,
    };
    let parse = median(ROUNDS, || {
        let mut sources = Sources::new();
        for text in &texts {
            let source = Source::new(text.len().to_string(), text.clone().into_bytes());
            let file = sources.put(source);
            let source = sources.get(file);
            black_box(Document::parse(file, source.text(), source.encoding()));
        }
    });
    let evaluate = median(ROUNDS, || {
        black_box(Evaluation::new(inputs).expect("there is a main file"));
    });
    let options = Options::default();
    let check = median(ROUNDS, || {
        black_box(
            Session::new(inputs, &options)
                .expect("there is a main file")
                .outcome(),
        );
    });
    let mut session = Session::new(inputs, &options).expect("there is a main file");
    let (name, text) = tree::site(sites / 2);
    let path = format!("{ROOT}/{name}");
    let mut edit = 0;
    let replace = median(EDITS, || {
        edit += 1;
        let text = format!("# edit {edit}\n{text}");
        // What concerns the server as a whole follows when nobody types.
        black_box(session.replace_first(&path, text.into_bytes(), &|_| true));
    });
    println!(
        "{sites:>6} {lines:>9} {:>9.0} ns {:>9.0} ns {:>9.0} ns {:>11.1} us",
        per_line(parse, lines),
        per_line(evaluate, lines),
        per_line(check, lines),
        replace.as_secs_f64() * 1e6
    );
}

fn per_line(time: Duration, lines: usize) -> f64 {
    time.as_secs_f64() * 1e9 / lines as f64
}

fn median(rounds: usize, mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let begin = Instant::now();
            work();
            begin.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[rounds / 2]
}
