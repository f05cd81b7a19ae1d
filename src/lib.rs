//! httpd-lint: a static linter for Apache httpd configuration.

pub mod diagnostic;
pub mod facts;
pub mod lint;
pub mod shell;
pub mod source;
pub mod syntax;
pub mod world;
