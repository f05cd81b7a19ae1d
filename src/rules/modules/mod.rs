//! Modules, and conditions about them.

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[];
