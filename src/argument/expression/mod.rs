//! Expressions (`ap_expr`): conditions, and texts with `%{…}` in them.
//!
//! httpd reads both with a scanner of four modes (`scanner`) and a Bison grammar (`grammar`).
//! We run the same automaton (`automaton`), so that a refused expression is refused at the same
//! token and in the same words.
//!
//! The places in what is returned are of the text that was given; [`in_word`] brings those of a
//! word's value back to the argument text.

mod automaton;
pub(super) mod directives;
mod grammar;
pub mod names;
mod parser;
pub mod parts;
pub(super) mod require;
mod scanner;
mod token;
pub mod tree;

pub use tree::{Condition, Word};

use parser::{ExpressionParser, Value};
use scanner::Scanner;

use super::{Located, Refusal, Surroundings};
use crate::syntax::words;

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

// Longer texts are near what httpd's scanner takes.
const LONGEST_PLAIN: usize = 4096;

/// Reads a text with `%{…}` and `$N` in it, otherwise as [`parse_condition`].
pub fn parse_string(text: &str, surroundings: &dyn Surroundings) -> (Option<Word>, Vec<Refusal>) {
    if is_plain(text) {
        return (Some(Word::Text(text.to_owned())), Vec::new());
    }
    let parser = ExpressionParser::new(Scanner::text(text), surroundings);
    match parser.parse() {
        (Value::Word(word), refusals) => (Some(word), refusals),
        (_, refusals) => (None, refusals),
    }
}

// Most handlers, error documents and names are plain text, which says no more than it shows.
fn is_plain(text: &str) -> bool {
    let is_plain = |it: u8| (0x20..0x7f).contains(&it) && !matches!(it, b'%' | b'$' | b'\\');
    !text.is_empty() && text.len() < LONGEST_PLAIN && text.bytes().all(is_plain)
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

/// What httpd refuses in an expression that stands at the end of a word behind some bytes of it
/// (`expr=`); `text` is the argument text, `before` what httpd says first.
pub fn refused_behind(
    text: &str,
    word: &Located<String>,
    skipped: usize,
    (parse, before): (Parse, &str),
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let refusal = parse(&word.value[skipped..], surroundings)
        .into_iter()
        .next()?;
    let refusal = refusal.after(before);
    // What an escape changed is shown as a whole.
    let inner = text.get(word.range.clone()).unwrap_or_default();
    let lead = inner.find(&*word.value).map(|it| it + skipped);
    let range = lead.map_or(word.range.clone(), |it| {
        let start = word.range.start + it;
        start + refusal.range.start..start + refusal.range.end
    });
    Some(Refusal { range, ..refusal })
}

/// How an expression is read, and what httpd refuses in it.
pub type Parse = fn(&str, &dyn Surroundings) -> Vec<Refusal>;

/// What httpd refuses in a condition.
pub fn condition_refusals(text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    parse_condition(text, surroundings).1
}

/// What httpd refuses in a text with variables.
pub fn string_refusals(text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    parse_string(text, surroundings).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argument::{Located, NothingKnown};

    fn condition(text: &str) -> Condition {
        parse_condition(text, &NothingKnown).0.unwrap()
    }

    fn word(text: &str) -> Word {
        parse_string(text, &NothingKnown).0.unwrap()
    }

    #[test]
    fn and_binds_tighter_than_or_and_not_tightest() {
        assert_eq!(
            condition("!true or false and true"),
            Condition::Or(
                Box::new(Condition::Not(Box::new(Condition::Constant(true)))),
                Box::new(Condition::And(
                    Box::new(Condition::Constant(false)),
                    Box::new(Condition::Constant(true))
                ))
            )
        );
    }

    #[test]
    fn a_text_is_taken_apart() {
        assert_eq!(
            word("a\\t%{req:x-$1}%{HTTPS}"),
            Word::Concatenation(vec![
                Word::Text("a\t".to_owned()),
                Word::Call {
                    name: Located::new("req".to_owned(), 5..8),
                    argument: Box::new(Word::Concatenation(vec![
                        Word::Text("x-".to_owned()),
                        Word::Group(1)
                    ])),
                },
                Word::Variable(Located::new("HTTPS".to_owned(), 16..21)),
            ])
        );
    }

    #[test]
    fn a_place_in_a_quoted_word_leads_back_to_its_source() {
        let text = r#"x "'\"' == %{FOO" y"#;
        let word = &words::split(text)[1];
        let (_, mut refusals) = parse_condition(&word.text, &NothingKnown);
        let refusal = in_word(refusals.remove(0), word, 0, 0, "Clause: ");
        assert!(refusal.message.starts_with("Clause: syntax error"));
        assert_eq!(refusal.range, 16..16);
    }

    #[test]
    fn a_name_that_a_module_may_bring_is_not_refused() {
        for text in ["%{SSL_X} == %{FOO}", "foo('a') == ''", "'a' -foo 'b'"] {
            assert_eq!(parse_condition(text, &NothingKnown).1, [], "{text}");
        }
    }

    #[test]
    fn depth_is_bounded_as_in_httpd_and_costs_no_stack() {
        let nested = |depth| format!("{}true", "!".repeat(depth));
        assert!(parse_condition(&nested(9996), &NothingKnown).1.is_empty());
        let (_, refusals) = parse_condition(&nested(9997), &NothingKnown);
        assert_eq!(refusals[0].message, "memory exhausted");
        let calls = format!("{}a{}", "%{req:".repeat(100_000), "}".repeat(100_000));
        assert!(parse_string(&calls, &NothingKnown).0.is_none());
    }

    #[test]
    fn functions_that_read_files_are_refused_in_htaccess() {
        struct Htaccess;
        impl Surroundings for Htaccess {
            fn is_htaccess(&self) -> Option<bool> {
                Some(true)
            }
        }
        let (_, refusals) = parse_condition("FILE('a') == 'b' && -f 'c'", &Htaccess);
        let expected = Refusal::new(0..4, "file not available in restricted context");
        assert_eq!(refusals, [expected]);
    }
}
