//! `httpd-lint explain` and `httpd-lint rules`.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use super::{Failure, written};
use crate::render::page;
use crate::rules;

/// Prints the page of a rule.
pub(super) fn explain(id: &str, colours: bool) -> Result<ExitCode, Failure> {
    let Some(rule) = rules::find(id) else {
        let similar = rules::similar(id)
            .map(|it| format!("; is it `{it}`?"))
            .unwrap_or_default();
        return Err(Failure(format!("there is no rule `{id}`{similar}")));
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let text = format!("# {}\n\n{}", rule.id, rule.page());
    written(page(&text, colours, &mut out).and_then(|()| out.flush()))?;
    Ok(ExitCode::SUCCESS)
}

/// Lists the rules, one line each: level, id, what it finds.
pub(super) fn list() -> Result<ExitCode, Failure> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let result: std::io::Result<()> = rules::all().try_for_each(|rule| {
        writeln!(
            out,
            "{:<8}{:<36}{}",
            rule.level.name(),
            rule.id,
            rule.summary()
        )
    });
    written(result.and_then(|()| out.flush()))?;
    Ok(ExitCode::SUCCESS)
}
