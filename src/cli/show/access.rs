//! `httpd-lint show access`.

use std::net::IpAddr;
use std::process::ExitCode;

use clap::Args;

use super::super::Failure;
use super::{ReportArguments, show_asking};
use crate::model::trace::{self, Tracer};
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
            let mut requests = trace::requests(httpd);
            for request in &mut requests {
                request.1.from = arguments.from;
            }
            let tracer = Tracer::new(httpd, requests.len());
            for (_, request) in &requests {
                let mut trace = tracer.follow(request);
                wanted.append(&mut trace.wanted);
                report.add(request, httpd, &trace, style.display);
            }
            (report, wanted)
        });
        report.write(style, out)
    })
}
