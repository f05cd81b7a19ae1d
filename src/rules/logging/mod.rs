//! What is written down.

mod discarded_errors;
mod exposed_log;
mod loud_log;
mod quiet_log;
mod redefined_log_format;
mod undeclared_log_format;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &discarded_errors::RULE,
    &exposed_log::RULE,
    &loud_log::RULE,
    &quiet_log::RULE,
    &redefined_log_format::RULE,
    &undeclared_log_format::RULE,
];
