//! `httpd-lint show config`.

use std::process::ExitCode;

use super::super::Failure;
use super::{ReportArguments, show};
use crate::render::report;

pub(super) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    show(arguments, |session, style, out| {
        report::config(session.config(), session.inputs().table, style, out)
    })
}
