//! The two messages that list mutex mechanisms.

use memchr::memmem;
use pest::Parser;
use pest::iterators::Pair;

use super::merge::{ACCEPT_LIST, Contradictions, MUTEX_LIST};
use super::passage::Passage;
use super::{Facts, Problem};

grammar!(MutexMechanismsParser, "grammar/mutex_mechanisms.pest");

use grammar::{MutexMechanismsParser, Rule};

/// The lists in a passage.
pub(super) fn read(passage: Passage<'_>, facts: &mut Facts) -> Vec<Problem> {
    let mut found = Contradictions::default();
    // Every list stands behind these words, wherever lines are broken.
    if memmem::find(passage.text.as_bytes(), b"mechanisms").is_none() {
        return Vec::new();
    }
    let mut places = passage.places();
    for message in MutexMechanismsParser::parse(Rule::text, passage.text)
        .into_iter()
        .flatten()
        .flat_map(Pair::into_inner)
    {
        let (what, slot) = match message.as_rule() {
            Rule::mutex => (MUTEX_LIST, &mut facts.mutex_mechanisms),
            Rule::accept => (ACCEPT_LIST, &mut facts.accept_mutex_mechanisms),
            _ => continue,
        };
        let origin = places.origin(&message);
        let words = message.into_inner().map(|it| it.as_str().to_owned());
        found.take(what, slot, Some(origin.fact(words.collect())));
    }
    facts.note(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Fact;

    fn read_text(text: &str) -> Facts {
        let mut facts = Facts::default();
        let passage = Passage {
            name: &"a.txt".into(),
            text,
            line: 1,
        };
        read(passage, &mut facts);
        facts
    }

    fn lists(text: &str) -> (Vec<String>, Vec<String>) {
        let facts = read_text(text);
        let values = |it: Option<Fact<Vec<String>>>| it.map(|it| it.value).unwrap_or_default();
        (
            values(facts.mutex_mechanisms),
            values(facts.accept_mutex_mechanisms),
        )
    }

    #[test]
    fn the_place_for_a_file_is_not_part_of_a_mechanism() {
        let (mutex, accept) = lists(
            "Invalid Mutex argument xxx (Mutex mechanisms are: 'none', 'default', \
             'flock:/path/to/file', 'pthread')",
        );
        assert_eq!(mutex, ["none", "default", "flock", "pthread"]);
        assert!(accept.is_empty());
    }

    #[test]
    fn a_message_may_be_broken_over_lines() {
        let (mutex, accept) = lists(
            "Invalid Mutex argument xxx (Mutex mechanisms are: 'none', \\\r\n'default', \\\r\n\
             'sem')\n\
             > Accept mutex lock mechanism 'xxx' is invalid. Valid accept \\\n\
             > mutex mechanisms for this platform are: default, flock, \\\n\
             > fcntl.\n",
        );
        assert_eq!(mutex, ["none", "default", "sem"]);
        assert_eq!(accept, ["default", "flock", "fcntl"]);
    }

    #[test]
    fn a_message_without_its_end_lists_not_everything() {
        let (mutex, accept) = lists(
            "(Mutex mechanisms are: 'none', 'default', 'flo\n\
             Valid accept mutex mechanisms for this platform are: default, flock",
        );
        assert!(mutex.is_empty());
        assert!(accept.is_empty());
    }

    #[test]
    fn an_origin_is_the_line_where_the_list_begins() {
        let facts = read_text(
            "AH00526: Syntax error on line 1 of /x:\nInvalid (Mutex mechanisms are: 'none')",
        );
        let origin = facts.mutex_mechanisms.map(|it| it.origin.to_string());
        assert_eq!(origin.as_deref(), Some("a.txt:2"));
    }
}
