//! Writes a generated server: `cargo bench --bench generate -- SITES FOLDER`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program of its own"
)]

mod support {
    pub(crate) mod tree;
}

use std::path::Path;
use std::process::ExitCode;

use support::tree;

fn main() -> ExitCode {
    // Cargo adds `--bench` to what it is given.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| it != "--bench")
        .collect();
    let [sites, folder] = arguments.as_slice() else {
        eprintln!("usage: cargo bench --bench generate -- SITES FOLDER");
        return ExitCode::from(if arguments.is_empty() { 0 } else { 2 });
    };
    let written = sites
        .parse()
        .map_err(|it| format!("{sites}: {it}"))
        .and_then(|sites| write(Path::new(folder), sites));
    match written {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn write(folder: &Path, sites: usize) -> Result<String, String> {
    if folder.exists() {
        return Err(format!("{} is there already", folder.display()));
    }
    let describe = |it: std::io::Error| format!("{}: {it}", folder.display());
    let root = std::path::absolute(folder).map_err(describe)?;
    let size = tree::write(&root, sites).map_err(describe)?;
    Ok(format!(
        "{sites} sites, {} lines, {} bytes",
        size.lines, size.bytes
    ))
}
