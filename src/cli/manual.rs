//! `httpd-lint man` and `httpd-lint completions`: what packages put beside the program.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::late::at_once;
use super::{Cli, Failure, written};

/// The name of the program.
const NAME: &str = "httpd-lint";

#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// Write this page and one for each command into a folder.
    #[arg(long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell that reads the script.
    shell: Shell,
}

fn all_commands() -> clap::Command {
    at_once(Cli::command)
}

/// Prints the manual page, or writes all of them.
pub(super) fn man(arguments: &ManArguments) -> Result<ExitCode, Failure> {
    if let Some(folder) = &arguments.output {
        let named = |it: std::io::Error| Failure(format!("{}: {it}", folder.display()));
        std::fs::create_dir_all(folder).map_err(named)?;
        clap_mangen::generate_to(all_commands(), folder).map_err(named)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(all_commands()).render(&mut page)?;
    written(std::io::stdout().write_all(&page))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the script that completes command lines.
pub(super) fn completions(arguments: &CompletionsArguments) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut all_commands(), NAME, &mut script);
    written(std::io::stdout().write_all(&script))?;
    Ok(ExitCode::SUCCESS)
}
