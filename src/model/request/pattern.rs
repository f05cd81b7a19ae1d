//! Regular expressions on what requests bring.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::argument::regex::{self, Regex};

/// The groups of a match; group 0 is all of it.
pub(super) type Groups = Vec<Option<String>>;

/// A match of a pattern: its groups, and where it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) groups: Groups,
    pub(super) end: usize,
}

// The most patterns that are kept compiled.
const MOST_KEPT: usize = 256;

// By the pattern and whether case does not matter; none where it is no pattern.
type Compiled = FxHashMap<(String, bool), Option<Rc<Regex>>>;

thread_local! {
    // The same few patterns of a server are tried for every request.
    static COMPILED: RefCell<Compiled> = RefCell::default();
}

fn compiled(pattern: &str, caseless: bool) -> Option<Rc<Regex>> {
    COMPILED.with_borrow_mut(|known| {
        if known.len() >= MOST_KEPT {
            known.clear();
        }
        let entry = known.entry((pattern.to_owned(), caseless));
        let compiled = || regex::compile(pattern, caseless).ok().map(Rc::new);
        entry.or_insert_with(compiled).clone()
    })
}

/// Looks for a pattern in a text; `None` where it is not there, or the pattern is none.
pub(super) fn find(pattern: &str, caseless: bool, text: &str) -> Option<Match> {
    let compiled = compiled(pattern, caseless)?;
    let captures = compiled.captures(text.as_bytes()).ok()??;
    let group = |at: usize| {
        let found = captures.get(at)?;
        Some(String::from_utf8_lossy(found.as_bytes()).into_owned())
    };
    Some(Match {
        groups: (0..compiled.captures_len()).map(group).collect(),
        end: captures.get(0)?.end(),
    })
}

/// The groups of a match that have names, with these.
pub(super) fn named(pattern: &str, text: &str) -> Vec<(String, String)> {
    let Ok(compiled) = regex::compile(pattern, false) else {
        return Vec::new();
    };
    let Ok(Some(captures)) = compiled.captures(text.as_bytes()) else {
        return Vec::new();
    };
    let names = compiled.capture_names().iter().enumerate();
    let found = names.filter_map(|(at, name)| {
        let value = captures.get(at)?;
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        Some((name.clone()?, value))
    });
    found.collect()
}

/// Whether a pattern is in a text.
pub(super) fn matches(pattern: &str, caseless: bool, text: &str) -> bool {
    let compiled = compiled(pattern, caseless);
    compiled.is_some_and(|it| it.is_match(text.as_bytes()).unwrap_or_default())
}

/// A text in which the first match of a pattern, or all of them, is replaced.
pub(super) fn replaced(pattern: &str, text: &str, replacement: &str, all: bool) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = find(pattern, false, rest) {
        let matched = found.groups.first().cloned().flatten().unwrap_or_default();
        let start = found.end.saturating_sub(matched.len());
        let (Some(before), Some(behind)) = (rest.get(..start), rest.get(found.end..)) else {
            break;
        };
        result.push_str(before);
        result.push_str(&substituted(replacement, &found.groups));
        rest = behind;
        // An empty match would be found again and again.
        if !all || matched.is_empty() {
            break;
        }
    }
    result.push_str(rest);
    result
}

/// A text with `$0` to `$9` replaced by the groups of a match (`ap_pregsub`).
pub(super) fn substituted(text: &str, groups: &Groups) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let digit = characters.peek().and_then(|it| it.to_digit(10));
        match (character, digit) {
            ('$', Some(digit)) => {
                characters.next();
                let group = groups.get(digit as usize).and_then(Option::as_ref);
                result.extend(group.map(String::as_str));
            }
            ('\\', _) => result.push(characters.next().unwrap_or('\\')),
            (other, _) => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{find, substituted};

    #[test]
    fn groups_are_put_in_place() {
        let found = find("^/(a+)(x)?", false, "/aab").unwrap();
        assert_eq!(found.end, 3);
        assert_eq!(substituted("<$1|$2|\\$1|$>", &found.groups), "<aa||$1|$>");
    }
}
