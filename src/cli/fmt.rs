//! `httpd-lint fmt`.

use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::lsp::task;
use super::say;
use super::{Failure, written};
use crate::format::{Indentation, formatted};
use crate::render::{counted, diff};
use crate::shell::rewrite;
use crate::source::Source;

#[derive(Debug, Args)]
pub(super) struct FmtArguments {
    /// Files; of a folder with a main file all that it reads there. `-` is standard input, and is
    /// written to standard output.
    #[arg(required = true)]
    path: Vec<PathBuf>,
    /// Write nothing; exit with 1 where a file would be another.
    #[arg(long)]
    check: bool,
    /// Write nothing: show what would be other, for `patch`.
    #[arg(long)]
    diff: bool,
    /// Indent by so many spaces; with 0 by tabs.
    #[arg(long, value_name = "SPACES", default_value_t = 4)]
    indent: usize,
}

pub(super) fn run(arguments: &FmtArguments) -> Result<ExitCode, Failure> {
    let indentation = match arguments.indent {
        0 => Indentation::Tab,
        width => Indentation::Spaces(width.min(16)),
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut changed = 0;
    for path in files(&arguments.path)? {
        let is_input = path == Path::new("-");
        let old = match is_input {
            true => standard_input()?,
            false => std::fs::read(&path)
                .map_err(|it| Failure(format!("{}: {}", path.display(), it.kind())))?,
        };
        let name = path.display().to_string();
        let source = Source::new(name.as_str(), old.clone());
        let new = source.encoding().bytes(&formatted(&source, indentation));
        let is_other = new != old;
        changed += usize::from(is_other);
        if arguments.diff {
            written(diff(&name, &old, &new, &mut out))?;
        } else if arguments.check {
            if is_other {
                say(&format!("{name}: would be laid out otherwise"))?;
            }
        } else if is_input {
            written(out.write_all(&new))?;
        } else if is_other {
            // The file itself is written, not a link to it.
            let target = path.canonicalize()?;
            rewrite(&target, &old, &new).map_err(|it| Failure(format!("{name}: {it}")))?;
        }
    }
    written(out.flush())?;
    if !arguments.check && !arguments.diff && changed > 0 {
        say(&format!("{} laid out", counted(changed, "file")))?;
    }
    Ok(ExitCode::from(u8::from(arguments.check && changed > 0)))
}

fn standard_input() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}

// The files themselves; of a folder those of its configuration that lie below it.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let task = task(path, &[])?;
        let world = task.setup.inputs().world;
        let (session, _) = task.lint(world)?;
        let folder = path.canonicalize()?;
        let sources = &session.config().sources;
        for file in sources.ids() {
            let local = task.setup.target(sources.get(file).name());
            let local = local.and_then(|it| it.canonicalize().ok());
            files.extend(local.filter(|it| it.starts_with(&folder)));
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}
