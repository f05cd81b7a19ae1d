//! Which paths of requests lead where.

mod alias_slash_mismatch;
mod endless_redirect;
mod exposed_program;
mod file_path_as_location;
mod inactive_expiry;
mod links_in_location;
mod missing_document_root;
mod missing_fallback;
mod overlapping_alias;
mod overlapping_redirect;
mod program_without_exec_cgi;
mod redirect_slash_mismatch;
mod remote_unauthorized_document;
mod unhandled_php;
mod url_as_directory;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &alias_slash_mismatch::RULE,
    &endless_redirect::RULE,
    &exposed_program::RULE,
    &file_path_as_location::RULE,
    &inactive_expiry::RULE,
    &links_in_location::RULE,
    &missing_document_root::RULE,
    &missing_fallback::RULE,
    &overlapping_alias::RULE,
    &overlapping_redirect::RULE,
    &program_without_exec_cgi::RULE,
    &redirect_slash_mismatch::RULE,
    &remote_unauthorized_document::RULE,
    &unhandled_php::RULE,
    &url_as_directory::RULE,
];
