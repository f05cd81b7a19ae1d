//! Workflow commands of GitHub Actions: each change becomes an annotation of the line that makes it,
//! a warning where it opens something.

use std::io::{self, Write};

use super::{Reviewed, about, also, shown, value};
use crate::render::github::{data, property};
use crate::render::{Format, Style, render};
use crate::review::Change;

pub(super) fn write(reviewed: &Reviewed<'_>, out: &mut dyn Write) -> io::Result<()> {
    for change in &reviewed.review.changes {
        let command = if change.opens { "warning" } else { "notice" };
        let place = property_of(reviewed, change);
        let kind = change.kind.name();
        writeln!(
            out,
            "::{command} {place}title=httpd-lint({kind})::{}",
            message(change)
        )?;
    }
    for gap in &reviewed.review.gaps {
        writeln!(
            out,
            "::notice title=httpd-lint::not reviewed: {}",
            data(&shown(gap))
        )?;
    }
    let style = Style {
        quiet: true,
        ..reviewed.style
    };
    render(reviewed.new, Format::Github, &style, out)?;
    writeln!(out, "{}", reviewed.sentence())
}

// The last line that decides; GitHub shows only what lies in the change as it is.
fn property_of(reviewed: &Reviewed<'_>, change: &Change) -> String {
    let place = change.after.as_ref().and_then(|it| it.because.last());
    let Some(place) = place else {
        return String::new();
    };
    let file = shown(&(reviewed.style.display)(&place.file));
    format!("file={},line={},", property(&file), place.line)
}

fn message(change: &Change) -> String {
    let before = value(change.before.as_ref());
    let after = value(change.after.as_ref());
    let also = also(change).map(|it| format!("\n{it}")).unwrap_or_default();
    let about = about(change);
    let text = format!("{about}\nbefore: {before}\nafter: {after}{also}");
    let lines: Vec<String> = text.lines().map(shown).collect();
    data(&lines.join("\n"))
}
