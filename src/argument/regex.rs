//! Regular expressions, compiled with PCRE2 itself and with httpd's options (`ap_regcomp`).

use std::sync::{LazyLock, Mutex, PoisonError};

pub use pcre2::bytes::Regex;
use pcre2::bytes::RegexBuilder;
use rustc_hash::FxHashMap;

/// PCRE2's number for two groups of one name, which httpd permits (`PCRE2_DUPNAMES`).
const DUPLICATE_NAME: i32 = 143;

/// The option of the same meaning, inside a pattern.
const PERMIT_DUPLICATE_NAMES: &str = "(?J)";

/// PCRE2's numbers for what every version of PCRE refuses: a backslash at the end, a repetition with
/// its numbers in the wrong order or too big, a missing bracket, a range in the wrong order, nothing
/// to repeat, a parenthesis that is missing or has no partner. The rest changes: version 8 takes
/// escapes that it does not know for characters, and 10.43 permits assertions that look behind by
/// various lengths.
const ALWAYS_REFUSED: &[i32] = &[101, 104, 105, 106, 108, 109, 114, 122];

/// The most patterns that are remembered.
const MOST_REMEMBERED: usize = 4096;

/// Why PCRE2 refuses a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where it notices that, in bytes of the pattern; a character begins there, or the pattern
    /// ends.
    pub offset: usize,
    /// PCRE2's number for it.
    pub code: i32,
    /// PCRE2's own words.
    pub message: String,
}

/// PCRE2's words for a mistake, and those of PCRE 8, with which some modules are built.
const IN_PCRE_8: &[(&str, &str)] = &[
    ("missing closing parenthesis", "missing )"),
    ("unmatched closing parenthesis", "unmatched parentheses"),
    (
        "quantifier does not follow a repeatable item",
        "nothing to repeat",
    ),
    (
        "syntax error in subpattern name (missing terminator?)",
        "syntax error in subpattern name (missing terminator)",
    ),
];

impl Mistake {
    /// The words of PCRE 8.
    pub fn in_pcre_8(&self) -> &str {
        let older = IN_PCRE_8.iter().find(|it| self.message.contains(it.0));
        let reason = || self.message.rsplit_once(": ").map_or("", |it| it.1);
        older.map_or_else(reason, |it| it.1)
    }
}

/// The offset of what PCRE2 refuses a pattern for.
pub fn mistake(pattern: &str) -> Option<usize> {
    check(pattern, false).err().map(|it| it.offset)
}

/// Whether the PCRE2 that compiles patterns here has these numbers, major and minor. A pattern asks
/// it: the numbers that the crate knows are those of the library that it was written for.
pub fn is_version(major: u32, minor: u32) -> bool {
    let asks = format!("(?(VERSION={major}.{minor:02})a|b)");
    let compiled = compile(&asks, false);
    compiled.is_ok_and(|it| it.is_match(b"a").unwrap_or_default())
}

/// Whether every version of PCRE refuses a pattern.
pub fn is_always_refused(pattern: &str) -> bool {
    check(pattern, false).is_err_and(|it| ALWAYS_REFUSED.contains(&it.code))
}

/// Whether a pattern compiles. The answers are remembered: configurations repeat their patterns.
///
/// # Errors
/// PCRE2 refuses it.
pub fn check(pattern: &str, caseless: bool) -> Result<(), Mistake> {
    type Known = FxHashMap<Box<str>, Option<Box<Mistake>>>;
    static KNOWN: LazyLock<[Mutex<Known>; 2]> = LazyLock::new(Default::default);
    let known = || {
        let known = KNOWN[usize::from(caseless)].lock();
        known.unwrap_or_else(PoisonError::into_inner)
    };
    let remembered = known().get(pattern).cloned();
    let mistake = remembered.unwrap_or_else(|| {
        let mistake = compile(pattern, caseless).err().map(Box::new);
        let mut known = known();
        if known.len() >= MOST_REMEMBERED {
            known.clear();
        }
        known.insert(pattern.into(), mistake.clone());
        mistake
    });
    mistake.map_or(Ok(()), |it| Err(*it))
}

