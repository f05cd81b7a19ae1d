//! A comment on a pull request: short, what opens something first, details folded.

use std::io::{self, Write};

use super::{Reviewed, about, also, shown, value};
use crate::render::markdown::{fence, finding, spoken};
use crate::render::markup;
use crate::review::Change;

/// GitHub takes comments of up to 65,536 characters; this leaves room for what stands around.
const LONGEST: usize = 60_000;

pub(super) fn write(reviewed: &Reviewed<'_>, out: &mut dyn Write) -> io::Result<()> {
    let changes = reviewed.changes();
    let opening = reviewed.review.changes.iter().filter(|it| it.opens).count();
    let opens = match opening {
        0 => String::new(),
        1 if reviewed.review.changes.len() == 1 => ", **it opens something**".to_owned(),
        1 => ", **1 of them opens something**".to_owned(),
        count => format!(", **{count} of them open something**"),
    };
    writeln!(out, "### httpd-lint: {changes}{opens}\n")?;
    let mut room = LONGEST;
    let mut missing = 0;
    let changes = reviewed.review.changes.iter();
    let changes = changes.map(|it| Ok(written(reviewed, it)));
    let findings = 0..reviewed.new.diagnostics.len();
    let findings = findings.map(|it| finding(reviewed.new, it, &reviewed.style));
    for piece in changes.chain(findings) {
        let piece = piece?;
        match room.checked_sub(piece.len()) {
            Some(rest) => {
                room = rest;
                writeln!(out, "{piece}")?;
            }
            None => missing += 1,
        }
    }
    if missing > 0 {
        writeln!(out, "And {missing} more for which there is no room here.\n")?;
    }
    for gap in &reviewed.review.gaps {
        writeln!(out, "<sub>not reviewed: {}</sub><br>", spoken(&shown(gap)))?;
    }
    writeln!(out, "<sub>{}</sub>", spoken(&reviewed.sentence()))
}

fn written(reviewed: &Reviewed<'_>, change: &Change) -> String {
    let mut lines = Vec::new();
    for (name, side) in reviewed.sides(change) {
        lines.push(format!("{name}: {}", shown(value(side))));
        let places = side.into_iter().flat_map(|it| &it.because);
        lines.extend(places.map(|it| format!("    {}", shown(&reviewed.place(name, it)))));
    }
    lines.extend(also(change).map(|it| shown(&it)));
    let lines = lines.join("\n");
    let fence = fence(&lines);
    let code = |text: &str| format!("<code>{}</code>", markup::text(&shown(text)));
    let opens = if change.opens { " <b>opens</b>" } else { "" };
    format!(
        "<details><summary><b>{}</b>{opens} {}: {} → {}</summary>\n\n\
         {fence}text\n{lines}\n{fence}\n</details>\n",
        change.kind.name(),
        code(&about(change)),
        code(value(change.before.as_ref())),
        code(value(change.after.as_ref())),
    )
}
