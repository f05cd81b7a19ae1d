//! `httpd-lint check`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use std::time::Instant;

use super::htaccess::{self, Exclusions, Found};
use super::progress::Progress;
use super::setup::Setup;
use super::{CheckArguments, FailOn, Failure, OutputFormat, written};
use crate::diagnostic::Level;
use crate::lint::{Fleet, Options, Outcome, Session};
use crate::render::{Format, Style, render};
use crate::world::ReadError;

// What is found on all servers, each once.
fn on_all_hosts<'a>(
    session: &mut Session<'a>,
    setup: &'a Setup,
    arguments: &CheckArguments,
) -> Result<Outcome, Failure> {
    if setup.hosts.is_empty() {
        return Ok(session.outcome());
    }
    let mut fleet = Fleet::new(setup.hosts.clone());
    let mut progress = Progress::new(setup.hosts.len());
    for (server, (inputs, hosts)) in setup.all_inputs().enumerate() {
        if server > 0 {
            session
                .move_to(inputs)
                .map_err(|it| unreadable(arguments, &it))?;
        }
        fleet.add(session.outcome(), hosts);
        progress.add(hosts.len());
    }
    Ok(fleet.outcome())
}

fn unreadable(arguments: &CheckArguments, error: &ReadError) -> Failure {
    let path = arguments.server.path.display();
    Failure(format!("{path}: {}", error.text().to_lowercase()))
}

pub(super) fn run(arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    let begun = Instant::now();
    let options = Options::new(&arguments.select, &arguments.ignore).map_err(Failure)?;
    let options = match arguments.no_allow {
        true => options.without_allowances(),
        false => options,
    };
    let exclusions = Exclusions::new(&arguments.exclude)?;
    let alone = Found::without_server(&arguments.server.path, &exclusions)?;
    let setup = match alone.files.first() {
        Some(first) => Setup::below(&arguments.server, first)?,
        None => Setup::new(&arguments.server)?,
    };
    for gap in setup.gaps.iter().chain(&alone.problems) {
        htaccess::say(gap)?;
    }
    let mut session =
        Session::new(setup.inputs(), &options).map_err(|it| unreadable(arguments, &it))?;
    let others = alone.files.iter().skip(1);
    for path in others.chain(&arguments.htaccess) {
        htaccess::add(&mut session, &setup, path, &exclusions)?;
    }
    let outcome = on_all_hosts(&mut session, &setup, arguments)?;
    let elapsed = format!("{} ms", begun.elapsed().as_millis());
    let display = |name: &str| setup.display(name);
    let style = Style {
        colours: arguments.output.is_none() && arguments.color.is_wanted(),
        display: &display,
        elapsed: Some(&elapsed),
        quiet: arguments.quiet,
        verbose: arguments.verbose,
    };
    let format = match arguments.format {
        OutputFormat::Full => Format::Full,
        OutputFormat::Concise => Format::Concise,
        OutputFormat::Json => Format::Json,
    };
    let target: Box<dyn Write> = match &arguments.output {
        Some(path) => {
            Box::new(File::create(path).map_err(|it| Failure(format!("{}: {it}", path.display())))?)
        }
        None => Box::new(std::io::stdout().lock()),
    };
    let mut target = BufWriter::with_capacity(1 << 16, target);
    written(render(&outcome, format, &style, &mut target).and_then(|()| target.flush()))?;
    let threshold = match arguments.fail_on {
        FailOn::Error => Some(Level::Error),
        FailOn::Warning => Some(Level::Warning),
        FailOn::Note => Some(Level::Note),
        FailOn::Never => None,
    };
    let fails = threshold.is_some_and(|it| outcome.worst().is_some_and(|worst| worst >= it));
    // What was read is not needed any more, and giving it back piece by piece takes time.
    std::mem::forget((outcome, session));
    std::mem::forget(setup);
    Ok(ExitCode::from(u8::from(fails)))
}
