//! What httpd refuses about the configuration as a whole.

use rustc_hash::FxHashMap;

use super::{Checker, Turn, behind, refusal};
use crate::diagnostic::{Diagnostic, HttpdMessage, Level, Phase};
use crate::evaluate::{OccurrenceId, Placed, PlacedId, Truth, Unknown};
use crate::httpd::{ByName, NameId, Table};
use crate::source::{FrameId, Site, Span};
use crate::syntax::words;

/// What was found, where it has a place with the evaluation of the file and its turn there.
pub type Found = (Option<(OccurrenceId, Turn)>, Diagnostic);

/// The turn of what is found at a node.
pub(super) fn turn_of(placed: PlacedId) -> Option<(OccurrenceId, Turn)> {
    let index = u32::try_from(placed.node.index()).unwrap_or(u32::MAX);
    Some((placed.occurrence, Turn::at(index)))
}

/// A directive that matters to the server as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Daemon,
    LoadModule,
    Condition,
    Log,
    Listen,
    Authorization,
    Security,
    Rival,
}

/// The directives that matter to the server as a whole, by name.
#[derive(Debug, Clone)]
pub struct Landmarks<'t> {
    table: &'t Table,
    kinds: ByName<Option<Kind>>,
}

impl Kind {
    const COUNT: usize = Kind::Rival as usize + 1;

    fn of(spelling: &str) -> Option<Self> {
        Some(match spelling {
            "WSGIDaemonProcess" => Kind::Daemon,
            "LoadModule" => Kind::LoadModule,
            "<If" | "<ElseIf" | "<Else" => Kind::Condition,
            "Listen" => Kind::Listen,
            "<RequireAll" => Kind::Authorization,
            name if super::security::is_landmark(name) => Kind::Security,
            name if super::rivals::is_landmark(name) => Kind::Rival,
            "ErrorLog" | "CustomLog" | "TransferLog" | "GlobalLog" => Kind::Log,
            _ => return None,
        })
    }
}

impl<'t> Landmarks<'t> {
    /// The names in a table.
    pub fn of(table: &'t Table) -> Self {
        Self {
            table,
            kinds: ByName::new(table),
        }
    }

    /// Whether a directive is one of them.
    pub fn has(&self, name: NameId) -> bool {
        self.kind(name).is_some()
    }

    fn kind(&self, name: NameId) -> Option<Kind> {
        let kind = || Kind::of(self.table.spelling(name));
        *self.kinds.get(name, kind)
    }
}

/// What is wrong with a server as a whole, and what nobody told us of it.
#[derive(Debug, Default)]
pub struct ServerFindings {
    /// What httpd refuses.
    pub refused: Vec<Found>,
    /// What would decide whether it refuses more.
    pub unknowns: Vec<(Site, Unknown)>,
}

/// Checks what no single file shows; `landmarks` are the places of [`Landmarks`], in reading order.
pub fn check_server(
    checker: &Checker<'_>,
    names: &Landmarks<'_>,
    landmarks: &[PlacedId],
) -> ServerFindings {
    let mut by_kind = vec![Vec::new(); Kind::COUNT];
    for id in landmarks {
        let placed = checker.config.placed(*id);
        let kind = placed.node.name.and_then(|it| names.kind(it));
        let counts =
            |it: &Kind| *it == Kind::LoadModule || !is_passed_over(&placed, checker.inputs.table);
        if let Some(kind) = kind.filter(counts) {
            by_kind[kind as usize].push(*id);
        }
    }
    let of_kind = |kind: Kind| by_kind[kind as usize].as_slice();
    let mut found = Vec::new();
    found.extend(check_mpm(checker, of_kind(Kind::LoadModule)));
    found.extend(super::php::check(checker, of_kind(Kind::LoadModule)));
    found.extend(duplicate_daemons(checker, of_kind(Kind::Daemon)));
    found.extend(lonely_alternatives(checker, of_kind(Kind::Condition)));
    found.extend(super::listeners::check(checker, of_kind(Kind::Listen)));
    found.extend(super::authorization::check(
        checker,
        of_kind(Kind::Authorization),
    ));
    let (logs, unknowns) = super::logs::check(checker, of_kind(Kind::Log));
    found.extend(logs);
    found.extend(super::security::check(checker, of_kind(Kind::Security)));
    found.extend(super::rivals::check(checker, of_kind(Kind::Rival)));
    ServerFindings {
        refused: found,
        unknowns,
    }
}

// What waits for phase 2 in a section that httpd does not enter.
fn is_passed_over(placed: &Placed<'_>, table: &Table) -> bool {
    let mut sections = placed.sections();
    sections.any(|it| it.is_late(table))
}

