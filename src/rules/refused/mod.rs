//! What httpd refuses itself, while it reads or in its configuration test.

mod built_in_module;
mod directive_of_missing_module;
mod directive_of_other_version;
mod duplicate_daemon_process;
mod duplicate_listen;
mod else_without_if;
mod include_recursion;
mod invalid_argument;
mod invalid_macro;
mod invalid_macro_use;
mod invalid_variable_name;
mod invalid_version_test;
mod mismatched_close;
mod misplaced_directive;
mod missing_angle_bracket;
mod missing_directory;
mod missing_log_directory;
mod missing_section_argument;
mod mpm_count;
mod negative_authorization;
mod overlong_line;
mod php_without_threads;
mod unavailable_mutex_mechanism;
mod unclosed_section;
mod unknown_directive;
mod unloadable_module;
mod unmatched_close;
mod unreadable_include;
mod wrong_arity;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &built_in_module::RULE,
    &directive_of_missing_module::RULE,
    &directive_of_other_version::RULE,
    &duplicate_daemon_process::RULE,
    &duplicate_listen::RULE,
    &else_without_if::RULE,
    &include_recursion::RULE,
    &invalid_argument::RULE,
    &invalid_macro::RULE,
    &invalid_macro_use::RULE,
    &invalid_variable_name::RULE,
    &invalid_version_test::RULE,
    &mismatched_close::RULE,
    &misplaced_directive::RULE,
    &missing_angle_bracket::RULE,
    &missing_directory::RULE,
    &missing_log_directory::RULE,
    &missing_section_argument::RULE,
    &mpm_count::RULE,
    &negative_authorization::RULE,
    &overlong_line::RULE,
    &php_without_threads::RULE,
    &unavailable_mutex_mechanism::RULE,
    &unclosed_section::RULE,
    &unknown_directive::RULE,
    &unloadable_module::RULE,
    &unmatched_close::RULE,
    &unreadable_include::RULE,
    &wrong_arity::RULE,
];
