//! Directives that match a pattern and put its groups into another text: `AliasMatch`,
//! `RewriteRule` and their kin.

use super::redirect::status;
use super::rewrite::Arguments;
use super::rewrite_text::{Expansion, expansions};
use super::words::located;
use super::{Located, regex};
use crate::syntax::words;

/// The directives whose first two words are a pattern and a text with its groups (`ap_pregsub`).
/// `RedirectMatch` may have a status before them.
pub const DIRECTIVES: &[&str] = &[
    "AliasMatch",
    "ProxyPassMatch",
    "RedirectMatch",
    "RewriteRule",
    "ScriptAliasMatch",
    "WSGIScriptAliasMatch",
];

/// A pattern, and what mentions its groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Substitution {
    /// The pattern, without a `!` before it.
    pub pattern: Located<String>,
    /// Whether the pattern must not match, so that none of its groups holds anything.
    pub is_negated: bool,
    /// The groups that are mentioned, at their places.
    pub mentioned: Vec<Located<usize>>,
}

const ANY_TEXT: &[&str] = &[".*", ".+", ".*?", ".+?", "[^/]+", "[^/]*"];

impl Substitution {
    /// Reads the argument text of one of the [`DIRECTIVES`]; `None` where there is no pattern.
    pub fn parse(directive: &str, text: &str) -> Option<Self> {
        if directive == "RewriteRule" {
            return Some(Self::of_rule(&Arguments::parse(text)?));
        }
        let words = words::split(text);
        let (pattern, target) = match words.as_slice() {
            [_, pattern, target] if directive == "RedirectMatch" => (pattern, target),
            // Two words that begin with a status are no pattern and its target.
            [first, _] if directive == "RedirectMatch" && status(&first.text).is_some() => {
                return None;
            }
            [pattern, target, ..] => (pattern, target),
            _ => return None,
        };
        let mentioned = groups(&Located::new(target.text.to_string(), 0..target.text.len()));
        Some(Self {
            pattern: located(pattern, 0),
            is_negated: false,
            mentioned: mentioned
                .into_iter()
                .map(|it| Located::new(it.value, target.at(it.range)))
                .collect(),
        })
    }

    fn of_rule(rule: &Arguments) -> Self {
        let inner = rule.first.value.strip_prefix('!');
        let pattern = inner.unwrap_or(&rule.first.value).to_owned();
        let texts = rule.expanded_texts(false);
        Self {
            pattern: Located::new(pattern, rule.first.range.clone()),
            is_negated: inner.is_some(),
            mentioned: texts.iter().flat_map(groups).collect(),
        }
    }

    /// How many groups the pattern has; `None` where PCRE2 refuses it, and where an undefined
    /// variable is left in it, which may bring more.
    pub fn groups(&self) -> Option<usize> {
        let pattern = &self.pattern.value;
        (!pattern.contains("${")).then(|| regex::groups(pattern))?
    }

    /// Whether a group, where no other is in it, takes any text. One of alternatives or of few
    /// characters does not.
    pub fn takes_any_text(&self, group: usize) -> bool {
        let pattern = &self.pattern.value;
        let is_odd = pattern.contains("\\(") || pattern.contains("(?") || self.is_negated;
        let mut starts = pattern.match_indices('(').map(|it| it.0 + 1);
        let start = group.checked_sub(1).and_then(|it| starts.nth(it));
        let inner = start.and_then(|it| pattern[it..].split(['(', ')']).next());
        !is_odd && inner.is_some_and(|it| ANY_TEXT.contains(&it))
    }

    /// The mentioned groups that never hold anything: the pattern has fewer, or must not match.
    pub fn empty_groups(&self) -> Vec<&Located<usize>> {
        if self.is_negated {
            return self.mentioned.iter().collect();
        }
        let Some(highest) = self.mentioned.iter().map(|it| it.value).max() else {
            return Vec::new();
        };
        // Group 0 is the whole match, for which no pattern needs to be looked at.
        let count = (highest > 0).then(|| self.groups()).flatten();
        let is_empty = |it: &&Located<usize>| count.is_some_and(|count| it.value > count);
        self.mentioned.iter().filter(is_empty).collect()
    }
}

// `$N`; `%N` is about another pattern.
fn groups(text: &Located<String>) -> Vec<Located<usize>> {
    let of_rule = |it: Located<Expansion>| match it.value {
        Expansion::RuleGroup(number) => Some(Located::new(number, it.range)),
        _ => None,
    };
    expansions(text).into_iter().filter_map(of_rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_groups_of_the_pattern_hold_something() {
        for (directive, text, empty) in [
            ("RewriteRule", "^/(a)/(b) /$2/$1/$0", &[][..]),
            ("RewriteRule", "^/(a) /$2 [E=A:$3,L]", &[2, 3]),
            ("RewriteRule", "!^/(a) /$1$0", &[1, 0]),
            ("RewriteRule", "^/[(] /%1${m:$1}", &[1]),
            ("AliasMatch", "^/(a) \"/srv/$1/$2\"", &[2]),
            ("RedirectMatch", "301 ^/a /$1", &[1]),
            ("RedirectMatch", "301 /$1", &[]),
            ("AliasMatch", "( /$1", &[]),
            ("AliasMatch", "${X} /$1", &[]),
        ] {
            let parsed = Substitution::parse(directive, text).map(|it| {
                let groups = it.empty_groups().into_iter();
                groups.map(|it| it.value).collect::<Vec<_>>()
            });
            assert_eq!(parsed.unwrap_or_default(), empty, "{text}");
        }
    }
}
