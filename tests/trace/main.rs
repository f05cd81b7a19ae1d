//! What `trace` says of a request is what a real server answers to it.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

#[path = "../support"]
mod support {
    pub(crate) mod folder;
    pub(crate) mod server;
    pub(crate) mod workers;
}

mod asked;
mod shared;