/// Compiles a pattern as httpd does: bytes and not characters, `.` matches a newline.
///
/// httpd's `$` matches at the very end only, also before a newline there (`DOLLAR_ENDONLY`). That
/// changes nothing about which patterns compile, and is not done here.
///
/// # Errors
/// PCRE2 refuses it.
pub fn compile(pattern: &str, caseless: bool) -> Result<Regex, Mistake> {
    let mut builder = RegexBuilder::new();
    builder.dotall(true).caseless(caseless);
    let at = behind_verbs(pattern);
    let permissive = || {
        let (verbs, rest) = pattern.split_at(at);
        builder.build(&format!("{verbs}{PERMIT_DUPLICATE_NAMES}{rest}"))
    };
    let (compiled, added) = match builder.build(pattern) {
        Err(error) if error.code() == DUPLICATE_NAME => {
            (permissive(), PERMIT_DUPLICATE_NAMES.len())
        }
        compiled => (compiled, 0),
    };
    compiled.map_err(|error| {
        let offset = error.offset().unwrap_or_default();
        let offset = if offset > at {
            offset - added.min(offset - at)
        } else {
            offset
        };
        let offset = (0..=offset).rev().find(|it| pattern.is_char_boundary(*it));
        Mistake {
            offset: offset.unwrap_or_default(),
            code: error.code(),
            message: error.to_string(),
        }
    })
}

/// How many groups a pattern has; `None` where PCRE2 refuses it.
pub fn groups(pattern: &str) -> Option<usize> {
    // Without these, each parenthesis opens a group, and there is nothing to compile again.
    let is_plain = !["(?", "(*", "[", "\\"]
        .iter()
        .any(|it| pattern.contains(it));
    if is_plain {
        let count = pattern.matches('(').count();
        return mistake(pattern).is_none().then_some(count);
    }
    Some(compile(pattern, false).ok()?.captures_len() - 1)
}

// `(*UTF)` and the like are options only at the very beginning.
fn behind_verbs(pattern: &str) -> usize {
    let mut at = 0;
    while pattern[at..].starts_with("(*") {
        match pattern[at..].find(')') {
            Some(end) => at += end + 1,
            None => break,
        }
    }
    at
}

/// The character with which every text begins that a pattern matches, where the pattern is bound
/// to the beginning and that is one letter or digit.
pub fn initial(pattern: &str) -> Option<char> {
    let mut characters = pattern.strip_prefix('^')?.chars();
    let initial = characters.next().filter(char::is_ascii_alphanumeric)?;
    let rest = characters.as_str();
    let is_optional = rest.starts_with(['?', '*', '{']);
    (!is_optional && !has_alternatives(rest)).then_some(initial)
}

// Whether a `|` stands outside of parentheses and brackets.
fn has_alternatives(pattern: &str) -> bool {
    let mut characters = pattern.chars();
    let (mut depth, mut is_class) = (0_usize, false);
    while let Some(character) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            ']' => is_class = false,
            _ if is_class => {}
            '[' => is_class = true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_pattern_begins_with_a_character() {
        for (pattern, expected) in [
            ("^admin", Some('a')),
            ("^admin(/|$)[|]", Some('a')),
            ("admin", None),
            ("^/admin", None),
            ("^a?/admin", None),
            ("^a|^/b", None),
            ("^(a|/b)", None),
            ("^.*", None),
            ("^", None),
        ] {
            assert_eq!(initial(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn a_mistake_has_a_place() {
        for (pattern, at) in [
            ("a(b", 3),
            ("a)", 1),
            ("*", 0),
            ("[z-a]", 3),
            ("é(", 3),
            ("\\", 1),
        ] {
            assert_eq!(mistake(pattern), Some(at), "{pattern}");
        }
    }

    #[test]
    fn groups_may_share_a_name() {
        assert_eq!(mistake("(?<a>x)(?<a>y)"), None);
        assert_eq!(mistake("(*UTF)(?<a>x)(?<a>y)"), None);
        assert_eq!(mistake("(?<a>x)(?<a>y)("), Some(15));
    }

    #[test]
    fn groups_are_counted() {
        for (pattern, count) in [
            ("^/x", Some(0)),
            ("^/(a(b))", Some(2)),
            (r"(?:a)(?<b>c)[(]\(", Some(1)),
            ("(?|(a)|(b))", Some(1)),
            ("(", None),
            ("[(", None),
        ] {
            assert_eq!(groups(pattern), count, "{pattern}");
        }
    }

    #[test]
    fn the_library_has_one_version() {
        let versions = (0..100).filter(|it| is_version(10, *it));
        assert_eq!(versions.count(), 1);
        assert!(!is_version(8, 37));
    }

    #[test]
    fn versions_differ_about_some_patterns() {
        for pattern in ["a\\", "a{2,1}", "[a", "[z-a]", "*", "(", ")"] {
            assert!(is_always_refused(pattern), "{pattern}");
        }
        for pattern in ["(?<=a+)b", "[a-\\d]", "\\i", "a"] {
            assert!(!is_always_refused(pattern), "{pattern}");
        }
    }

    #[test]
    fn a_point_matches_a_newline() {
        let compiled = compile("a.B", true).unwrap();
        assert!(compiled.is_match(b"A\nb").unwrap());
    }
}
