//! Numbers of processes and threads.

mod adjusted_process_number;
mod http2_with_prefork;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[&adjusted_process_number::RULE, &http2_with_prefork::RULE];
