//! What httpd 2.2 said otherwise.

mod branch_for_old_httpd;
mod default_address;
mod old_access_control;
mod old_ssl_requirement;
mod renamed_directive;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &branch_for_old_httpd::RULE,
    &default_address::RULE,
    &old_access_control::RULE,
    &old_ssl_requirement::RULE,
    &renamed_directive::RULE,
];
