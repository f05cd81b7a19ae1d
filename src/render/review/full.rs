//! For a person: the changes by server, with the lines of both sides, and the new findings.

use std::io::{self, Write};

use super::{Reviewed, also, servers, shown, value};
use crate::render::{Format, Style, render};
use crate::review::Change;

const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[31m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

pub(super) fn write(reviewed: &Reviewed<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut server = None;
    for change in &reviewed.review.changes {
        let heading = (change.opens, servers(change));
        if server.as_ref() != Some(&heading) {
            let line = shown(&heading.1);
            writeln!(out, "{}", coloured(reviewed, BOLD, &line))?;
            server = Some(heading);
        }
        write_change(reviewed, change, out)?;
    }
    if !reviewed.review.changes.is_empty() {
        writeln!(out)?;
    }
    for gap in &reviewed.review.gaps {
        writeln!(out, "not reviewed: {}", shown(gap))?;
    }
    let style = Style {
        quiet: true,
        ..reviewed.style
    };
    render(reviewed.new, Format::Full, &style, out)?;
    for finding in &reviewed.fixed.diagnostics {
        writeln!(out, "fixed: {}", shown(&reviewed.fixed(finding)))?;
    }
    writeln!(out, "{}", reviewed.sentence())
}

fn write_change(reviewed: &Reviewed<'_>, change: &Change, out: &mut dyn Write) -> io::Result<()> {
    let kind = change.kind.name();
    let opens = match change.opens {
        true => coloured(reviewed, RED, " (opens)"),
        false => String::new(),
    };
    writeln!(out, "  {kind:11} {}{opens}", shown(&change.subject))?;
    if let Some(also) = also(change) {
        writeln!(out, "  {:11} {}", "", shown(&also))?;
    }
    for (name, side) in reviewed.sides(change) {
        writeln!(out, "    {name:9} {}", shown(value(side)))?;
        for place in side.into_iter().flat_map(|it| &it.because) {
            let line = shown(&reviewed.place(name, place));
            writeln!(out, "    {:9} {}", "", coloured(reviewed, DIM, &line))?;
        }
    }
    Ok(())
}

fn coloured(reviewed: &Reviewed<'_>, colour: &str, text: &str) -> String {
    match reviewed.style.colours {
        true => format!("{colour}{text}{PLAIN}"),
        false => text.to_owned(),
    }
}
