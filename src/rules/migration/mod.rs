//! What httpd 2.2 said otherwise.

mod old_access_control;
mod old_ssl_requirement;
mod renamed_directive;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &old_access_control::RULE,
    &old_ssl_requirement::RULE,
    &renamed_directive::RULE,
];
