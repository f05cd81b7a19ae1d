//! What httpd refuses itself, while it reads or in its configuration test.

mod unknown_directive;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[&unknown_directive::RULE];
