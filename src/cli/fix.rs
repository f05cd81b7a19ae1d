//! `httpd-lint check --fix`.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::say;
use super::setup::Setup;
use super::{CheckArguments, Failure, written};
use crate::diagnostic::Promise;
use crate::lint::{Lint, Mended, MendedFile, Mending, Outcome};
use crate::render::{counted, diff};
use crate::shell::rewrite;

impl CheckArguments {
    /// Which fixes are asked for.
    pub(super) fn fixes(&self) -> Option<Promise> {
        match (self.unsafe_fixes, self.fix || self.diff) {
            (true, _) => Some(Promise::Unsafe),
            (false, true) => Some(Promise::Safe),
            (false, false) => None,
        }
    }
}

/// Mends what can be mended, and writes the files; returns what is found then. Or shows what would be
/// others, and returns what is found as it is.
pub(super) fn run(
    arguments: &CheckArguments,
    setup: &Setup,
    promise: Promise,
    lint: &Lint<'_, Failure>,
    shape: &dyn Fn(Outcome) -> Outcome,
) -> Result<Outcome, Failure> {
    if setup.reads_standard_input() && !arguments.diff {
        let message = "standard input cannot be written: `--diff` shows what would be other";
        return Err(Failure(message.to_owned()));
    }
    let trees = trees(arguments, setup);
    let mending = Mending {
        world: setup.inputs().world,
        promise,
        hosts: &setup.hosts,
        target: &|name| target(setup, &trees, name),
        lint,
        shape,
    };
    let mended = mending.run()?;
    if arguments.diff {
        let mut out = BufWriter::new(std::io::stdout().lock());
        written(show(&mended.files, setup, &mut out).and_then(|()| out.flush()))?;
        return Ok(mended.before);
    }
    write(&mended, setup, &trees)?;
    if !arguments.quiet && mended.fixes > 0 {
        let (fixes, files) = (mended.fixes, mended.files.len());
        let plural = if fixes == 1 { "fix" } else { "fixes" };
        say(&format!(
            "{fixes} {plural} applied in {}",
            counted(files, "file")
        ))?;
    }
    Ok(mended.outcome)
}

// Nothing outside of these folders is ever written.
fn trees(arguments: &CheckArguments, setup: &Setup) -> Vec<PathBuf> {
    let folder = |it: &PathBuf| match it.is_dir() {
        true => Some(it.clone()),
        false => it.parent().map(Path::to_owned),
    };
    let named = arguments.htaccess.iter().filter_map(folder);
    let trees = setup.tree.iter().cloned().chain(named);
    trees.filter_map(|it| it.canonicalize().ok()).collect()
}

// Where a file of the server is written to.
fn target(setup: &Setup, trees: &[PathBuf], name: &str) -> Option<PathBuf> {
    if setup.is_standard_input(name) {
        return Some(PathBuf::from(name));
    }
    let target = setup.target(name)?.canonicalize().ok()?;
    let is_ours = trees.iter().any(|it| target.starts_with(it));
    is_ours.then_some(target)
}

fn show(files: &[MendedFile], setup: &Setup, out: &mut dyn Write) -> std::io::Result<()> {
    for file in files {
        let before = file.before.encoding().bytes(file.before.text());
        diff(
            &setup.display(file.before.name()),
            &before,
            &file.bytes,
            out,
        )?;
    }
    Ok(())
}

fn write(mended: &Mended, setup: &Setup, trees: &[PathBuf]) -> Result<(), Failure> {
    for file in &mended.files {
        let name = file.before.name();
        let before = file.before.encoding().bytes(file.before.text());
        if let Some(target) = target(setup, trees, name) {
            rewrite(&target, &before, &file.bytes)
                .map_err(|it| Failure(format!("{}: {it}", setup.display(name))))?;
        }
    }
    Ok(())
}
