//! `httpd-lint show includes`.

use std::io::{self, Write};
use std::process::ExitCode;

use super::super::Failure;
use super::{ReportArguments, show};
use crate::lint::Session;
use crate::model::included_files::included_files;
use crate::render::report::{self, Style};

pub(super) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    show(arguments, write)
}

pub(super) fn write(
    session: &Session<'_>,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let files = included_files(session.config());
    report::includes(&files, style, out)
}
