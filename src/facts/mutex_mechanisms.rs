//! The two messages that list mutex mechanisms.

use std::sync::Arc;

use pest::Parser;
use pest::iterators::Pair;

use super::{Fact, Facts, Origin, Problem};

grammar!(MutexMechanismsParser, "grammar/mutex_mechanisms.pest");

use grammar::{MutexMechanismsParser, Rule};

/// The lists in a text.
pub(super) fn read(name: &Arc<str>, text: &str) -> (Facts, Vec<Problem>) {
    let mut facts = Facts::default();
    let mut problems = Vec::new();
    for message in MutexMechanismsParser::parse(Rule::text, text)
        .into_iter()
        .flatten()
        .flat_map(Pair::into_inner)
        .filter(|it| matches!(it.as_rule(), Rule::mutex | Rule::accept))
    {
        let list = Facts {
            mutex_mechanisms: mechanisms(name, &message, Rule::mutex),
            accept_mutex_mechanisms: mechanisms(name, &message, Rule::accept),
            ..Facts::default()
        };
        problems.extend(facts.take(list));
    }
    (facts, problems)
}

fn mechanisms(name: &Arc<str>, message: &Pair<'_, Rule>, rule: Rule) -> Option<Fact<Vec<String>>> {
    if message.as_rule() != rule {
        return None;
    }
    Some(Fact {
        value: message
            .clone()
            .into_inner()
            .map(|it| it.as_str().to_owned())
            .collect(),
        origin: Origin::new(name, message.line_col().0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(text: &str) -> (Vec<String>, Vec<String>) {
        let (facts, _) = read(&"facts.txt".into(), text);
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
        let (facts, _) = read(
            &"a.txt".into(),
            "AH00526: Syntax error on line 1 of /x:\nInvalid (Mutex mechanisms are: 'none')",
        );
        let origin = facts.mutex_mechanisms.map(|it| it.origin.to_string());
        assert_eq!(origin.as_deref(), Some("a.txt:2"));
    }
}
