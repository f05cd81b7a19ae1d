//! mod_wsgi.

mod daemon_process_of_other_server;
mod denied_application;
mod embedded_application;
mod mutex_without_effect_on_wsgi;
mod overridden_process_group;
mod python_home_is_executable;
mod python_of_other_version;
mod restricted_application;
mod rewrite_past_application;
mod shadowed_application;
mod undeclared_daemon_process;
mod unintended_embedded_mode;
mod unused_daemon_process;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &daemon_process_of_other_server::RULE,
    &denied_application::RULE,
    &embedded_application::RULE,
    &mutex_without_effect_on_wsgi::RULE,
    &overridden_process_group::RULE,
    &python_home_is_executable::RULE,
    &python_of_other_version::RULE,
    &restricted_application::RULE,
    &rewrite_past_application::RULE,
    &shadowed_application::RULE,
    &undeclared_daemon_process::RULE,
    &unintended_embedded_mode::RULE,
    &unused_daemon_process::RULE,
];
