//! What mod_wsgi makes of a configuration: its mounts, its daemon process groups, and what requests
//! get.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::super::visible::visible;
use super::unknown::Unknowns;
use super::{Style, UNKNOWN, VERSION, json};
use crate::evaluate::Placed;
use crate::model::request::Reason;
use crate::model::wsgi::{Answer, DaemonGroup, Mounted, Values};

/// One request, and what it gets.
pub struct Asked<'a> {
    /// The URL as the user wrote it.
    pub url: String,
    /// What it gets.
    pub answer: Answer<'a>,
    /// What led there.
    pub reasons: Vec<Reason<'a>>,
}

/// All that is shown.
#[derive(Serialize)]
pub struct Report {
    version: u32,
    requests: Vec<Request>,
    mounts: Vec<Mount>,
    groups: Vec<Group>,
}

#[derive(Serialize)]
pub(super) struct Request {
    url: String,
    /// `null` where it is not known, or where nobody answers: then `unknown` does not name it.
    status: Option<u16>,
    mount: Option<String>,
    script: Option<String>,
    #[serde(flatten)]
    process: Process,
    location: Option<String>,
    log: Option<String>,
    #[serde(serialize_with = "as_fields")]
    unknown: Unknowns,
    because: Vec<Because>,
}

/// What a script sees of its process.
#[derive(Serialize, Default)]
struct Process {
    process_group: Option<String>,
    application_group: Option<String>,
    callable_object: Option<String>,
    multithread: Option<bool>,
    multiprocess: Option<bool>,
    sys_prefix: Option<String>,
    /// `embedded` or `daemon`.
    mode: Option<&'static str>,
}

#[derive(Serialize)]
struct Because {
    what: String,
    #[serde(flatten)]
    line: Option<Line>,
}

#[derive(Serialize)]
struct Line {
    file: String,
    line: u32,
}

#[derive(Serialize)]
struct Mount {
    url: String,
    script: String,
    /// Whether something else answers at its URL.
    hidden: bool,
    status: Option<u16>,
    log: Option<String>,
    #[serde(flatten)]
    process: Process,
    #[serde(serialize_with = "as_fields")]
    unknown: Unknowns,
    #[serde(flatten)]
    line: Line,
    /// Where the groups come from; `null` is the default.
    process_group_from: Option<Line>,
    application_group_from: Option<Line>,
}

#[derive(Serialize)]
struct Group {
    name: String,
    processes: i32,
    threads: i32,
    multithread: bool,
    multiprocess: bool,
    user: Option<String>,
    group: Option<String>,
    home: Option<String>,
    python_home: Option<String>,
    python_path: Option<String>,
    display_name: Option<String>,
    #[serde(flatten)]
    line: Line,
}

// As fields of the object that they are missing in.
fn as_fields<S: Serializer>(unknown: &Unknowns, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Field<'u> {
        field: &'u str,
        why: &'u str,
        candidates: &'u [String],
    }
    serializer.collect_seq(unknown.list.iter().map(|it| Field {
        field: &it.what,
        why: &it.why,
        candidates: &it.candidates,
    }))
}

/// What one request gets, to be shown in another report.
pub(super) fn request(asked: &Asked<'_>, display: &dyn Fn(&str) -> String) -> Request {
    Show { display }.request(asked)
}

