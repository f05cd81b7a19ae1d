//! How tokens make an expression: httpd's grammar as a list of productions.
//!
//! It is the grammar itself and not a parser for the language, because httpd's messages tell which
//! tokens its own parser expected (`syntax error, unexpected T_ID, expecting '('`). Those follow
//! from the productions, see [`super::automaton`].

use Kind as T;
use Nonterminal as N;

use super::token::Kind;

/// What a production stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Nonterminal {
    /// All of it: a condition or a text.
    Root,
    Condition,
    Comparison,
    /// What may stand behind `in`.
    List,
    Words,
    /// The parts between quotes, or of a text without them.
    Texts,
    Part,
    Variable,
    Word,
    Regex,
    Group,
    ListCall,
    Call,
}

/// One side of a production.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Token(Kind),
    Nonterminal(Nonterminal),
}

/// What a production makes of the values of its symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Make {
    /// The one value that it has, or none.
    Same,
    /// The scanner gave up, and so does the parser.
    GiveUp,
    Constant(bool),
    Not,
    Or,
    And,
    Unary,
    Binary,
    Compare(Kind),
    Match {
        negated: bool,
    },
    In,
    FirstWord,
    NextWord,
    WordList,
    EmptyText,
    Concatenate,
    Append,
    Variable,
    Call,
    ListCall,
    Regex {
        caseless: bool,
    },
}

/// A production.
#[derive(Debug)]
pub(super) struct Production {
    pub(super) left: Nonterminal,
    pub(super) right: &'static [Symbol],
    pub(super) make: Make,
}

macro_rules! productions {
    ($($left:ident: $([$($right:expr),+] $make:expr;)+)+) => {
        &[$($(Production { left: N::$left, right: &[$($right),+], make: $make },)+)+]
    };
}

const fn t(kind: Kind) -> Symbol {
    Symbol::Token(kind)
}

const fn n(nonterminal: Nonterminal) -> Symbol {
    Symbol::Nonterminal(nonterminal)
}

const WORD: Symbol = n(N::Word);
const CONDITION: Symbol = n(N::Condition);

/// The productions; all text ends with [`Kind::End`].
pub(super) const PRODUCTIONS: &[Production] = productions! {
    Root:
        [t(T::ConditionMode), CONDITION] Make::Same;
        [t(T::TextMode), n(N::Texts)] Make::Same;
        [t(T::Error)] Make::GiveUp;
    Condition:
        [t(T::True)] Make::Constant(true);
        [t(T::False)] Make::Constant(false);
        [t(T::Not), CONDITION] Make::Not;
        [CONDITION, t(T::Or), CONDITION] Make::Or;
        [CONDITION, t(T::And), CONDITION] Make::And;
        [n(N::Comparison)] Make::Same;
        [t(T::Unary), WORD] Make::Unary;
        [WORD, t(T::Binary), WORD] Make::Binary;
        [t(T::Open), CONDITION, t(T::Close)] Make::Same;
        [t(T::Error)] Make::GiveUp;
    Comparison:
        [WORD, t(T::Equal), WORD] Make::Compare(T::Equal);
        [WORD, t(T::NotEqual), WORD] Make::Compare(T::NotEqual);
        [WORD, t(T::Less), WORD] Make::Compare(T::Less);
        [WORD, t(T::LessOrEqual), WORD] Make::Compare(T::LessOrEqual);
        [WORD, t(T::Greater), WORD] Make::Compare(T::Greater);
        [WORD, t(T::GreaterOrEqual), WORD] Make::Compare(T::GreaterOrEqual);
        [WORD, t(T::TextEqual), WORD] Make::Compare(T::TextEqual);
        [WORD, t(T::TextNotEqual), WORD] Make::Compare(T::TextNotEqual);
        [WORD, t(T::TextLess), WORD] Make::Compare(T::TextLess);
        [WORD, t(T::TextLessOrEqual), WORD] Make::Compare(T::TextLessOrEqual);
        [WORD, t(T::TextGreater), WORD] Make::Compare(T::TextGreater);
        [WORD, t(T::TextGreaterOrEqual), WORD] Make::Compare(T::TextGreaterOrEqual);
        [WORD, t(T::In), n(N::List)] Make::In;
        [WORD, t(T::Matches), n(N::Regex)] Make::Match { negated: false };
        [WORD, t(T::MatchesNot), n(N::Regex)] Make::Match { negated: true };
    List:
        [n(N::ListCall)] Make::Same;
        [t(T::OpenBrace), n(N::Words), t(T::CloseBrace)] Make::WordList;
    Words:
        [WORD] Make::FirstWord;
        [n(N::Words), t(T::Comma), WORD] Make::NextWord;
    Texts:
        [n(N::Texts), n(N::Part)] Make::Append;
        [n(N::Part)] Make::Same;
        [t(T::Error)] Make::GiveUp;
    Part:
        [t(T::Text)] Make::Same;
        [n(N::Variable)] Make::Same;
        [n(N::Group)] Make::Same;
    Variable:
        [t(T::Variable), t(T::Name), t(T::EndVariable)] Make::Variable;
        [t(T::Variable), t(T::Name), t(T::Colon), n(N::Texts), t(T::EndVariable)] Make::Call;
    Word:
        [t(T::Number)] Make::Same;
        [WORD, t(T::Concatenate), WORD] Make::Concatenate;
        [n(N::Variable)] Make::Same;
        [n(N::Group)] Make::Same;
        [n(N::Call)] Make::Same;
        [t(T::Quote), n(N::Texts), t(T::EndQuote)] Make::Same;
        [t(T::Quote), t(T::EndQuote)] Make::EmptyText;
    Regex:
        [t(T::Regex)] Make::Regex { caseless: false };
        [t(T::CaselessRegex)] Make::Regex { caseless: true };
    Group:
        [t(T::Group)] Make::Same;
    ListCall:
        [t(T::Name), t(T::Open), WORD, t(T::Close)] Make::ListCall;
    Call:
        [t(T::Name), t(T::Open), WORD, t(T::Close)] Make::Call;
};

impl Production {
    /// How tightly it binds: as its last token does. Each level associates to the right.
    pub(super) fn precedence(&self) -> Option<u8> {
        let last = self.right.iter().rev().find_map(|it| match it {
            Symbol::Token(kind) => Some(*kind),
            Symbol::Nonterminal(_) => None,
        });
        precedence(last?)
    }
}

/// How tightly a token binds, where productions leave that open.
pub(super) fn precedence(kind: Kind) -> Option<u8> {
    match kind {
        Kind::Or => Some(0),
        Kind::And => Some(1),
        Kind::Not => Some(2),
        Kind::Concatenate => Some(3),
        _ => None,
    }
}
