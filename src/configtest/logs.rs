//! The directories of log files, which httpd looks at behind phase 2 (`check_config`).

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::server::turn_of;
use super::{Checker, Found};
use crate::diagnostic::{Diagnostic, HttpdMessage, Level, Phase};
use crate::evaluate::{OccurrenceId, Placed, PlacedId, Unknown, paths};
use crate::httpd::NameId;
use crate::model::run_settings;
use crate::source::{FrameId, Site, Span};
use crate::world::Kind;

const DEFAULT_ERROR_LOG: &str = "logs/error_log";

/// Checks the directory of every error log, then of every other log: the order of httpd. Also
/// returns the directories of which nobody knows whether they are there, each where it is first
/// named.
pub(super) fn check(
    checker: &Checker<'_>,
    logs: &[PlacedId],
) -> (Vec<Found>, Vec<(Site, Unknown)>) {
    let Some(root) = checker
        .modules
        .server_root()
        .filter(|_| !checker.config.fragment)
    else {
        return (Vec::new(), Vec::new());
    };
    let mut check = LogCheck {
        checker,
        root,
        directories: RefCell::default(),
        unknowns: RefCell::default(),
        hosts: Vec::new(),
    };
    check.find_hosts(logs);
    let mut found = check.error_logs(logs);
    found.extend(check.other_logs(logs));
    (found, check.unknowns.into_inner())
}

struct LogCheck<'a> {
    checker: &'a Checker<'a>,
    root: &'a str,
    // Most logs of a server lie in one directory.
    directories: RefCell<FxHashMap<String, bool>>,
    unknowns: RefCell<Vec<(Site, Unknown)>>,
    // The virtual hosts with logs of their own, in the order in which httpd looks at them.
    hosts: Vec<PlacedId>,
}

