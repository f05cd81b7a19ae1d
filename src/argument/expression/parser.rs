//! From tokens to an expression, or to the message with which httpd refuses it.

use std::cmp::Ordering;
use std::ops::Range;

use super::automaton::{START, StateId, state};
use super::grammar::{Make, PRODUCTIONS};
use super::names::Role;
use super::scanner::{Failure, Scanner, Token};
use super::token::Kind;
use super::tree::{Comparison, Condition, List, Pattern, Word};
use crate::argument::{Located, Refusal, Surroundings, address, regex};

/// The most states that the parser remembers (`YYMAXDEPTH`).
const MOST_STATES: usize = 10000;

/// What a symbol is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Nothing,
    /// What a token says.
    Said(String),
    Condition(Condition),
    Word(Word),
    Words(Vec<Word>),
    List(List),
    Pattern(Pattern),
}

/// A mistake that does not stop the parser.
#[derive(Debug, Clone)]
struct Mistake {
    message: String,
    range: Range<usize>,
}

/// Why the parser stops.
enum Stop {
    /// It has read everything.
    Accepted,
    /// What the parser itself says, and where.
    Refused(String, Range<usize>),
    /// It says nothing; the scanner has.
    GivenUp,
    /// The scanner ended the process.
    Jammed(Range<usize>),
}

/// Reads tokens as far as httpd does.
pub(super) struct ExpressionParser<'a> {
    scanner: Scanner<'a>,
    surroundings: &'a dyn Surroundings,
    states: Vec<StateId>,
    values: Vec<(Value, Range<usize>)>,
    /// The token that was read ahead.
    ahead: Option<Token>,
    /// httpd keeps the last of them.
    mistakes: Vec<Mistake>,
}

impl<'a> ExpressionParser<'a> {
    pub(super) fn new(scanner: Scanner<'a>, surroundings: &'a dyn Surroundings) -> Self {
        Self {
            scanner,
            surroundings,
            states: vec![START],
            values: Vec::new(),
            ahead: None,
            mistakes: Vec::new(),
        }
    }

    /// What the whole text is worth, and what httpd refuses, the message that it prints first.
    pub(super) fn parse(mut self) -> (Value, Vec<Refusal>) {
        let stop = loop {
            match self.step() {
                Ok(()) => {}
                Err(stop) => break stop,
            }
        };
        let last = self.mistakes.last().cloned();
        let refusals = match stop {
            Stop::Accepted => {
                let refused = |it: Mistake| Refusal::new(it.range, it.message);
                let refusals = self.mistakes.into_iter().rev().map(refused).collect();
                let value = self.values.into_iter().next();
                return (value.map_or(Value::Nothing, |it| it.0), refusals);
            }
            Stop::Refused(message, range) => {
                let message = match last {
                    Some(last) => format!("{message}: {}", last.message),
                    None => message,
                };
                vec![Refusal::new(range, message)]
            }
            Stop::GivenUp => last
                .map(|it| Refusal::new(it.range, it.message))
                .into_iter()
                .collect(),
            Stop::Jammed(range) => vec![Refusal::abort(range, "flex scanner jammed")],
        };
        (Value::Nothing, refusals)
    }

    fn step(&mut self) -> Result<(), Stop> {
        let current = state(self.states.last().copied().unwrap_or(START));
        if let (true, Some(production)) = (current.is_consistent(), current.reduction) {
            return self.reduce(production);
        }
        let token = match self.ahead.take() {
            Some(token) => token,
            None => self.scan()?,
        };
        let Some(next) = current.shift(token.kind) else {
            let Some(production) = current.reduction else {
                let message = current.message(token.kind);
                // A word without quotes is the name of a function: it is to blame, not what
                // follows it.
                let name = self
                    .values
                    .last()
                    .filter(|_| current.expects_only(Kind::Open));
                let range = name.map_or(token.range, |it| it.1.clone());
                return Err(Stop::Refused(message, range));
            };
            self.ahead = Some(token);
            return self.reduce(production);
        };
        if token.kind == Kind::End {
            return Err(Stop::Accepted);
        }
        let value = match token.kind {
            Kind::Text => Value::Word(Word::Text(token.value)),
            Kind::Number => Value::Word(Word::Number(token.value)),
            Kind::Group => Value::Word(Word::Group(token.value.parse().unwrap_or_default())),
            Kind::Name | Kind::Unary | Kind::Binary | Kind::Regex | Kind::CaselessRegex => {
                Value::Said(token.value)
            }
            _ => Value::Nothing,
        };
        self.push(next, value, token.range)
    }

