//! `httpd-lint trace`.

use std::convert::Infallible;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::requests::AskingArguments;
use super::revisions::Revisions;
use super::settings::Project;
use super::setup::Setup;
use super::show::{Format, look_at_files, show_server};
use super::{Colour, Failure, ServerArguments, written};
use crate::model::request::{Request, Wanted};
use crate::model::trace::Tracer;
use crate::render::report::trace::{Looks, Report, Volume};

const WAYS: &str = "\
Ways to ask:
  httpd-lint trace http://shop.example/cart /etc/apache2
  httpd-lint trace --host --from 192.0.2.7 https://shop.example/admin/
      on the server: its files are looked at, too
  httpd-lint trace --connect 127.0.0.1:8080 --header 'Host: shop.example' /cart site.conf
      a path alone, as an access log has it
  httpd-lint trace --urls access.log --header 'Host: shop.example' --format json
      each line of a file or of standard input (`-`): a URL, a path, a line of an access log or of
      a sitemap
  httpd-lint trace --compare origin/main http://shop.example/admin/ etc/apache2
      what changed since a revision of the repository";

/// Which requests, and of which server.
#[derive(Debug, Args)]
#[command(
    override_usage = "httpd-lint trace [OPTIONS] URL... [MAIN]",
    mut_arg("path", |it| it.index(1).value_name("URL").help(
        "The requests; behind them a main file or a ServerRoot directory, else `main` of \
         `httpd-lint.toml`"
    )),
    after_long_help = WAYS,
)]
pub(super) struct TraceArguments {
    #[command(flatten)]
    server: ServerArguments,
    #[arg(hide = true, index = 2)]
    more: Vec<String>,
    #[command(flatten)]
    asking: AskingArguments,
    /// Also the requests of a file, or of standard input (`-`), one in each line.
    #[arg(long, value_name = "FILE")]
    urls: Vec<PathBuf>,
    /// Show only the requests that meet something else than in another tree, which is a main file,
    /// a folder, or a revision of the repository: `BASE`, or `BASE..HEAD` for two of them. Asks git.
    #[arg(long, value_name = "BASE")]
    compare: Option<PathBuf>,
    /// How to write what is found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
    /// Also what was tried and passed over, all sections that apply, and the directives that count
    /// with what they override.
    #[arg(short, long)]
    verbose: bool,
}

pub(super) fn run(arguments: &TraceArguments) -> Result<ExitCode, Failure> {
    let alone = !arguments.urls.is_empty();
    let (mut urls, mut server) = url_and_server(&arguments.server, &arguments.more, alone);
    // Of revisions, nothing needs to be on the disk.
    let is_revision = |it: &PathBuf| !it.exists();
    let is_url = |it: &String| it.contains("://") || it.starts_with('/');
    if arguments.compare.as_ref().is_some_and(is_revision)
        && server.path.as_os_str().is_empty()
        && (alone || urls.len() > 1)
        && let Some(main) = urls.pop_if(|it| !is_url(it))
    {
        server.path = PathBuf::from(main);
    }
    let mut asking = arguments.asking.clone();
    asking.is_watched = arguments.verbose;
    let mut requests = Vec::new();
    for url in urls {
        let request = asking.request(&url)?;
        requests.push((url, request));
    }
    for file in &arguments.urls {
        for line in read(file)?.lines() {
            if let Some((method, url)) = asked_in(line, asking.method()) {
                requests.push((url.clone(), asking.request_by(&method, &url)?));
            }
        }
    }
    if requests.is_empty() {
        let message = "name a URL: `httpd-lint trace http://HOST[:PORT]/PATH [MAIN]`";
        return Err(Failure(message.to_owned()));
    }
    let looks = Looks {
        verbose: arguments.verbose,
        colour: arguments.color.is_wanted(),
    };
    let json = arguments.format == Format::Json;
    if let Some(base) = &arguments.compare {
        return compare(base, &server, &requests, json, looks);
    }
    show_server(&server, json, |session, style, out| {
        let mut volume = Volume::begin(json, out)?;
        session.follow(
            &requests,
            |tracer, requests| {
                let (report, wanted) = report(tracer, requests, style.display);
                (report.part(json, looks), wanted)
            },
            |part| volume.add(&part?),
        )?;
        volume.end()
    })
}

