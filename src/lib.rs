//! httpd-lint: a static linter for Apache httpd configuration.

pub mod diagnostic;
pub mod httpd;
pub mod lint;
pub mod source;
pub mod syntax;
pub mod world;
