//! Which paths of requests lead where.

mod missing_document_root;
mod overlapping_alias;
mod remote_unauthorized_document;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &missing_document_root::RULE,
    &overlapping_alias::RULE,
    &remote_unauthorized_document::RULE,
];
