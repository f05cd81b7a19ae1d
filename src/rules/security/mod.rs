//! What a hardened server says otherwise, and what lets others in.

mod access_control_in_condition;
mod all_options;
mod allowed_overrides;
mod believed_header;
mod ciphers_without_forward_secrecy;
mod credentials_for_every_origin;
mod encoded_slashes;
mod exposed_password_file;
mod exposed_server_file;
mod host_name_access;
mod known_vulnerability;
mod listed_directories;
mod local_for_everybody;
mod logged_secret;
mod malformed_requests;
mod missing_transport_security;
mod open_dav;
mod open_file_system;
mod override_at_root;
mod pages_over_plain_http;
mod password_over_plain_http;
mod published_homes;
mod redirects_of_backend;
mod running_includes;
mod sent_hidden_files;
mod signed_pages;
mod slow_requests;
mod told_file_number;
mod told_version;
mod traceable_requests;
mod transport_security_for_some;
mod unlimited_request;
mod unlogged_host;
mod unsafe_question_mark;
mod written_password;

use crate::evaluate::Placed;
use crate::model::layers::place_of;
use crate::rule::Rule;
use crate::source::Site;

pub(super) const RULES: &[&Rule] = &[
    &access_control_in_condition::RULE,
    &all_options::RULE,
    &allowed_overrides::RULE,
    &believed_header::RULE,
    &ciphers_without_forward_secrecy::RULE,
    &credentials_for_every_origin::RULE,
    &encoded_slashes::RULE,
    &exposed_password_file::RULE,
    &exposed_server_file::RULE,
    &host_name_access::RULE,
    &known_vulnerability::RULE,
    &listed_directories::RULE,
    &local_for_everybody::RULE,
    &logged_secret::RULE,
    &malformed_requests::RULE,
    &missing_transport_security::RULE,
    &open_dav::RULE,
    &open_file_system::RULE,
    &override_at_root::RULE,
    &pages_over_plain_http::RULE,
    &password_over_plain_http::RULE,
    &published_homes::RULE,
    &redirects_of_backend::RULE,
    &running_includes::RULE,
    &sent_hidden_files::RULE,
    &signed_pages::RULE,
    &slow_requests::RULE,
    &told_file_number::RULE,
    &told_version::RULE,
    &traceable_requests::RULE,
    &transport_security_for_some::RULE,
    &unlimited_request::RULE,
    &unlogged_host::RULE,
    &unsafe_question_mark::RULE,
    &written_password::RULE,
];

/// The place where a line of `Options` switches one on.
fn switched_on(placed: &Placed<'_>, option: &str) -> Option<Site> {
    let span = place_of(placed, &[option, &format!("+{option}")])?;
    Some(placed.at(span))
}
