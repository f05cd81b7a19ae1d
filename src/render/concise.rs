//! One line for each finding: `FILE:LINE:COLUMN: level[rule]: message`.

use std::io::{self, Write};

use super::visible::{message, visible};
use super::{Style, hosts, summary};
use crate::lint::Outcome;

/// Writes the findings, then the counts.
pub(super) fn write(outcome: &Outcome, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (index, diagnostic) in outcome.diagnostics.iter().enumerate() {
        let span = diagnostic.primary.span;
        let name = (style.display)(outcome.sources.get(span.file).name());
        let place = outcome.sources.start(span);
        writeln!(
            out,
            "{}:{}:{}: {}[{}]: {}{}",
            visible(&name),
            place.line,
            place.column,
            diagnostic.level.name(),
            diagnostic.rule,
            message(&diagnostic.message),
            hosts::in_brackets(outcome, index),
        )?;
    }
    if style.quiet {
        return Ok(());
    }
    writeln!(out, "{}", summary::sentence(outcome, style.elapsed))
}
