//! The language server: what an editor shows of a configuration while it is written.
//!
//! ```text
//! client ⇄ transport ⇄ server ⇄ tree (a thread each) ─ session
//!          frames      documents  buffers over the disk
//! ```
//!
//! The server keeps the documents that are open and finds the tree that each belongs to; a tree
//! keeps a warm [`Session`] and answers what is asked about its files. A change reaches the
//! session at once, so an answer is always about the text that the editor shows.
//!
//! Each feature is a file with one function from a question to an answer. It is given a view of
//! the file at hand, and touches nothing else.

mod abilities;
mod actions;
mod buffers;
mod client;
mod commands;
mod completion;
mod documents;
mod edits;
mod effect;
mod findings;
mod formatting;
mod handle;
mod hints;
mod hover;
mod links;
mod names;
mod outline;
mod parts;
mod position;
mod references;
mod requests;
mod server;
mod settings;
mod tokens;
mod transport;
mod tree;
mod uri;
mod view;

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Level};
use crate::lint::{Outcome, Session};
use crate::world::World;

/// How a tree of files is set up: by the options of the command line and the settings of a project.
pub trait Open: Send + Sync {
    /// Sets up the tree that begins with a main file, with some options of `check`.
    ///
    /// # Errors
    /// One line that says why not.
    fn open(&self, main: &Path, options: &[String]) -> Result<Box<dyn Tree>, String>;

    /// The main file that the settings of a project name for a file.
    fn main_of(&self, file: &Path) -> Option<PathBuf>;
}

/// The files of a server as they lie on this machine, and how they are linted.
pub trait Tree: Sync {
    /// The files.
    fn world(&self) -> &dyn World;

    /// Lints them in a world.
    ///
    /// # Errors
    /// One line that says why not.
    fn lint<'w>(&'w self, world: &'w dyn World) -> Result<Session<'w>, String>;

    /// Leaves out of what was found what the project does not want to see.
    fn shape(&self, outcome: Outcome) -> Outcome;

    /// Whether [`Tree::shape`] leaves out findings that were known before: which these are is seen
    /// only of all together.
    fn knows_findings(&self) -> bool;

    /// The level that a finding in a file of the server has for the project; `None` where it is
    /// not shown.
    fn level(&self, finding: &Diagnostic, server: &str) -> Option<Level>;

    /// Where a file of the server lies on this machine, links followed.
    fn local(&self, server: &str) -> Option<PathBuf>;
}

/// Serves a client until it says goodbye or goes away. Whether it said goodbye as it should.
pub fn serve<W: Write + Send + 'static>(
    input: impl BufRead + Send + 'static,
    output: W,
    open: Arc<dyn Open>,
) -> bool {
    server::run(input, output, open)
}
