//! What follows from how this httpd was built, and what was captured of it.

mod contradicting_facts;
mod listen_without_ipv6;
mod missing_default_pid_directory;
mod missing_pid_directory;
mod other_main_file;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &contradicting_facts::RULE,
    &listen_without_ipv6::RULE,
    &missing_default_pid_directory::RULE,
    &missing_pid_directory::RULE,
    &other_main_file::RULE,
];