impl Report {
    /// What is shown of these.
    pub fn of(
        asked: &[Asked<'_>],
        mounts: &[Mounted<'_>],
        groups: &[DaemonGroup<'_>],
        display: &dyn Fn(&str) -> String,
    ) -> Self {
        let show = Show { display };
        Self {
            version: VERSION,
            requests: asked.iter().map(|it| show.request(it)).collect(),
            mounts: mounts.iter().map(|it| show.mount(it)).collect(),
            groups: groups.iter().map(|it| show.group(it)).collect(),
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
        if style.json {
            return json(self, out);
        }
        if self.requests.is_empty() {
            self.write_mounts(out)?;
            return self.write_groups(out);
        }
        for (index, request) in self.requests.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            request.write(out)?;
        }
        Ok(())
    }

    fn write_mounts(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.mounts.is_empty() {
            return writeln!(out, "No script is mounted.");
        }
        let heading = [
            "URL",
            "Script",
            "Process group",
            "Application group",
            "Threads",
            "Processes",
            "sys.prefix",
            "From",
        ];
        let rows = self.mounts.iter().map(Mount::cells);
        write_table(&heading, rows.collect(), out)
    }

    fn write_groups(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.groups.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        let heading = [
            "Group",
            "Processes",
            "Threads",
            "User",
            "Python home",
            "From",
        ];
        let rows = self.groups.iter().map(Group::cells);
        write_table(&heading, rows.collect(), out)
    }
}

fn write_table<const N: usize>(
    heading: &[&str; N],
    rows: Vec<[String; N]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let heading = heading.map(str::to_owned);
    let rows: Vec<[String; N]> = std::iter::once(heading).chain(rows).collect();
    for row in &rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let widths = rows.iter().map(|it| it[column].chars().count());
            let width = widths.max().unwrap_or_default();
            line.push_str(&format!("{cell:width$}  "));
        }
        writeln!(out, "{}", visible(line.trim_end()))?;
    }
    Ok(())
}

impl Request {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let status = match self.status {
            Some(status) => status.to_string(),
            None if self.unknown.has("status") => UNKNOWN.to_owned(),
            None => "no answer".to_owned(),
        };
        writeln!(out, "{}", visible(&self.url))?;
        let process = &self.process;
        let flag = |it: Option<bool>| it.map(|it| if it { "True" } else { "False" }.to_owned());
        let name = |it: &Option<String>| it.as_deref().map(group_name);
        let rows = [
            ("status", Some(status)),
            ("log", self.log.clone()),
            ("location", self.location.clone()),
            ("mount", self.mount.clone()),
            ("script", self.script.clone()),
            ("process_group", name(&process.process_group)),
            ("application_group", name(&process.application_group)),
            ("callable_object", process.callable_object.clone()),
            ("multithread", flag(process.multithread)),
            ("multiprocess", flag(process.multiprocess)),
            ("sys_prefix", process.sys_prefix.clone()),
        ];
        for (name, value) in rows {
            if let Some(value) = value {
                writeln!(out, "  {:18} {}", called(name), visible(&value))?;
            }
        }
        self.unknown.write(&called, out)?;
        for because in &self.because {
            let place = because.line.as_ref().map(|it| format!("{}: ", it.text()));
            let line = format!("{}{}", place.unwrap_or_default(), because.what);
            writeln!(out, "  because {}", visible(&line))?;
        }
        Ok(())
    }
}

// The word that a person reads for a field.
fn called(field: &str) -> String {
    match field {
        "sys_prefix" => "sys.prefix".to_owned(),
        field => field.replace('_', " "),
    }
}

// The empty name is that of embedded mode, and of the main interpreter.
fn group_name(name: &str) -> String {
    match name {
        "" => "%{GLOBAL}".to_owned(),
        name => name.to_owned(),
    }
}

impl Line {
    fn text(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

impl Mount {
    fn cells(&self) -> [String; 8] {
        let process = &self.process;
        let unknown = || UNKNOWN.to_owned();
        let text = |it: &Option<String>| it.as_deref().map_or_else(unknown, group_name);
        let several = |it: Option<bool>| match it {
            Some(true) => "several".to_owned(),
            Some(false) => "one".to_owned(),
            None => unknown(),
        };
        let url = match self.hidden {
            true => format!("{} (something else answers)", self.url),
            false => self.url.clone(),
        };
        [
            url,
            self.script.clone(),
            text(&process.process_group),
            text(&process.application_group),
            several(process.multithread),
            several(process.multiprocess),
            process.sys_prefix.clone().unwrap_or_else(unknown),
            self.line.text(),
        ]
    }
}

impl Group {
    fn cells(&self) -> [String; 6] {
        let or = |it: &Option<String>, other: &str| it.clone().unwrap_or_else(|| other.to_owned());
        [
            self.name.clone(),
            self.processes.to_string(),
            self.threads.to_string(),
            or(&self.user, "User"),
            or(&self.python_home, "default"),
            self.line.text(),
        ]
    }
}

struct Show<'s> {
    display: &'s dyn Fn(&str) -> String,
}

impl Show<'_> {
    fn line(&self, placed: &Placed<'_>) -> Line {
        let unit = &placed.occurrence.unit;
        Line {
            file: (self.display)(unit.source.name()),
            line: unit.number(placed.node),
        }
    }

