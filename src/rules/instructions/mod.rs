//! Comments that speak to httpd-lint.

mod allowance_without_reason;
mod unknown_allowance;
mod unknown_context;
mod unknown_instruction;
mod unused_allowance;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &allowance_without_reason::RULE,
    &unknown_allowance::RULE,
    &unknown_context::RULE,
    &unknown_instruction::RULE,
    &unused_allowance::RULE,
];
