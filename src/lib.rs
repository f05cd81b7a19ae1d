//! httpd-lint: a static linter for Apache httpd configuration.

pub mod argument;
pub mod cli;
pub mod configtest;
pub mod diagnostic;
pub mod evaluate;
pub mod facts;
pub mod form;
pub mod httpd;
pub mod lint;
pub mod model;
pub mod render;
pub mod rule;
pub mod rules;
pub mod shell;
pub mod source;
pub mod syntax;
pub mod world;
