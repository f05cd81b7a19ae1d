//! Shell wildcards as httpd matches them (`apr_fnmatch`).

/// Whether a text has a wildcard in it: an unescaped `*` or `?`, or a `]` after a `[`
/// (`apr_fnmatch_test`).
pub fn is_pattern(text: &str) -> bool {
    let mut open = false;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '*' | '?' => return true,
            '\\' if characters.next().is_none() => {
                return false;
            }
            '[' => open = true,
            ']' if open => return true,
            _ => {}
        }
    }
    false
}

/// Whether a file name matches one component of a pattern; a leading dot must be matched by a dot
/// (`APR_FNM_PERIOD`).
pub fn matches_name(pattern: &[u8], name: &[u8]) -> bool {
    let shows_dot = pattern.starts_with(b".") || pattern.starts_with(b"\\.");
    (shows_dot || !name.starts_with(b".")) && matches(pattern, name)
}

/// Whether one component of a path matches one of a pattern, whatever it begins with
/// (`APR_FNM_PATHNAME`). It compares bytes: to `?`, a character of two bytes is two.
pub fn matches_component(pattern: &str, name: &str) -> bool {
    matches(pattern.as_bytes(), name.as_bytes())
}

// Linear in practice: a later `*` makes trying more for an earlier one useless.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut in_name) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if pattern.get(at) == Some(&b'*') {
            star = Some((at + 1, in_name));
            at += 1;
            continue;
        }
        let step = name.get(in_name).and_then(|it| one(&pattern[at..], *it));
        match (step, star) {
            (Some(width), _) => {
                at += width;
                in_name += 1;
            }
            (None, _) if in_name == name.len() && at == pattern.len() => return true,
            (None, Some((after, from))) if from < name.len() => {
                star = Some((after, from + 1));
                at = after;
                in_name = from + 1;
            }
            (None, _) => return false,
        }
    }
}

// How many bytes of the pattern match one of the name; `None` where they do not.
fn one(pattern: &[u8], byte: u8) -> Option<usize> {
    match pattern {
        [b'?', ..] => Some(1),
        [b'[', rest @ ..] => match bracket(rest, byte) {
            Some((true, width)) => Some(width + 1),
            Some((false, _)) => None,
            None => (byte == b'[').then_some(1),
        },
        [b'\\', escaped, ..] => (*escaped == byte).then_some(2),
        [plain, ..] => (*plain == byte).then_some(1),
        [] => None,
    }
}

// A bracket expression after its `[`: whether it matches, and its width with the `]`. `None` where
// no `]` ends it, and `[` stands for itself.
fn bracket(pattern: &[u8], byte: u8) -> Option<(bool, usize)> {
    let negated = matches!(pattern.first(), Some(b'!' | b'^'));
    let first = usize::from(negated);
    let (mut at, mut found) = (first, false);
    loop {
        let (low, width) = match pattern.get(at..)? {
            [b']', ..] if at > first => return Some((found != negated, at + 1)),
            [b'\\', escaped, ..] => (*escaped, 2),
            [plain, ..] => (*plain, 1),
            [] => return None,
        };
        at += width;
        match pattern.get(at..) {
            Some([b'-', high, ..]) if *high != b']' => {
                let (high, width) = match pattern.get(at + 1..) {
                    Some([b'\\', escaped, ..]) => (*escaped, 3),
                    _ => (*high, 2),
                };
                found |= low <= byte && byte <= high;
                at += width;
            }
            _ => found |= low == byte,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_apr_matches_them() {
        for (pattern, name) in [
            ("*.conf", "a.conf"),
            ("*", "a"),
            ("a?c", "abc"),
            ("[a-c]*", "bx"),
            ("[!a]x", "bx"),
            ("[]]", "]"),
            ("\\*", "*"),
            (".*", ".hidden"),
            ("a*b*c", "aXbXbXc"),
            ("[", "["),
            ("??.conf", "é.conf"),
        ] {
            assert!(
                matches_name(pattern.as_bytes(), name.as_bytes()),
                "{pattern} {name}"
            );
        }
        for (pattern, name) in [
            ("*.conf", "a.conf~"),
            ("*", ".hidden"),
            ("?x", ".x"),
            ("[a-c]", "d"),
            ("[!a]x", "ax"),
            ("a", "A"),
            ("a*b", "ac"),
            ("?.conf", "é.conf"),
        ] {
            assert!(
                !matches_name(pattern.as_bytes(), name.as_bytes()),
                "{pattern} {name}"
            );
        }
    }

    #[test]
    fn braces_and_open_brackets_are_no_wildcards() {
        assert!(!is_pattern("/etc/{a,b}.conf"));
        assert!(!is_pattern("/etc/[a.conf"));
        assert!(!is_pattern("/etc/\\*.conf"));
        assert!(is_pattern("/etc/[a].conf"));
        assert!(is_pattern("/etc/*.conf"));
    }

    #[test]
    fn many_stars_cost_no_more_than_their_product() {
        let pattern = "*a".repeat(30);
        assert!(!matches_name(pattern.as_bytes(), "a".repeat(29).as_bytes()));
    }
}
