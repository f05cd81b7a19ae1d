//! Macros that do not do what they seem to.

mod ambiguous_macro_parameter;
mod empty_macro;
mod redefined_macro;
mod unbalanced_macro;
mod unused_macro;
mod unused_macro_parameter;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &ambiguous_macro_parameter::RULE,
    &empty_macro::RULE,
    &redefined_macro::RULE,
    &unbalanced_macro::RULE,
    &unused_macro::RULE,
    &unused_macro_parameter::RULE,
];
