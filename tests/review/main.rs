//! What `review` tells of a change is what two real servers do, one as it was and one as it is.
//!
//! `tests/review/*.md` are changes: the files below `before/`, and those below `after/` that are
//! others then. The last block holds what is told, and what both servers answer.
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

#[path = "../trace/asked.rs"]
mod asked;
mod command;
mod documents;
mod edits;
#[path = "../trace/site.rs"]
mod site;