    fn scan(&mut self) -> Result<Token, Stop> {
        self.scanner.next().or_else(|failure| match failure {
            Failure::Jam(range) => Err(Stop::Jammed(range)),
            Failure::Mistake(message, range) => {
                self.mistake(message, range.clone());
                Ok(Token {
                    kind: Kind::Error,
                    value: String::new(),
                    range,
                })
            }
        })
    }

    fn mistake(&mut self, message: String, range: Range<usize>) {
        self.mistakes.push(Mistake { message, range });
    }

    fn push(&mut self, next: StateId, value: Value, range: Range<usize>) -> Result<(), Stop> {
        self.states.push(next);
        self.values.push((value, range.clone()));
        if self.states.len() >= MOST_STATES {
            return Err(Stop::Refused("memory exhausted".to_owned(), range));
        }
        Ok(())
    }

    fn reduce(&mut self, production: usize) -> Result<(), Stop> {
        let production = &PRODUCTIONS[production];
        let first = self.values.len().saturating_sub(production.right.len());
        let values: Vec<_> = self.values.drain(first..).collect();
        self.states.truncate(first + 1);
        let range = match (values.first(), values.last()) {
            (Some(first), Some(last)) => first.1.start..last.1.end,
            _ => 0..0,
        };
        let value = self.made(production.make, values)?;
        let behind = state(self.states.last().copied().unwrap_or(START));
        match behind.behind.get(&production.left) {
            Some(next) => self.push(*next, value, range),
            None => Err(Stop::GivenUp),
        }
    }

    fn made(&mut self, make: Make, values: Vec<(Value, Range<usize>)>) -> Result<Value, Stop> {
        let mut worth = values.into_iter().filter(|it| it.0 != Value::Nothing);
        let mut next = || worth.next().unwrap_or((Value::Nothing, 0..0));
        let ((first, first_range), (second, second_range), (third, third_range)) =
            (next(), next(), next());
        let value = match (make, first, second, third) {
            (Make::GiveUp, ..) => return Err(Stop::GivenUp),
            (Make::Unary, Value::Said(name), Value::Word(operand), _) => {
                let operator = Located::new(name, first_range);
                if self.check(Role::UnaryOperator, &operator) && operator.value == "R" {
                    self.check_subnet(&operator, &operand, second_range);
                }
                Value::Condition(Condition::Unary { operator, operand })
            }
            (Make::Binary, Value::Word(left), Value::Said(name), Value::Word(right)) => {
                let operator = Located::new(name, second_range);
                let is_subnet = operator.value.eq_ignore_ascii_case("ipmatch");
                if self.check(Role::BinaryOperator, &operator) && is_subnet {
                    self.check_subnet(&operator, &right, third_range);
                }
                Value::Condition(Condition::Binary {
                    left,
                    operator,
                    right,
                })
            }
            (Make::Variable, Value::Said(name), ..) => {
                let name = Located::new(name, first_range);
                self.check(Role::Variable, &name);
                Value::Word(Word::Variable(name))
            }
            (Make::Call, Value::Said(name), Value::Word(argument), _) => {
                let name = Located::new(name, first_range);
                self.check_function(&name);
                let argument = Box::new(argument);
                Value::Word(Word::Call { name, argument })
            }
            (Make::ListCall, Value::Said(name), Value::Word(argument), _) => {
                let name = Located::new(name, first_range);
                self.check(Role::ListFunction, &name);
                Value::List(List::Call { name, argument })
            }
            (Make::Regex { caseless }, Value::Said(text), ..) => {
                if let Err(mistake) = regex::check(&text, caseless) {
                    let message = "Failed to compile regular expression".to_owned();
                    let at = first_range.start + mistake.offset;
                    return Err(Stop::Refused(message, at..first_range.end.max(at + 1)));
                }
                let text = Located::new(text, first_range);
                Value::Pattern(Pattern { text, caseless })
            }
            (make, first, second, _) => built(make, first, second),
        };
        Ok(value)
    }

