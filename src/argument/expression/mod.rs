//! Expressions (`ap_expr`): conditions, and texts with `%{…}` in them.
//!
//! httpd reads both with a scanner of four modes ([`scanner`]) and a Bison grammar ([`grammar`]).
//! We run the same automaton ([`automaton`]), so that a refused expression is refused at the same
//! token and in the same words.
//!
//! The places in what is returned are of the text that was given; [`in_word`] brings those of a
//! word's value back to the argument text.

mod automaton;
mod grammar;
pub mod names;
mod parser;
mod scanner;
mod token;
pub mod tree;

pub use tree::{Condition, Word};

use super::{Refusal, Surroundings};
use crate::syntax::words;
use parser::{ExpressionParser, Value};
use scanner::Scanner;

/// Reads a condition; there is none where httpd does not get to its end. What is refused comes
/// without the words that a directive puts before it, the message that httpd prints first.
pub fn parse_condition(
    text: &str,
    surroundings: &dyn Surroundings,
) -> (Option<Condition>, Vec<Refusal>) {
    let parser = ExpressionParser::new(Scanner::condition(text), surroundings);
    match parser.parse() {
        (Value::Condition(condition), refusals) => (Some(condition), refusals),
        (_, refusals) => (None, refusals),
    }
}

/// Reads a text with `%{…}` and `$N` in it, otherwise as [`parse_condition`].
pub fn parse_string(text: &str, surroundings: &dyn Surroundings) -> (Option<Word>, Vec<Refusal>) {
    let parser = ExpressionParser::new(Scanner::text(text), surroundings);
    match parser.parse() {
        (Value::Word(word), refusals) => (Some(word), refusals),
        (_, refusals) => (None, refusals),
    }
}

/// A directive's refusal of the expression behind the first `skipped` bytes of a word's value:
/// `before` goes before the message, and the place is one of the text that the word was split
/// from, `offset` bytes into the argument text.
pub fn in_word(
    refusal: Refusal,
    word: &words::Word<'_>,
    skipped: usize,
    offset: usize,
    before: &str,
) -> Refusal {
    let range = word.at(skipped + refusal.range.start..skipped + refusal.range.end);
    Refusal {
        range: offset + range.start..offset + range.end,
        ..refusal.after(before)
    }
}
