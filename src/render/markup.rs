//! Text in XML and HTML.

use std::fmt::Write;

use super::visible::is_hidden;

/// A text between tags. Whatever is no text there is written out: characters that would be
/// markup, that XML does not have, and that no reader would see. Line breaks and tabs stay.
pub(super) fn text(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        push(&mut written, character);
    }
    written
}

/// A text as the value of an attribute, where a reader would take a line break for a blank.
pub(super) fn attribute(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => written.push_str("&#10;"),
            '\t' => written.push_str("&#9;"),
            _ => push(&mut written, character),
        }
    }
    written
}

/// A sentence, with code where it has backticks; `plainly` makes the rest of it.
pub(super) fn sentence_with(sentence: &str, plainly: fn(&str) -> String) -> String {
    let pieces: Vec<&str> = sentence.split('`').collect();
    let last = pieces.len() - 1;
    let pieces = pieces
        .into_iter()
        .enumerate()
        .map(|(position, piece)| match position % 2 == 1 {
            true if position < last => format!("<code>{}</code>", text(piece)),
            true => format!("`{}", plainly(piece)),
            false => plainly(piece),
        });
    pieces.collect()
}

/// A sentence, with code where it has backticks.
pub(super) fn sentence(sentence: &str) -> String {
    sentence_with(sentence, text)
}

fn push(to: &mut String, character: char) {
    match character {
        '&' => to.push_str("&amp;"),
        '<' => to.push_str("&lt;"),
        '>' => to.push_str("&gt;"),
        '"' => to.push_str("&quot;"),
        '\'' => to.push_str("&#39;"),
        '\n' => to.push(character),
        '\u{fffe}' | '\u{ffff}' => {
            // Writing to a String never fails.
            let _ = write!(to, "\\u{{{:x}}}", u32::from(character));
        }
        _ if is_hidden(character) => super::visible::push(to, character.encode_utf8(&mut [0; 4])),
        _ => to.push(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_an_element_or_an_attribute() {
        assert_eq!(text("</a> & \"b\""), "&lt;/a&gt; &amp; &quot;b&quot;");
        assert_eq!(attribute("'\n\t'"), "&#39;&#10;&#9;&#39;");
    }

    #[test]
    fn what_xml_does_not_have_is_written_out() {
        assert_eq!(
            text("\0\u{1b}\u{ffff}\u{202e}"),
            "\\x00\\x1b\\u{ffff}\\u{202e}"
        );
    }
}
