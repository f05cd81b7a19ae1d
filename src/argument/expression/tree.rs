//! An expression as a tree.

use std::cmp::Ordering;

use crate::argument::Located;

/// What is true or false.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// `true` or `false`.
    Constant(bool),
    /// `! …` or `not …`
    Not(Box<Condition>),
    /// `… || …` or `… or …`
    Or(Box<Condition>, Box<Condition>),
    /// `… && …` or `… and …`
    And(Box<Condition>, Box<Condition>),
    /// `-f …` and the like.
    Unary {
        /// The letter, without its `-`.
        operator: Located<String>,
        /// What it is asked about.
        operand: Word,
    },
    /// `… -ipmatch …` and the like.
    Binary {
        /// The left word.
        left: Word,
        /// The name, without its `-`.
        operator: Located<String>,
        /// The right word.
        right: Word,
    },
    /// `… == …`, `… -eq …` and the like.
    Compare {
        /// The left word.
        left: Word,
        /// How they are compared.
        comparison: Comparison,
        /// The right word.
        right: Word,
    },
    /// `… =~ /…/` and `… !~ /…/`
    Match {
        /// What is looked at.
        text: Word,
        /// Whether it must not match.
        negated: bool,
        /// The regular expression.
        pattern: Pattern,
    },
    /// `… in …`
    In {
        /// What is looked for.
        needle: Word,
        /// Where.
        list: List,
    },
}

/// How two words are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Comparison {
    /// As integers, not as texts.
    pub integers: bool,
    /// The outcome that it asks for,
    pub ordering: Ordering,
    /// or that it does not.
    pub negated: bool,
}

impl Comparison {
    /// Whether an outcome is the one that it asks for.
    pub fn holds(self, outcome: Ordering) -> bool {
        (outcome == self.ordering) != self.negated
    }
}

/// A regular expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// The text between its delimiters.
    pub text: Located<String>,
    /// Whether the flag `i` follows.
    pub caseless: bool,
}

/// What may stand behind `in`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum List {
    /// `{ …, … }`
    Words(Vec<Word>),
    /// `name(…)`
    Call {
        /// The function.
        name: Located<String>,
        /// Its argument.
        argument: Word,
    },
}

/// What is a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Word {
    /// Characters that stand for themselves.
    Text(String),
    /// The digits of a number.
    Number(String),
    /// `%{NAME}`
    Variable(Located<String>),
    /// `%{name:…}` or `name(…)`
    Call {
        /// The function.
        name: Located<String>,
        /// Its argument.
        argument: Box<Word>,
    },
    /// `$0` … `$9`: a group of the last regular expression that had one and matched.
    Group(u8),
    /// One behind the other.
    Concatenation(Vec<Word>),
}

impl Word {
    /// The text of a word that says the same to every request.
    ///
    /// httpd does not add constants up: `'a' . 'b'` is none.
    pub fn constant(&self) -> Option<&str> {
        match self {
            Word::Text(text) => Some(text),
            _ => None,
        }
    }

    /// This word with another one behind it.
    pub(super) fn followed_by(self, other: Word) -> Word {
        let mut words = self.parts();
        words.extend(other.parts());
        Word::Concatenation(words)
    }

    fn parts(self) -> Vec<Word> {
        match self {
            Word::Concatenation(words) => words,
            word => vec![word],
        }
    }
}
