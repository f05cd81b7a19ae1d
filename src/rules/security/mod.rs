//! What a hardened server says otherwise, and what lets others in.

mod all_options;
mod allowed_overrides;
mod credentials_for_every_origin;
mod encoded_slashes;
mod exposed_password_file;
mod host_name_access;
mod listed_directories;
mod malformed_requests;
mod open_dav;
mod running_includes;
mod signed_pages;
mod told_file_number;
mod told_version;
mod traceable_requests;
mod written_password;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &all_options::RULE,
    &allowed_overrides::RULE,
    &credentials_for_every_origin::RULE,
    &encoded_slashes::RULE,
    &exposed_password_file::RULE,
    &host_name_access::RULE,
    &listed_directories::RULE,
    &malformed_requests::RULE,
    &open_dav::RULE,
    &running_includes::RULE,
    &signed_pages::RULE,
    &told_file_number::RULE,
    &told_version::RULE,
    &traceable_requests::RULE,
    &written_password::RULE,
];
