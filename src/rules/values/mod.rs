//! Values that httpd accepts, and that do not do what they say.

mod location_without_slash;
mod lowercase_method;
mod obsolete_directive;
mod partial_number;
mod surplus_words;
mod swallowed_option;
mod unknown_nonfatal_value;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &location_without_slash::RULE,
    &lowercase_method::RULE,
    &obsolete_directive::RULE,
    &partial_number::RULE,
    &surplus_words::RULE,
    &swallowed_option::RULE,
    &unknown_nonfatal_value::RULE,
];
