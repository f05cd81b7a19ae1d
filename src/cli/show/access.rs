//! `httpd-lint show access`.

use std::net::IpAddr;
use std::process::ExitCode;

use clap::Args;

use super::super::Failure;
use super::{ReportArguments, show_asking};
use crate::model::trace::{self, Trace};
use crate::render::report::access::Report;

/// For whom.
#[derive(Debug, Args)]
pub(crate) struct AccessArguments {
    #[command(flatten)]
    report: ReportArguments,
    /// The address of the client.
    #[arg(long, value_name = "CLIENT-IP")]
    from: Option<IpAddr>,
}

pub(super) fn run(arguments: &AccessArguments) -> Result<ExitCode, Failure> {
    show_asking(&arguments.report, |session, style, out| {
        let report = session.ask(|httpd| {
            let mut report = Report::default();
            let mut wanted = Vec::new();
            for (_, mut request) in trace::requests(httpd) {
                request.from = arguments.from;
                let mut trace = Trace::of(httpd, &request);
                wanted.append(&mut trace.wanted);
                report.add(&request, httpd, &trace, style.display);
            }
            (report, wanted)
        });
        report.write(style, out)
    })
}
