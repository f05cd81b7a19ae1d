//! `httpd-lint show modules`.

use std::process::ExitCode;

use super::super::Failure;
use super::{ReportArguments, show};
use crate::model::loaded_modules::LoadedModules;
use crate::render::report;

pub(super) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    show(arguments, |session, style, out| {
        let modules = LoadedModules::of(session.config(), session.inputs());
        report::modules(session.config(), &modules, style, out)
    })
}
