//! mod_wsgi.

mod mutex_without_effect_on_wsgi;
mod python_home_is_executable;
mod undeclared_daemon_process;
mod unused_daemon_process;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &mutex_without_effect_on_wsgi::RULE,
    &python_home_is_executable::RULE,
    &undeclared_daemon_process::RULE,
    &unused_daemon_process::RULE,
];
