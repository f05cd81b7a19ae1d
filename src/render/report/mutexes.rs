//! The mutexes of a server, how each is made, and why. httpd has no such report: what
//! `-D DUMP_RUN_CFG` says of them is that of [`crate::model::mutexes::Mutex::report`].

use std::io::{self, Write};

use serde::Serialize;

use super::super::visible::visible;
use super::{Style, VERSION, json};
use crate::argument::mutex::Mechanism;
use crate::evaluate::{Config, PlacedId, Truth};
use crate::facts::Fact;
use crate::httpd::Table;
use crate::model::mutexes::{AcceptMutex, DEFAULT, Decision, Directory, Mutex, Mutexes};

/// What mod_wsgi's mutex is called after: the directive that decides about it.
const OF_WSGI: &str = "WSGIAcceptMutex";

/// Writes the mutexes of a configuration.
pub fn mutexes(
    mutexes: &Mutexes,
    config: &Config,
    table: &Table,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let report = Report::of(mutexes, config, table, style);
    if style.json {
        return json(&report, out);
    }
    let rows = std::iter::once(HEADINGS.map(str::to_owned));
    let all = report.mutexes.iter().chain(&report.mod_wsgi);
    let rows: Vec<[String; 5]> = rows.chain(all.map(Row::cells)).collect();
    let width = |column: usize| {
        let widths = rows.iter().map(|it| it[column].chars().count());
        widths.max().unwrap_or_default()
    };
    let widths: [usize; 4] = [width(0), width(1), width(2), width(3)];
    for row in &rows {
        for (cell, width) in row.iter().zip(widths) {
            write!(out, "{cell:width$}  ")?;
        }
        writeln!(out, "{}", row[4])?;
    }
    writeln!(out)?;
    writeln!(out, "{}", report.mechanisms.sentence())
}

const HEADINGS: [&str; 5] = ["Mutex", "Mechanism", "Directory", "Made", "Decided by"];

#[derive(Serialize)]
struct Report {
    version: u32,
    mechanisms: Mechanisms,
    mutexes: Vec<Row>,
    mod_wsgi: Option<Row>,
}

#[derive(Serialize)]
struct Mechanisms {
    names: Vec<String>,
    complete: bool,
    source: Option<String>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    module: String,
    registered: &'static str,
    mechanism: Option<&'static str>,
    written: Option<&'static str>,
    directory: Option<String>,
    omits_pid: Option<bool>,
    made: &'static str,
    decided_by: &'static str,
    line: Option<Line>,
    // Where the build's own choice is known from, if that counts.
    build: Option<String>,
}

#[derive(Serialize)]
struct Line {
    file: String,
    line: u32,
    text: String,
}

impl Report {
    fn of(mutexes: &Mutexes, config: &Config, table: &Table, style: &Style<'_>) -> Self {
        let rows = Rows {
            config,
            table,
            style,
            default: mutexes.default.as_ref(),
        };
        let wsgi = mutexes.of_wsgi.as_ref();
        Self {
            version: VERSION,
            mechanisms: Mechanisms {
                names: mutexes.mechanisms.names.clone(),
                complete: mutexes.mechanisms.are_all,
                source: mutexes.mechanisms.origin.as_ref().map(ToString::to_string),
            },
            mutexes: mutexes.registered.iter().map(|it| rows.of(it)).collect(),
            mod_wsgi: wsgi.map(|it| rows.of_wsgi(it)),
        }
    }
}

impl Mechanisms {
    fn sentence(&self) -> String {
        let names = self.names.join(", ");
        match &self.source {
            Some(source) if self.complete => format!("This httpd has {names} ({source})."),
            Some(source) => format!("This httpd has at least {names} ({source})."),
            None => "Nobody said which mechanisms this httpd has.".to_owned(),
        }
    }
}

struct Rows<'a> {
    config: &'a Config,
    table: &'a Table,
    style: &'a Style<'a>,
    default: Option<&'a Fact<Mechanism>>,
}