impl LogCheck<'_> {
    // httpd puts each virtual host in front of those that it has.
    fn find_hosts(&mut self, logs: &[PlacedId]) {
        let placed = logs.iter().map(|it| self.checker.config.placed(*it));
        let hosts = placed.filter_map(|it| Some(self.virtual_host(&it)?.id));
        let mut hosts: Vec<PlacedId> = hosts.collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts.reverse();
        self.hosts = hosts;
    }

    // When httpd comes to the logs of a virtual host, or of the main server.
    fn server_of(&self, host: Option<PlacedId>) -> u32 {
        // They stand from the last to the first.
        let at = host.and_then(|host| self.hosts.binary_search_by(|it| host.cmp(it)).ok());
        at.map_or(0, |it| u32::try_from(it + 1).unwrap_or(u32::MAX))
    }

    fn error_logs(&self, logs: &[PlacedId]) -> Vec<Found> {
        let table = self.checker.inputs.table;
        let name = table.name("ErrorLog");
        // Of several in one server the last one counts.
        let mut servers: FxHashMap<Option<PlacedId>, PlacedId> = FxHashMap::default();
        for id in logs {
            let placed = self.checker.config.placed(*id);
            if placed.node.name != name {
                continue;
            }
            servers.insert(self.virtual_host(&placed).map(|it| it.id), *id);
        }
        let mut found = Vec::new();
        if !servers.contains_key(&None) {
            found.extend(self.default_error_log());
        }
        let mut servers: Vec<_> = servers.into_iter().collect();
        servers.sort_by_cached_key(|it| self.server_of(it.0));
        for (server, log) in servers {
            let placed = self.checker.config.placed(log);
            let line = placed.line();
            let words = line.words();
            let Some(word) = words.first().filter(|_| !placed.node.uncertain) else {
                continue;
            };
            if !run_settings::is_file(&word.text) || words.len() > 1 {
                continue;
            }
            let Some(directory) =
                self.missing_directory(&word.text, || placed.at(line.word_span(word)))
            else {
                continue;
            };
            let what = match server {
                None => "main error log".to_owned(),
                Some(server) => {
                    let host = self.checker.config.placed(server);
                    let unit = &host.occurrence.unit;
                    let (file, number) = (unit.file_name(host.node), unit.number(host.node));
                    format!("error log of vhost defined at {file}:{number}")
                }
            };
            let text = format!("AH02291: Cannot access directory '{directory}' for {what}");
            found.push((
                turn_of(placed.id),
                finding(
                    line.word_span(word),
                    placed.site().frame,
                    &directory,
                    text,
                    self.server_of(server),
                ),
            ));
        }
        found
    }

    // httpd looks at it even when nobody configured it.
    fn default_error_log(&self) -> Option<Found> {
        let defines = self.checker.inputs.facts.but_version().defines.as_ref();
        let default = defines
            .and_then(|it| it.text("DEFAULT_ERRORLOG"))
            .map(|it| it.value);
        let main = self.checker.config.occurrence(OccurrenceId::MAIN);
        let site = Site {
            span: Span::new(main.unit.document.file, 0..0),
            frame: FrameId::ENTRY,
        };
        let directory = self.missing_directory(default.unwrap_or(DEFAULT_ERROR_LOG), || site)?;
        let text = format!("AH02291: Cannot access directory '{directory}' for main error log");
        let mut finding = finding(site.span, site.frame, &directory, text, 0);
        finding.note("no `ErrorLog` is set, so httpd takes its default");
        Some((None, finding))
    }

    fn other_logs(&self, logs: &[PlacedId]) -> Vec<Found> {
        let table = self.checker.inputs.table;
        let error_log = table.name("ErrorLog");
        let is_there = table
            .module_by_source("mod_log_config.c")
            .is_some_and(|it| self.checker.modules.has(it).is_true());
        let mut found = Vec::new();
        for id in logs {
            let placed = self.checker.config.placed(*id);
            if placed.node.name == error_log || placed.node.uncertain || !is_there {
                continue;
            }
            let line = placed.line();
            let words = line.words();
            let Some(word) = words.first().filter(|it| !it.text.starts_with('|')) else {
                continue;
            };
            let Some(directory) =
                self.missing_directory(&word.text, || placed.at(line.word_span(word)))
            else {
                continue;
            };
            let unit = &placed.occurrence.unit;
            let text = format!(
                "AH02297: Cannot access directory '{directory}' for log file '{}' defined at {}:{}",
                word.text,
                unit.file_name(placed.node),
                unit.number(placed.node)
            );
            found.push((
                turn_of(placed.id),
                finding(
                    line.word_span(word),
                    placed.site().frame,
                    &directory,
                    text,
                    self.server_of(self.virtual_host(&placed).map(|it| it.id)),
                ),
            ));
        }
        found
    }

    fn virtual_host<'a>(&self, placed: &Placed<'a>) -> Option<Placed<'a>> {
        let mut sections = placed.sections();
        sections.find(|it| it.node.name == Some(NameId::VIRTUAL_HOST))
    }

    // The directory of a log file with a slash at its end, if it is certain that there is none.
    fn missing_directory(&self, file: &str, site: impl FnOnce() -> Site) -> Option<String> {
        let path = paths::resolve(self.root, file);
        let directory = &path[..=path.rfind('/')?];
        if let Some(is_missing) = self.directories.borrow().get(directory) {
            return is_missing.then(|| directory.to_owned());
        }
        let kind = self.checker.inputs.world.resource(directory);
        if kind == Kind::Unknown {
            let mut unknowns = self.unknowns.borrow_mut();
            unknowns.push((site(), Unknown::Path(paths::directory(&path).to_owned())));
        }
        let is_missing = matches!(kind, Kind::Missing | Kind::NotADirectory | Kind::File);
        let mut directories = self.directories.borrow_mut();
        directories.insert(directory.to_owned(), is_missing);
        is_missing.then(|| directory.to_owned())
    }
}

fn finding(span: Span, frame: FrameId, directory: &str, text: String, server: u32) -> Diagnostic {
    let message = format!("there is no directory `{directory}` for this log");
    let mut finding = Diagnostic::new("missing-log-directory", Level::Error, span, message);
    finding.frame = Some(frame);
    finding.httpd = Some(HttpdMessage {
        phase: Phase::Check,
        message: format!("(2)No such file or directory: {text}"),
        file: None,
        line: None,
        server,
    });
    finding
}
