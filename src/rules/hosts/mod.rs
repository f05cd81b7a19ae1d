//! Virtual hosts, and which of them answers.

mod concealed_by_address;
mod host_name_as_address;
mod late_strict_host_check;
mod missing_server_name;
mod other_port_in_server_name;
mod shadowed_server_name;
mod unheard_virtual_host;
mod unnamed_virtual_host;
mod unused_port;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &concealed_by_address::RULE,
    &host_name_as_address::RULE,
    &late_strict_host_check::RULE,
    &missing_server_name::RULE,
    &other_port_in_server_name::RULE,
    &shadowed_server_name::RULE,
    &unheard_virtual_host::RULE,
    &unnamed_virtual_host::RULE,
    &unused_port::RULE,
];
