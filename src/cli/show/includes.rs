//! `httpd-lint show includes`.

use std::process::ExitCode;

use super::super::Failure;
use super::{ReportArguments, show};
use crate::model::included_files::included_files;
use crate::render::report;

pub(super) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    show(arguments, |session, style, out| {
        let files = included_files(session.config());
        report::includes(&files, style, out)
    })
}
