//! `httpd-lint show sections`.

use std::process::ExitCode;

use clap::Args;

use super::super::Failure;
use super::super::requests::AskingArguments;
use super::super::trace::url_and_server;
use super::{Format, ServerArguments, show_server};
use crate::model::trace::{Applied, Trace, about_file};
use crate::render::report::sections;

/// Of what.
#[derive(Debug, Args)]
#[command(
    override_usage = "httpd-lint show sections [OPTIONS] URL|PATH [MAIN]",
    mut_arg("path", |it| it.index(1).value_name("URL|PATH").help(
        "A URL, or the path of a file of the server; behind it a main file or a ServerRoot \
         directory, else `main` of `httpd-lint.toml`"
    )),
)]
pub(crate) struct SectionsArguments {
    #[command(flatten)]
    server: ServerArguments,
    #[arg(hide = true, index = 2)]
    more: Vec<String>,
    #[command(flatten)]
    asking: AskingArguments,
    /// How to write the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(arguments: &SectionsArguments) -> Result<ExitCode, Failure> {
    let (mut subjects, server) = url_and_server(&arguments.server, &arguments.more, false);
    let (Some(subject), true) = (subjects.pop(), subjects.is_empty()) else {
        let message = "name one URL or path: `httpd-lint show sections URL|PATH [MAIN]`";
        return Err(Failure(message.to_owned()));
    };
    let request = arguments.asking.request(&subject)?;
    let is_path = subject.starts_with('/');
    show_server(
        &server,
        arguments.format == Format::Json,
        |session, style, out| {
            let report = session.ask(|httpd| {
                let (applied, wanted) = match is_path {
                    true => {
                        let pass = about_file(httpd, &request, &subject);
                        (Applied::all(&pass), pass.wanted)
                    }
                    false => {
                        let trace = Trace::of(httpd, &request);
                        (trace.sections, trace.wanted)
                    }
                };
                (
                    sections::Report::of(&subject, &applied, style.display),
                    wanted,
                )
            });
            report.write(style, out)
        },
    )
}
