//! What is passed on to other servers.

mod proxy_slash_mismatch;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[&proxy_slash_mismatch::RULE];
