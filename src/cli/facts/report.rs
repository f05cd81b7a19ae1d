//! `httpd-lint facts report`: the bundle for a bug report to mod_wsgi.
//!
//! It is sent to strangers. So outputs are written from what is known of them, of the configuration
//! only directives that hold no secrets are quoted, and the messages of findings quote only what
//! stands in one of these.

use std::fmt::Write;
use std::process::ExitCode;

use super::super::settings::Project;
use super::super::setup::Setup;
use super::super::{Failure, say};
use super::{ReportArguments, age, write_to};
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Config, Placed, Step};
use crate::facts::{Facts, without_secrets};
use crate::lint::{Options, Outcome, Session};
use crate::render::{counted, report, visible};

/// Directives that say how requests come to an application, and nothing secret.
const TOLD: [&str; 24] = [
    "AsyncRequestWorkerFactor",
    "DocumentRoot",
    "Group",
    "KeepAlive",
    "KeepAliveTimeout",
    "Listen",
    "LoadModule",
    "MaxClients",
    "MaxConnectionsPerChild",
    "MaxRequestsPerChild",
    "MaxRequestWorkers",
    "MaxSpareServers",
    "MaxSpareThreads",
    "MinSpareServers",
    "MinSpareThreads",
    "Mutex",
    "ServerAlias",
    "ServerLimit",
    "ServerName",
    "StartServers",
    "ThreadLimit",
    "ThreadsPerChild",
    "Timeout",
    "User",
];

fn is_told(directive: &str) -> bool {
    let is_wsgi = directive
        .get(..4)
        .is_some_and(|it| it.eq_ignore_ascii_case("WSGI"));
    is_wsgi || TOLD.iter().any(|it| it.eq_ignore_ascii_case(directive))
}

/// What the parts of a report are made of.
struct Bundle<'a> {
    setup: &'a Setup,
    session: &'a Session<'a>,
    outcome: Outcome,
    facts: &'a Facts,
}

/// A part: its heading, and what stands below.
type Part = (&'static str, fn(&Bundle<'_>) -> String);

const PARTS: [Part; 6] = [
    ("Server", server),
    ("Mutexes", mutexes),
    ("Process groups and mounts", configuration),
    ("Findings", findings),
    ("Missing", missing),
    ("Outputs", outputs),
];

pub(super) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    let server = Project::find(&arguments.server)?.server(&arguments.server)?;
    let setup = Setup::new(&server)?;
    for gap in &setup.gaps {
        say(gap)?;
    }
    let options = Options::new(&[], &[]).map_err(Failure)?;
    let session = Session::new(setup.inputs(), &options).map_err(|it| {
        let path = server.path.display();
        Failure(format!("{path}: {}", it.text().to_lowercase()))
    })?;
    let bundle = Bundle {
        setup: &setup,
        session: &session,
        outcome: session.outcome(),
        facts: setup.inputs().facts.all(),
    };
    let mut text = String::from("# Report for mod_wsgi\n");
    for (heading, part) in PARTS {
        let _ = write!(text, "\n## {heading}\n\n{}", part(&bundle));
    }
    write_to(arguments.output.as_deref(), &text)
}

// A block of code that no line of it ends.
fn fenced(text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    let lines = text.lines().map(|it| format!("{}\n", visible(it)));
    format!("{fence}text\n{}{fence}\n", lines.collect::<String>())
}

fn item(name: &str, value: Option<impl ToString>) -> String {
    let value = value.map(|it| it.to_string());
    let value = value.unwrap_or_else(|| "unknown".to_owned());
    format!("- {name}: {}\n", visible(&without_secrets(&value)))
}

