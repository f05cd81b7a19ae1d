//! Which paths of requests lead where.

mod alias_slash_mismatch;
mod missing_document_root;
mod overlapping_alias;
mod redirect_slash_mismatch;
mod remote_unauthorized_document;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &alias_slash_mismatch::RULE,
    &missing_document_root::RULE,
    &overlapping_alias::RULE,
    &redirect_slash_mismatch::RULE,
    &remote_unauthorized_document::RULE,
];
