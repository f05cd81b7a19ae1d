//! mod_wsgi.

mod embedded_application;
mod mutex_without_effect_on_wsgi;
mod python_home_is_executable;
mod python_of_other_version;
mod undeclared_daemon_process;
mod unused_daemon_process;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &embedded_application::RULE,
    &mutex_without_effect_on_wsgi::RULE,
    &python_home_is_executable::RULE,
    &python_of_other_version::RULE,
    &undeclared_daemon_process::RULE,
    &unused_daemon_process::RULE,
];
