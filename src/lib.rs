//! httpd-lint: a static linter for Apache httpd configuration.

pub mod diagnostic;
pub mod lint;
pub mod render;
pub mod source;
pub mod syntax;
pub mod world;
