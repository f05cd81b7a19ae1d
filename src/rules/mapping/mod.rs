//! Which paths of requests lead where.

mod alias_slash_mismatch;
mod file_path_as_location;
mod inactive_expiry;
mod missing_document_root;
mod overlapping_alias;
mod overlapping_redirect;
mod redirect_slash_mismatch;
mod remote_unauthorized_document;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &alias_slash_mismatch::RULE,
    &file_path_as_location::RULE,
    &inactive_expiry::RULE,
    &missing_document_root::RULE,
    &overlapping_alias::RULE,
    &overlapping_redirect::RULE,
    &redirect_slash_mismatch::RULE,
    &remote_unauthorized_document::RULE,
];
