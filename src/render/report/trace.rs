//! What requests meet.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::super::json::write_item;
use super::super::visible::visible;
use super::unknown::Unknowns;
use super::{Style, UNKNOWN, VERSION, wsgi};
use crate::evaluate::Placed;
use crate::model::request::{self, Decision, Headers, Httpd, Reason};
use crate::model::servers::ServerId;
use crate::model::trace::{Applied, Effective, Target, Trace};

/// Requests with what they meet.
#[derive(Default)]
pub struct Report {
    pub(super) requests: Vec<Request>,
}

/// Reports that are written one behind the other, as if they were one: what is written already
/// needs no room.
pub struct Volume<'o> {
    is_json: bool,
    out: &'o mut dyn Write,
    is_begun: bool,
}

/// How a story is told.
#[derive(Debug, Clone, Copy)]
pub struct Looks {
    /// Also all sections and directives.
    pub verbose: bool,
    /// With colours.
    pub colour: bool,
}

#[derive(Serialize)]
pub(super) struct Request {
    pub(super) url: String,
    pub(super) method: String,
    /// `ServerRoot`, where it is known.
    #[serde(skip)]
    pub(super) root: String,
    virtual_host: Option<Server>,
    steps: Vec<Step>,
    target: Option<Aim>,
    handler: Option<String>,
    sections: Vec<Section>,
    access: Access,
    /// `null` where it is not known, or where there is no answer of HTTP: then `unknown` does not
    /// name it.
    status: Option<u16>,
    location: Option<String>,
    response_headers: BTreeMap<String, Value>,
    environment: BTreeMap<String, Option<String>>,
    wsgi: Option<wsgi::Request>,
    effective: Vec<Line>,
    unknown: Unknowns,
}

#[derive(Serialize)]
struct Server {
    name: Option<String>,
    file: Option<String>,
    line: Option<u32>,
}

#[derive(Serialize)]
struct Step {
    stage: &'static str,
    what: String,
    file: Option<String>,
    line: Option<u32>,
    /// Whether it was tried and does not count.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    passed_over: bool,
    #[serde(skip)]
    excerpt: Option<String>,
}

#[derive(Serialize)]
struct Aim {
    kind: &'static str,
    value: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Section {
    kind: String,
    argument: String,
    file: String,
    line: Option<u32>,
}

#[derive(Serialize)]
struct Access {
    decision: &'static str,
    because: Vec<Line>,
}

/// A header: several values where it is sent more than once.
#[derive(Serialize)]
#[serde(untagged)]
enum Value {
    One(Option<String>),
    Several(Vec<Option<String>>),
}

#[derive(Serialize)]
pub(super) struct Line {
    directive: String,
    value: String,
    file: String,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    overrides: Option<Vec<Line>>,
}

impl Report {
    /// Adds a request.
    pub fn add(
        &mut self,
        url: &str,
        request: &request::Request,
        httpd: &Httpd<'_>,
        trace: &Trace<'_>,
        display: &dyn Fn(&str) -> String,
    ) {
        let show = Show { display, httpd };
        self.requests.push(show.request(url, request, trace));
    }

    /// Adds the requests of another report behind those of this one.
    pub fn append(&mut self, mut other: Self) {
        self.requests.append(&mut other.requests);
    }

    /// Writes it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, style: &Style<'_>, looks: Looks, out: &mut dyn Write) -> io::Result<()> {
        let mut volume = Volume::begin(style.json, out)?;
        volume.add(&self.part(style.json, looks)?)?;
        volume.end()
    }

    /// Its part of a volume.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn part(&self, is_json: bool, looks: Looks) -> io::Result<Vec<u8>> {
        let mut part = Vec::new();
        for (index, request) in self.requests.iter().enumerate() {
            if index > 0 {
                part.extend_from_slice(between(is_json));
            }
            match is_json {
                true => write_item(request, 0, &mut part)?,
                false => request.write(looks, &mut part)?,
            }
        }
        Ok(part)
    }
}

// What stands between two requests.
fn between(is_json: bool) -> &'static [u8] {
    match is_json {
        true => b",\n",
        false => b"\n",
    }
}

impl<'o> Volume<'o> {
    /// Begins with nothing.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(is_json: bool, out: &'o mut dyn Write) -> io::Result<Self> {
        if is_json {
            write!(out, "{{\"version\":{VERSION},\"requests\":[")?;
        }
        Ok(Self {
            is_json,
            out,
            is_begun: false,
        })
    }

    /// Goes on with the part of a report.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&mut self, part: &[u8]) -> io::Result<()> {
        if part.is_empty() {
            return Ok(());
        }
        match (self.is_begun, self.is_json) {
            (true, is_json) => self.out.write_all(between(is_json))?,
            (false, true) => self.out.write_all(b"\n")?,
            (false, false) => {}
        }
        self.is_begun = true;
        self.out.write_all(part)
    }

    /// Ends it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn end(self) -> io::Result<()> {
        match (self.is_json, self.is_begun) {
            (true, true) => writeln!(self.out, "\n]}}"),
            (true, false) => writeln!(self.out, "]}}"),
            (false, _) => Ok(()),
        }
    }
}

