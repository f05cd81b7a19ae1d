//! Patterns, and the texts that are made of what they match.

mod empty_group;
mod unknown_rewrite_variable;
mod unread_flag_value;
mod variable_in_pattern;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &empty_group::RULE,
    &unknown_rewrite_variable::RULE,
    &unread_flag_value::RULE,
    &variable_in_pattern::RULE,
];
