//! A rule's page for a terminal.

use std::io::{self, Write};

use codespan_reporting::term::termcolor::{Ansi, Color, ColorSpec, NoColor, WriteColor};

use super::visible::visible;

/// Writes a page of Markdown as a manual page looks: headings at the margin, text indented,
/// examples indented more. Of Markdown it knows what rules' pages use: headings, paragraphs,
/// lists, fenced examples, `code` and **strong** words.
pub fn page(markdown: &str, colours: bool, out: &mut dyn Write) -> io::Result<()> {
    if colours {
        write_page(markdown, Ansi::new(out))
    } else {
        write_page(markdown, NoColor::new(out))
    }
}

fn write_page(markdown: &str, mut out: impl WriteColor) -> io::Result<()> {
    let mut in_example = false;
    for line in markdown.lines() {
        let line = visible(line);
        if line.starts_with("```") {
            in_example = !in_example;
        } else if line.is_empty() {
            writeln!(out)?;
        } else if in_example {
            writeln!(out, "      {line}")?;
        } else if let Some(heading) = heading(&line) {
            styled(&mut out, heading, ColorSpec::new().set_bold(true))?;
            writeln!(out)?;
        } else {
            write!(out, "  ")?;
            write_words(&line, &mut out)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

/// The text of a heading of any level.
fn heading(line: &str) -> Option<&str> {
    let text = line.strip_prefix('#')?.trim_start_matches('#');
    text.strip_prefix(' ')
}

/// A line of text with its `code` in colour and its **strong** words bold. Without colours the
/// marks of code stay: they are what tells it from prose.
fn write_words(line: &str, out: &mut impl WriteColor) -> io::Result<()> {
    let mut rest = line;
    while let Some((before, mark, inside, after)) = next_marked(rest) {
        write!(out, "{before}")?;
        match mark {
            "`" if out.supports_color() => {
                styled(out, inside, ColorSpec::new().set_fg(Some(Color::Cyan)))?;
            }
            "`" => write!(out, "`{inside}`")?,
            _ => styled(out, inside, ColorSpec::new().set_bold(true))?,
        }
        rest = after;
    }
    write!(out, "{rest}")
}

/// Splits a line at its first marked words: what is before, the mark, the words, what is after.
fn next_marked(line: &str) -> Option<(&str, &str, &str, &str)> {
    let mark = |mark: &'static str| {
        let (before, rest) = line.split_once(mark)?;
        let (inside, after) = rest.split_once(mark)?;
        Some((before, mark, inside, after))
    };
    let found = ["`", "**"].into_iter().filter_map(mark);
    found.min_by_key(|(before, ..)| before.len())
}

fn styled(out: &mut impl WriteColor, text: &str, style: &ColorSpec) -> io::Result<()> {
    out.set_color(style)?;
    write!(out, "{text}")?;
    out.reset()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# undeclared-daemon-process

A `WSGIProcessGroup` names a group that **no** directive declares.

## Wrong

```conf
WSGIProcessGroup shpo
```
";

    fn rendered(colours: bool) -> String {
        let mut out = Vec::new();
        page(PAGE, colours, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_page_looks_like_a_manual_page() {
        assert_eq!(
            rendered(false),
            "\
undeclared-daemon-process

  A `WSGIProcessGroup` names a group that no directive declares.

Wrong

      WSGIProcessGroup shpo
"
        );
    }

    #[test]
    fn colours_take_the_place_of_marks() {
        let page = rendered(true);
        assert!(page.contains("A \u{1b}[0m\u{1b}[36mWSGIProcessGroup\u{1b}[0m names"));
        assert!(page.contains("\u{1b}[1mno\u{1b}[0m directive"));
    }
}
