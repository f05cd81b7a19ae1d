//! Values that httpd accepts, and that do not do what they say.

mod joined_words;
mod location_without_slash;
mod lowercase_method;
mod obsolete_directive;
mod page_as_text;
mod partial_number;
mod path_without_slash;
mod surplus_words;
mod swallowed_option;
mod swapped_extension;
mod unknown_nonfatal_value;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &joined_words::RULE,
    &location_without_slash::RULE,
    &lowercase_method::RULE,
    &obsolete_directive::RULE,
    &page_as_text::RULE,
    &partial_number::RULE,
    &path_without_slash::RULE,
    &surplus_words::RULE,
    &swallowed_option::RULE,
    &swapped_extension::RULE,
    &unknown_nonfatal_value::RULE,
];