struct Show<'s, 'a> {
    display: &'s dyn Fn(&str) -> String,
    httpd: &'s Httpd<'a>,
}

impl Show<'_, '_> {
    fn request(&self, url: &str, request: &request::Request, trace: &Trace<'_>) -> Request {
        let mut unknown = Unknowns::default();
        let server = unknown.take("virtual_host", &trace.server).flatten();
        let target = unknown.take("target", &trace.target).map(|it| aim(&it));
        let decision = unknown.take("access", &trace.access.decision);
        Request {
            url: url.to_owned(),
            method: request.method.clone(),
            root: self
                .httpd
                .modules
                .server_root()
                .unwrap_or_default()
                .to_owned(),
            virtual_host: server.map(|it| self.server(it, &mut unknown)),
            steps: trace.steps.iter().map(|it| self.step(it)).collect(),
            target,
            handler: unknown
                .take("handler", &trace.handler)
                .filter(|_| server.is_some()),
            sections: trace
                .sections
                .iter()
                .map(|it| Section::of(it, self.display))
                .collect(),
            access: Access {
                decision: match decision {
                    // Nobody is asked.
                    Some(_) if server.is_none() => UNKNOWN,
                    Some(Decision::Granted) => "granted",
                    Some(Decision::Denied) => "denied",
                    Some(Decision::NeedsAuthentication) => "needs-authentication",
                    None => UNKNOWN,
                },
                because: trace
                    .access
                    .because
                    .iter()
                    .map(|it| self.line(it))
                    .collect(),
            },
            status: unknown.take("status", &trace.status).flatten(),
            location: unknown.take("location", &trace.location).flatten(),
            response_headers: headers(&trace.headers, &mut unknown),
            environment: environment(trace, &mut unknown),
            wsgi: trace.wsgi.as_ref().map(|it| {
                let asked = wsgi::Asked {
                    url: url.to_owned(),
                    answer: it.clone(),
                    reasons: Vec::new(),
                };
                wsgi::request(&asked, self.display)
            }),
            effective: trace
                .effective
                .iter()
                .map(|it| self.effective(it))
                .collect(),
            unknown,
        }
    }

    fn server(&self, server: ServerId, unknown: &mut Unknowns) -> Server {
        let line = self.httpd.line_of(server).map(|it| self.line(&it));
        let name = self.httpd.hostname(server);
        Server {
            name: unknown.take("virtual_host.name", &name),
            line: line.as_ref().map(|it| it.line),
            file: line.map(|it| it.file),
        }
    }

    fn step(&self, reason: &Reason<'_>) -> Step {
        let line = reason.line.as_ref().map(|it| self.line(it));
        Step {
            stage: reason.stage.name(),
            what: reason.what.clone(),
            passed_over: reason.is_passed_over,
            line: line.as_ref().map(|it| it.line),
            excerpt: line.as_ref().map(Line::text),
            file: line.map(|it| it.file),
        }
    }

    fn line(&self, placed: &Placed<'_>) -> Line {
        Line::of(placed, self.display)
    }

    fn effective(&self, effective: &Effective<'_>) -> Line {
        let overrides = effective.overrides.iter().map(|it| self.line(it));
        Line {
            overrides: Some(overrides.collect()),
            ..self.line(&effective.line)
        }
    }
}

fn aim(target: &Target) -> Aim {
    let (kind, value) = match target {
        Target::File(value) => ("file", Some(value)),
        Target::Proxy(value) => ("proxy", Some(value)),
        Target::Redirect(value) => ("redirect", Some(value)),
        Target::Program(value) => ("cgi", Some(value)),
        Target::Script(value) => ("wsgi", Some(value)),
        Target::Handler(value) => ("handler", Some(value)),
        Target::None => ("none", None),
    };
    Aim {
        kind,
        value: value.cloned(),
    }
}

fn headers(headers: &Headers, unknown: &mut Unknowns) -> BTreeMap<String, Value> {
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    for (name, value) in &headers.list {
        let value = unknown.take(&format!("response_headers.{name}"), value);
        let before = known.keys().find(|it| it.eq_ignore_ascii_case(name));
        let name = before.cloned().unwrap_or_else(|| name.clone());
        let values = match known.remove(&name) {
            None => Value::One(value),
            Some(Value::One(first)) => Value::Several(vec![first, value]),
            Some(Value::Several(mut values)) => {
                values.push(value);
                Value::Several(values)
            }
        };
        known.insert(name, values);
    }
    if let Some(doubt) = &headers.doubt {
        unknown.add("response_headers", doubt);
    }
    known
}

fn environment(trace: &Trace<'_>, unknown: &mut Unknowns) -> BTreeMap<String, Option<String>> {
    let all = trace.environment.all();
    all.map(|(name, value)| {
        let known = unknown.take(&format!("environment.{name}"), value);
        (name.to_owned(), known.flatten())
    })
    .collect()
}

