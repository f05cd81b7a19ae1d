//! A capture: the sections that `httpd-lint facts script` and `facts capture` write.

use memchr::memmem;
use pest::Parser;
use pest::iterators::{Pair, Pairs};

use super::envvars::Environment;
use super::passage::Passage;
use super::{
    Fact, Facts, LibraryVersion, ModuleDirectory, ModuleFile, Moment, Origin, Problem,
    mutex_mechanisms, run_configuration, secrets, server_info,
};

grammar!(CaptureParser, "grammar/capture.pest");

use grammar::{CaptureParser, Rule};

// What its first heading begins with; behind it stands the number of the format.
const FIRST: &str = "httpd-lint capture ";
// The last heading: what ends otherwise is cut off.
const LAST: &str = "end";

/// A section: its title, and what stands below.
struct Section<'t> {
    title: &'t str,
    origin: Origin,
    passage: Passage<'t>,
}

/// Whether a text holds a capture, or the beginning of one.
pub(super) fn is_in(text: &str) -> bool {
    memmem::find(text.as_bytes(), b"=== httpd-lint capture ").is_some()
}

/// What a text with captures says, and what is wrong with it. What stands outside of them is read
/// as any other text.
pub(super) fn read(passage: Passage<'_>) -> (Facts, Vec<Problem>) {
    let (mut facts, mut problems) = (Facts::default(), Vec::new());
    let (before, sections) = sections(passage);
    take_outputs(before, &mut facts, &mut problems);
    // The date of the capture that is being read.
    let mut open: Option<&Section<'_>> = None;
    for (at, section) in sections.iter().enumerate() {
        let next = sections.get(at + 1).map(|it| it.title);
        if section.title.starts_with(FIRST) {
            open = Some(section);
        } else if section.title == LAST {
            open = None;
            take_outputs(section.passage, &mut facts, &mut problems);
        } else if open.is_some() && next.is_none_or(|it| it.starts_with(FIRST)) {
            problems.push(section.origin.problem(format!(
                "the capture is cut off in `{}`, and this part is not used",
                section.title
            )));
        } else if open.is_some() {
            take_section(section, &mut facts, &mut problems);
        }
    }
    (facts, problems)
}

// The text before the first heading, and the sections.
fn sections(passage: Passage<'_>) -> (Passage<'_>, Vec<Section<'_>>) {
    let mut places = passage.places();
    let mut before = passage.part("", passage.line);
    let mut sections = Vec::new();
    let text = CaptureParser::parse(Rule::text, passage.text);
    for part in text.into_iter().flatten().flat_map(Pair::into_inner) {
        if part.as_rule() == Rule::body {
            before = passage.part(part.as_str(), passage.line);
        }
        let mut inner = part.into_inner();
        if let (Some(title), Some(body)) = (inner.next(), inner.next()) {
            sections.push(Section {
                title: title.as_str(),
                origin: places.origin(&title),
                passage: passage.part(body.as_str(), places.line(&body)),
            });
        }
    }
    (before, sections)
}

// The outputs of httpd that need no heading.
fn take_outputs(passage: Passage<'_>, facts: &mut Facts, problems: &mut Vec<Problem>) {
    problems.extend(server_info::read(passage, facts));
    problems.extend(mutex_mechanisms::read(passage, facts));
}

fn take_section(section: &Section<'_>, facts: &mut Facts, problems: &mut Vec<Problem>) {
    let passage = section.passage;
    let mut found = Facts::default();
    match section.title {
        "httpd -V" | "httpd -l" | "httpd -M" | "httpd -t" => {
            return take_outputs(passage, facts, problems);
        }
        "httpd -t -D DUMP_RUN_CFG" => found.run = run_configuration::read(passage),
        "date" => found.captured = moment(passage),
        "program" => found.program = entries(passage).into_iter().next(),
        "uname" | "os-release" => found.take_system(passage),
        "apxs -q" => found.apxs = settings(passage).filter_map(told).collect(),
        "config.nice" => found.configure = configure(passage),
        "modules" => found.module_directories = directories(passage),
        "environment" => found.environment = Some(environment(passage)),
        "mod_wsgi" => found.take_wsgi_module(passage),
        "python" => found.take_python(passage),
        "gaps" => found.gaps = entries(passage),
        title => problems.push(section.origin.problem(format!(
            "a section `{title}` is not known and not used: a later httpd-lint may know it"
        ))),
    }
    problems.extend(facts.take(found));
}

impl Facts {
    fn take_system(&mut self, passage: Passage<'_>) {
        for (name, value) in settings(passage).filter_map(told) {
            let system = &mut self.system;
            let slot = match name.as_str() {
                "sysname" => &mut system.kernel,
                "nodename" => &mut system.host,
                "release" => &mut system.release,
                "machine" => &mut system.machine,
                "ID" => &mut system.distribution,
                "VERSION_ID" => &mut system.distribution_version,
                _ => continue,
            };
            *slot = Some(value);
        }
    }

