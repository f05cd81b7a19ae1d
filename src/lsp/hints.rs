//! Notes in and above the lines, for who wants them.

use std::ops::Range;

use lsp_types::{CodeLens, Command, InlayHint, Label, Position};
use rustc_hash::FxHashMap;

use super::view::View;
use crate::evaluate::{Descend, NodeKind, OccurrenceId, Placed, PlacedId, Step};
use crate::httpd::NameId;
use crate::model::layers::first_word;
use crate::model::servers::Servers;
use crate::source::Span;
use crate::syntax::LineKind;

const PROCESS_GROUP: NameId = NameId::of("WSGIProcessGroup");

/// Behind what opens a virtual host whether it is the default, behind a mount its daemon process
/// group, behind what closes a section what it closes.
pub(super) fn hints(view: &View<'_>, wanted: Range<usize>) -> Vec<InlayHint> {
    if !view.whole.settings.inlay_hints {
        return Vec::new();
    }
    let mut hints = Vec::new();
    let hint = |position: Position, label: String| InlayHint {
        position,
        label: Label::String(label),
        kind: None,
        text_edits: None,
        tooltip: None,
        padding_left: Some(true),
        padding_right: None,
        data: None,
    };
    let config = view.whole.config();
    let servers = Servers::of(config, view.whole.session.inputs().table);
    let lines = view.document.lines.iter().enumerate();
    let lines =
        lines.filter(|it| (it.1.start as usize) < wanted.end && wanted.start < it.1.end as usize);
    let all = 0..view.document.lines.len();
    let pair = |it: usize| Some((view.document.closing_line(view.text(), it)?, it));
    let opened: FxHashMap<usize, usize> = all.filter_map(pair).collect();
    for (index, line) in lines {
        let end = view.document.span(line, view.text()).end as usize;
        let position = view.lines.position(end);
        let nodes = view.nodes_at(line.start as usize);
        let label = match (line.kind, nodes.first()) {
            (LineKind::Open, Some(node)) if node.node.name == Some(NameId::VIRTUAL_HOST) => {
                default_of(&servers, node)
            }
            (LineKind::Directive, Some(node)) => group_of(view, node),
            (LineKind::Close, _) => {
                let opening = opened.get(&index);
                opening.and_then(|it| opened_by(view, *it, index))
            }
            _ => None,
        };
        hints.extend(label.map(|it| hint(position, it)));
    }
    hints
}

fn default_of(servers: &Servers, node: &Placed<'_>) -> Option<String> {
    let mut hosts = servers.virtual_hosts();
    let (id, _) = hosts.find(|it| it.1.section == Some(node.id))?;
    let mut sets = servers.address_sets().iter();
    let is_default = sets.any(|it| it.is_name_based() && it.members.first() == Some(&id));
    is_default.then(|| "default for its address".to_owned())
}

// The group of the nearest `WSGIProcessGroup` in the sections around a mount; an option of the mount
// itself says it in the line.
fn group_of(view: &View<'_>, node: &Placed<'_>) -> Option<String> {
    let table = view.whole.session.inputs().table;
    let name = table.spelling(node.node.name?);
    let is_mount = ["WSGIScriptAlias", "WSGIScriptAliasMatch"].contains(&name);
    let words = node.line().words().len();
    if !is_mount || words > 2 {
        return None;
    }
    let config = view.whole.config();
    let section = node.parent()?;
    let mut group = None;
    config.walk_below(section.id, &mut |step| {
        if let Step::Enter(placed) = step {
            if placed.node.kind == NodeKind::Section {
                return Descend::No;
            }
            if placed.node.name == Some(PROCESS_GROUP) {
                group = first_word(&placed);
            }
        }
        Descend::Yes
    });
    group.map(|it| format!("in daemon process group {it}"))
}

// Of a long section what it was.
fn opened_by(view: &View<'_>, opening: usize, closing: usize) -> Option<String> {
    const LONG: usize = 20;
    let lines = &view.document.lines;
    let text = view.document.logical(&lines[opening], view.text()).text;
    (closing - opening > LONG).then(|| text.into_owned())
}

/// Above the first line which files read this one.
pub(super) fn lenses(view: &View<'_>) -> Vec<CodeLens> {
    if !view.whole.settings.code_lenses {
        return Vec::new();
    }
    let config = view.whole.config();
    let parent = |it: &OccurrenceId| {
        let (occurrence, node) = config.occurrence(*it).parent?;
        let placed = config.placed(PlacedId { occurrence, node });
        Some(placed.site().span)
    };
    let mut spans: Vec<Span> = view.places.iter().filter_map(parent).collect();
    spans.sort_unstable();
    spans.dedup();
    let names = spans.iter().map(|it| view.whole.place(*it));
    let names: Vec<String> = names.take(3).collect();
    let more = match spans.len().saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    if names.is_empty() {
        return Vec::new();
    }
    vec![CodeLens {
        range: view.range(0..0),
        command: Some(Command {
            title: format!("included by {}{more}", names.join(", ")),
            command: String::new(),
            tooltip: None,
            arguments: None,
        }),
        data: None,
    }]
}
