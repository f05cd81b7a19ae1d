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

use crate::argument::Located;
use crate::argument::proxy::pass::Pass;
use crate::evaluate::Placed;
use crate::model::survey::Survey;
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

/// A `ProxyPass` that counts for a whole server, of a path without patterns and variables.
struct PlainPass {
    path: Located<String>,
    /// Whether it is `!`: what is below the path is not passed on.
    is_exception: bool,
}

fn plain_pass(survey: &Survey<'_>, line: &Placed<'_>) -> Option<PlainPass> {
    let pass = Pass::parse("ProxyPass", line.line().arguments(), false).ok()?;
    let is_plain = !pass.is_pattern && survey.section_around(line).is_none();
    let path = pass.path.filter(|_| is_plain);
    Some(PlainPass {
        path: path.filter(|it| it.value.starts_with('/') && !it.value.contains('$'))?,
        is_exception: pass.target.is_some_and(|it| it.value == "!"),
    })
}
