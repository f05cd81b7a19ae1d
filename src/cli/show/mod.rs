//! `httpd-lint show`: what httpd itself would report of a configuration. One file for each report.

mod access;
mod config;
mod directives;
mod includes;
mod modules;
mod mutexes;
mod runtime;
mod sections;
mod vhosts;
mod wsgi;

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use clap::{Args, Subcommand, ValueEnum};
use rustc_hash::FxHashMap;

use super::settings::Project;
use super::setup::Setup;
use super::{Failure, ServerArguments, say, written};
use crate::lint::{Options, Outcome, Session};
use crate::render::Supplement;
use crate::render::report::Style;

#[derive(Debug, Subcommand)]
pub(super) enum Report {
    /// Who is let in where: each part of the URLs that something is said about, the most open first.
    Access(access::AccessArguments),
    /// The directives that wait until everything is read (`-t -D DUMP_CONFIG` of mod_info).
    Config(ReportArguments),
    /// The directives that the server knows, and where each may stand (`-L`).
    Directives(ReportArguments),
    /// The files that are read, in the order in which httpd reads them (`-t -D DUMP_INCLUDES`).
    Includes(ReportArguments),
    /// The modules, in the order in which httpd keeps them (`-M`).
    Modules(ReportArguments),
    /// The mutexes between processes: with which mechanism each is made, where its file is, why,
    /// and whether it is made at all. That of mod_wsgi's daemon processes stands beside them.
    Mutexes(ReportArguments),
    /// The settings with which the server runs (`-t -D DUMP_RUN_CFG`).
    Runtime(ReportArguments),
    /// Which sections and `.htaccess` files apply to a URL, or to a file of the server, in the order
    /// in which they are merged.
    Sections(sections::SectionsArguments),
    /// The virtual hosts by their addresses (`-t -D DUMP_VHOSTS`; `-S` prints this and `runtime`).
    Vhosts(ReportArguments),
    /// What Python scripts see under mod_wsgi: for each mount, or for requests, which process and
    /// which interpreter runs the script, or how the request fails.
    Wsgi(wsgi::WsgiArguments),
}

/// Of which server, and how the report is written.
#[derive(Debug, Args)]
pub(super) struct ReportArguments {
    #[command(flatten)]
    server: ServerArguments,
    /// How to write the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// As httpd prints it, with the paths that the server has.
    Text,
    /// One JSON object, with the paths of this machine, too.
    Json,
}

pub(super) fn run(report: &Report) -> Result<ExitCode, Failure> {
    match report {
        Report::Access(arguments) => access::run(arguments),
        Report::Config(arguments) => config::run(arguments),
        Report::Directives(arguments) => directives::run(arguments),
        Report::Includes(arguments) => includes::run(arguments),
        Report::Modules(arguments) => modules::run(arguments),
        Report::Mutexes(arguments) => mutexes::run(arguments),
        Report::Runtime(arguments) => runtime::run(arguments),
        Report::Sections(arguments) => sections::run(arguments),
        Report::Vhosts(arguments) => vhosts::run(arguments),
        Report::Wsgi(arguments) => wsgi::run(arguments),
    }
}

/// Reads the configuration, and writes what `write` makes of it. Of one that httpd refuses, it
/// would report nothing: then standard error and the exit code say so.
fn show(
    arguments: &ReportArguments,
    write: impl FnOnce(&Session<'_>, &Style<'_>, &mut dyn Write) -> io::Result<()>,
) -> Result<ExitCode, Failure> {
    show_asking(arguments, |session, style, out| write(session, style, out))
}

/// The same for a report that reads more files while it is made.
fn show_asking(
    arguments: &ReportArguments,
    write: impl FnOnce(&mut Session<'_>, &Style<'_>, &mut dyn Write) -> io::Result<()>,
) -> Result<ExitCode, Failure> {
    let is_json = arguments.format == Format::Json;
    show_server(&arguments.server, is_json, write)
}

/// The same of a server, whatever other options there are.
pub(super) fn show_server(
    arguments: &ServerArguments,
    json: bool,
    write: impl FnOnce(&mut Session<'_>, &Style<'_>, &mut dyn Write) -> io::Result<()>,
) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (result, refused) = look_at(arguments, |session, display| {
        let style = Style { json, display };
        write(session, &style, &mut out)
    })?;
    written(result.and_then(|()| out.flush()))?;
    Ok(ExitCode::from(u8::from(refused)))
}

/// Reads the configuration and looks at it. What else a reader has to know goes to standard error;
/// whether httpd refuses it stands beside the result.
pub(super) fn look_at<T>(
    arguments: &ServerArguments,
    look: impl FnOnce(&mut Session<'_>, &(dyn Fn(&str) -> String + Sync)) -> T,
) -> Result<(T, bool), Failure> {
    let server = Project::find(arguments)?.server(arguments)?;
    look_at_files(&Setup::new(&server)?, &server.path, look)
}

/// The same for files of which it is settled where they are.
pub(super) fn look_at_files<T>(
    setup: &Setup,
    main: &Path,
    look: impl FnOnce(&mut Session<'_>, &(dyn Fn(&str) -> String + Sync)) -> T,
) -> Result<(T, bool), Failure> {
    for gap in &setup.gaps {
        say(gap)?;
    }
    let mut session = Session::new(setup.inputs(), &Options::refusals())
        .map_err(|it| Failure(format!("{}: {}", main.display(), it.text().to_lowercase())))?;
    // A file has many lines that are shown.
    let names = Mutex::new(FxHashMap::<String, String>::default());
    let display = |name: &str| {
        let mut names = names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names.get(name) {
            return known.clone();
        }
        let shown = setup.display(name);
        names.insert(name.to_owned(), shown.clone());
        shown
    };
    let result = look(&mut session, &display);
    for gap in setup.unread() {
        say(&gap)?;
    }
    let outcome = session.outcome();
    for line in remarks(&outcome) {
        say(&line)?;
    }
    Ok((result, outcome.first.is_some()))
}

/// The reports that people read beside findings, as texts.
pub(super) fn supplements(
    session: &mut Session<'_>,
    display: &(dyn Fn(&str) -> String + Sync),
) -> io::Result<Vec<Supplement>> {
    let style = Style {
        json: false,
        display,
    };
    let mut texts = [Vec::new(), Vec::new(), Vec::new()];
    let [files, hosts, applications] = &mut texts;
    includes::write(session, &style, files)?;
    vhosts::write(session, &style, hosts)?;
    wsgi::write(session, &[], &style, applications)?;
    let titles = ["Files", "Virtual hosts", "Applications of mod_wsgi"];
    let supplements = titles
        .into_iter()
        .zip(texts)
        .map(|(title, text)| Supplement {
            title: title.to_owned(),
            text: String::from_utf8_lossy(&text).into_owned(),
        });
    Ok(supplements.filter(|it| !it.text.is_empty()).collect())
}

// What a reader of the report has to know besides.
fn remarks(outcome: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    for unknown in &outcome.unknowns {
        let (what, decided_by) = (unknown.all(), &unknown.decided_by);
        lines.push(format!("not known: {what}; {decided_by} would tell"));
    }
    if outcome.first.is_some() {
        let hint = "httpd refuses this configuration, and reports nothing: see `httpd-lint check`";
        lines.push(hint.to_owned());
    }
    lines
}
