//! Lines that are not what they look like.

mod comment_swallows_line;
mod missing_final_newline;
mod trailing_comment;
mod unclosed_conditional;
mod undefined_variable;
mod unterminated_quote;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &comment_swallows_line::RULE,
    &missing_final_newline::RULE,
    &trailing_comment::RULE,
    &unclosed_conditional::RULE,
    &undefined_variable::RULE,
    &unterminated_quote::RULE,
];
