//! `RewriteRule`, `RewriteCond`, `RewriteOptions` and `RewriteBase`.

use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;

use super::error_document::is_known_status;
use super::expression::{Parse, condition_refusals, refused_behind};
use super::number::{atoi, strtol};
use super::words::{first, split, until_empty};
use super::{Located, Refusal, Surroundings, regex};
use crate::syntax::words::is_blank;

grammar!(RewriteFlagsParser, "grammar/rewrite_flags.pest");

use grammar::{RewriteFlagsParser, Rule};

/// What a flag reads behind its `=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Nothing: what stands there is ignored.
    Nothing,
    /// A status, as a number or as one of [`STATUSES`].
    Status,
    /// A number.
    Number,
    /// `NAME:VALUE:DOMAIN` and more, between colons, or between semicolons if one comes first.
    Cookie,
    /// A text.
    Text,
}

/// The words that `[R=…]` takes for a status.
pub const STATUSES: &[&str] = &["permanent", "temp", "seeother"];

/// The flags of `RewriteRule`: the short name, the long one, and what they read.
pub(super) const RULE_FLAGS: &[(&str, &str, Reads)] = &[
    ("B", "backrefescaping", Reads::Text),
    ("BCTLS", "", Reads::Nothing),
    ("BNE", "", Reads::Text),
    ("BNP", "backrefernoplus", Reads::Nothing),
    ("C", "chain", Reads::Nothing),
    ("CO", "cookie", Reads::Cookie),
    ("DPI", "discardpath", Reads::Nothing),
    ("E", "env", Reads::Text),
    ("END", "", Reads::Nothing),
    ("F", "forbidden", Reads::Nothing),
    ("G", "gone", Reads::Nothing),
    ("H", "handler", Reads::Text),
    ("L", "last", Reads::Nothing),
    ("N", "next", Reads::Number),
    ("NC", "nocase", Reads::Nothing),
    ("NE", "noescape", Reads::Nothing),
    ("NS", "nosubreq", Reads::Nothing),
    ("P", "proxy", Reads::Nothing),
    ("PT", "passthrough", Reads::Nothing),
    ("QSA", "qsappend", Reads::Nothing),
    ("QSD", "qsdiscard", Reads::Nothing),
    ("QSL", "qslast", Reads::Nothing),
    ("R", "redirect", Reads::Status),
    ("S", "skip", Reads::Number),
    ("T", "type", Reads::Text),
    ("UNC", "", Reads::Nothing),
    ("UnsafeAllow3F", "", Reads::Nothing),
    ("UnsafePrefixStat", "", Reads::Nothing),
];

/// The flags of `RewriteRule` that do nothing where no value follows.
const NOTHING_WITHOUT_VALUE: &[&str] = &[
    "CO", "cookie", "E", "env", "H", "handler", "S", "skip", "T", "type",
];

/// The flags of `RewriteCond`, which read nothing.
pub(super) const CONDITION_FLAGS: &[&str] = &["NC", "nocase", "OR", "ornext", "NV", "novary"];

/// The options of `RewriteOptions`; `MaxRedirects=N` apart.
pub(super) const OPTIONS: &[&str] = &[
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
    /// The bytes behind the flags, which nobody reads, without the blanks around them.
    pub surplus: Option<Range<usize>>,
}

/// What httpd does not read of a flag's value, or does without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// The flag reads nothing.
    All,
    /// It is no status, so that the redirect has the one that it has anyway.
    Status,
    /// Everything behind so many digits.
    Behind(usize),
    /// Some part of a cookie is missing, so that none is set.
    Cookie,
    /// The value is missing, so that the flag does nothing.
    Missing,
    /// No flag has this name, and httpd passes over it.
    Unknown,
}

impl Flag {
    /// Whether it has one of some names.
    pub fn is(&self, names: &[&str]) -> bool {
        is_one_of(names, &self.name.value)
    }

    /// Whether there may be something to say of a rule's flag without a value.
    pub fn may_do_nothing(name: &str) -> bool {
        is_one_of(NOTHING_WITHOUT_VALUE, name) || is_passed_over(name)
    }

