//! Connections that are encrypted.

mod named_old_protocol;
mod unsafe_renegotiation;
mod unverified_backend;
mod unverified_client_certificate;
mod weak_cipher;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &named_old_protocol::RULE,
    &unsafe_renegotiation::RULE,
    &unverified_backend::RULE,
    &unverified_client_certificate::RULE,
    &weak_cipher::RULE,
];
