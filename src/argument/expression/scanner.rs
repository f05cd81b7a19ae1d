//! From a text to tokens, one at a time, as httpd's scanner finds them.

use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;

use super::token::Kind;
use crate::diagnostic::FIRST_BYTE;

grammar!(ExprParser, "grammar/expr.pest");

use grammar::{ExprParser, Rule};

/// The most bytes between two places of a text that are looked up, and in a regular expression
/// (`MAX_STRING_LEN`, with the byte that ends it).
const MOST_BYTES: usize = 8191;

const UNTERMINATED: &str = "Unterminated string or variable";

/// A token, and the bytes that it takes up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// What it says, where its kind does not: a name, the characters of a text, a pattern.
    pub(super) value: String,
    pub(super) range: Range<usize>,
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// A mistake that the scanner knows: what httpd calls it.
    Mistake(String, Range<usize>),
    /// A character for which the scanner has no rule: it ends the process.
    Jam(Range<usize>),
}

/// Where the scanner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Condition,
    /// Inside quotes; a text without quotes around it has none that ends it.
    Text(Option<char>),
    Variable,
    Argument,
}

/// Takes tokens from a text.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    mode: Mode,
    /// The modes to come back to.
    outer: Vec<Mode>,
    is_at_start: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn condition(text: &'a str) -> Self {
        Self::new(text, Mode::Condition)
    }

    pub(super) fn text(text: &'a str) -> Self {
        Self::new(text, Mode::Text(None))
    }

    fn new(text: &'a str, mode: Mode) -> Self {
        Self {
            text,
            at: 0,
            mode,
            outer: Vec::new(),
            is_at_start: true,
        }
    }

    /// The next token; at the end of the text one that says so.
    pub(super) fn next(&mut self) -> Result<Token, Failure> {
        if std::mem::take(&mut self.is_at_start) {
            let kind = match self.mode {
                Mode::Text(_) => Kind::TextMode,
                _ => Kind::ConditionMode,
            };
            return Ok(self.token(kind, self.at));
        }
        match self.mode {
            Mode::Condition => self.in_condition(),
            Mode::Text(quote) => self.in_text(quote),
            Mode::Variable => self.in_variable(),
            Mode::Argument => self.in_argument(),
        }
    }

    fn in_condition(&mut self) -> Result<Token, Failure> {
        let start = self.at;
        let Some(pair) = self.take(Rule::in_condition) else {
            return Ok(self.token(Kind::End, start));
        };
        let text = pair.as_str();
        let kind = match pair.as_rule() {
            Rule::blanks => return self.in_condition(),
            Rule::regex => return self.regex(pair, start),
            Rule::quote => {
                self.mode = Mode::Text(text.chars().next());
                Kind::Quote
            }
            Rule::variable => self.enter(Mode::Variable, Kind::Variable),
            Rule::group => Kind::Group,
            Rule::number => Kind::Number,
            Rule::name => Kind::spelled(text).unwrap_or(Kind::Name),
            Rule::dashed if text.len() == 2 => Kind::Unary,
            Rule::dashed => Kind::spelled(text).unwrap_or(Kind::Binary),
            Rule::operator => Kind::spelled(text).unwrap_or(Kind::Error),
            _ => return Err(self.mistake_at(start, "Parse error near")),
        };
        let value = text.trim_start_matches(['-', '$']);
        let value = if kind == Kind::Number { text } else { value };
        Ok(Token {
            value: value.to_owned(),
            ..self.token(kind, start)
        })
    }

    fn regex(&mut self, pair: Pair<'_, Rule>, start: usize) -> Result<Token, Failure> {
        let mut kind = Kind::End;
        let mut pattern = String::new();
        let mut range = start..start;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::pattern => {
                    let from = start + part.as_span().start();
                    range = from..start + part.as_span().end();
                    part.as_str().clone_into(&mut pattern);
                }
                Rule::closing => kind = Kind::Regex,
                Rule::caseless => kind = Kind::CaselessRegex,
                _ => {}
            }
        }
        if pattern.len() > MOST_BYTES {
            return Err(Failure::Mistake("Regexp too long".to_owned(), range));
        }
        // One without its end is no mistake of the scanner's, but there is nothing behind it.
        if kind == Kind::End {
            return Ok(self.token(Kind::End, self.at));
        }
        Ok(Token {
            kind,
            value: pattern,
            range,
        })
    }

    fn in_text(&mut self, end: Option<char>) -> Result<Token, Failure> {
        let start = self.at;
        let mut value = String::new();
        let stop = self.fragments(Rule::in_text, &mut value, |rule, text| match rule {
            Rule::quote => end.is_some_and(|it| text.starts_with(it)),
            Rule::group | Rule::variable => true,
            _ => false,
        })?;
        let kind = match stop {
            None if end.is_some() => {
                let range = start..self.at;
                return Err(Failure::Mistake(UNTERMINATED.to_owned(), range));
            }
            None => {
                self.mode = Mode::Condition;
                Kind::Text
            }
            Some(_) if self.at > start => Kind::Text,
            Some(Rule::quote) => {
                self.mode = Mode::Condition;
                self.at += 1;
                Kind::EndQuote
            }
            Some(rule) => return Ok(self.reference(rule)),
        };
        Ok(Token {
            value,
            ..self.token(kind, start)
        })
    }

    fn in_argument(&mut self) -> Result<Token, Failure> {
        let start = self.at;
        let mut value = String::new();
        let stop = self.fragments(Rule::in_argument, &mut value, |rule, _| {
            matches!(rule, Rule::group | Rule::variable | Rule::variable_end)
        })?;
        let kind = match stop {
            None => {
                let range = start..self.at;
                return Err(Failure::Mistake(UNTERMINATED.to_owned(), range));
            }
            Some(_) if self.at > start => Kind::Text,
            Some(Rule::variable_end) => self.leave(),
            Some(rule) => return Ok(self.reference(rule)),
        };
        Ok(Token {
            value,
            ..self.token(kind, start)
        })
    }

    fn in_variable(&mut self) -> Result<Token, Failure> {
        let start = self.at;
        let Some(pair) = self.take(Rule::in_variable) else {
            return Err(Failure::Mistake(UNTERMINATED.to_owned(), start..start));
        };
        let kind = match pair.as_rule() {
            Rule::name => Kind::Name,
            Rule::variable_end => {
                self.at = start;
                self.leave()
            }
            Rule::colon => {
                self.mode = Mode::Argument;
                Kind::Colon
            }
            Rule::newline => {
                let range = start..self.at;
                return Err(Failure::Mistake(UNTERMINATED.to_owned(), range));
            }
            _ => return Err(self.mistake_at(start, "Invalid character in variable name")),
        };
        Ok(Token {
            value: pair.as_str().to_owned(),
            ..self.token(kind, start)
        })
    }

    /// Reads characters and escapes up to something that `stops` them, which is left where it
    /// stands, or to the end of the text.
    fn fragments(
        &mut self,
        rule: Rule,
        value: &mut String,
        stops: impl Fn(Rule, &str) -> bool,
    ) -> Result<Option<Rule>, Failure> {
        let mut bytes = 0;
        loop {
            let start = self.at;
            let Some(pair) = self.take(rule) else {
                break;
            };
            let text = pair.as_str();
            if stops(pair.as_rule(), text) {
                self.at = start;
                cut(value);
                return Ok(Some(pair.as_rule()));
            }
            let mistake = match pair.as_rule() {
                Rule::octal => {
                    let number = u32::from_str_radix(&text[1..], 8).unwrap_or(u32::MAX);
                    match u8::try_from(number) {
                        Ok(byte) => {
                            value.push(char::from(byte));
                            bytes += 1;
                            None
                        }
                        Err(_) => Some("Escape sequence out of bound"),
                    }
                }
                Rule::bad_octal => Some("Bad escape sequence"),
                Rule::newline => Some(UNTERMINATED),
                Rule::escape => {
                    value.extend(text.chars().nth(1).map(unescaped));
                    bytes += text.len() - 1;
                    None
                }
                Rule::backslash => return Err(Failure::Jam(start..self.at)),
                Rule::quote if rule == Rule::in_argument => {
                    return Err(Failure::Jam(start..self.at));
                }
                _ => {
                    value.push_str(text);
                    bytes += text.len();
                    None
                }
            };
            let mistake = mistake.or((bytes > MOST_BYTES).then_some("String too long"));
            if let Some(mistake) = mistake {
                return Err(Failure::Mistake(mistake.to_owned(), start..self.at));
            }
        }
        cut(value);
        Ok(None)
    }

    /// Moves behind what a rule reads; nothing at the end of the text.
    fn take(&mut self, rule: Rule) -> Option<Pair<'a, Rule>> {
        let rest = &self.text[self.at..];
        let pair = ExprParser::parse(rule, rest).ok()?.next()?;
        self.at += pair.as_str().len();
        pair.into_inner().next()
    }

    /// A `$N` or `%{` in a text.
    fn reference(&mut self, rule: Rule) -> Token {
        let start = self.at;
        self.at += 2;
        let kind = match rule {
            Rule::variable => self.enter(Mode::Variable, Kind::Variable),
            _ => Kind::Group,
        };
        Token {
            value: self.text[start + 1..self.at].to_owned(),
            ..self.token(kind, start)
        }
    }

    fn enter(&mut self, mode: Mode, kind: Kind) -> Kind {
        self.outer.push(self.mode);
        self.mode = mode;
        kind
    }

    /// Moves behind a `}`.
    fn leave(&mut self) -> Kind {
        self.at += 1;
        self.mode = self.outer.pop().unwrap_or(Mode::Condition);
        Kind::EndVariable
    }

    fn token(&self, kind: Kind, start: usize) -> Token {
        Token {
            kind,
            value: String::new(),
            range: start..self.at,
        }
    }

    fn mistake_at(&self, start: usize, what: &str) -> Failure {
        let range = start..self.at;
        let message = format!("{what} '{FIRST_BYTE}{}'", &self.text[range.clone()]);
        Failure::Mistake(message, range)
    }
}

// The scanner hands its characters on as a C string.
fn cut(value: &mut String) {
    if let Some(end) = value.find('\0') {
        value.truncate(end);
    }
}

fn unescaped(character: char) -> char {
    match character {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        other => other,
    }
}
