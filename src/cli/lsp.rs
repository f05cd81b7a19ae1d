//! `httpd-lint lsp`.

use std::ffi::OsString;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser};

use super::check::Task;
use super::settings::Project;
use super::{Cli, Command, Failure};
use crate::diagnostic::{Diagnostic, Level};
use crate::lint::{Outcome, Session};
use crate::lsp::{self, Open, Tree};
use crate::world::World;

#[derive(Debug, Args)]
pub(super) struct LspArguments {
    /// Speak over standard input and output. There is no other way; editors like to say it.
    #[arg(long)]
    stdio: bool,
}

pub(super) fn run(_: &LspArguments) -> ExitCode {
    let input = BufReader::new(std::io::stdin());
    let said_goodbye = lsp::serve(input, std::io::stdout(), Arc::new(CommandLine));
    ExitCode::from(u8::from(!said_goodbye))
}

/// What `check` would do with a path and some of its options.
pub(super) fn task(path: &Path, options: &[String]) -> Result<Task, Failure> {
    let words = ["httpd-lint", "check"].into_iter();
    let words = words.chain(options.iter().map(String::as_str));
    let words = words.map(OsString::from).chain([path.into()]);
    let cli = Cli::try_parse_from(words);
    let cli = cli.map_err(|it| Failure(it.kind().to_string()))?;
    match cli.command {
        Command::Check(arguments) => Task::new(&arguments),
        _ => Err(Failure("not a check".to_owned())),
    }
}

/// Trees are set up as `check` does it.
struct CommandLine;

impl Open for CommandLine {
    fn open(&self, main: &Path, options: &[String]) -> Result<Box<dyn Tree>, String> {
        match task(main, options) {
            Ok(task) => Ok(Box::new(task)),
            Err(Failure(message)) => Err(message),
        }
    }

    fn main_of(&self, file: &Path) -> Option<PathBuf> {
        Project::above(file).ok()?.main()
    }
}

impl Tree for Task {
    fn world(&self) -> &dyn World {
        self.setup.inputs().world
    }

    fn lint<'w>(&'w self, world: &'w dyn World) -> Result<Session<'w>, String> {
        let linted = Task::lint(self, world);
        linted.map(|it| it.0).map_err(|Failure(message)| message)
    }

    fn shape(&self, outcome: Outcome) -> Outcome {
        Task::shape(self, outcome).0
    }

    fn knows_findings(&self) -> bool {
        self.known.is_some()
    }

    fn level(&self, finding: &Diagnostic, server: &str) -> Option<Level> {
        let name = self.setup.local(server).map(|it| self.project.name(&it));
        self.level_of(finding, name.as_deref())
    }

    fn local(&self, server: &str) -> Option<PathBuf> {
        let local = self.setup.target(server)?;
        Some(local.canonicalize().unwrap_or(local))
    }
}
