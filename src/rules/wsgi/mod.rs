//! mod_wsgi.

mod daemon_process_of_other_server;
mod daemon_process_without_threads;
mod denied_application;
mod embedded_application;
mod explicit_single_process;
mod late_request_timeout;
mod literal_group_name;
mod missing_script;
mod mount_with_slash;
mod mutex_without_effect_on_wsgi;
mod overridden_process_group;
mod python_home_is_executable;
mod python_of_other_version;
mod repeated_daemon_option;
mod restricted_application;
mod rewrite_past_application;
mod shadowed_application;
mod small_memory_limit;
mod unanchored_mount;
mod undeclared_daemon_process;
mod unintended_embedded_mode;
mod unused_daemon_process;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &daemon_process_of_other_server::RULE,
    &daemon_process_without_threads::RULE,
    &denied_application::RULE,
    &embedded_application::RULE,
    &explicit_single_process::RULE,
    &late_request_timeout::RULE,
    &literal_group_name::RULE,
    &missing_script::RULE,
    &mount_with_slash::RULE,
    &mutex_without_effect_on_wsgi::RULE,
    &overridden_process_group::RULE,
    &python_home_is_executable::RULE,
    &python_of_other_version::RULE,
    &repeated_daemon_option::RULE,
    &restricted_application::RULE,
    &rewrite_past_application::RULE,
    &shadowed_application::RULE,
    &small_memory_limit::RULE,
    &unanchored_mount::RULE,
    &undeclared_daemon_process::RULE,
    &unintended_embedded_mode::RULE,
    &unused_daemon_process::RULE,
];
