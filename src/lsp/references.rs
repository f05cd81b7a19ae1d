//! From a name to the places that speak of it.

use lsp_types::{
    Definition, DefinitionResponse, DocumentHighlight, DocumentHighlightKind, Location, Position,
    PrepareRenamePlaceholder, PrepareRenameResult, WorkspaceEdit,
};

use super::edits::Edits;
use super::names::{Mention, Thing};
use super::view::{Failed, View};
use crate::source::Span;
use crate::syntax::LineKind;

/// Where a name is given to a thing, or the files that an `Include` reads.
pub(super) fn definition(
    view: &View<'_>,
    position: Position,
) -> Result<Option<DefinitionResponse>, Failed> {
    let offset = view.offset(position)?;
    let named = view.name_at(offset).map(|it| {
        let mentions = view.whole.mentions(it.thing, &it.name);
        let declared = mentions.into_iter().filter(|it| it.declares);
        declared.map(|it| it.span).collect::<Vec<Span>>()
    });
    let spans = match named.filter(|it| !it.is_empty()) {
        Some(spans) => spans,
        None => included(view, offset),
    };
    let locations: Vec<Location> = spans
        .into_iter()
        .filter_map(|it| view.whole.location(it))
        .collect();
    Ok((!locations.is_empty()).then(|| Definition::LocationList(locations).into()))
}

/// The beginnings of the files that the line at an offset reads.
pub(super) fn included(view: &View<'_>, offset: usize) -> Vec<Span> {
    let Some(line) = view.line_at(offset) else {
        return Vec::new();
    };
    let config = view.whole.config();
    let nodes = view.nodes_at(view.document.lines[line].start as usize);
    let mut files: Vec<Span> = Vec::new();
    for node in nodes {
        let read = node.occurrence.children.iter();
        let read = read.filter(|it| it.0 == node.id.node);
        let read = read.map(|it| config.occurrence(it.1).unit.document.file);
        files.extend(read.map(|it| Span::new(it, 0..0)));
    }
    files.sort_unstable();
    files.dedup();
    files
}

/// All places that speak of a name.
pub(super) fn references(
    view: &View<'_>,
    position: Position,
    with_declaration: bool,
) -> Result<Option<Vec<Location>>, Failed> {
    let Some(name) = view.name_at(view.offset(position)?) else {
        return Ok(None);
    };
    let mentions = view.whole.mentions(name.thing, &name.name);
    let wanted = mentions
        .into_iter()
        .filter(|it| with_declaration || !it.declares);
    let locations = wanted.filter_map(|it| view.whole.location(it.span));
    Ok(Some(locations.collect()))
}

/// The same name, or the line that opens or closes the same section.
pub(super) fn highlight(
    view: &View<'_>,
    position: Position,
) -> Result<Option<Vec<DocumentHighlight>>, Failed> {
    let offset = view.offset(position)?;
    let highlight = |span: Span, kind| DocumentHighlight {
        range: view.range(span.range()),
        kind: Some(kind),
    };
    if let Some(name) = view.name_at(offset) {
        let mentions = view.whole.mentions_in(view.file, name.thing, &name.name);
        let kind = |it: &Mention| match it.declares {
            true => DocumentHighlightKind::Write,
            false => DocumentHighlightKind::Read,
        };
        let all = mentions.iter().map(|it| highlight(it.span, kind(it)));
        return Ok(Some(all.collect()));
    }
    let tags = tags(view, offset).into_iter();
    let all: Vec<DocumentHighlight> = tags
        .map(|it| highlight(it, DocumentHighlightKind::Text))
        .collect();
    Ok((!all.is_empty()).then_some(all))
}

// The names of a section, where it opens and where it closes, if the offset is in one of the two.
fn tags(view: &View<'_>, offset: usize) -> Vec<Span> {
    let Some(line) = view.line_at(offset) else {
        return Vec::new();
    };
    let lines = &view.document.lines;
    let opening = match lines[line].kind {
        LineKind::Open => Some(line),
        LineKind::Close => (0..line)
            .rev()
            .find(|it| view.document.closing_line(view.text(), *it) == Some(line)),
        _ => None,
    };
    let pair = opening.and_then(|it| Some([it, view.document.closing_line(view.text(), it)?]));
    let name = |line: usize| {
        let start = lines[line].start as usize;
        let text = &view.text()[start..lines[line].end as usize];
        let brackets = text.len() - text.trim_start_matches(['<', '/']).len();
        let rest = &text[brackets..];
        let length = rest.find(|it: char| it.is_whitespace() || it == '>');
        let from = start + brackets;
        view.span(from..from + length.unwrap_or(rest.len()))
    };
    let spans: Vec<Span> = pair.into_iter().flatten().map(name).collect();
    let is_there = |it: &Span| it.range().start <= offset && offset <= it.range().end;
    match spans.iter().any(is_there) {
        true => spans,
        false => Vec::new(),
    }
}

/// What would be renamed.
pub(super) fn prepare_rename(
    view: &View<'_>,
    position: Position,
) -> Result<Option<PrepareRenameResult>, Failed> {
    let name = view.name_at(view.offset(position)?);
    let name = name.filter(|it| is_ours(view, it));
    Ok(name.map(|it| {
        PrepareRenamePlaceholder {
            range: view.range(it.span.range()),
            placeholder: it.name,
        }
        .into()
    }))
}

// A name that the configuration itself gives, and that it may therefore give otherwise.
fn is_ours(view: &View<'_>, name: &Mention) -> bool {
    let mut mentions = view.whole.mentions(name.thing, &name.name).into_iter();
    name.thing != Thing::Module && mentions.any(|it| it.declares)
}

/// Gives a thing another name at all places.
pub(super) fn rename(
    view: &View<'_>,
    position: Position,
    new: &str,
) -> Result<Option<WorkspaceEdit>, Failed> {
    let Some(name) = view.name_at(view.offset(position)?) else {
        return Err(Failed::Refused("nothing here has a name"));
    };
    if !is_ours(view, &name) {
        return Err(Failed::Refused("the configuration does not give this name"));
    }
    if !name.thing.accepts(new) {
        return Err(Failed::Refused("this cannot be a name"));
    }
    let is_other = !name.thing.is_same(&name.name, new);
    if is_other && !view.whole.mentions(name.thing, new).is_empty() {
        return Err(Failed::Refused("something else has this name"));
    }
    let mut edits = Edits::of(view.whole);
    for mention in view.whole.mentions(name.thing, &name.name) {
        edits.replace(mention.span, new);
    }
    Ok(Some(edits.finish()))
}
