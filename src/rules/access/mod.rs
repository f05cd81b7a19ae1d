//! Who is let in.

mod allow_without_order;
mod believed_client_address;
mod bypassed_requirement;
mod exposed_server_status;
mod handler_by_any_extension;
mod limited_access_control;
mod mixed_access_control;
mod overruled_access_line;
mod path_in_files_section;
mod unanchored_handler_pattern;
mod unasked_password;
mod unsatisfiable_requirements;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &allow_without_order::RULE,
    &believed_client_address::RULE,
    &bypassed_requirement::RULE,
    &exposed_server_status::RULE,
    &handler_by_any_extension::RULE,
    &limited_access_control::RULE,
    &mixed_access_control::RULE,
    &overruled_access_line::RULE,
    &path_in_files_section::RULE,
    &unanchored_handler_pattern::RULE,
    &unasked_password::RULE,
    &unsatisfiable_requirements::RULE,
];
