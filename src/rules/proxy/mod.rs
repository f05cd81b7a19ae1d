//! What is passed on to other servers.

mod https_backend_without_tls;
mod open_proxy;
mod overlapping_proxy_pass;
mod proxy_slash_mismatch;
mod undeclared_balancer;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &https_backend_without_tls::RULE,
    &open_proxy::RULE,
    &overlapping_proxy_pass::RULE,
    &proxy_slash_mismatch::RULE,
    &undeclared_balancer::RULE,
];
