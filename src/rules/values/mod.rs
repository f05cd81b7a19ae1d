//! Values that httpd accepts, and that do not do what they say.

mod empty_section;
mod impossible_server_name;
mod joined_words;
mod location_without_slash;
mod lone_backslash;
mod lowercase_method;
mod missing_words;
mod nobody_required;
mod obsolete_directive;
mod overridden_protocol;
mod overridden_value;
mod page_as_text;
mod partial_number;
mod path_without_slash;
mod pattern_without_slash;
mod plain_section_pattern;
mod surplus_words;
mod swallowed_option;
mod swapped_extension;
mod typographic_quote;
mod unclosed_substitution;
mod unescaped_dot;
mod unknown_nonfatal_value;
mod unread_expiry;
mod unused_variable;
mod vain_header_unset;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &empty_section::RULE,
    &impossible_server_name::RULE,
    &joined_words::RULE,
    &location_without_slash::RULE,
    &lone_backslash::RULE,
    &lowercase_method::RULE,
    &missing_words::RULE,
    &nobody_required::RULE,
    &obsolete_directive::RULE,
    &overridden_protocol::RULE,
    &overridden_value::RULE,
    &page_as_text::RULE,
    &partial_number::RULE,
    &path_without_slash::RULE,
    &pattern_without_slash::RULE,
    &plain_section_pattern::RULE,
    &surplus_words::RULE,
    &swallowed_option::RULE,
    &swapped_extension::RULE,
    &typographic_quote::RULE,
    &unclosed_substitution::RULE,
    &unescaped_dot::RULE,
    &unknown_nonfatal_value::RULE,
    &unread_expiry::RULE,
    &unused_variable::RULE,
    &vain_header_unset::RULE,
];
