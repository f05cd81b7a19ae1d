//! `httpd-lint show directives`.

use std::process::ExitCode;

use super::super::Failure;
use super::{ReportArguments, show};
use crate::configtest::is_in_version;
use crate::httpd::Directive;
use crate::model::loaded_modules::LoadedModules;
use crate::render::report;

pub(super) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    show(arguments, |session, style, out| {
        let (config, inputs) = (session.config(), session.inputs());
        let modules = LoadedModules::of(config, inputs).all.into_iter();
        let known = modules.filter_map(|it| inputs.table.module_by_identifier(&it.identifier?));
        let known: Vec<_> = known.collect();
        let is_there = |it: &Directive| is_in_version(inputs, it).is_true();
        report::directives(inputs.table, &known, &is_there, style, out)
    })
}
