//! What `.htaccess` files are allowed.

mod discarded_override;
mod useless_allow_override;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[&discarded_override::RULE, &useless_allow_override::RULE];
