//! The tokens of an expression.

/// The kinds of tokens, in the order of httpd's grammar: messages list them in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    End,
    True,
    False,
    /// What the scanner puts before a condition,
    ConditionMode,
    /// and before a text.
    TextMode,
    /// The scanner gives up.
    Error,
    Number,
    Name,
    Text,
    Regex,
    CaselessRegex,
    Group,
    Unary,
    Binary,
    Quote,
    EndQuote,
    Variable,
    EndVariable,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    MatchesNot,
    In,
    TextEqual,
    TextNotEqual,
    TextLess,
    TextLessOrEqual,
    TextGreater,
    TextGreaterOrEqual,
    Concatenate,
    Or,
    And,
    Not,
    Open,
    Close,
    OpenBrace,
    CloseBrace,
    Comma,
    Colon,
}

/// Every kind with the name that httpd's messages give it, in the order of [`Kind`].
pub(super) const KINDS: [(Kind, &str); 43] = [
    (Kind::End, "$end"),
    (Kind::True, "T_TRUE"),
    (Kind::False, "T_FALSE"),
    (Kind::ConditionMode, "T_EXPR_BOOL"),
    (Kind::TextMode, "T_EXPR_STRING"),
    (Kind::Error, "T_ERROR"),
    (Kind::Number, "T_DIGIT"),
    (Kind::Name, "T_ID"),
    (Kind::Text, "T_STRING"),
    (Kind::Regex, "T_REGEX"),
    (Kind::CaselessRegex, "T_REGEX_I"),
    (Kind::Group, "T_REGEX_BACKREF"),
    (Kind::Unary, "T_OP_UNARY"),
    (Kind::Binary, "T_OP_BINARY"),
    (Kind::Quote, "T_STR_BEGIN"),
    (Kind::EndQuote, "T_STR_END"),
    (Kind::Variable, "T_VAR_BEGIN"),
    (Kind::EndVariable, "T_VAR_END"),
    (Kind::Equal, "T_OP_EQ"),
    (Kind::NotEqual, "T_OP_NE"),
    (Kind::Less, "T_OP_LT"),
    (Kind::LessOrEqual, "T_OP_LE"),
    (Kind::Greater, "T_OP_GT"),
    (Kind::GreaterOrEqual, "T_OP_GE"),
    (Kind::Matches, "T_OP_REG"),
    (Kind::MatchesNot, "T_OP_NRE"),
    (Kind::In, "T_OP_IN"),
    (Kind::TextEqual, "T_OP_STR_EQ"),
    (Kind::TextNotEqual, "T_OP_STR_NE"),
    (Kind::TextLess, "T_OP_STR_LT"),
    (Kind::TextLessOrEqual, "T_OP_STR_LE"),
    (Kind::TextGreater, "T_OP_STR_GT"),
    (Kind::TextGreaterOrEqual, "T_OP_STR_GE"),
    (Kind::Concatenate, "T_OP_CONCAT"),
    (Kind::Or, "T_OP_OR"),
    (Kind::And, "T_OP_AND"),
    (Kind::Not, "T_OP_NOT"),
    (Kind::Open, "'('"),
    (Kind::Close, "')'"),
    (Kind::OpenBrace, "'{'"),
    (Kind::CloseBrace, "'}'"),
    (Kind::Comma, "','"),
    (Kind::Colon, "':'"),
];

/// Words, operators and marks that stand for themselves; in lower case only.
const SPELLINGS: &[(&str, Kind)] = &[
    ("true", Kind::True),
    ("false", Kind::False),
    ("and", Kind::And),
    ("or", Kind::Or),
    ("not", Kind::Not),
    ("eq", Kind::Equal),
    ("ne", Kind::NotEqual),
    ("lt", Kind::Less),
    ("le", Kind::LessOrEqual),
    ("gt", Kind::Greater),
    ("ge", Kind::GreaterOrEqual),
    ("in", Kind::In),
    ("-eq", Kind::Equal),
    ("-ne", Kind::NotEqual),
    ("-lt", Kind::Less),
    ("-le", Kind::LessOrEqual),
    ("-gt", Kind::Greater),
    ("-ge", Kind::GreaterOrEqual),
    ("-in", Kind::In),
    ("=", Kind::TextEqual),
    ("==", Kind::TextEqual),
    ("!=", Kind::TextNotEqual),
    ("<", Kind::TextLess),
    ("<=", Kind::TextLessOrEqual),
    (">", Kind::TextGreater),
    (">=", Kind::TextGreaterOrEqual),
    ("=~", Kind::Matches),
    ("!~", Kind::MatchesNot),
    (".", Kind::Concatenate),
    ("&&", Kind::And),
    ("||", Kind::Or),
    ("!", Kind::Not),
    ("(", Kind::Open),
    (")", Kind::Close),
    ("{", Kind::OpenBrace),
    ("}", Kind::CloseBrace),
    (",", Kind::Comma),
    (":", Kind::Colon),
];

impl Kind {
    /// The name in httpd's messages.
    pub(super) fn name(self) -> &'static str {
        KINDS[self as usize].1
    }

    /// The kind of a word or sign that stands for itself.
    pub(super) fn spelled(text: &str) -> Option<Self> {
        SPELLINGS.iter().find(|it| it.0 == text).map(|it| it.1)
    }
}

#[cfg(test)]
mod tests {
    use super::KINDS;

    #[test]
    fn the_list_of_kinds_has_their_order() {
        for (index, (kind, _)) in KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, index);
        }
    }
}