    /// What is not read of a rule's flag, or of a condition's.
    pub fn unread(&self, is_condition: bool) -> Option<Unread> {
        let (name, value) = (self.name.value.as_str(), self.value.value.as_str());
        let reads = match is_condition {
            true => Reads::Nothing,
            false => match known_rule_flag(name) {
                None if is_passed_over(name) => return Some(Unread::Unknown),
                known => known?,
            },
        };
        let digits = strtol(value, 10).length;
        let behind = || (digits < value.len()).then_some(Unread::Behind(digits));
        match reads {
            Reads::Text | Reads::Number if value.is_empty() => {
                is_one_of(NOTHING_WITHOUT_VALUE, name).then_some(Unread::Missing)
            }
            Reads::Text => None,
            // Without a domain there is no cookie, and a variable may bring one.
            Reads::Cookie => {
                let separator = if value.starts_with(';') { ';' } else { ':' };
                let parts = value.split(separator).filter(|it| !it.is_empty()).count();
                (parts < 3 && !value.contains(['%', '$'])).then_some(Unread::Cookie)
            }
            _ if value.is_empty() => None,
            Reads::Nothing => Some(Unread::All),
            Reads::Number => behind(),
            Reads::Status if is_one_of(STATUSES, value) => None,
            Reads::Status if value.starts_with(|it: char| it.is_ascii_digit()) => behind(),
            // Who writes `temporary` gets what is meant.
            Reads::Status if value.to_ascii_lowercase().starts_with("temp") => None,
            Reads::Status => Some(Unread::Status),
        }
    }
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
        let flags = has_third.then(|| reader.word());
        Some(Self {
            first,
            second,
            flags,
            surplus: reader.surplus(),
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

    // What follows the quote or blank that ended the last one.
    fn surplus(&mut self) -> Option<Range<usize>> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        self.skip_blanks();
        let length = self.rest().trim_end_matches(is_blank).len();
        (length > 0).then(|| self.at..self.at + length)
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

/// What httpd refuses in `RewriteCond`.
pub fn condition(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    refused("RewriteCond", text, |arguments| {
        let is_wrong = |it: &Flag| {
            (!is_one_of(CONDITION_FLAGS, &it.name.value))
                .then(|| format!("unknown flag '{}'", it.name.value))
        };
        arguments.refused_flags(is_wrong).or_else(|| {
            let pattern = &arguments.second;
            let inner = pattern.value.strip_prefix('!').unwrap_or(&pattern.value);
            if arguments.first.value.eq_ignore_ascii_case("expr") {
                let place = match surroundings.is_htaccess() {
                    Some(true) => " in htaccess context",
                    _ => "",
                };
                let before = format!("cannot compile expression{place} \"{inner}\" ");
                let skipped = pattern.value.len() - inner.len();
                let how: (Parse, &str) = (condition_refusals, &before);
                return refused_behind(text, pattern, skipped, how, surroundings);
            }
            is_regex(inner).then(|| refused_pattern(pattern, inner))?
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
pub(super) fn is_regex(pattern: &str) -> bool {
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
    let Some(reads) = rule_flag(name) else {
        return Some(format!("unknown flag '{name}'"));
    };
    let value = &flag.value.value;
    if value.is_empty() && name.eq_ignore_ascii_case("BNE") {
        let message = "flag 'BNE' wants a list of characters (i.e. [BNE=...])";
        return Some(message.to_owned());
    }
    let is_wrong = reads == Reads::Status
        && value.starts_with(|it: char| it.is_ascii_digit())
        && !is_known_status(atoi(value));
    is_wrong.then(|| format!("invalid HTTP response code '{value}' for flag 'R'"))
}

fn rule_flag(name: &str) -> Option<Reads> {
    known_rule_flag(name).or_else(|| is_passed_over(name).then_some(Reads::Nothing))
}

fn known_rule_flag(name: &str) -> Option<Reads> {
    let is_meant = |it: &&(&str, &str, Reads)| !name.is_empty() && is_one_of(&[it.0, it.1], name);
    RULE_FLAGS.iter().find(is_meant).map(|it| it.2)
}

// httpd passes over a word with this letter that it does not know (`cmd_rewriterule_setflag`).
fn is_passed_over(name: &str) -> bool {
    name.starts_with(['d', 'D'])
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
    let mistake = |word: &Located<String>| {
        // httpd takes each word apart once more.
        let mut options = split(&word.value).into_iter();
        let wrong = options.find(|it| !is_option(&it.value))?;
        let message = format!("RewriteOptions: unknown option '{}'", wrong.value);
        Some(Refusal::new(word.range.clone(), message))
    };
    until_empty(text).iter().filter_map(mistake).collect()
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
