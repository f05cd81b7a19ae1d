//! `httpd-lint show mutexes`.

use std::process::ExitCode;

use super::super::Failure;
use super::{ReportArguments, show};
use crate::render::report;

pub(super) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    show(arguments, |session, style, out| {
        let mutexes = session
            .modules()
            .mutexes(session.config(), session.inputs());
        report::mutexes(
            &mutexes,
            session.config(),
            session.inputs().table,
            style,
            out,
        )
    })
}
