//! Chooses rules, runs them, and puts their findings in order.

mod allow;
mod asked_files;
mod askers;
mod baseline;
mod collect;
mod engine;
mod example;
mod fixes;
mod fleet;
mod levels;
mod linter;
mod options;
pub mod outcome;
mod requests;
mod session;
mod settings;
mod settings_texts;
mod unknowns;
mod whole;

pub use baseline::{Baseline, Fingerprint};
pub use example::found_in_examples;
pub use fixes::{Lint, Mended, MendedFile, Mending, Show};
pub use fleet::{Fleet, Hosts};
pub use levels::{Levels, Profile};
pub use options::Options;
pub use outcome::{Fragment, Outcome, Summary, Unknown};
pub use session::Session;
pub use settings::{Contexts, Form, KEYS, Key, Problem, Settings};
pub use settings_texts::{schema, template};