fn server(bundle: &Bundle<'_>) -> String {
    let facts = bundle.facts;
    let banner = facts.mod_wsgi_version.as_ref();
    let linked = facts.wsgi_module.python();
    let linked = linked.map(|it| format!("{}.{}", it.value.major, it.value.minor));
    let python = facts.python.version.as_ref().map(|it| it.value.clone());
    [
        item("Apache", facts.version.as_ref().map(|it| &it.value)),
        item("MPM", facts.mpm_name().map(|it| it.value)),
        item(
            "architecture",
            facts
                .architecture
                .as_ref()
                .map(|it| format!("{} bit", it.value)),
        ),
        item("APR", facts.loaded.apr.as_ref().map(|it| &it.value)),
        item(
            "APR-UTIL",
            facts.loaded.apr_util.as_ref().map(|it| &it.value),
        ),
        item("mod_wsgi", banner.map(|it| &it.value)),
        item("Python that mod_wsgi is linked with", linked),
        item("Python that it finds", python),
        item(
            "its prefix",
            facts.python.prefix.as_ref().map(|it| &it.value),
        ),
        item("facts", age(facts)),
    ]
    .concat()
}

// What the build offers, and what the configuration makes of it.
fn mutexes(bundle: &Bundle<'_>) -> String {
    let facts = bundle.facts;
    let list = |it: Option<&Vec<String>>| it.map(|it| it.join(", "));
    let mutex = facts.mutex_mechanisms.as_ref();
    let accept = facts.accept_mutex_mechanisms.as_ref();
    let items = [
        item(
            "default of httpd",
            facts
                .default_mutex()
                .map(|it| format!("{} ({})", it.value, it.origin)),
        ),
        item("mechanisms of `Mutex`", list(mutex.map(|it| &it.value))),
        item(
            "mechanisms of `WSGIAcceptMutex`",
            list(accept.map(|it| &it.value)),
        ),
    ];
    format!("{}\n{}", items.concat(), fenced(&mutex_table(bundle)))
}

fn mutex_table(bundle: &Bundle<'_>) -> String {
    let (config, inputs) = (bundle.session.config(), bundle.session.inputs());
    let mutexes = bundle.session.modules().mutexes(config, inputs);
    let style = report::Style {
        json: false,
        display: &|it| bundle.setup.display(it),
    };
    let mut table = Vec::new();
    // Writing to memory cannot fail.
    let _ = report::mutexes(&mutexes, config, inputs.table, &style, &mut table);
    String::from_utf8_lossy(&table).into_owned()
}

