//! `httpd-lint show`: what httpd would make of a configuration.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use super::setup::Setup;
use super::{Failure, ServerArguments, written};
use crate::evaluate::{Config, Evaluation, OccurrenceId};
use crate::source::Cause;

/// The files that are read, in order, each below the one that includes it.
pub(super) fn includes(arguments: &ServerArguments) -> Result<ExitCode, Failure> {
    let setup = Setup::new(arguments)?;
    let evaluation = Evaluation::new(setup.inputs()).map_err(|it| {
        Failure(format!(
            "{}: {}",
            arguments.path.display(),
            it.text().to_lowercase()
        ))
    })?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let result = write_tree(evaluation.config(), &setup, OccurrenceId(0), 0, &mut out);
    written(result.and_then(|()| out.flush()))?;
    Ok(ExitCode::SUCCESS)
}

fn write_tree(
    config: &Config,
    setup: &Setup,
    id: OccurrenceId,
    depth: usize,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let occurrence = config.occurrence(id);
    let name = setup.display(occurrence.unit.source.name());
    let frame = config.frames[occurrence.frame.0 as usize];
    let line = match frame.cause {
        Cause::Include(span) => config.sources.start(span).line.to_string(),
        _ => "*".to_owned(),
    };
    writeln!(out, "{:indent$}({line}) {name}", "", indent = 2 * depth)?;
    for (_, child) in &occurrence.children {
        write_tree(config, setup, *child, depth + 1, out)?;
    }
    Ok(())
}
