//! The parts of an expression, for a reader: what each of them yields.

use super::names::Role;
use super::scanner::{Scanner, Token};
use super::token::Kind;
use crate::argument::Located;

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The name of a variable, a function or an operator.
    Name(Role, String),
    /// What compares or joins, and what that means.
    Sign(&'static str),
    /// A regular expression; the place is that of its text.
    Pattern {
        /// The text between its delimiters.
        text: String,
        /// Whether the flag `i` follows.
        caseless: bool,
    },
    /// `$N`.
    Group(usize),
}

/// The parts of a condition, or of a text with `%{…}` in it, up to where httpd's scanner stops.
pub fn parts(text: &str, is_condition: bool) -> Vec<Located<Part>> {
    let mut scanner = match is_condition {
        true => Scanner::condition(text),
        false => Scanner::text(text),
    };
    let mut tokens = Vec::new();
    while let Ok(token) = scanner.next() {
        if token.kind == Kind::End {
            break;
        }
        tokens.push(token);
    }
    let all = (0..tokens.len()).filter_map(|at| part(&tokens, at));
    all.collect()
}

fn part(tokens: &[Token], at: usize) -> Option<Located<Part>> {
    let token = &tokens[at];
    let before = at.checked_sub(1).map(|it| &tokens[it]);
    let next = tokens.get(at + 1);
    let is = |token: Option<&Token>, kind| token.is_some_and(|it| it.kind == kind);
    let name = |role| Part::Name(role, token.value.clone());
    let part = match token.kind {
        Kind::Name if is(before, Kind::Variable) => {
            let start = before.map_or(token.range.start, |it| it.range.start);
            let is_function = is(next, Kind::Colon);
            let role = match is_function {
                true => Role::Function,
                false => Role::Variable,
            };
            let end = next.filter(|_| !is_function).unwrap_or(token).range.end;
            return Some(Located::new(name(role), start..end));
        }
        Kind::Name if is(next, Kind::Open) && is(before, Kind::In) => name(Role::ListFunction),
        Kind::Name if is(next, Kind::Open) => name(Role::Function),
        Kind::Unary => name(Role::UnaryOperator),
        Kind::Binary => name(Role::BinaryOperator),
        Kind::Regex | Kind::CaselessRegex => Part::Pattern {
            text: token.value.clone(),
            caseless: token.kind == Kind::CaselessRegex,
        },
        Kind::Group => {
            let digit = token.value.trim_start_matches('$').parse();
            Part::Group(digit.ok()?)
        }
        kind => Part::Sign(meaning(kind)?),
    };
    Some(Located::new(part, token.range.clone()))
}

fn meaning(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::True => "always true",
        Kind::False => "never true",
        Kind::Equal => "true where both are the same number",
        Kind::NotEqual => "true where they are not the same number",
        Kind::Less => "true where the number on the left is smaller",
        Kind::LessOrEqual => "true where the number on the left is not greater",
        Kind::Greater => "true where the number on the left is greater",
        Kind::GreaterOrEqual => "true where the number on the left is not smaller",
        Kind::Matches => "true where the pattern fits, also to a part of the text",
        Kind::MatchesNot => "true where the pattern fits to no part of the text",
        Kind::In => "true where the list has the text",
        Kind::TextEqual => "true where both texts are the same, byte by byte",
        Kind::TextNotEqual => "true where the texts are not the same",
        Kind::TextLess => "true where the text on the left comes first",
        Kind::TextLessOrEqual => "true where the text on the left does not come later",
        Kind::TextGreater => "true where the text on the left comes later",
        Kind::TextGreaterOrEqual => "true where the text on the left does not come first",
        Kind::Concatenate => "one text behind the other",
        Kind::Or => {
            "true where one of the two is; the right one is not looked at where the left one is"
        }
        Kind::And => {
            "true where both are; the right one is not looked at where the left one is not"
        }
        Kind::Not => "true where what follows is not",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, is_condition: bool) -> Vec<String> {
        let all = parts(text, is_condition).into_iter();
        let shown = all.map(|it| match it.value {
            Part::Name(role, name) => format!("{role:?} {name} {}", &text[it.range]),
            Part::Sign(_) => format!("sign {}", &text[it.range]),
            Part::Pattern { text: pattern, .. } => {
                assert_eq!(pattern, &text[it.range]);
                format!("pattern {pattern}")
            }
            Part::Group(number) => format!("group {number} {}", &text[it.range]),
        });
        shown.collect()
    }

    #[test]
    fn a_condition_is_taken_apart() {
        assert_eq!(
            shown(
                "%{HTTP_HOST} =~ m#^(a)#i && ! -f $1 or req('x') == %{tolower:%{HTTPS}}",
                true
            ),
            [
                "Variable HTTP_HOST %{HTTP_HOST}",
                "sign =~",
                "pattern ^(a)",
                "sign &&",
                "sign !",
                "UnaryOperator f -f",
                "group 1 $1",
                "sign or",
                "Function req req",
                "sign ==",
                "Function tolower %{tolower",
                "Variable HTTPS %{HTTPS}",
            ]
        );
    }

    #[test]
    fn a_text_is_taken_apart_as_far_as_httpd_reads_it() {
        assert_eq!(
            shown("/x -f %{REQUEST_URI}$2", false),
            ["Variable REQUEST_URI %{REQUEST_URI}", "group 2 $2"]
        );
        assert_eq!(shown("%{A", false), ["Variable A %{A"]);
        assert_eq!(shown("", true), [] as [&str; 0]);
        assert_eq!(shown("'unclosed", true), [] as [&str; 0]);
    }
}
