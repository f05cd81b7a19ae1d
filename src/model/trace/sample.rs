//! A text that a regular expression matches, where a simple one does.

use crate::model::request::matches;

/// A URL's path that a pattern matches: its plain letters, with something short for the rest.
pub(super) fn sample(pattern: &str) -> Option<String> {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let mut text = String::new();
    let mut rest = inner.strip_suffix('$').unwrap_or(inner).chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match rest.next()? {
                'd' => text.push('1'),
                'w' => text.push('a'),
                escaped if escaped.is_alphanumeric() => return None,
                escaped => text.push(escaped),
            },
            '.' => text.push('a'),
            '[' => {
                let class: String = rest.by_ref().take_while(|it| *it != ']').collect();
                text.push(class.chars().next().filter(|it| *it != '^').unwrap_or('a'));
            }
            '|' => break,
            ')' => {
                // The first of several ways is enough.
            }
            '(' | '*' | '+' | '?' | '^' | '$' | ':' => {}
            plain => text.push(plain),
        }
        if rest.peek() == Some(&'|') && pattern.contains('(') {
            rest.by_ref().find(|it| *it == ')');
        }
    }
    if !text.starts_with('/') {
        text.insert(0, '/');
    }
    matches(pattern, &text).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::sample;

    #[test]
    fn simple_patterns_have_a_sample() {
        for (pattern, text) in [
            ("^/old$", Some("/old")),
            ("^/blog/(.*)$", Some("/blog/a")),
            (r"\.bak$", Some("/.bak")),
            ("^/(one|two)/x", Some("/one/x")),
            ("^/[0-9]+$", Some("/0")),
            (r"^/\d+/", Some("/1/")),
            ("^/(?=x)", None),
        ] {
            assert_eq!(sample(pattern).as_deref(), text, "{pattern}");
        }
    }
}
