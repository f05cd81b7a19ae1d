//! `httpd-lint check`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use std::time::Instant;

use super::setup::Setup;
use super::{CheckArguments, FailOn, Failure, OutputFormat, written};
use crate::diagnostic::Level;
use crate::lint::{Options, Session};
use crate::render::{Format, Style, render};

pub(super) fn run(arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    let begun = Instant::now();
    let options = Options::new(&arguments.select, &arguments.ignore).map_err(Failure)?;
    let setup = Setup::new(&arguments.server)?;
    for gap in &setup.gaps {
        writeln!(std::io::stderr(), "httpd-lint: {gap}")?;
    }
    let mut session = Session::new(setup.inputs(), &options).map_err(|it| {
        Failure(format!(
            "{}: {}",
            arguments.server.path.display(),
            it.text().to_lowercase()
        ))
    })?;
    for file in &arguments.htaccess {
        let path = setup.server_path(file)?;
        let read = session
            .add_htaccess(&path)
            .map_err(|it| Failure(format!("{}: {}", file.display(), it.text().to_lowercase())))?;
        if !read {
            writeln!(
                std::io::stderr(),
                "httpd-lint: {}: httpd does not read it",
                file.display()
            )?;
        }
    }
    let outcome = session.outcome();
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
