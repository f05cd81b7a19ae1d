//! Chooses rules, runs them, and puts their findings in order.

pub mod outcome;
mod session;

pub use outcome::{Outcome, Summary, Unknown};
pub use session::Session;
