//! What a keystroke costs in an editor: a site of a large server is changed letter by letter, and
//! the time until the server says what is found then is measured, the way through the pipes
//! included. Prints the median, the 99th percentile and the longest of each size, in milliseconds;
//! then the same of somebody who types slowly, so that the server looks at the whole in between, and
//! how long a change takes that concerns all sites.
//!
//! `cargo bench --bench keystroke -- [SITES]...`
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench runs our program, measures time and prints it"
)]

#[path = "../tests/support/editor.rs"]
mod editor;
#[path = "support/tree.rs"]
#[allow(dead_code, reason = "the other benches use more of it")]
mod tree;

use std::time::{Duration, Instant};

use editor::Editor;
use serde_json::json;

const KEYSTROKES: usize = 500;
// Some hesitate between two letters, longer and shorter than the server waits for the next one.
const HESITATIONS: [u64; 4] = [110, 150, 200, 300];
// What is typed, and taken away again.
const TYPED: &str = "    Header set X-Harbour \"pier 7\"\n";

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|it| it.parse().ok()).collect();
    let sizes = if sizes.is_empty() {
        vec![10, 1_000, 10_000]
    } else {
        sizes
    };
    println!("sites  first  median  p99  longest  slow median  p99  longest  wide");
    for sites in sizes {
        measure(sites);
    }
}

fn measure(sites: usize) {
    let folder = tempfile::TempDir::new().expect("the temporary folder is writable");
    let root = folder
        .path()
        .canonicalize()
        .expect("it was just made")
        .join("tree");
    tree::write(&root, sites).expect("the tree is written");
    let (name, text) = tree::site(sites / 2);
    let site = root.join(name);
    let settings = json!({"facts": ["debian-12"]});
    let mut editor = Editor::of(&root, &json!({"initializationOptions": settings}));
    let begun = Instant::now();
    editor.open(&site, &text);
    editor.published(&site, 1);
    let first = begun.elapsed();

    let at = text
        .rfind("</VirtualHost>")
        .expect("a site is a virtual host");
    let mut version = 1;
    let mut time = |editor: &mut Editor, length: usize| {
        let mut new = text.clone();
        new.insert_str(at, &TYPED[..length]);
        version += 1;
        let begun = Instant::now();
        editor.change(&site, version, &new);
        editor.published(&site, version);
        begun.elapsed()
    };
    let lengths = || (1..=TYPED.len()).chain((0..TYPED.len()).rev());
    let mut times = Vec::new();
    while times.len() < KEYSTROKES {
        times.extend(lengths().map(|it| time(&mut editor, it)));
    }
    times.sort_unstable();
    let mut slow = Vec::new();
    for (length, pause) in lengths().zip(HESITATIONS.iter().cycle()) {
        std::thread::sleep(Duration::from_millis(*pause));
        slow.push(time(&mut editor, length));
    }
    slow.sort_unstable();

    // A change in the main file concerns everybody; what is open comes first.
    let main = root.join("apache2.conf");
    let text = std::fs::read_to_string(&main).expect("it was just written");
    editor.open(&main, &text);
    editor.published(&main, 1);
    let begun = Instant::now();
    editor.change(&main, 2, &format!("Define HARBOUR 1\n{text}"));
    editor.published(&main, 2);
    let wide = begun.elapsed();
    editor.leave();

    let shown = |it: Duration| format!("{:.2}", it.as_secs_f64() * 1000.0);
    let three = |times: &[Duration]| {
        let last = times.len() - 1;
        let of = |it: usize| shown(times[it.min(last)]);
        format!(
            "{}  {}  {}",
            of(times.len() / 2),
            of(times.len() * 99 / 100),
            of(last)
        )
    };
    println!(
        "{sites}  {}  {}  {}  {}",
        shown(first),
        three(&times),
        three(&slow),
        shown(wide),
    );
}