    fn take_wsgi_module(&mut self, passage: Passage<'_>) {
        let module = &mut self.wsgi_module;
        for (name, fact) in settings(passage).filter_map(told) {
            match name.as_str() {
                "file" => module.file = Some(fact),
                "libpython" => module.libpython = Some(fact),
                "version" => {
                    let version = LibraryVersion::parse(&fact.value);
                    self.mod_wsgi_version = version.map(|it| fact.map(|_| it));
                }
                "needed" => match &mut module.libraries {
                    Some(libraries) => libraries.value.push(fact.value),
                    None => module.libraries = Some(fact.map(|it| vec![it.clone()])),
                },
                _ => {}
            }
        }
    }

    fn take_python(&mut self, passage: Passage<'_>) {
        for (name, fact) in settings(passage).filter_map(told) {
            match name.as_str() {
                "executable" => self.python.executable = Some(fact),
                "version" => self.python.version = Some(fact),
                "prefix" => self.python.prefix = Some(fact),
                _ => {}
            }
        }
    }
}

fn parse<'t>(rule: Rule, passage: Passage<'t>) -> impl Iterator<Item = Pair<'t, Rule>> {
    CaptureParser::parse(rule, passage.text)
        .into_iter()
        .flatten()
        .flat_map(Pair::into_inner)
        .filter(|it| it.as_rule() != Rule::EOI)
}

/// The lines `NAME=value` and `NAME`.
fn settings(passage: Passage<'_>) -> impl Iterator<Item = (String, Fact<Option<String>>)> {
    let mut places = passage.places();
    parse(Rule::settings, passage).filter_map(move |it| {
        let origin = places.origin(&it);
        let mut parts = it.into_inner();
        let name = parts.next()?.as_str().to_owned();
        let value = parts.next().map(|it| it.as_str().to_owned());
        Some((name, origin.fact(value)))
    })
}

// One that has a value, without what is secret in it.
fn told((name, setting): (String, Fact<Option<String>>)) -> Option<(String, Fact<String>)> {
    let value = setting.value.as_deref().filter(|it| !it.is_empty())?;
    let value = secrets::cut(value).into_owned();
    Some((name, setting.origin.fact(value)))
}

fn entries(passage: Passage<'_>) -> Vec<Fact<String>> {
    let mut places = passage.places();
    parse(Rule::lines, passage)
        .map(|it| {
            places
                .origin(&it)
                .fact(secrets::cut(it.as_str()).into_owned())
        })
        .collect()
}

fn moment(passage: Passage<'_>) -> Option<Fact<Moment>> {
    let moment = parse(Rule::date, passage).next()?;
    let origin = passage.places().origin(&moment);
    let mut numbers = moment.into_inner().map(|it| it.as_str().parse().ok());
    let mut three = || Some([numbers.next()??, numbers.next()??, numbers.next()??]);
    Some(origin.fact(Moment::new(three()?, three()?)?))
}

/// The words of the call of `configure`, and the variables that were set for it.
pub(super) fn configure(passage: Passage<'_>) -> Option<Fact<Vec<String>>> {
    let words: Vec<String> = parse(Rule::config_nice, passage)
        .map(|it| secrets::cut(it.as_str()).into_owned())
        .filter(|it| it != "$@")
        .collect();
    (!words.is_empty()).then(|| passage.origin().fact(words))
}

fn directories(passage: Passage<'_>) -> Vec<Fact<ModuleDirectory>> {
    let mut places = passage.places();
    let mut directories: Vec<Fact<ModuleDirectory>> = Vec::new();
    for part in parse(Rule::directories, passage) {
        let origin = places.origin(&part);
        let is_path = part.as_rule() == Rule::path;
        let mut texts = texts(part.into_inner());
        let Some(name) = texts.next() else { continue };
        if is_path {
            directories.push(origin.fact(ModuleDirectory {
                path: name,
                files: Vec::new(),
            }));
        } else if let Some(directory) = directories.last_mut() {
            directory.value.files.push(ModuleFile {
                name,
                target: texts.next(),
            });
        }
    }
    directories
}

fn texts(pairs: Pairs<'_, Rule>) -> impl Iterator<Item = String> {
    pairs.map(|it| it.as_str().to_owned())
}

// A name without its value is set to something that may be a secret.
fn environment(passage: Passage<'_>) -> Fact<Environment> {
    let mut environment = Environment::default();
    for (name, setting) in settings(passage) {
        match setting.value {
            Some(value) if secrets::is_harmless(&name, &value) => {
                environment.values.insert(name, value);
            }
            _ => {
                environment.unknown.insert(name);
            }
        }
    }
    passage.origin().fact(environment)
}

#[cfg(test)]
mod tests;
