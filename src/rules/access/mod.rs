//! Who is let in.

mod allow_without_order;
mod authentication_without_file;
mod authentication_without_name;
mod authentication_without_requirement;
mod believed_client_address;
mod bypassed_requirement;
mod denied_document_root;
mod exposed_server_status;
mod files_beside_backend;
mod files_in_if;
mod files_over_directories;
mod handler_by_any_extension;
mod late_variable;
mod limited_access_control;
mod location_over_files;
mod missing_password_file;
mod mixed_access_control;
mod overruled_access_line;
mod password_without_type;
mod path_in_files_section;
mod reopened_location;
mod unanchored_handler_pattern;
mod unasked_password;
mod unsatisfiable_requirements;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &allow_without_order::RULE,
    &authentication_without_file::RULE,
    &authentication_without_name::RULE,
    &authentication_without_requirement::RULE,
    &believed_client_address::RULE,
    &bypassed_requirement::RULE,
    &denied_document_root::RULE,
    &exposed_server_status::RULE,
    &files_beside_backend::RULE,
    &files_in_if::RULE,
    &files_over_directories::RULE,
    &handler_by_any_extension::RULE,
    &late_variable::RULE,
    &limited_access_control::RULE,
    &location_over_files::RULE,
    &missing_password_file::RULE,
    &mixed_access_control::RULE,
    &overruled_access_line::RULE,
    &password_without_type::RULE,
    &path_in_files_section::RULE,
    &reopened_location::RULE,
    &unanchored_handler_pattern::RULE,
    &unasked_password::RULE,
    &unsatisfiable_requirements::RULE,
];
