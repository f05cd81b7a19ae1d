//! What a file consists of: symbols, what can be folded, and what is selected in steps.

use std::ops::Range;

use lsp_types::{
    BaseSymbolInformation, DocumentSymbol, DocumentSymbolResponse, FoldingRange, FoldingRangeKind,
    SelectionRange, SymbolInformation, SymbolKind,
};

use super::view::{View, Whole};
use crate::source::FileId;
use crate::syntax::words::{self, Word};
use crate::syntax::{Document, LineKind};

/// A directive or a section of a text.
struct Item {
    // The position of its line.
    line: usize,
    // The name without brackets.
    name: String,
    arguments: String,
    // Its bytes, to the end of the line that closes it.
    bytes: Range<usize>,
    name_bytes: Range<usize>,
    inside: Vec<Item>,
}

// The sections and directives of a text, as a reader sees them.
fn items(document: &Document, text: &str) -> Vec<Item> {
    let around = document.lines_around(text);
    let mut all: Vec<(usize, Item)> = Vec::new();
    let mut top = Vec::new();
    // From the last to the first: what is inside is complete before what is around.
    for (line, it) in document.lines.iter().enumerate().rev() {
        if matches!(it.kind, LineKind::Comment | LineKind::Close) {
            continue;
        }
        let logical = document.logical(it, text);
        let (first, rest) = words::first(&logical.text);
        let mut inside = Vec::new();
        while all.last().is_some_and(|(parent, _)| *parent == line) {
            inside.extend(all.pop().map(|it| it.1));
        }
        let closing = document.closing_line(text, line);
        let end = closing.map_or(it.end, |it| document.lines[it].end) as usize;
        let name = first.text.trim_start_matches('<').trim_end_matches('>');
        let item = Item {
            line,
            name: name.to_owned(),
            arguments: rest.trim_end().to_owned(),
            bytes: it.start as usize
                ..it.start as usize + text[it.start as usize..end].trim_end().len(),
            name_bytes: logical.word(&first).range(),
            inside,
        };
        match around[line] {
            Some(parent) => all.push((parent, item)),
            None => top.push(item),
        }
    }
    top.reverse();
    top
}

