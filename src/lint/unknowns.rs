//! What could not be decided, said once.

use std::mem::Discriminant;

use rustc_hash::{FxHashMap, FxHashSet};

use super::outcome::Unknown;
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Config, NodeIndex, NodeKind, OccurrenceId, PlacedId, Unknown as Thing};
use crate::source::{Site, Span};

/// The unknowns of a configuration, in reading order. In the `.htaccess` files of `judged` it is not
/// known what is permitted. What one of the findings says is known.
pub(super) fn of(
    config: &Config,
    living: &[OccurrenceId],
    judged: &[OccurrenceId],
    findings: &[Diagnostic],
) -> Vec<Unknown> {
    let mut unknowns: Vec<Unknown> = Vec::new();
    let mut index: FxHashMap<String, usize> = FxHashMap::default();
    for id in living {
        let occurrence = config.occurrence(*id);
        for fact in &occurrence.unit.unknowns {
            let (what, decided_by) = said(&fact.what);
            let site = Site {
                span: fact.span,
                frame: occurrence.frame,
            };
            match index.get(&what) {
                Some(&at) => unknowns[at].places += 1,
                None => {
                    index.insert(what.clone(), unknowns.len());
                    unknowns.push(Unknown {
                        what,
                        others: 0,
                        decided_by,
                        site: Some(site),
                        places: 1,
                    });
                }
            }
        }
    }
    unknowns.extend(permission(config, judged));
    unknowns.extend(names(config, living, findings));
    unknowns
}

/// What httpd would look for on the server: each kind once, where it is first missed.
pub(super) fn of_server<'m>(missed: impl Iterator<Item = (Site, &'m Thing)>) -> Vec<Unknown> {
    let mut unknowns: Vec<Unknown> = Vec::new();
    let mut kinds: FxHashMap<Discriminant<Thing>, (usize, FxHashSet<&Thing>)> =
        FxHashMap::default();
    for (site, thing) in missed {
        let (at, things) = kinds
            .entry(std::mem::discriminant(thing))
            .or_insert_with(|| (unknowns.len(), FxHashSet::default()));
        things.insert(thing);
        if let Some(known) = unknowns.get_mut(*at) {
            known.places += 1;
            continue;
        }
        let (what, decided_by) = said(thing);
        unknowns.push(Unknown {
            what,
            others: 0,
            decided_by,
            site: Some(site),
            places: 1,
        });
    }
    for (at, things) in kinds.values() {
        if let Some(unknown) = unknowns.get_mut(*at) {
            unknown.others = things.len() - 1;
        }
    }
    unknowns
}

// The names in a part of a configuration that only a module may have that nobody knows here.
fn names(config: &Config, living: &[OccurrenceId], findings: &[Diagnostic]) -> Vec<Unknown> {
    let mut unknowns: Vec<Unknown> = Vec::new();
    for id in living.iter().filter(|_| config.fragment) {
        let occurrence = config.occurrence(*id);
        for (index, node) in occurrence.unit.nodes.iter().enumerate() {
            let is_name = matches!(node.kind, NodeKind::Directive | NodeKind::Section);
            if !is_name || node.name.is_some() || node.uncertain {
                continue;
            }
            let placed = config.placed(PlacedId {
                occurrence: *id,
                node: NodeIndex::new(index),
            });
            let line = placed.line();
            let span = line.name_span();
            if findings.iter().any(|it| it.primary.span == span) {
                continue;
            }
            let bracket = if node.kind == NodeKind::Section {
                ">"
            } else {
                ""
            };
            let what = format!("whether a module has `{}{bracket}`", line.name());
            match unknowns.iter_mut().find(|it| it.what == what) {
                Some(known) => known.places += 1,
                None => unknowns.push(Unknown {
                    what,
                    others: 0,
                    decided_by: "`httpd -M`, or a description of that module (`--modules`)"
                        .to_owned(),
                    site: Some(placed.at(span)),
                    places: 1,
                }),
            }
        }
    }
    unknowns
}

fn permission(config: &Config, judged: &[OccurrenceId]) -> Option<Unknown> {
    let occurrence = config.occurrence(*judged.first()?);
    Some(Unknown {
        what: "what `AllowOverride` permits; all is taken to be permitted".to_owned(),
        others: 0,
        decided_by: "the whole configuration of the server".to_owned(),
        site: Some(Site {
            span: Span::new(occurrence.unit.document.file, 0..0),
            frame: occurrence.frame,
        }),
        places: judged.len(),
    })
}

// What is not known, and what would tell.
fn said(thing: &Thing) -> (String, String) {
    let (what, decided_by) = match thing {
        Thing::Module(name) => (
            format!("whether `{name}` is compiled into httpd"),
            "`httpd -l`",
        ),
        Thing::Variable(name) => (
            format!("the value of `${{{name}}}`"),
            "the environment of httpd (`--envvars`)",
        ),
        Thing::Path(path) => (format!("what is at `{path}`"), "the server's disk"),
        Thing::User(name) => (
            format!("whether there is a user `{name}`"),
            "the accounts of the server (`--host`)",
        ),
        Thing::Group(name) => (
            format!("whether there is a group of users `{name}`"),
            "the accounts of the server (`--host`)",
        ),
        Thing::Host(name) => (
            format!("whether `{name}` resolves"),
            "the server's resolver",
        ),
        Thing::Version => ("the version of httpd".to_owned(), "`httpd -V`"),
    };
    (what, decided_by.to_owned())
}
