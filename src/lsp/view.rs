//! What an answer is made of: the file at hand, and the tree that it belongs to.

use std::ops::Range;
use std::path::{Path, PathBuf};

use lsp_types::{Location, Position, Range as PositionRange, Uri};
use rustc_hash::FxHashMap;

use super::Tree;
use super::client::Abilities;
use super::position::Lines;
use super::settings::Settings;
use super::uri;
use crate::evaluate::{Config, NodeIndex, OccurrenceId, Placed, PlacedId};
use crate::lint::Session;
use crate::source::{FileId, Source, Span};
use crate::syntax::Document;

/// What the client calls a file, and which of its states it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opened {
    /// The name.
    pub(super) uri: Uri,
    /// The state.
    pub(super) version: i32,
}

/// All that is known of a tree.
#[derive(Clone, Copy)]
pub(super) struct Whole<'v> {
    /// The configuration.
    pub(super) session: &'v Session<'v>,
    /// Its files on this machine.
    pub(super) tree: &'v dyn Tree,
    /// Where the files of the configuration lie, links followed.
    pub(super) paths: &'v FxHashMap<FileId, PathBuf>,
    /// The names on the server of the files at these places.
    pub(super) names: &'v FxHashMap<PathBuf, Vec<String>>,
    /// The documents that are open.
    pub(super) opened: &'v FxHashMap<PathBuf, Opened>,
    /// What the client can do.
    pub(super) abilities: &'v Abilities,
    /// What it has settled.
    pub(super) settings: &'v Settings,
}

impl<'v> Whole<'v> {
    /// The configuration as read.
    pub(super) fn config(&self) -> &'v Config {
        self.session.config()
    }

    /// What the client calls a file; `None` for one that does not lie on this machine.
    pub(super) fn uri(&self, file: FileId) -> Option<Uri> {
        let path = self.paths.get(&file)?;
        let opened = self.opened.get(path).map(|it| it.uri.clone());
        Some(opened.unwrap_or_else(|| uri::of_path(path)))
    }

    /// The document that is open for a file.
    pub(super) fn opened(&self, file: FileId) -> Option<&'v Opened> {
        self.opened.get(self.paths.get(&file)?)
    }

    /// The files of the configuration that lie at a path; several where it has several names.
    pub(super) fn files_at(self, path: &Path) -> impl Iterator<Item = FileId> + use<'v> {
        let names = self.names.get(path).into_iter().flatten();
        let files = names.filter_map(move |it| self.config().sources.find(it));
        files.filter(move |it| !self.session.places_of(*it).is_empty())
    }

    /// The lines of a file.
    pub(super) fn lines(&self, file: FileId) -> Lines<'v> {
        let source = self.config().sources.get(file);
        Lines::new(source.text(), self.abilities.columns)
    }

    /// A place as the client knows it.
    pub(super) fn location(&self, span: Span) -> Option<Location> {
        let range = self.lines(span.file).range(span.range());
        Some(Location::new(self.uri(span.file)?, range))
    }

    /// The path of a file as a person would write it.
    pub(super) fn name(&self, file: FileId) -> &'v str {
        self.config().sources.get(file).name()
    }

    /// `FILE:LINE` of a place.
    pub(super) fn place(&self, span: Span) -> String {
        let line = self.config().sources.start(span).line;
        let name = self.name(span.file);
        let short = name.rsplit('/').next().unwrap_or(name);
        format!("{short}:{line}")
    }

    /// The files of the configuration that lie on this machine, by their names.
    pub(super) fn files(&self) -> Vec<FileId> {
        let is_read = |it: &FileId| !self.session.places_of(*it).is_empty();
        let mut files: Vec<FileId> = self.paths.keys().copied().filter(is_read).collect();
        files.sort_by_key(|it| self.name(*it));
        files
    }

    /// A file, if it is part of the configuration.
    pub(super) fn view(self, file: FileId) -> Option<View<'v>> {
        let places = self.session.places_of(file);
        let unit = &self.config().occurrence(*places.first()?).unit;
        Some(View {
            whole: self,
            file,
            source: &unit.source,
            document: &unit.document,
            lines: Lines::new(unit.source.text(), self.abilities.columns),
            places,
        })
    }
}

/// One file of a tree.
pub(super) struct View<'v> {
    /// The tree.
    pub(super) whole: Whole<'v>,
    /// The file.
    pub(super) file: FileId,
    /// Its text.
    pub(super) source: &'v Source,
    /// Its logical lines.
    pub(super) document: &'v Document,
    /// Its lines as the client counts them.
    pub(super) lines: Lines<'v>,
    /// The evaluations of the file.
    pub(super) places: Vec<OccurrenceId>,
}

impl<'v> View<'v> {
    /// The text.
    pub(super) fn text(&self) -> &'v str {
        self.source.text()
    }

    /// The offset of a place of the client's.
    ///
    /// # Errors
    /// The text has no such place.
    pub(super) fn offset(&self, position: Position) -> Result<usize, Failed> {
        let offset = self.lines.offset(position);
        offset.ok_or(Failed::Parameters("the document has no such line"))
    }

    /// The bytes of a range of the client's.
    ///
    /// # Errors
    /// The text has no such range.
    pub(super) fn bytes(&self, range: PositionRange) -> Result<Range<usize>, Failed> {
        let bytes = self.lines.bytes_of(range);
        bytes.ok_or(Failed::Parameters("the document has no such range"))
    }

    /// The range of some bytes, as the client knows it.
    pub(super) fn range(&self, bytes: Range<usize>) -> PositionRange {
        self.lines.range(bytes)
    }

    /// The position of the logical line that an offset lies in or on.
    pub(super) fn line_at(&self, offset: usize) -> Option<usize> {
        let lines = &self.document.lines;
        let behind = lines.partition_point(|it| it.start as usize <= offset);
        let line = behind.checked_sub(1)?;
        (offset <= lines[line].end as usize).then_some(line)
    }

    /// What is made of the logical line that begins at an offset: the first node of each
    /// evaluation of the file.
    pub(super) fn nodes_at(&self, start: usize) -> Vec<Placed<'v>> {
        let config = self.whole.config();
        let found = self.places.iter().filter_map(|place| {
            let nodes = &config.occurrence(*place).unit.nodes;
            let mut ids = (0..nodes.len()).map(|it| PlacedId {
                occurrence: *place,
                node: NodeIndex::new(it),
            });
            let id = ids.find(|it| {
                let placed = config.placed(*it);
                let span = placed.site().span;
                let is_own = placed.occurrence.unit.used(placed.node).is_none();
                is_own && span.file == self.file && span.start as usize == start
            })?;
            Some(config.placed(id))
        });
        found.collect()
    }

    /// The place of some bytes of the file.
    pub(super) fn span(&self, bytes: Range<usize>) -> Span {
        Span::new(self.file, bytes)
    }
}

/// Why a question has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failed {
    /// It is put wrongly.
    Parameters(&'static str),
    /// What it asks for cannot be done.
    Refused(&'static str),
    /// Nobody knows how to answer it.
    Unknown,
    /// We made a mistake.
    Broken,
}
