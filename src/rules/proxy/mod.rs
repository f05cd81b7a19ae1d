//! What is passed on to other servers.

mod balancer_without_method;
mod handler_without_backend_module;
mod https_backend_without_tls;
mod ignored_worker_parameter;
mod open_proxy;
mod overlapping_proxy_pass;
mod overruled_proxy_pass;
mod proxy_slash_mismatch;
mod undeclared_balancer;
mod useless_proxy_pass_reverse;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &balancer_without_method::RULE,
    &handler_without_backend_module::RULE,
    &https_backend_without_tls::RULE,
    &ignored_worker_parameter::RULE,
    &open_proxy::RULE,
    &overlapping_proxy_pass::RULE,
    &overruled_proxy_pass::RULE,
    &proxy_slash_mismatch::RULE,
    &undeclared_balancer::RULE,
    &useless_proxy_pass_reverse::RULE,
];
