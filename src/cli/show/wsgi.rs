//! `httpd-lint show wsgi`.

use std::io::{self, Write};
use std::net::IpAddr;
use std::process::ExitCode;

use clap::Args;

use super::super::Failure;
use super::super::requests::AskingArguments;
use super::{ReportArguments, show_asking};
use crate::lint::Session;
use crate::model::request::{Httpd, Journey, Reason, Request, Wanted};
use crate::model::servers;
use crate::model::wsgi::{self, Answer};
use crate::model::{Doubt, Known, Missing};
use crate::render::report::Style;
use crate::render::report::wsgi::{Asked, Report};

/// About which requests.
#[derive(Debug, Args)]
pub(crate) struct WsgiArguments {
    #[command(flatten)]
    report: ReportArguments,
    /// What a request for this URL gets.
    #[arg(long, value_name = "URL")]
    url: Vec<String>,
    #[command(flatten)]
    asking: AskingArguments,
}

pub(super) fn run(arguments: &WsgiArguments) -> Result<ExitCode, Failure> {
    let mut requests = Vec::new();
    for url in &arguments.url {
        requests.push((url.clone(), arguments.asking.request(url)?));
    }
    show_asking(&arguments.report, |session, style, out| {
        write(session, &requests, style, out)
    })
}

pub(super) fn write(
    session: &mut Session<'_>,
    requests: &[(String, Request)],
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let report = session.ask(|httpd| report(httpd, requests, style.display));
    report.write(style, out)
}

fn report(
    httpd: &Httpd<'_>,
    requests: &[(String, Request)],
    display: &dyn Fn(&str) -> String,
) -> (Report, Vec<Wanted>) {
    let plain = wsgi::requests(httpd);
    let (mounts, mut wanted) = wsgi::mounts(httpd, &plain);
    let asked: Vec<Asked<'_>> = requests
        .iter()
        .map(|(url, request)| {
            let (answer, reasons) = follow(httpd, request, &mut wanted);
            Asked {
                url: url.clone(),
                answer,
                reasons,
            }
        })
        .collect();
    let groups = wsgi::groups(httpd);
    (Report::of(&asked, &mounts, &groups, display), wanted)
}

fn follow<'a>(
    httpd: &'a Httpd<'a>,
    request: &'a Request,
    wanted: &mut Vec<Wanted>,
) -> (Answer<'a>, Vec<Reason<'a>>) {
    let server = match server(httpd, request) {
        Ok(Some(server)) => server,
        Ok(None) => return (Answer::of_status(Ok(Some(400))), Vec::new()),
        Err(doubt) => return (Answer::of_status(Err(doubt)), Vec::new()),
    };
    let mut journey = Journey::of(httpd, request, httpd.scopes.get(server));
    let answer = wsgi::answer(&mut journey);
    let mut reasons = Vec::new();
    for pass in &mut journey.passes {
        wanted.append(&mut pass.wanted);
        reasons.append(&mut pass.reasons);
    }
    (answer, reasons)
}

// The server that answers; `None` where httpd refuses the host.
fn server(httpd: &Httpd<'_>, request: &Request) -> Known<Option<servers::ServerId>> {
    // Where all virtual hosts are for any address, no address needs to be known.
    let unspecified = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);
    let addresses = httpd.servers.all.iter().flat_map(|it| &it.addresses);
    let needs_address = addresses
        .into_iter()
        .any(|it| it.host != servers::Host::Any);
    if request.address.is_none() && needs_address {
        return Err(Doubt::without(Missing::Address));
    }
    let answer = httpd.servers.answer(&servers::Request {
        address: request.address.unwrap_or(unspecified),
        port: request.port,
        host: request.host.as_deref(),
        path: &request.path,
    });
    match answer {
        Some(servers::Answer::Server(id)) => Ok(Some(id)),
        Some(servers::Answer::BadRequest) => Ok(None),
        None => Err(Doubt::new("which virtual host answers is not known")),
    }
}