impl Item {
    fn is_section(&self, document: &Document) -> bool {
        document.lines[self.line].kind == LineKind::Open
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    fn first_argument(&self) -> String {
        let arguments = self.arguments.trim_end_matches('>');
        words::first(arguments).0.text.into_owned()
    }

    // What a person calls it, if it is worth being found.
    fn title(&self, document: &Document) -> Option<(String, Option<String>, SymbolKind)> {
        let plain = self.arguments.trim_end_matches('>').to_owned();
        if self.is("VirtualHost") {
            let name = self.inside.iter().find(|it| it.is("ServerName"));
            let name = name.map(Item::first_argument);
            return Some(match name {
                Some(name) => (
                    name,
                    Some(format!("VirtualHost {plain}")),
                    SymbolKind::Module,
                ),
                None => (format!("VirtualHost {plain}"), None, SymbolKind::Module),
            });
        }
        if self.is_section(document) {
            let kind = match self.name.to_ascii_lowercase().as_str() {
                "macro" => SymbolKind::Function,
                "ifmodule" | "ifdefine" | "ifversion" | "ifdirective" | "ifsection" | "iffile"
                | "if" | "elseif" | "else" => SymbolKind::Namespace,
                _ => SymbolKind::Class,
            };
            let title = format!("{} {plain}", self.name);
            return Some((title.trim_end().to_owned(), None, kind));
        }
        let kind = match self.name.to_ascii_lowercase().as_str() {
            "define" => SymbolKind::Variable,
            "listen" => SymbolKind::Event,
            "loadmodule" => SymbolKind::Package,
            "wsgidaemonprocess" => SymbolKind::Struct,
            "logformat" | "rewritemap" => SymbolKind::Constant,
            "wsgiscriptalias" | "alias" | "scriptalias" | "proxypass" | "redirect" => {
                SymbolKind::Interface
            }
            "include" | "includeoptional" => SymbolKind::File,
            "use" => SymbolKind::Method,
            _ => return None,
        };
        Some((
            format!("{} {}", self.name, self.first_argument()),
            None,
            kind,
        ))
    }

    fn symbols(&self, view: &View<'_>) -> Vec<DocumentSymbol> {
        let inside: Vec<DocumentSymbol> =
            self.inside.iter().flat_map(|it| it.symbols(view)).collect();
        let Some((name, detail, kind)) = self.title(view.document) else {
            return inside;
        };
        let (range, selected) = (self.bytes.clone(), self.name_bytes.clone());
        let (range, selected) = (view.range(range), view.range(selected));
        let inside = (!inside.is_empty()).then_some(inside);
        let symbol = DocumentSymbol::new(name, detail, kind, None, None, range, selected, inside);
        vec![symbol]
    }
}

/// The sections of a file, and the directives that others speak of.
pub(super) fn symbols(view: &View<'_>) -> DocumentSymbolResponse {
    let items = items(view.document, view.text());
    let symbols = items.iter().flat_map(|it| it.symbols(view));
    DocumentSymbolResponse::DocumentSymbolList(symbols.collect())
}

/// The symbols of all files whose names have a text in them, in any letter case.
pub(super) fn workspace_symbols(whole: Whole<'_>, query: &str) -> Vec<SymbolInformation> {
    const MOST: usize = 512;
    let query = query.to_lowercase();
    let mut found = Vec::new();
    for file in whole.files() {
        of_file(whole, file, &query, &mut found);
        if found.len() > MOST {
            found.truncate(MOST);
            break;
        }
    }
    found
}

fn of_file(whole: Whole<'_>, file: FileId, query: &str, found: &mut Vec<SymbolInformation>) {
    let Some(view) = whole.view(file) else {
        return;
    };
    let items = items(view.document, view.text());
    let mut waiting: Vec<&Item> = items.iter().rev().collect();
    while let Some(item) = waiting.pop() {
        waiting.extend(item.inside.iter().rev());
        let title = item.title(view.document);
        let wanted = title.filter(|it| it.0.to_lowercase().contains(query));
        let location = whole.location(view.span(item.bytes.clone()));
        if let Some(((name, detail, kind), location)) = wanted.zip(location) {
            let symbol = BaseSymbolInformation {
                name,
                kind,
                tags: None,
                container_name: detail,
            };
            found.push(SymbolInformation::new(None, location, symbol));
        }
    }
}

/// Sections, and stretches of comments.
pub(super) fn folding(view: &View<'_>) -> Vec<FoldingRange> {
    let lines = &view.document.lines;
    let line_of = |it: u32| u32::try_from(view.lines.line(it as usize)).unwrap_or(u32::MAX);
    let folded = |start: u32, end: u32, kind: Option<FoldingRangeKind>| FoldingRange {
        start_line: start,
        end_line: end,
        kind,
        ..FoldingRange::default()
    };
    let mut ranges = Vec::new();
    for (line, it) in lines.iter().enumerate() {
        if let Some(closing) = view.document.closing_line(view.text(), line) {
            let (start, end) = (line_of(it.start), line_of(lines[closing].start));
            // The line that closes it stays in sight.
            if end > start + 1 {
                ranges.push(folded(start, end - 1, Some(FoldingRangeKind::Region)));
            }
        }
    }
    let mut comments = lines.iter().filter(|it| it.kind == LineKind::Comment);
    let mut stretch: Option<(u32, u32)> = None;
    loop {
        let next = comments
            .next()
            .map(|it| (line_of(it.start), line_of(it.end)));
        stretch = match (stretch, next) {
            (Some((start, end)), Some((first, last))) if first == end + 1 => Some((start, last)),
            (before, next) => {
                let long = before.filter(|(start, end)| end > start);
                let comment = Some(FoldingRangeKind::Comment);
                ranges.extend(long.map(|(start, end)| folded(start, end, comment)));
                next
            }
        };
        if stretch.is_none() {
            break;
        }
    }
    ranges.sort_by_key(|it| (it.start_line, it.end_line));
    ranges
}

/// From a word to its directive, to the sections around it, to the file.
pub(super) fn selection(view: &View<'_>, offset: usize) -> SelectionRange {
    let mut steps = Vec::new();
    steps.push(view.span(0..view.text().len()).range());
    if let Some(line) = view.line_at(offset) {
        let around = view.document.lines_around(view.text());
        let lines = &view.document.lines;
        let is_section = lines[line].kind == LineKind::Open;
        let innermost = if is_section { Some(line) } else { around[line] };
        let sections = std::iter::successors(innermost, |it| around[*it]);
        let mut sections: Vec<usize> = sections.collect();
        sections.reverse();
        for section in sections {
            if let Some(closing) = view.document.closing_line(view.text(), section) {
                let last = view.document.span(&lines[closing], view.text());
                let first = &lines[section];
                let body = lines.get(section + 1).map_or(first.end, |it| it.start);
                let before = lines[closing].start.max(body);
                steps.push(first.start as usize..last.end as usize);
                let inner = body as usize..before as usize;
                steps.extend((inner.contains(&offset)).then_some(inner));
            }
        }
        let logical = view.document.logical(&lines[line], view.text());
        let whole = view.document.span(&lines[line], view.text());
        steps.push(whole.range());
        let at = words::split(&logical.text);
        let word = at.iter().find(|it: &&Word<'_>| {
            let span = logical.word(it).range();
            span.start <= offset && offset <= span.end
        });
        if let Some(word) = word {
            steps.push(logical.word(word).range());
            steps.push(logical.at(word, 0..word.text.len()).range());
        }
    }
    steps.dedup();
    let mut selected: Option<SelectionRange> = None;
    for step in steps {
        if step.start <= offset && offset <= step.end {
            selected = Some(SelectionRange {
                range: view.range(step),
                parent: selected.map(Box::new),
            });
        }
    }
    selected.unwrap_or_default()
}
