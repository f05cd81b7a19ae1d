//! What is written down.

mod discarded_errors;
mod loud_log;
mod quiet_log;
mod undeclared_log_format;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &discarded_errors::RULE,
    &loud_log::RULE,
    &quiet_log::RULE,
    &undeclared_log_format::RULE,
];
