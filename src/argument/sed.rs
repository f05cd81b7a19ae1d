//! The scripts of `InputSed` and `OutputSed`, as far as their commands can be told apart.

use super::Refusal;
use super::words::first;

/// The commands that take nothing more.
const PLAIN: &str = "=dDgGhHlnNpPqx{}#";
/// The commands that take the rest of the line.
const WITH_TEXT: &str = "aicrw";

/// What httpd refuses in a script; regular expressions are not looked at.
pub fn refusal(text: &str) -> Option<Refusal> {
    let word = first(text);
    let script = word.value.as_str();
    let mistake = mistake(script)?;
    let message = format!("Failed to compile sed expression. {mistake}: {script}");
    Some(Refusal::new(word.range, message))
}

fn mistake(script: &str) -> Option<&'static str> {
    let mut rest = script;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ';', '\n']);
        rest = behind_addresses(rest)?;
        rest = rest.trim_start_matches(['!', ' ', '\t']);
        let command = rest.chars().next()?;
        let arguments = &rest[command.len_utf8()..];
        rest = match command {
            's' | 'y' => match behind_parts(arguments) {
                None => return Some("ending delimiter missing on substitution"),
                Some(flags) => {
                    let is_flag = |it: char| it.is_ascii_digit() || "gpP".contains(it);
                    flags.trim_start_matches(|it| command == 's' && is_flag(it))
                }
            },
            ':' | 'b' | 't' => return label_mistake(arguments),
            _ if PLAIN.contains(command) => arguments,
            _ if WITH_TEXT.contains(command) => return None,
            _ => return Some("unrecognized command"),
        };
        let behind = rest.trim_start_matches([' ', '\t']);
        // `w FILE` takes the rest of the line.
        if command == 's' && behind.starts_with('w') {
            return None;
        }
        let is_end = behind.is_empty() || behind.starts_with([';', '\n', '}', '#']);
        if !is_end && !"{}#".contains(command) {
            return Some("command garbled");
        }
    }
}

fn label_mistake(arguments: &str) -> Option<&'static str> {
    let label = arguments.split([';', '\n']).next().unwrap_or_default();
    (label.trim().len() > 7).then_some("label too long")
}

// Numbers, `$` and `/PATTERN/`, one or two of them; `None` where a pattern has no end.
fn behind_addresses(text: &str) -> Option<&str> {
    let rest = behind_address(text)?;
    match rest.strip_prefix(',') {
        Some(second) => behind_address(second),
        None => Some(rest),
    }
}

fn behind_address(text: &str) -> Option<&str> {
    match text.chars().next() {
        Some('$') => Some(&text[1..]),
        Some('/') => behind_delimiter(&text[1..], '/'),
        _ => Some(text.trim_start_matches(|it: char| it.is_ascii_digit())),
    }
}

fn behind_parts(text: &str) -> Option<&str> {
    let delimiter = text.chars().next()?;
    let rest = behind_delimiter(&text[delimiter.len_utf8()..], delimiter)?;
    behind_delimiter(rest, delimiter)
}

fn behind_delimiter(text: &str, delimiter: char) -> Option<&str> {
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if character == delimiter {
            return Some(&text[at + character.len_utf8()..]);
        }
    }
    None
}
