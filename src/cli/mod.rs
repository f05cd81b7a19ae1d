//! The command line: `httpd-lint`.
//!
//! Everything here is about the person at the terminal: options, paths, streams, exit codes. What
//! is wrong with a configuration is decided below.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the command line is one of the places that touch the machine"
)]

mod baseline;
mod changed;
mod check;
mod explain;
mod facts;
mod fix;
mod fmt;
mod htaccess;
mod late;
mod lsp;
mod manual;
mod output;
mod progress;
mod requests;
mod review;
mod revisions;
mod settings;
mod setup;
mod show;
mod trace;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{OsStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diagnostic::Level;
use crate::evaluate::Standing;
use crate::lint::Outcome;
use late::Late;
use output::{Output, OutputFormat};

/// A static linter for Apache httpd configuration.
#[derive(Debug, Parser)]
#[command(name = "httpd-lint", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const HTACCESS: &str = "\
.htaccess files:
  httpd-lint check /etc/apache2 --host --htaccess /srv/www
      on the server: all below the folder, each by what AllowOverride, AllowOverrideList and
      Options= permit there; files that httpd does not read are only counted
  httpd-lint check etc/apache2 --map /srv/www=./www --htaccess www --exclude vendor,'*.bak'
      the same in a repository, where the folder of the server is another one
  httpd-lint check www
  httpd-lint check www/shop/.htaccess
      without a server: as if AllowOverride All were said, because what is refused then is refused
      under every other one; only Nonfatal= would forgive some of it

  httpd starts with a wrong .htaccess file. An error in one means that every request below its
  directory is answered with 500. Links to folders are not followed: httpd goes by the name of the
  link, so name the link to lint what is behind it.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Lint configurations; the main job.
    #[command(after_long_help = HTACCESS)]
    Check(Late<CheckArguments>),
    /// Print the page of a rule, or write all of them.
    Explain(Late<explain::ExplainArguments>),
    /// List the rules.
    Rules(Late<explain::RulesArguments>),
    /// What a project settles once for all in its `httpd-lint.toml`.
    #[command(subcommand)]
    Settings(Late<settings::SettingsCommand>),
    /// Show what httpd itself would report of a configuration.
    #[command(subcommand)]
    Show(Late<show::Report>),
    /// What requests meet: virtual host, mapping, sections, access, handler, headers.
    Trace(Late<trace::TraceArguments>),
    /// What a change in a repository changes: in what httpd does, and in the findings.
    Review(Late<review::ReviewArguments>),
    /// Capture what a server is, show it and compare it.
    #[command(subcommand)]
    Facts(Late<facts::FactsCommand>),
    /// Lay out files: indentation and spacing only, so that httpd reads the same.
    Fmt(Late<fmt::FmtArguments>),
    /// Check in the editor: speak the Language Server Protocol.
    Lsp(Late<lsp::LspArguments>),
    /// Print the manual page (roff), or write those of all commands.
    Man(Late<manual::ManArguments>),
    /// Print a script that completes command lines.
    Completions(Late<manual::CompletionsArguments>),
}

/// Which server, and what is known of it.
#[derive(Debug, Clone, Args)]
struct ServerArguments {
    /// A main file, a ServerRoot directory, a part of a configuration, or `-` for standard input.
    /// Without it, `main` of `httpd-lint.toml`.
    #[arg(default_value = "", hide_default_value = true, value_parser = any_path())]
    path: PathBuf,
    /// The settings; otherwise the first `httpd-lint.toml` from there upwards.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The file that `-` stands for: its name is shown, and says where the text stands and what lies
    /// beside it.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,
    /// Facts about the server: a file or a folder of files that hold the output of `httpd -V`,
    /// `-l`, `-M` or `-t`, or of `facts script`; or the name of a common build (`debian-12`,
    /// `homebrew`).
    #[arg(long, value_name = "PATH")]
    facts: Vec<PathBuf>,
    /// Ask this httpd for the facts. But for git, where a revision is named, no other program is started.
    #[arg(long, value_name = "PATH")]
    httpd: Option<PathBuf>,
    /// This machine is the server: look at its files, users and environment.
    #[arg(long)]
    host: bool,
    /// Define a name, as `httpd -D` does.
    #[arg(short = 'D', value_name = "NAME")]
    define: Vec<String>,
    /// The ServerRoot before any directive sets it, as `httpd -d`.
    #[arg(long, value_name = "DIR")]
    server_root: Option<PathBuf>,
    /// Take a folder of this machine for a folder of the server.
    #[arg(long, value_name = "FROM=TO")]
    map: Vec<String>,
    /// The environment that httpd is started with: Debian's `envvars`, or a file like it.
    #[arg(long, value_name = "FILE")]
    envvars: Option<PathBuf>,
    /// Where the file stands, if it is a part of a configuration. A file called `.htaccess` tells
    /// by itself, another one by a comment at its top, `# httpd-lint: context(PLACE)`, or by
    /// `context` of `httpd-lint.toml`.
    #[arg(long, value_parser = places(), value_name = "PLACE")]
    context: Option<Standing>,
    /// The same, where neither it nor the file says anything: from the settings.
    #[arg(skip)]
    usual_context: Option<Standing>,
    /// The version of mod_wsgi, where no fact says it: `4.9`, `6.1`.
    #[arg(long, value_name = "VERSION")]
    mod_wsgi: Option<String>,
    /// A description of private modules and their directives (TOML).
    #[arg(long, value_name = "FILE")]
    modules: Vec<PathBuf>,
}

