//! Regular expressions (PCRE), as far as a mistake is certain without compiling them.

/// The byte offset of something for which PCRE refuses a pattern, where that can be told for
/// sure: a parenthesis or a bracket without its partner, a quantifier with nothing before it, a
/// backslash at the end. `None` does not promise that the pattern compiles.
pub fn mistake(pattern: &str) -> Option<usize> {
    let bytes = pattern.as_bytes();
    if is_unusual(pattern) {
        return None;
    }
    let mut open = Vec::new();
    let mut at = 0;
    let mut is_repeatable = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if at + 1 == bytes.len() => return Some(at),
            b'\\' => {
                at += 1;
                is_repeatable = true;
            }
            b'[' => match end_of_class(bytes, at) {
                Some(end) => {
                    at = end;
                    is_repeatable = true;
                }
                None => return Some(at),
            },
            b'(' => {
                open.push(at);
                // `(?` begins a group of another kind.
                at += usize::from(bytes.get(at + 1) == Some(&b'?'));
                is_repeatable = false;
            }
            b')' => {
                if open.pop().is_none() {
                    return Some(at);
                }
                is_repeatable = true;
            }
            b'*' | b'+' | b'?' if !is_repeatable => return Some(at),
            // Behind a quantifier `?` and `+` change its kind; the next one repeats nothing.
            b'*' | b'+' | b'?' => {
                at += usize::from(matches!(bytes.get(at + 1), Some(b'?' | b'+')));
                is_repeatable = false;
            }
            b'|' => is_repeatable = false,
            _ => is_repeatable = true,
        }
        at += 1;
    }
    open.pop()
}

// Quoted stretches, comments, verbs and the extended syntax change what a character means.
fn is_unusual(pattern: &str) -> bool {
    let has_verb = pattern
        .split("(*")
        .skip(1)
        .any(|it| it.starts_with(|it: char| it.is_ascii_alphabetic()));
    has_verb || ["\\Q", "(?#", "(?x"].iter().any(|it| pattern.contains(it))
}

// The `]` that ends the class opened at `start`. The first character never ends it, and
// `[:name:]` is one item.
fn end_of_class(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    at += usize::from(bytes.get(at) == Some(&b'^'));
    at += usize::from(bytes.get(at) == Some(&b']'));
    loop {
        match bytes.get(at)? {
            b']' => return Some(at),
            b'\\' => at += 2,
            b'[' => match end_of_name(bytes, at) {
                Some(end) => at = end + 1,
                None => at += 1,
            },
            _ => at += 1,
        }
    }
}

// The `]` of a `[:name:]` that begins at `start`.
fn end_of_name(bytes: &[u8], start: usize) -> Option<usize> {
    if bytes.get(start + 1) != Some(&b':') {
        return None;
    }
    let name = bytes.get(start + 2..)?;
    let length = name
        .iter()
        .take_while(|it| it.is_ascii_alphabetic() || **it == b'^')
        .count();
    name[length..]
        .starts_with(b":]")
        .then_some(start + length + 3)
}

#[cfg(test)]
mod tests {
    use super::mistake;

    #[test]
    fn a_partner_is_missing() {
        for pattern in ["^/(", "a)", "[a", "a\\", "*a", "(+)", "a|*", "a**", "(?:a"] {
            assert!(mistake(pattern).is_some(), "{pattern}");
        }
    }

    #[test]
    fn odd_but_sound() {
        for pattern in [
            "",
            "[]a]",
            "[^]a]",
            "[[:alpha:]]+",
            "\\(",
            "a*?",
            "a++",
            "(?i)a",
            "a{2}",
            "{",
            "]",
            "()",
            "(?<name>a)",
            "a|",
            "^*",
            "\\[",
        ] {
            assert_eq!(mistake(pattern), None, "{pattern}");
        }
    }
}
