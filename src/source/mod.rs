//! Texts and the places in them.
//!
//! Everything above this layer speaks of a place as a [`Span`] (a byte range in one text) or as a
//! [`Site`] (a span, and how evaluation came to it: the same text can be included many times).
//! Lines and columns exist only where somebody looks at them: in renderers and editors.

mod line_index;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

pub use line_index::{LineColumn, LineIndex};

/// Names one text in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

impl FileId {
    /// The text that was added first.
    pub const FIRST: FileId = FileId(0);

    /// The position of the text in [`Sources`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A byte range in one text; both ends lie on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from `start` to `end` in `file`.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Self {
            file,
            start: clamp(range.start),
            end: clamp(range.end.max(range.start)),
        }
    }

    /// The span as a range, for slicing its text.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that covers both; `self` where they are in different texts.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span {
            file: self.file,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

// A text of more than 4 GiB is refused when it is added to `Sources`, so the clamp never bites.
fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Names one [`Frame`]: how evaluation came to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameId(pub u32);

impl FrameId {
    /// The frame of the main file.
    pub const ENTRY: FrameId = FrameId(0);
}

/// One step of the way on which evaluation came to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The step before; `None` for the main file.
    pub parent: Option<FrameId>,
    /// What this step was.
    pub cause: Cause,
}

/// Why a text was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// It is the main file.
    Entry,
    /// An `Include` or `IncludeOptional` at this place named it.
    Include(Span),
    /// A `Use` at this place replays a macro.
    Use(Span),
}

/// A place in the configuration: a place in a text, and how evaluation came there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Site {
    /// The place in the text.
    pub span: Span,
    /// The way there.
    pub frame: FrameId,
}

/// How the bytes of a text became characters, and become bytes again when it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// The bytes were UTF-8.
    Utf8,
    /// They were not, so each byte is the character of the same number.
    Latin1,
}

impl Encoding {
    /// The bytes that `text` stands for.
    pub fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Latin1 => text
                .chars()
                .map(|it| u8::try_from(u32::from(it)).unwrap_or(b'?'))
                .collect(),
        }
    }

    /// The number of bytes that `text` stands for.
    pub fn len(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            Encoding::Latin1 if text.is_ascii() => text.len(),
            Encoding::Latin1 => text.chars().count(),
        }
    }
}

/// A text with its name.
#[derive(Debug)]
pub struct Source {
    name: Arc<str>,
    text: String,
    encoding: Encoding,
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// Decodes `bytes`: UTF-8 where they are, Latin-1 otherwise. `name` is the path as the server
    /// knows it.
    pub fn new(name: impl Into<Arc<str>>, bytes: Vec<u8>) -> Self {
        let (text, encoding) = match String::from_utf8(bytes) {
            Ok(text) => (text, Encoding::Utf8),
            Err(error) => (
                error.as_bytes().iter().map(|&it| char::from(it)).collect(),
                Encoding::Latin1,
            ),
        };
        Self {
            name: name.into(),
            text,
            encoding,
            lines: OnceLock::new(),
        }
    }

    /// The path of the text as the server knows it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the bytes were decoded.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether it was decoded from these bytes.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        match self.encoding {
            Encoding::Utf8 => self.text.as_bytes() == bytes,
            Encoding::Latin1 => self.encoding.bytes(&self.text) == bytes,
        }
    }

    /// The table of lines, built when first asked for: only texts with findings need one.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

/// All texts of a run.
#[derive(Debug, Default, Clone)]
pub struct Sources {
    all: Vec<Arc<Source>>,
    by_name: FxHashMap<Arc<str>, FileId>,
}

impl Sources {
    /// No texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text, or puts it in the place of the text of the same name: the [`FileId`] of a name
    /// never changes.
    pub fn put(&mut self, source: Source) -> FileId {
        let name = Arc::clone(&source.name);
        let source = Arc::new(source);
        if let Some(&id) = self.by_name.get(&name) {
            self.all[id.index()] = source;
            return id;
        }
        let id = FileId(clamp(self.all.len()));
        self.all.push(source);
        self.by_name.insert(name, id);
        id
    }

    /// The text called `name`, if there is one.
    pub fn find(&self, name: &str) -> Option<FileId> {
        self.by_name.get(name).copied()
    }

    /// The text of an id.
    pub fn get(&self, file: FileId) -> &Source {
        &self.all[file.index()]
    }

    /// The text of an id, to keep.
    pub fn shared(&self, file: FileId) -> Arc<Source> {
        Arc::clone(&self.all[file.index()])
    }

    /// Line and column of the first character of a span, both from 1.
    pub fn start(&self, span: Span) -> LineColumn {
        self.get(span.file)
            .lines()
            .position(self.get(span.file).text(), span.start)
    }

    /// Line and column just past the last character of a span, both from 1.
    pub fn end(&self, span: Span) -> LineColumn {
        self.get(span.file)
            .lines()
            .position(self.get(span.file).text(), span.end)
    }

    /// The ids in the order in which the texts were added.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..clamp(self.all.len())).map(FileId)
    }

    /// The number of texts.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_are_latin1_and_survive_the_way_back() {
        let source = Source::new("a.conf", b"ServerAdmin caf\xe9\n".to_vec());
        assert_eq!(source.text(), "ServerAdmin caf\u{e9}\n");
        assert_eq!(source.encoding(), Encoding::Latin1);
        assert_eq!(
            source.encoding().bytes(source.text()),
            b"ServerAdmin caf\xe9\n"
        );
        assert_eq!(source.encoding().len(source.text()), 17);
    }

    #[test]
    fn a_text_of_the_same_name_takes_the_place_of_the_old_one() {
        let mut sources = Sources::new();
        let first = sources.put(Source::new("a.conf", b"one".to_vec()));
        let other = sources.put(Source::new("b.conf", b"two".to_vec()));
        assert_eq!(sources.put(Source::new("a.conf", b"three".to_vec())), first);
        assert_ne!(first, other);
        assert_eq!(sources.get(first).text(), "three");
        assert_eq!(sources.find("b.conf"), Some(other));
    }

    #[test]
    fn columns_are_counted_in_characters() {
        let mut sources = Sources::new();
        let file = sources.put(Source::new("a.conf", "é x\nü y\n".as_bytes().to_vec()));
        let y = sources.get(file).text().find('y').unwrap_or_default();
        let place = sources.start(Span::new(file, y..y + 1));
        assert_eq!((place.line, place.column), (2, 3));
    }
}
