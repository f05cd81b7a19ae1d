//! `RewriteRule`, `RewriteCond`, `RewriteOptions` and `RewriteBase`.

use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;

use super::error_document::is_known_status;
use super::number::atoi;
use super::words::{first, until_empty};
use super::{Located, Refusal, Surroundings, regex};
use crate::syntax::words::is_blank;

grammar!(RewriteFlagsParser, "grammar/rewrite_flags.pest");

use grammar::{RewriteFlagsParser, Rule};

/// The flags of `RewriteRule`, short names and long ones.
const RULE_FLAGS: &[&str] = &[
    "B",
    "backrefescaping",
    "BCTLS",
    "BNE",
    "BNP",
    "backrefernoplus",
    "C",
    "chain",
    "CO",
    "cookie",
    "DPI",
    "discardpath",
    "E",
    "env",
    "END",
    "F",
    "forbidden",
    "G",
    "gone",
    "H",
    "handler",
    "L",
    "last",
    "N",
    "next",
    "NC",
    "nocase",
    "NE",
    "noescape",
    "NS",
    "nosubreq",
    "P",
    "proxy",
    "PT",
    "passthrough",
    "QSA",
    "qsappend",
    "QSD",
    "qsdiscard",
    "QSL",
    "qslast",
    "R",
    "redirect",
    "S",
    "skip",
    "T",
    "type",
    "UNC",
    "UnsafeAllow3F",
    "UnsafePrefixStat",
];

/// The flags of `RewriteCond`.
const CONDITION_FLAGS: &[&str] = &["NC", "nocase", "OR", "ornext", "NV", "novary"];

/// The options of `RewriteOptions`; `MaxRedirects=N` apart.
const OPTIONS: &[&str] = &[
    "Inherit",
    "InheritBefore",
    "InheritDown",
    "InheritDownBefore",
    "IgnoreInherit",
    "AllowNoSlash",
    "AllowAnyURI",
    "MergeBase",
    "IgnoreContextInfo",
    "LegacyPrefixDocRoot",
    "UnsafePrefixStat",
];

/// A flag of a rule or a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// The text before the `=`.
    pub name: Located<String>,
    /// The text behind it; empty where there is none.
    pub value: Located<String>,
}

/// The argument text of a rule or a condition: two words and flags, in mod_rewrite's own quoting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arguments {
    /// The pattern of a rule, the test string of a condition.
    pub first: Located<String>,
    /// The substitution of a rule, the pattern of a condition.
    pub second: Located<String>,
    /// The flags with their brackets.
    pub flags: Option<Located<String>>,
}

impl Arguments {
    /// Takes an argument text apart (`parseargline`); `None` where there is no second word.
    ///
    /// mod_rewrite neither resolves `\"` nor looks at what follows the third word.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        let first = reader.word();
        if reader.is_at_end() {
            return None;
        }
        let second = reader.next_word();
        let has_third = !reader.is_at_end() && {
            reader.at += 1;
            reader.skip_blanks();
            !reader.is_at_end()
        };
        Some(Self {
            first,
            second,
            flags: has_third.then(|| reader.word()),
        })
    }

    /// The flags; `None` where they do not stand in brackets.
    pub fn flags(&self) -> Option<Vec<Flag>> {
        let Some(field) = &self.flags else {
            return Some(Vec::new());
        };
        let mut pairs = RewriteFlagsParser::parse(Rule::flags, &field.value).ok()?;
        let flags = pairs.next()?.into_inner();
        let flags = flags.filter(|it| it.as_rule() == Rule::flag);
        Some(flags.map(|it| flag(it, field.range.start)).collect())
    }

    fn refused_flags(&self, is_wrong: impl Fn(&Flag) -> Option<String>) -> Option<Refusal> {
        let Some(flags) = self.flags() else {
            let range = self.flags.as_ref()?.range.clone();
            return Some(Refusal::new(range, "bad flag delimiters"));
        };
        flags.iter().find_map(|it| {
            let range = it.name.range.start..it.value.range.end;
            Some(Refusal::new(range, is_wrong(it)?))
        })
    }
}

