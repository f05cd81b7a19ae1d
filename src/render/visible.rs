//! Text that a terminal shows and does not obey.

use std::borrow::Cow;
use std::fmt::Write;

/// A message longer than this is cut: an argument of a directive may have 16 MiB.
const LONGEST_MESSAGE: usize = 1_000;

/// Whether a character would steer a terminal, or change how its neighbours look, instead of
/// being seen: controls (those of Latin-1 too, U+009B begins an escape sequence), marks that turn
/// the direction of writing, and characters without width. A tab is none of them.
pub(super) fn is_hidden(character: char) -> bool {
    let is_control = character.is_control() && character != '\t';
    is_control
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// `text` with its hidden characters written out: `\x1b`, `\u{202e}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() + 16);
    push(&mut written, text);
    Cow::Owned(written)
}

/// Appends [`visible`] of `text` to `to`.
pub(super) fn push(to: &mut String, text: &str) {
    for character in text.chars() {
        let number = u32::from(character);
        // Writing to a String never fails.
        let _ = match character {
            _ if !is_hidden(character) => {
                to.push(character);
                Ok(())
            }
            '\0'..='\u{ff}' => write!(to, "\\x{number:02x}"),
            _ => write!(to, "\\u{{{number:x}}}"),
        };
    }
}

/// [`visible`], and no longer than a reader wants.
pub(super) fn message(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST_MESSAGE) {
        None => visible(text),
        Some((end, _)) => {
            let mut cut = visible(&text[..end]).into_owned();
            cut.push('…');
            Cow::Owned(cut)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(visible("a\u{1b}[2Jb"), "a\\x1b[2Jb");
        assert_eq!(visible("a\u{9b}2Jb"), "a\\x9b2Jb");
        assert_eq!(visible("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(visible("tab\tand ü stay"), "tab\tand ü stay");
    }

    #[test]
    fn an_endless_message_is_cut() {
        let shown = message(&"é".repeat(5_000)).into_owned();
        assert_eq!(shown.chars().count(), LONGEST_MESSAGE + 1);
        assert!(shown.ends_with('…'));
    }
}
