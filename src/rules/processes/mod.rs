//! Numbers of processes and threads.

mod adjusted_process_number;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[&adjusted_process_number::RULE];