// The directives that are told, in the sections around them, with their places.
fn configuration(bundle: &Bundle<'_>) -> String {
    let mut text = String::new();
    // The sections that are open and not written yet, and how many are written.
    let (mut waiting, mut depth): (Vec<Placed<'_>>, usize) = (Vec::new(), 0);
    bundle.session.config().walk(&mut |step| match step {
        Step::Enter(placed) if is_section(&placed) => waiting.push(placed),
        Step::Enter(placed) if is_told(&placed.line().name()) => {
            for section in waiting.drain(..) {
                text += &told(bundle, &section, depth);
                depth += 1;
            }
            text += &told(bundle, &placed, depth);
        }
        Step::Leave(_) if waiting.pop().is_none() => depth = depth.saturating_sub(1),
        _ => {}
    });
    if text.is_empty() {
        return "None of their directives is in the configuration.\n".to_owned();
    }
    fenced(&text)
}

fn is_section(placed: &Placed<'_>) -> bool {
    use crate::evaluate::NodeKind::{Conditional, Section};
    matches!(placed.node.kind, Section | Conditional(_))
}

fn told(bundle: &Bundle<'_>, placed: &Placed<'_>, depth: usize) -> String {
    let config: &Config = bundle.session.config();
    let line = placed.line();
    let name = line.name();
    let span = placed.site().span;
    let file = bundle.setup.display(config.sources.get(span.file).name());
    // What a condition compares may be a secret.
    let is_condition = ["<If", "<ElseIf"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(&name));
    let arguments = if is_condition {
        "…>"
    } else {
        line.arguments()
    };
    let words: Vec<&str> = arguments.split_whitespace().collect();
    let text = format!("{name} {}", words.join(" "));
    let number = config.sources.start(span).line;
    format!(
        "{file}:{number}: {:2$}{}\n",
        "",
        without_secrets(text.trim_end()),
        4 * depth
    )
}

fn findings(bundle: &Bundle<'_>) -> String {
    let outcome = &bundle.outcome;
    if outcome.diagnostics.is_empty() {
        return "None.\n".to_owned();
    }
    let mut text = String::new();
    for finding in &outcome.diagnostics {
        let span = finding.primary.span;
        let source = outcome.sources.get(span.file);
        let place = outcome.sources.start(span);
        let _ = writeln!(
            text,
            "{}:{}: {}[{}]: {}",
            bundle.setup.display(source.name()),
            place.line,
            finding.level.name(),
            finding.rule,
            message(bundle, finding, source.text()),
        );
    }
    fenced(&text)
}

// The message. What it quotes of a directive that may hold a secret is left out, but for names of
// modules and directives.
fn message(bundle: &Bundle<'_>, finding: &Diagnostic, text: &str) -> String {
    let start = finding.primary.span.start as usize;
    let before = text.get(..start).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |it| it + 1);
    let name = text
        .get(line..)
        .unwrap_or_default()
        .split_whitespace()
        .next();
    let name = name.unwrap_or_default();
    if is_told(name) || name.eq_ignore_ascii_case("<IfModule") {
        return without_secrets(&finding.message).into_owned();
    }
    let table = bundle.setup.inputs().table;
    let is_name = |it: &str| {
        let is_module = it.starts_with("mod_") && it.ends_with(".c");
        is_module || table.name(it.trim_end_matches('>')).is_some()
    };
    let quoted = |(at, part): (usize, &str)| match at % 2 {
        1 if !is_name(part) => "…".to_owned(),
        _ => part.to_owned(),
    };
    let parts: Vec<String> = finding.message.split('`').enumerate().map(quoted).collect();
    without_secrets(&parts.join("`")).into_owned()
}

fn missing(bundle: &Bundle<'_>) -> String {
    let facts = bundle.facts;
    let wanted = [
        ("the output of `httpd -V`", facts.defines.is_none()),
        ("the output of `httpd -l`", facts.static_modules.is_none()),
        ("the output of `httpd -M`", facts.loaded_modules.is_none()),
        ("`config.nice`", facts.configure.is_none()),
        (
            "the mechanisms of `Mutex`",
            facts.mutex_mechanisms.is_none(),
        ),
        (
            "the mechanisms of `WSGIAcceptMutex`",
            facts.accept_mutex_mechanisms.is_none(),
        ),
        (
            "the libraries that mod_wsgi is linked with",
            facts.wsgi_module.libraries.is_none(),
        ),
        (
            "the prefix and version of Python",
            facts.python.prefix.is_none() || facts.python.version.is_none(),
        ),
        ("the environment of httpd", facts.environment.is_none()),
        // Nobody but a running server can say these.
        (
            "the error log since the start, at `LogLevel wsgi:info`",
            true,
        ),
        (
            "what the diagnostic script of mod_wsgi's manual answers at each mount",
            true,
        ),
    ];
    let absent = wanted.iter().filter(|it| it.1);
    let mut text: String = absent.map(|it| format!("- {}\n", it.0)).collect();
    for unknown in &bundle.outcome.unknowns {
        let places = counted(unknown.places, "place");
        let _ = writeln!(
            text,
            "- {} ({}), which matters at {places}",
            unknown.all(),
            unknown.decided_by
        );
    }
    text
}

fn outputs(bundle: &Bundle<'_>) -> String {
    let sections = bundle.facts.sections();
    let blocks = sections
        .iter()
        .map(|(title, body)| format!("### {title}\n\n{}", fenced(body)));
    let blocks: Vec<String> = blocks.collect();
    if blocks.is_empty() {
        return "None: `httpd-lint facts script` says how to get them.\n".to_owned();
    }
    blocks.join("\n")
}
