//! Connections that are encrypted.

mod missing_certificate;
mod named_old_protocol;
mod plain_first_host;
mod plain_https_port;
mod stapling_without_cache;
mod transport_security_over_http;
mod unsafe_renegotiation;
mod unverified_backend;
mod unverified_client_certificate;
mod weak_cipher;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &missing_certificate::RULE,
    &named_old_protocol::RULE,
    &plain_first_host::RULE,
    &plain_https_port::RULE,
    &stapling_without_cache::RULE,
    &transport_security_over_http::RULE,
    &unsafe_renegotiation::RULE,
    &unverified_backend::RULE,
    &unverified_client_certificate::RULE,
    &weak_cipher::RULE,
];
