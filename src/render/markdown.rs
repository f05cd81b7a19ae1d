//! A comment on a pull request: each finding a line that unfolds, the most severe first.
//!
//! Lines of HTML are used because nothing in them is Markdown. GitHub looks for `@names` in them
//! all the same, except in code.

use std::io::{self, Write};

use super::visible::message;
use super::{Style, full, markup, path, summary};
use crate::lint::Outcome;

/// GitHub takes comments of up to 65,536 characters, GitLab longer ones; this leaves room for what
/// stands around.
const LONGEST: usize = 60_000;

/// Writes what was found, the findings as far as there is room, and what was unknown.
pub(super) fn write(outcome: &Outcome, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "### httpd-lint: {}\n",
        summary::found(&outcome.summary)
    )?;
    let stops = (0..outcome.diagnostics.len()).any(|it| outcome.is_first(it));
    if stops && outcome.hosts.is_none() {
        writeln!(out, "httpd refuses this configuration.\n")?;
    }
    let order = outcome.by_severity();
    let (mut room, mut written) = (LONGEST, 0);
    for index in &order {
        let finding = finding(outcome, *index, style)?;
        let Some(rest) = room.checked_sub(finding.len()) else {
            break;
        };
        room = rest;
        written += 1;
        writeln!(out, "{finding}")?;
    }
    let missing = order.len() - written + outcome.left_out;
    if missing > 0 {
        let missing = summary::counted(missing, "more finding");
        writeln!(out, "And {missing} for which there is no room here.\n")?;
    }
    if style.quiet {
        return Ok(());
    }
    for unknown in &outcome.unknowns {
        let sentence = full::unknown_sentence(outcome, unknown, style);
        writeln!(out, "<sub>unknown: {}</sub><br>", spoken(&sentence))?;
    }
    let sentence = summary::sentence(outcome, style.elapsed);
    writeln!(out, "<sub>{}</sub>", spoken(&sentence))
}

// One line, and what the terminal would show below it.
pub(super) fn finding(outcome: &Outcome, index: usize, style: &Style<'_>) -> io::Result<String> {
    let Some(diagnostic) = outcome.diagnostics.get(index) else {
        return Ok(String::new());
    };
    let span = diagnostic.primary.span;
    let lines = full::plain_finding(outcome, index, style)?;
    let fence = fence(&lines);
    Ok(format!(
        "<details><summary><b>{}</b> <code>{}:{}</code> {}</summary>\n\n\
         {fence}text\n{}\n{fence}\n</details>\n",
        diagnostic.level.name(),
        markup::text(&path(outcome, span.file, style)),
        outcome.sources.start(span).line,
        spoken(&message(&diagnostic.message)),
        lines.trim_end(),
    ))
}

// Longer than any row of backticks in a text, so that none of them ends it.
pub(super) fn fence(text: &str) -> String {
    let rows = text.split(|it| it != '`').map(str::len);
    "`".repeat(rows.max().unwrap_or(0).max(2) + 1)
}

/// A sentence as HTML that names nobody: a comment behind the sign keeps it from being the beginning
/// of a name.
pub(super) fn spoken(sentence: &str) -> String {
    markup::sentence_with(sentence, |it| markup::text(it).replace('@', "@<!-- -->"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_fence_or_names_somebody() {
        assert_eq!(fence("a ```` b"), "`````");
        assert_eq!(fence(""), "```");
        assert_eq!(
            spoken("no `@a` for @b"),
            "no <code>@a</code> for @<!-- -->b"
        );
        assert_eq!(spoken("one ` alone"), "one ` alone");
    }
}