// What meets something else now. The exit code is 1 where anything does.
fn compare(
    base: &Path,
    server: &ServerArguments,
    requests: &[(String, Request)],
    json: bool,
    looks: Looks,
) -> Result<ExitCode, Failure> {
    let project = Project::find(server)?;
    let after = project.server(server)?;
    let mut before = after.clone();
    let told = |server: &ServerArguments, setup: Setup| {
        let told = look_at_files(&setup, &server.path, |session, display| {
            let mut whole = Report::default();
            let tell = |tracer: &Tracer<'_>, some: &[_]| report(tracer, some, display);
            let Ok(()) = session.follow(requests, tell, |report| {
                whole.append(report);
                Ok::<(), Infallible>(())
            });
            whole
        });
        told.map(|it| it.0)
    };
    // What is no tree names revisions.
    let setups = match base.exists() {
        true => {
            base.clone_into(&mut before.path);
            (Setup::new(&before)?, Setup::new(&after)?)
        }
        false => {
            let revisions = Revisions::of(&after.path, &base.to_string_lossy())?;
            (revisions.before(&before)?, revisions.after(&after)?)
        }
    };
    let differences = told(&before, setups.0)?.differences(told(&after, setups.1)?);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let result = differences.write(json, looks, &mut out);
    written(result.and_then(|()| out.flush()))?;
    Ok(ExitCode::from(u8::from(!differences.is_empty())))
}

fn report(
    tracer: &Tracer<'_>,
    requests: &[(String, Request)],
    display: &dyn Fn(&str) -> String,
) -> (Report, Vec<Wanted>) {
    let mut report = Report::default();
    let mut wanted = Vec::new();
    for (url, request) in requests {
        let mut trace = tracer.follow(request);
        wanted.append(&mut trace.wanted);
        report.add(url, request, tracer.httpd(), &trace, display);
    }
    (report, wanted)
}

/// The words of a command line that are no options, without the last one where it names a file or
/// folder; and the server that this is. With `alone`, one word may be the server.
pub(super) fn url_and_server(
    server: &ServerArguments,
    more: &[String],
    alone: bool,
) -> (Vec<String>, ServerArguments) {
    let mut server = server.clone();
    let first = std::mem::take(&mut server.path);
    let mut words: Vec<String> = Vec::new();
    if !first.as_os_str().is_empty() {
        words.push(first.to_string_lossy().into_owned());
    }
    words.extend(more.iter().cloned());
    let is_main = |it: &String| it == "-" || (!it.contains("://") && Path::new(it).exists());
    if (alone || words.len() > 1) && words.last().is_some_and(is_main) {
        server.path = words.pop().map(PathBuf::from).unwrap_or_default();
    }
    (words, server)
}

fn read(file: &Path) -> Result<String, Failure> {
    let bytes = match file == Path::new("-") {
        true => {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)?;
            bytes
        }
        false => std::fs::read(file).map_err(|it| Failure(format!("{}: {it}", file.display())))?,
    };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

// The method and URL in a line: of an access log, of a sitemap, or alone.
fn asked_in(line: &str, method: &str) -> Option<(String, String)> {
    let line = line.trim();
    if let Some((_, rest)) = line.split_once("<loc>") {
        let url = rest.split('<').next().unwrap_or_default();
        return Some((method.to_owned(), url.trim().to_owned()));
    }
    let quoted = line.split('"').nth(1).unwrap_or_default();
    let words: Vec<&str> = quoted.split(' ').collect();
    if let [method, url, version] = words.as_slice()
        && version.starts_with("HTTP/")
    {
        return Some(((*method).to_owned(), (*url).to_owned()));
    }
    let is_url = line.starts_with('/') || line.contains("://");
    let is_markup = line.starts_with('<');
    (is_url && !is_markup).then(|| (method.to_owned(), line.to_owned()))
}