impl Rows<'_> {
    fn of(&self, mutex: &Mutex) -> Row {
        let place = match mutex.decision {
            Decision::Own(place) | Decision::Default(place) => Some(place),
            Decision::Build => None,
        };
        let decided_by = match mutex.decision {
            Decision::Own(_) => "own",
            Decision::Default(_) => "default",
            Decision::Build => "build",
        };
        Row {
            directory: match &mutex.directory {
                Directory::None => Some(String::new()),
                Directory::At(path) => Some(path.clone()),
                Directory::Unknown => None,
            },
            omits_pid: mutex.omits_pid,
            made: said(mutex.is_made),
            module: self.table.module(mutex.module).source.to_string(),
            registered: said(mutex.is_registered),
            ..self.row(&mutex.name, mutex.mechanism, decided_by, place)
        }
    }

    fn of_wsgi(&self, mutex: &AcceptMutex) -> Row {
        let decided_by = match mutex.decided_by {
            Some(_) => "own",
            None => "module",
        };
        Row {
            made: said(mutex.is_made),
            module: "mod_wsgi.c".to_owned(),
            registered: said(mutex.is_there),
            ..self.row(OF_WSGI, mutex.mechanism, decided_by, mutex.decided_by)
        }
    }

    fn row(
        &self,
        name: &str,
        written: Option<Mechanism>,
        decided_by: &'static str,
        place: Option<PlacedId>,
    ) -> Row {
        let is_default = written == Some(Mechanism::Default);
        let build = self.default.filter(|_| is_default);
        let mechanism = match (is_default, build) {
            (true, build) => build.map(|it| it.value),
            (false, _) => written,
        };
        Row {
            name: name.to_owned(),
            module: String::new(),
            registered: "",
            mechanism: mechanism.map(Mechanism::name),
            written: written.map(Mechanism::name),
            directory: None,
            omits_pid: None,
            made: "",
            decided_by,
            line: place.map(|it| self.line(it)),
            build: build.map(|it| it.origin.to_string()),
        }
    }

    fn line(&self, place: PlacedId) -> Line {
        let placed = self.config.placed(place);
        let unit = &placed.occurrence.unit;
        Line {
            file: (self.style.display)(unit.source.name()),
            line: self.config.sources.start(placed.site().span).line,
            text: placed.text().trim().to_owned(),
        }
    }
}

impl Row {
    fn cells(&self) -> [String; 5] {
        let is_default = self.name == DEFAULT;
        let unknown = || "unknown".to_owned();
        let directory = match self.directory.as_deref() {
            _ if self.name == OF_WSGI || !self.may_need_file() => "-".to_owned(),
            Some("") => "-".to_owned(),
            Some(path) => visible(path).to_string(),
            None => unknown(),
        };
        let mechanism = match (self.mechanism, self.written) {
            (Some(mechanism), _) => mechanism.to_owned(),
            (None, Some(_)) => "default of APR".to_owned(),
            (None, None) => unknown(),
        };
        [
            self.name.clone(),
            mechanism,
            directory,
            // The default is no mutex of its own.
            if is_default { "-" } else { self.made }.to_owned(),
            self.reason(),
        ]
    }

    fn may_need_file(&self) -> bool {
        let mechanism = self.mechanism.and_then(Mechanism::named);
        mechanism.and_then(Mechanism::needs_file) != Some(false)
    }

    fn reason(&self) -> String {
        let line = self.line.as_ref();
        let line = line.map(|it| format!("`{}` ({}:{})", visible(&it.text), it.file, it.line));
        let build = self.build.as_ref().map(|it| format!("the build ({it})"));
        let mut reasons: Vec<String> = line.into_iter().chain(build).collect();
        if reasons.is_empty() {
            reasons.push(match self.decided_by {
                "module" => "mod_wsgi, without `WSGIAcceptMutex`".to_owned(),
                _ => "the build, of which nothing is known".to_owned(),
            });
        }
        if self.registered == said(Truth::Unknown) {
            reasons.push(format!("if {} is there", self.module));
        }
        reasons.join(", ")
    }
}

fn said(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "yes",
        Truth::False => "no",
        Truth::Unknown => "unknown",
    }
}
