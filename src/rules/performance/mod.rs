//! What costs time.

mod compressed_again;
mod connections_not_kept;
mod connections_to_backend_not_kept;
mod forking_threads;
mod long_keep_alive;
mod long_timeout;
mod looked_up_hosts;
mod one_program_for_all;
mod owner_checked_links;
mod searched_access_files;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &compressed_again::RULE,
    &connections_not_kept::RULE,
    &connections_to_backend_not_kept::RULE,
    &forking_threads::RULE,
    &long_keep_alive::RULE,
    &long_timeout::RULE,
    &looked_up_hosts::RULE,
    &one_program_for_all::RULE,
    &owner_checked_links::RULE,
    &searched_access_files::RULE,
];
