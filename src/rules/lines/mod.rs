//! Lines that are not what they look like.

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[];