// Also an empty one, for none.
fn any_path() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

// The places that have names.
fn places() -> impl TypedValueParser<Value = Standing> {
    PossibleValuesParser::new(Standing::names()).map(|it| Standing::named(&it).unwrap_or_default())
}

#[derive(Debug, Clone, Args)]
struct CheckArguments {
    #[command(flatten)]
    server: ServerArguments,
    /// Also lint this `.htaccess` file of the server, or all below this folder, by what
    /// `AllowOverride` permits there.
    #[arg(long, value_name = "PATH")]
    htaccess: Vec<PathBuf>,
    /// Skip files and folders of these names, or at these paths, where a folder is searched.
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    exclude: Vec<String>,
    /// How to write the findings; in GitHub Actions `github` if nothing else is said, otherwise
    /// `full`.
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
    /// Write to a file, or with `-` to standard output, in a format of its own or in that of
    /// `--format`.
    #[arg(long, value_name = "[FORMAT:]FILE", value_parser = Output::parser())]
    output: Vec<Output>,
    /// Show only so many findings, the most severe ones; all are counted.
    #[arg(long, value_name = "NUMBER")]
    max_findings: Option<usize>,
    /// The lowest level at which the exit code is 1.
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "LEVEL")]
    fail_on: FailOn,
    /// Only these rules; what httpd refuses is always shown.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// Not these rules; what httpd refuses is always shown.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Also what comments allow (`# httpd-lint: allow(RULE) -- reason`).
    #[arg(long)]
    no_allow: bool,
    /// Do not show the findings that this file knows.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what is found now into the file of known findings: what was mended is forgotten.
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff"])]
    write_baseline: bool,
    /// Show only what is on lines that changed since this revision of the repository, and what was
    /// not found there. Asks git.
    #[arg(
        long,
        value_name = "BASE",
        conflicts_with_all = ["fix", "unsafe_fixes", "diff", "write_baseline"]
    )]
    changed: Option<String>,
    /// Apply the fixes that change nothing but what was meant.
    #[arg(long)]
    fix: bool,
    /// Also apply the fixes that are guesses at what was meant.
    #[arg(long)]
    unsafe_fixes: bool,
    /// Do not write files: show what fixes would change, for `patch`.
    #[arg(long)]
    diff: bool,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
    /// Only the findings.
    #[arg(short, long)]
    quiet: bool,
    /// Also where something unknown mattered, and how fixes are applied.
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Only what httpd refuses.
    Error,
    /// Also what it accepts and does not do right.
    Warning,
    /// Also advice.
    Note,
    /// Always 0, unless the configuration cannot be linted.
    Never,
}

impl FailOn {
    /// 1 where something that was found is as bad as that.
    fn exit_code(self, outcome: &Outcome) -> ExitCode {
        let threshold = match self {
            FailOn::Error => Some(Level::Error),
            FailOn::Warning => Some(Level::Warning),
            FailOn::Note => Some(Level::Note),
            FailOn::Never => None,
        };
        let fails = threshold.is_some_and(|it| outcome.worst().is_some_and(|worst| worst >= it));
        ExitCode::from(u8::from(fails))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// If standard output is a terminal and NO_COLOR is not set.
    Auto,
    Always,
    Never,
}

impl Colour {
    fn is_wanted(self) -> bool {
        use std::io::IsTerminal;
        match self {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => {
                let forbidden = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
                !forbidden && std::io::stdout().is_terminal()
            }
        }
    }
}

/// What stops us from linting: one line, and exit code 2.
#[derive(Debug)]
struct Failure(String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure(error.to_string())
    }
}

/// Writes one line beside the findings.
fn say(line: &str) -> Result<(), Failure> {
    use std::io::Write;
    Ok(writeln!(std::io::stderr(), "httpd-lint: {line}")?)
}

/// Runs the command line `arguments`, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; clap knows which stream each belongs to.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let result = match cli.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments),
        Command::Rules(arguments) => explain::list(&arguments),
        Command::Settings(command) => settings::run(&command),
        Command::Show(report) => show::run(&report),
        Command::Trace(arguments) => trace::run(&arguments),
        Command::Review(arguments) => review::run(&arguments),
        Command::Facts(command) => facts::run(&command),
        Command::Fmt(arguments) => fmt::run(&arguments),
        Command::Lsp(arguments) => Ok(lsp::run(&arguments)),
        Command::Man(arguments) => manual::man(&arguments),
        Command::Completions(arguments) => manual::completions(&arguments),
    };
    match result {
        Ok(code) => code,
        Err(Failure(message)) => {
            // There is nowhere left to report that standard error is closed.
            let _ = writeln!(std::io::stderr(), "httpd-lint: {message}");
            ExitCode::from(2)
        }
    }
}

// A reader that went away (`| head`) is no failure of ours.
fn written(result: std::io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure(format!("cannot write: {error}"))),
        Ok(()) => Ok(()),
    }
}