// `<ElseIf>` and `<Else>` go with the last `<If>` or `<ElseIf>` of the same section.
fn lonely_alternatives(checker: &Checker<'_>, conditions: &[PlacedId]) -> Vec<Found> {
    let table = checker.inputs.table;
    let mut open: FxHashMap<Option<PlacedId>, bool> = FxHashMap::default();
    let mut found = Vec::new();
    for id in conditions {
        let placed = checker.config.placed(*id);
        let scope = placed.parent().map(|it| it.id);
        let name = super::context::section_name(&placed, table);
        let before = open.insert(scope, name != "<Else");
        // What is around a part of a configuration may have the condition.
        let is_outside = scope.is_none() && before.is_none() && checker.config.fragment;
        if name == "<If" || before == Some(true) || placed.node.uncertain || is_outside {
            continue;
        }
        let line = placed.line();
        let finding = refusal(
            "else-without-if",
            &placed,
            line.name_span(),
            format!("`{name}>` does not follow an `<If>` of the same section"),
            "<Else> or <ElseIf> section without previous <If> or <ElseIf> section in same scope",
        );
        // Its body is read before anybody asks.
        found.push((Some((id.occurrence, behind(&placed))), finding));
    }
    found
}

// httpd counts them when everything is read, before phase 2.
fn check_mpm(checker: &Checker<'_>, loads: &[PlacedId]) -> Option<Found> {
    if checker.config.fragment {
        return None;
    }
    let table = checker.inputs.table;
    let mpms = table.modules().filter(|(_, module)| module.mpm);
    let states: Vec<Truth> = mpms.map(|(id, _)| checker.modules.has(id)).collect();
    let certain = states.iter().filter(|it| it.is_true()).count();
    let possible = states.iter().filter(|it| !it.is_false()).count();
    let program = checker.inputs.program;
    let message = |text: &str| HttpdMessage {
        phase: Phase::Read,
        message: format!("AH00534: {program}: Configuration error: {text}"),
        file: None,
        line: None,
        server: 0,
    };
    let loaded: Vec<Placed<'_>> = loads
        .iter()
        .map(|it| checker.config.placed(*it))
        .filter(|it| is_mpm(checker, it))
        .collect();
    if possible == 0 && checker.modules.are_all_known() {
        let main = checker
            .config
            .occurrence(OccurrenceId::MAIN)
            .unit
            .document
            .file;
        let mut finding = Diagnostic::new(
            "mpm-count",
            Level::Error,
            Span {
                file: main,
                start: 0,
                end: 0,
            },
            "no multi-processing module is loaded",
        );
        finding.frame = Some(FrameId::ENTRY);
        finding.httpd = Some(message("No MPM loaded."));
        let path = checker.inputs.facts.module_path("mod_mpm_event.so");
        finding.help(format!("add `LoadModule mpm_event_module {path}`"));
        return Some((None, finding));
    }
    if certain < 2 {
        return None;
    }
    let (last, others) = loaded.split_last()?;
    let line = last.line();
    let mut finding = Diagnostic::new(
        "mpm-count",
        Level::Error,
        line.span(),
        "more than one multi-processing module is loaded",
    );
    finding.frame = Some(last.site().frame);
    finding.httpd = Some(message("More than one MPM loaded."));
    for other in others {
        finding.secondary(other.line().span(), "one is loaded here");
    }
    Some((turn_of(last.id), finding))
}

fn is_mpm(checker: &Checker<'_>, load: &Placed<'_>) -> bool {
    let line = load.line();
    let words = line.words();
    let table = checker.inputs.table;
    let id = words
        .first()
        .and_then(|it| table.module_by_identifier(&it.text));
    id.is_some_and(|it| table.module(it).mpm)
}

// One namespace for the whole server, exact in case.
fn duplicate_daemons(checker: &Checker<'_>, daemons: &[PlacedId]) -> Vec<Found> {
    let wsgi = checker.inputs.table.module_by_source("mod_wsgi.c");
    if !wsgi.is_some_and(|it| checker.modules.has(it).is_true()) {
        return Vec::new();
    }
    let mut first: FxHashMap<String, PlacedId> = FxHashMap::default();
    let mut found = Vec::new();
    for id in daemons {
        let placed = checker.config.placed(*id);
        if placed.node.uncertain {
            continue;
        }
        let line = placed.line();
        let (name, _) = words::first(line.arguments());
        if name.text.is_empty() {
            continue;
        }
        let Some(earlier) = first.get(&*name.text) else {
            first.insert(name.text.into_owned(), *id);
            continue;
        };
        let earlier = checker.config.placed(*earlier);
        let mut finding = refusal(
            "duplicate-daemon-process",
            &placed,
            line.argument_span(name.range.clone()),
            format!("the daemon process group `{}` is declared twice", name.text),
            "Name duplicates previous WSGI daemon definition.",
        );
        finding.secondary(earlier.line().span(), "first declared here");
        found.push((turn_of(*id), finding));
    }
    found
}
