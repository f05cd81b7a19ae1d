//! `httpd-lint facts`: what is known of a server, and how it comes to be known.

mod diff;
mod hosts;
mod read;
mod report;
mod show;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

use super::{Failure, ServerArguments, written};
use crate::facts::{Fact, Facts, Origin, envvars};
use crate::shell::{now, server};

pub(super) use read::read;

const SCRIPT: &str = include_str!("capture.sh");

#[derive(Debug, Subcommand)]
pub(super) enum FactsCommand {
    /// Print a POSIX shell script that captures the facts of the machine on which it runs.
    ///
    /// It needs no httpd-lint there, no root and nothing but a shell:
    /// `httpd-lint facts script | ssh web01 sh >facts/web01.txt`. What a machine lacks is a gap in
    /// the text. Values that may be secret are left out.
    Script,
    /// Ask an httpd of this machine, and write what it says as one text for `--facts`.
    Capture(CaptureArguments),
    /// Show what was understood, and the line that each fact comes from.
    Show {
        #[command(flatten)]
        facts: FactsArguments,
        /// How to write the facts.
        #[arg(long, value_enum, default_value_t = FactsFormat::Table)]
        format: FactsFormat,
    },
    /// Compare two servers. The exit code is 1 where they differ.
    Diff {
        /// A file of facts, or the name of a common build.
        before: PathBuf,
        /// Another one.
        after: PathBuf,
        /// How to write the differences.
        #[arg(long, value_enum, default_value_t = FactsFormat::Table)]
        format: FactsFormat,
    },
    /// Write what a bug report to mod_wsgi needs, in Markdown: all outputs, and what follows from
    /// them and from the configuration.
    Report(Box<ReportArguments>),
}

#[derive(Debug, Args)]
pub(super) struct CaptureArguments {
    /// The httpd to ask. No other program is started, and no server is.
    #[arg(long, value_name = "PATH")]
    httpd: PathBuf,
    /// The environment that httpd is started with, where it is not the file `envvars` of this httpd.
    #[arg(long, value_name = "FILE")]
    envvars: Option<PathBuf>,
    /// Write to a file instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct FactsArguments {
    /// Files and folders of facts, or names of common builds. What a later one says counts.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ReportArguments {
    #[command(flatten)]
    server: ServerArguments,
    /// Write to a file instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FactsFormat {
    /// For people.
    Table,
    /// One JSON object.
    Json,
}

pub(super) fn run(command: &FactsCommand) -> Result<ExitCode, Failure> {
    match command {
        FactsCommand::Script => write_to(None, SCRIPT),
        FactsCommand::Capture(arguments) => capture(arguments),
        FactsCommand::Show { facts, format } => show::run(facts, *format),
        FactsCommand::Diff {
            before,
            after,
            format,
        } => diff::run(before, after, *format),
        FactsCommand::Report(arguments) => report::run(arguments),
    }
}

fn capture(arguments: &CaptureArguments) -> Result<ExitCode, Failure> {
    let environment = match &arguments.envvars {
        None => None,
        Some(path) => Some(Fact {
            value: envvars::read(&super::setup::read_text(path)?, &Default::default()),
            origin: Origin {
                text: path.display().to_string().into(),
                line: 1,
            },
        }),
    };
    let facts = server::ask(&server::Questions {
        httpd: &arguments.httpd,
        environment: environment.as_ref(),
        only_if_active: None,
        limit: read::PATIENCE,
        now: now(),
    });
    for gap in facts.gaps.iter().chain(&facts.asides) {
        super::say(&gap.value)?;
    }
    read::require_httpd(&facts, &arguments.httpd)?;
    write_to(arguments.output.as_deref(), &facts.capture())
}

fn write_to(file: Option<&Path>, text: &str) -> Result<ExitCode, Failure> {
    match file {
        Some(path) => {
            std::fs::write(path, text).map_err(|it| Failure(format!("{}: {it}", path.display())))?
        }
        None => written(std::io::stdout().lock().write_all(text.as_bytes()))?,
    }
    Ok(ExitCode::SUCCESS)
}

// How old a capture is, and whether that is old.
fn age(facts: &Facts) -> Option<String> {
    let captured = facts.captured.as_ref()?;
    let now = now();
    let Some(ago) = captured.value.ago(now) else {
        return Some(format!("captured {}, a time yet to come", captured.value));
    };
    let old = if read::is_old(captured.value, now) {
        ": it may no longer be so"
    } else {
        ""
    };
    Some(format!("captured {}, {ago}{old}", captured.value))
}