impl Section {
    /// What is shown of a section or file.
    pub(super) fn of(applied: &Applied<'_>, display: &dyn Fn(&str) -> String) -> Self {
        let (file, line) = match applied {
            Applied::Section(section) => {
                let line = Line::of(section, display);
                (line.file, Some(line.line))
            }
            Applied::AccessFile(path) => (display(path), None),
        };
        Self {
            kind: applied.kind(),
            argument: applied.argument(),
            file,
            line,
        }
    }

    /// As a person reads it.
    pub(super) fn text(&self) -> String {
        let Self {
            kind,
            argument,
            file,
            line,
        } = self;
        match line {
            Some(line) => format!("{file}:{line}: <{kind} {argument}>"),
            None => file.clone(),
        }
    }
}

impl Line {
    /// What is shown of a line.
    pub(super) fn of(placed: &Placed<'_>, display: &dyn Fn(&str) -> String) -> Self {
        let unit = &placed.occurrence.unit;
        let line = placed.line();
        Self {
            directive: line.name().into_owned(),
            value: line.arguments().trim().to_owned(),
            file: display(unit.source.name()),
            line: unit.number(placed.node),
            overrides: None,
        }
    }

    fn text(&self) -> String {
        format!("{} {}", self.directive, self.value)
    }

    /// As a person reads it.
    pub(super) fn with_place(&self) -> String {
        format!("{}:{}: {}", self.file, self.line, self.text())
    }
}

// The word that a story has for a part of a request.
fn called(what: &str) -> String {
    let parts = [
        ("virtual_host.name", "name of the virtual-host"),
        ("virtual_host", "virtual-host"),
        ("response_headers.", "header "),
        ("response_headers", "headers"),
        ("environment.", "variable "),
    ];
    let begun = parts
        .iter()
        .find_map(|(part, word)| Some((word, what.strip_prefix(part)?)));
    begun.map_or_else(|| what.to_owned(), |(word, rest)| format!("{word}{rest}"))
}

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

impl Request {
    pub(super) fn write(&self, looks: Looks, out: &mut dyn Write) -> io::Result<()> {
        let (bold, dim, plain) = match looks.colour {
            true => (BOLD, DIM, PLAIN),
            false => ("", "", ""),
        };
        let heading = format!("{} {}", self.method, self.url);
        writeln!(out, "{bold}{}{plain}", visible(&heading))?;
        for step in &self.steps {
            let what = match step.passed_over {
                true => format!("passed over: {}", step.what),
                false => step.what.clone(),
            };
            writeln!(out, "  {:14} {}", step.stage, visible(&what))?;
            if let (Some(file), Some(line), Some(excerpt)) = (&step.file, step.line, &step.excerpt)
            {
                let place = format!("{file}:{line}: {excerpt}");
                writeln!(out, "{:17}{dim}{}{plain}", "", visible(&place))?;
            }
        }
        if looks.verbose {
            self.write_sections(out)?;
        }
        let answer = self.answer();
        writeln!(out, "  {:14} {bold}{}{plain}", "answer", visible(&answer))?;
        for (name, value) in self.rows() {
            writeln!(out, "  {name:14} {}", visible(&value))?;
        }
        self.unknown.write(&called, out)
    }

    fn answer(&self) -> String {
        match self.status {
            Some(status) => status.to_string(),
            None if self.unknown.has("status") => UNKNOWN.to_owned(),
            None => "none".to_owned(),
        }
    }

    fn rows(&self) -> Vec<(&str, String)> {
        let mut rows = Vec::new();
        if let Some(location) = &self.location {
            rows.push(("location", location.clone()));
        }
        if let Some(Aim {
            kind,
            value: Some(value),
        }) = &self.target
        {
            rows.push((*kind, value.clone()));
        }
        if let Some(handler) = &self.handler {
            rows.push(("handler", handler.clone()));
        }
        if self.virtual_host.is_some() {
            rows.push(("access", self.access.decision.to_owned()));
        }
        for (name, value) in &self.response_headers {
            let values = match value {
                Value::One(value) => vec![value],
                Value::Several(values) => values.iter().collect(),
            };
            for value in values {
                let value = value.as_deref().unwrap_or(UNKNOWN);
                rows.push(("header", format!("{name}: {value}")));
            }
        }
        for (name, value) in &self.environment {
            let value = value.as_deref().unwrap_or(UNKNOWN);
            rows.push(("variable", format!("{name}={value}")));
        }
        rows
    }

    fn write_sections(&self, out: &mut dyn Write) -> io::Result<()> {
        for section in &self.sections {
            writeln!(out, "  {:14} {}", "section", visible(&section.text()))?;
        }
        for effective in &self.effective {
            let text = effective.with_place();
            writeln!(out, "  {:14} {}", "counts", visible(&text))?;
            for hidden in effective.overrides.iter().flatten() {
                let text = hidden.with_place();
                writeln!(out, "  {:14} {}", "overridden", visible(&text))?;
            }
        }
        Ok(())
    }
}
