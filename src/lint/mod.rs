//! Chooses rules, runs them, and puts their findings in order.

pub mod outcome;

pub use outcome::{Outcome, Summary, Unknown};
