//! The forms of simple arguments, as data: what a handler asks of one word.
//!
//! The directive table holds them ([`crate::httpd`]), written in TOML next to the directive;
//! [`crate::argument::form`] reads words by them. A directive whose argument is a language of its
//! own has none: a module of [`crate::argument`] knows it.
//!
//! In every message `{directive}` stands for the directive's name, `{value}` for the word, and
//! `{path}` for the path that the word resolves to; in that about a number `{number}` stands for
//! the number.

use std::borrow::Cow;

use serde::Deserialize;

/// A text of the table: compiled in, or read from a private module's description.
pub type Text = Cow<'static, str>;

/// What a directive's handler asks of its words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forms {
    /// The forms of the words, by position.
    pub words: Cow<'static, [Form]>,
    /// Whether the last form is that of all the words that follow, too.
    pub repeats: bool,
}

impl Forms {
    /// No word is looked at.
    pub const NONE: Forms = Forms {
        words: Cow::Borrowed(&[]),
        repeats: false,
    };

    /// The form of the word at a position.
    pub fn at(&self, position: usize) -> Option<&Form> {
        let last = self.words.last().filter(|_| self.repeats);
        self.words.get(position).or(last)
    }
}

/// What a handler asks of one word.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Form {
    /// Nothing.
    Any,
    /// It refuses every word: `{ kind = "never", message = "…" }`.
    Never {
        /// What httpd prints.
        message: Text,
    },
    /// One of a few words.
    OneOf {
        /// The words.
        values: Cow<'static, [Text]>,
        /// Whether the letter case counts.
        #[serde(default)]
        exact: bool,
        /// Words whose letter case does not count even so.
        #[serde(default)]
        or: Cow<'static, [Text]>,
        /// What httpd prints.
        message: Text,
    },
    /// A number within bounds.
    Number(Number),
    /// A number that may have a fraction.
    Real {
        /// Whether nothing may follow the number.
        #[serde(default)]
        whole: bool,
        /// Whether it must be above 0.
        #[serde(default)]
        positive: bool,
        /// What httpd prints where it cannot read a number, if that is another text.
        #[serde(default)]
        unreadable: Option<Text>,
        /// What httpd prints.
        message: Text,
    },
    /// A time: a number and a unit.
    Duration(Duration),
    /// Digits, and nothing else.
    Digits {
        /// What httpd prints.
        message: Text,
    },
    /// A text with a given beginning.
    StartsWith {
        /// The beginning.
        prefix: Text,
        /// What httpd prints.
        message: Text,
    },
    /// A text without blanks.
    Unbroken {
        /// What httpd prints.
        message: Text,
    },
    /// A file that is there, and not empty.
    File {
        /// Words that are no path: whoever begins with one is not looked up.
        #[serde(default)]
        unless: Cow<'static, [Text]>,
        /// Whether it may be empty after all.
        #[serde(default)]
        may_be_empty: bool,
        /// What httpd prints.
        message: Text,
    },
    /// A file that can be opened; `{reason}` in the message stands for the reason why not.
    Readable {
        /// What httpd prints.
        message: Text,
    },
    /// A directory that is there.
    Directory {
        /// What httpd prints where nothing is there, if it tells the two apart.
        #[serde(default)]
        missing: Option<Text>,
        /// What httpd prints.
        message: Text,
    },
    /// A regular expression; `{offset}` in the message stands for the place of the mistake, and
    /// `{reason}` for what PCRE 8 says of it.
    Regex {
        /// What httpd prints.
        message: Text,
    },
    /// A text of some characters; `{character}` in the message stands for the first other one.
    Characters {
        /// The characters, as between the brackets of a regular expression: `A-KZ`.
        of: Text,
        /// What httpd prints.
        message: Text,
    },
    /// A text without some characters.
    Without {
        /// The characters.
        characters: Text,
        /// What httpd prints.
        message: Text,
    },
    /// A text of so many bytes.
    Length {
        /// The shortest.
        #[serde(default)]
        min: usize,
        /// The longest.
        max: usize,
        /// What httpd prints.
        message: Text,
    },
    /// A file that can be opened to write at its end.
    Appendable {
        /// The beginnings of words that are no path.
        #[serde(default)]
        unless: Cow<'static, [Text]>,
        /// What httpd prints.
        message: Text,
    },
}

/// How a handler reads a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// `atoi`: the leading number, 0 where there is none, the low 32 bits of what is too large.
    #[default]
    Atoi,
    /// `strtol` and its like: the leading number, 0 where there is none, the bound for what is too
    /// large.
    Strtol,
    /// `strtol` with a look behind the number: all of the word, the bound for what is too large.
    Entire,
    /// The same, and the low 32 bits of the number are the result.
    EntireInt,
    /// `strtol` for octal digits.
    Octal,
    /// `apr_strtoff` without a look behind the number: like `strtol`, but what is too large is
    /// unreadable.
    Leading,
    /// `apr_strtoff` with a look behind the number: all of the word, which must not be too large.
    Whole,
}

/// A number within bounds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Number {
    /// How it is read.
    #[serde(default)]
    pub read: Reading,
    /// The lowest number.
    #[serde(default)]
    pub min: Option<i64>,
    /// The highest number.
    #[serde(default)]
    pub max: Option<i64>,
    /// Numbers out of bounds that are right all the same.
    #[serde(default)]
    pub except: Cow<'static, [i64]>,
    /// Numbers within the bounds that are wrong all the same.
    #[serde(default)]
    pub without: Cow<'static, [i64]>,
    /// Whether 0 is right only where it is written `0`.
    #[serde(default)]
    pub plain_zero: bool,
    /// Words that are right all the same, in any letter case.
    #[serde(default)]
    pub or: Cow<'static, [Text]>,
    /// What httpd prints, unless one of the next texts is there. Where nothing is refused, nothing
    /// is printed.
    #[serde(default)]
    pub message: Text,
    /// What it prints for a number below the lowest.
    #[serde(default)]
    pub below: Option<Text>,
    /// What it prints for a number above the highest.
    #[serde(default)]
    pub above: Option<Text>,
    /// What it prints for a number that no variable of its holds.
    #[serde(default)]
    pub too_large: Option<Text>,
    /// What it prints where it cannot read a number.
    #[serde(default)]
    pub unreadable: Option<Text>,
}

impl Number {
    /// Whether it is read up to the first letter that is no digit, whatever follows.
    pub fn is_lenient(&self) -> bool {
        matches!(
            self.read,
            Reading::Atoi | Reading::Strtol | Reading::Leading
        )
    }
}

/// A time: a number and a unit (`ap_timeout_parameter_parse`), in seconds where there is no unit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Duration {
    /// The shortest, in milliseconds.
    #[serde(default)]
    pub min: Option<i64>,
    /// The longest, in milliseconds.
    #[serde(default)]
    pub max: Option<i64>,
    /// Words that are right all the same, in any letter case.
    #[serde(default)]
    pub or: Cow<'static, [Text]>,
    /// Whether it may begin with `-`, whatever follows.
    #[serde(default)]
    pub signed: bool,
    /// What httpd prints where it cannot read a time.
    pub message: Text,
    /// What it prints for a time out of bounds.
    #[serde(default)]
    pub out_of_bounds: Option<Text>,
}