    /// Whether a name may exist; a mistake where it does not.
    fn check(&mut self, role: Role, name: &Located<String>) -> bool {
        let knows = role.knows(&name.value, self.surroundings);
        if knows == Some(false) {
            self.mistake(role.unknown(&name.value), name.range.clone());
        }
        knows != Some(false)
    }

    /// `.htaccess` files may not look into files (since 2.4.67).
    fn check_function(&mut self, name: &Located<String>) {
        let of_file = |it: &&&str| it.eq_ignore_ascii_case(&name.value);
        match ["file", "filesize"].iter().find(of_file) {
            Some(function) if self.surroundings.is_htaccess() == Some(true) => {
                let message = format!("{function} not available in restricted context");
                self.mistake(message, name.range.clone());
            }
            _ => {
                self.check(Role::Function, name);
            }
        }
    }

    fn check_subnet(&mut self, operator: &Located<String>, word: &Word, range: Range<usize>) {
        let Some(subnet) = word.constant() else {
            let name = &operator.value;
            let message = format!("-{name} requires subnet/netmask as constant argument");
            return self.mistake(message, range);
        };
        let (ip, mask) = match subnet.split_once('/') {
            Some((ip, mask)) => (ip, Some(mask)),
            None => (subnet, None),
        };
        if address::subnet_mistake(ip, mask).is_some() {
            self.mistake("parsing of subnet/netmask failed".to_owned(), range);
        }
    }
}

/// What a production makes that has nothing to check.
fn built(make: Make, first: Value, second: Value) -> Value {
    match (make, first, second) {
        (Make::Same, value, _) => value,
        (Make::Constant(value), ..) => Value::Condition(Condition::Constant(value)),
        (Make::Not, Value::Condition(inner), _) => {
            Value::Condition(Condition::Not(Box::new(inner)))
        }
        (Make::Or, Value::Condition(left), Value::Condition(right)) => {
            Value::Condition(Condition::Or(Box::new(left), Box::new(right)))
        }
        (Make::And, Value::Condition(left), Value::Condition(right)) => {
            Value::Condition(Condition::And(Box::new(left), Box::new(right)))
        }
        (Make::Compare(kind), Value::Word(left), Value::Word(right)) => {
            Value::Condition(Condition::Compare {
                left,
                comparison: comparison(kind),
                right,
            })
        }
        (Make::Match { negated }, Value::Word(text), Value::Pattern(pattern)) => {
            Value::Condition(Condition::Match {
                text,
                negated,
                pattern,
            })
        }
        (Make::In, Value::Word(needle), Value::List(list)) => {
            Value::Condition(Condition::In { needle, list })
        }
        (Make::FirstWord, Value::Word(word), _) => Value::Words(vec![word]),
        (Make::NextWord, Value::Words(mut words), Value::Word(word)) => {
            words.push(word);
            Value::Words(words)
        }
        (Make::WordList, Value::Words(words), _) => Value::List(List::Words(words)),
        (Make::EmptyText, ..) => Value::Word(Word::Text(String::new())),
        // A text without quotes ends with one more part, which may be empty.
        (Make::Append, word, Value::Word(Word::Text(text))) if text.is_empty() => word,
        (Make::Concatenate | Make::Append, Value::Word(left), Value::Word(right)) => {
            Value::Word(left.followed_by(right))
        }
        // The grammar makes nothing of anything else.
        _ => Value::Nothing,
    }
}

fn comparison(kind: Kind) -> Comparison {
    let (ordering, negated) = match kind {
        Kind::Equal | Kind::TextEqual => (Ordering::Equal, false),
        Kind::NotEqual | Kind::TextNotEqual => (Ordering::Equal, true),
        Kind::Less | Kind::TextLess => (Ordering::Less, false),
        Kind::LessOrEqual | Kind::TextLessOrEqual => (Ordering::Greater, true),
        Kind::Greater | Kind::TextGreater => (Ordering::Greater, false),
        _ => (Ordering::Less, true),
    };
    Comparison {
        integers: (Kind::Equal as usize..=Kind::GreaterOrEqual as usize).contains(&(kind as usize)),
        ordering,
        negated,
    }
}
