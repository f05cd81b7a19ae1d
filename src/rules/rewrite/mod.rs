//! Patterns, and the texts that are made of what they match.

mod client_chosen_folder;
mod client_chosen_host;
mod condition_for_first_rule;
mod condition_without_rule;
mod empty_group;
mod open_ended_host;
mod or_before_nothing;
mod redirect_by_rule;
mod redirect_without_last;
mod rewrite_engine_off;
mod slash_in_directory_pattern;
mod undeclared_rewrite_map;
mod unescaped_backend_query;
mod uninherited_rewrite_rule;
mod unknown_rewrite_variable;
mod unneeded_last_flag;
mod unreachable_rewrite_rule;
mod unread_flag_value;
mod variable_in_pattern;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &client_chosen_folder::RULE,
    &client_chosen_host::RULE,
    &condition_for_first_rule::RULE,
    &condition_without_rule::RULE,
    &empty_group::RULE,
    &open_ended_host::RULE,
    &or_before_nothing::RULE,
    &redirect_by_rule::RULE,
    &redirect_without_last::RULE,
    &rewrite_engine_off::RULE,
    &slash_in_directory_pattern::RULE,
    &undeclared_rewrite_map::RULE,
    &unescaped_backend_query::RULE,
    &uninherited_rewrite_rule::RULE,
    &unknown_rewrite_variable::RULE,
    &unneeded_last_flag::RULE,
    &unreachable_rewrite_rule::RULE,
    &unread_flag_value::RULE,
    &variable_in_pattern::RULE,
];
