//! mod_wsgi.

mod undeclared_daemon_process;
mod unused_daemon_process;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &undeclared_daemon_process::RULE,
    &unused_daemon_process::RULE,
];