    fn request(&self, asked: &Asked<'_>) -> Request {
        let answer = &asked.answer;
        let mut unknown = Unknowns::default();
        let status = unknown.take("status", &answer.status).flatten();
        let values = answer.values.as_ref();
        let because = asked.reasons.iter().map(|it| Because {
            what: it.what.clone(),
            line: it.line.as_ref().map(|it| self.line(it)),
        });
        let mut because: Vec<Because> = because.collect();
        because.extend(values.into_iter().flat_map(|it| self.settings(it)));
        Request {
            url: asked.url.clone(),
            status,
            mount: answer.mount.as_ref().map(|it| it.location.clone()),
            script: values.map(|it| it.script.clone()),
            process: process(values, &mut unknown),
            location: answer.location.clone(),
            log: log(answer),
            unknown,
            because,
        }
    }

    // The lines that name the groups.
    fn settings(&self, values: &Values<'_>) -> Vec<Because> {
        let lines = [
            ("the process group", &values.process_group_line),
            ("the application group", &values.application_group_line),
        ];
        let found = lines.into_iter().filter_map(|(what, line)| {
            Some(Because {
                what: format!("it names {what}"),
                line: Some(self.line(line.as_ref()?)),
            })
        });
        found.collect()
    }

    fn mount(&self, mounted: &Mounted<'_>) -> Mount {
        let mut unknown = Unknowns::default();
        let answer = mounted.answer.as_ref().filter(|_| !mounted.is_hidden);
        let values = answer.and_then(|it| it.values.as_ref());
        let status = answer.and_then(|it| unknown.take("status", &it.status).flatten());
        let line = |it: &Option<Placed<'_>>| it.as_ref().map(|it| self.line(it));
        Mount {
            url: mounted.url.clone(),
            script: mounted.directive.file.value.clone(),
            hidden: mounted.is_hidden,
            status,
            log: answer.and_then(log),
            process: process(values, &mut unknown),
            unknown,
            line: self.line(&mounted.line),
            process_group_from: values.and_then(|it| line(&it.process_group_line)),
            application_group_from: values.and_then(|it| line(&it.application_group_line)),
        }
    }

    fn group(&self, group: &DaemonGroup<'_>) -> Group {
        let effective = group.directive.effective();
        let text = |it: Option<&crate::argument::Located<String>>| it.map(|it| it.value.clone());
        Group {
            name: group.name().to_owned(),
            processes: effective.processes,
            threads: effective.threads,
            multithread: group.is_multithread(),
            multiprocess: group.is_multiprocess(),
            user: text(effective.user),
            group: text(effective.group),
            home: text(effective.home),
            python_home: text(effective.python_home),
            python_path: text(effective.python_path),
            display_name: text(effective.display_name),
            line: self.line(&group.line),
        }
    }
}

fn log(answer: &Answer<'_>) -> Option<String> {
    answer.message.clone()
}

fn process(values: Option<&Values<'_>>, unknown: &mut Unknowns) -> Process {
    let Some(values) = values else {
        return Process::default();
    };
    let mode = |it: &String| if it.is_empty() { "embedded" } else { "daemon" };
    Process {
        mode: values.process_group.as_ref().ok().map(mode),
        process_group: unknown.take("process_group", &values.process_group),
        application_group: unknown.take("application_group", &values.application_group),
        callable_object: unknown.take("callable_object", &values.callable),
        multithread: unknown.take("multithread", &values.multithread),
        multiprocess: unknown.take("multiprocess", &values.multiprocess),
        sys_prefix: unknown.take("sys_prefix", &values.sys_prefix),
    }
}
