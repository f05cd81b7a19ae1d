//! `httpd-lint show runtime`.

use std::process::ExitCode;

use super::super::Failure;
use super::{ReportArguments, show};
use crate::httpd::ModuleId;
use crate::model::run_settings::RunSettings;
use crate::render::report;

/// The module that knows of users.
const UNIXD: ModuleId = ModuleId::of("mod_unixd.c");

pub(super) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    show(arguments, |session, style, out| {
        let (config, inputs) = (session.config(), session.inputs());
        let modules = session.modules();
        let settings = RunSettings::of(config, inputs, modules.server_root());
        let has_accounts = !modules.has(UNIXD).is_false();
        report::runtime(
            &settings,
            &modules.mutexes(config, inputs),
            has_accounts,
            style,
            out,
        )
    })
}
