//! `httpd-lint show vhosts`.

use std::process::ExitCode;

use super::super::Failure;
use super::{ReportArguments, show};
use crate::model::servers::Servers;
use crate::render::report;

pub(super) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    show(arguments, |session, style, out| {
        let servers = Servers::of(session.config(), session.inputs().table);
        report::vhosts(session.config(), &servers, style, out)
    })
}
