//! Chooses rules, runs them, and puts their findings in order.

mod allow;
mod askers;
mod collect;
mod engine;
mod fleet;
mod linter;
mod options;
pub mod outcome;
mod session;
mod unknowns;

pub use fleet::{Fleet, Hosts};
pub use options::Options;
pub use outcome::{Fragment, Outcome, Summary, Unknown};
pub use session::Session;
