//! What `trace` says of a request is what a real server answers to it.
//!
//! `tests/trace/*.md` are servers that are started here, and so are those that a generator makes;
//! the shared cases were measured elsewhere.
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
    pub(crate) mod document;
    pub(crate) mod folder;
    pub(crate) mod random;
    pub(crate) mod repository;
    pub(crate) mod request;
    pub(crate) mod running;
    pub(crate) mod server;
    pub(crate) mod tree;
    pub(crate) mod workers;
}

#[path = "../render/schema.rs"]
mod schema;

mod asked;
mod documents;
mod edits;
mod many;
mod random;
mod shared;
mod site;