fn flag(pair: Pair<'_, Rule>, offset: usize) -> Flag {
    let located = |it: &Pair<'_, Rule>| {
        let start = offset + it.as_span().start();
        Located::new(it.as_str().to_owned(), start..start + it.as_str().len())
    };
    let has_blank = pair.as_str().starts_with(is_blank);
    let mut parts = pair.into_inner();
    let name = parts.next().map(|it| located(&it));
    let name = name.unwrap_or_else(|| Located::new(String::new(), offset..offset));
    let end = name.range.end;
    // Behind a blank, httpd takes the comma for the name of a flag that has none.
    let name = match has_blank && name.value.is_empty() {
        true => Located::new(",".to_owned(), name.range),
        false => name,
    };
    let value = parts.next().map(|it| located(&it));
    Flag {
        name,
        value: value.unwrap_or_else(|| Located::new(String::new(), end..end)),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches(is_blank).len();
    }

    // Behind the quote or blank that ended the last one.
    fn next_word(&mut self) -> Located<String> {
        self.at += 1;
        self.word()
    }

    fn word(&mut self) -> Located<String> {
        self.skip_blanks();
        let quote = self
            .rest()
            .chars()
            .next()
            .filter(|it| matches!(it, '"' | '\''));
        self.at += quote.map_or(0, char::len_utf8);
        let length = self.length(quote);
        let range: Range<usize> = self.at..self.at + length;
        self.at = range.end;
        Located::new(self.text[range.clone()].to_owned(), range)
    }

    fn length(&self, quote: Option<char>) -> usize {
        let mut characters = self.rest().char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let ends = quote.map_or(is_blank(character), |it| it == character);
            if ends {
                return at;
            }
            let blank_follows = characters.peek().is_some_and(|it| is_blank(it.1));
            if character == '\\' && blank_follows {
                characters.next();
            }
        }
        self.rest().len()
    }
}

/// What httpd refuses in `RewriteRule`.
pub fn rule(text: &str) -> Option<Refusal> {
    refused("RewriteRule", text, |arguments| {
        let pattern = &arguments.first;
        arguments.refused_flags(rule_flag_mistake).or_else(|| {
            let inner = pattern.value.strip_prefix('!').unwrap_or(&pattern.value);
            refused_pattern(pattern, inner)
        })
    })
}

/// What httpd refuses in `RewriteCond`, expressions apart.
pub fn condition(text: &str) -> Option<Refusal> {
    refused("RewriteCond", text, |arguments| {
        let is_wrong = |it: &Flag| {
            (!is_one_of(CONDITION_FLAGS, &it.name.value))
                .then(|| format!("unknown flag '{}'", it.name.value))
        };
        arguments.refused_flags(is_wrong).or_else(|| {
            let pattern = &arguments.second;
            let inner = pattern.value.strip_prefix('!').unwrap_or(&pattern.value);
            let is_regex = !arguments.first.value.eq_ignore_ascii_case("expr") && is_regex(inner);
            is_regex.then(|| refused_pattern(pattern, inner))?
        })
    })
}

fn refused(
    directive: &str,
    text: &str,
    mistake: impl FnOnce(&Arguments) -> Option<Refusal>,
) -> Option<Refusal> {
    let refusal = match Arguments::parse(text) {
        Some(arguments) => mistake(&arguments)?,
        None => Refusal::new(0..text.len(), format!("bad argument line '{text}'")),
    };
    let message = format!("{directive}: {}", refusal.message);
    Some(Refusal::new(refusal.range, message))
}

fn refused_pattern(word: &Located<String>, pattern: &str) -> Option<Refusal> {
    regex::mistake(pattern)?;
    let message = format!("cannot compile regular expression '{pattern}'");
    Some(Refusal::new(word.range.clone(), message))
}

// A test of a file, a comparison of numbers or of texts is no regular expression.
fn is_regex(pattern: &str) -> bool {
    let compares_numbers = ["-eq", "-ne", "-lt", "-le", "-gt", "-ge"]
        .iter()
        .any(|it| pattern.starts_with(it));
    let tests_file = matches!(
        pattern,
        "-f" | "-s" | "-l" | "-h" | "-L" | "-d" | "-x" | "-U" | "-F"
    );
    let compares_texts = pattern.len() > 1 && pattern.starts_with(['<', '>', '=']);
    !(compares_numbers || tests_file || compares_texts)
}

fn rule_flag_mistake(flag: &Flag) -> Option<String> {
    let name = &flag.name.value;
    if !is_one_of(RULE_FLAGS, name) {
        return Some(format!("unknown flag '{name}'"));
    }
    let value = &flag.value.value;
    let is_wrong = is_one_of(&["R", "redirect"], name)
        && value.starts_with(|it: char| it.is_ascii_digit())
        && !is_known_status(atoi(value));
    is_wrong.then(|| format!("invalid HTTP response code '{value}' for flag 'R'"))
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|it| it.eq_ignore_ascii_case(name))
}

/// What httpd refuses in `RewriteOptions`, the message that it prints first.
pub fn options(text: &str) -> Vec<Refusal> {
    let is_option = |it: &str| {
        let limit = it.get(.."MaxRedirects=".len());
        is_one_of(OPTIONS, it) || limit.is_some_and(|it| is_one_of(&["MaxRedirects="], it))
    };
    until_empty(text)
        .into_iter()
        .filter(|it| !is_option(&it.value))
        .map(|it| {
            let message = format!("RewriteOptions: unknown option '{}'", it.value);
            Refusal::new(it.range, message)
        })
        .collect()
}

/// What httpd refuses in `RewriteBase`.
pub fn base(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let base = first(text);
    let message = if surroundings.section_path().is_none() {
        "RewriteBase: only valid in per-directory config files"
    } else if !base.value.starts_with('/') {
        "RewriteBase: argument is not a valid URL"
    } else {
        return None;
    };
    Some(Refusal::new(base.range, message))
}
