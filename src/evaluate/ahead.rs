//! Reading and parsing files before evaluation comes to them.
//!
//! What a file means depends on all that was read before it; its bytes and lines do not. Where an
//! `Include` names many files, most of the time goes into opening them, so a second thread does
//! that, in order and not far ahead, while the first evaluates. The result is the same.

use std::slice;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use crate::source::{FileId, Source};
use crate::syntax::Document;
use crate::world::{ReadError, World};

/// Fewer files are not worth a thread.
const LEAST_FILES: usize = 32;

/// How many files lie ready at most.
const MOST_READY: usize = 64;

/// A text and its lines. They do not know yet under which id they will be filed.
pub(super) struct Text {
    pub(super) source: Source,
    pub(super) document: Document,
}

impl Text {
    /// Reads and parses a file.
    pub(super) fn read(world: &dyn World, path: &str) -> Result<Self, ReadError> {
        Ok(Self::parse(Source::new(path, world.read(path)?)))
    }

    /// Parses a text.
    pub(super) fn parse(source: Source) -> Self {
        let document = Document::parse(FileId::FIRST, source.text(), source.encoding());
        Self { source, document }
    }
}

/// Files that are being read, in the order in which they are asked for.
pub(super) struct Ahead<'a> {
    paths: slice::Iter<'a, &'a str>,
    texts: Option<Receiver<Result<Text, ReadError>>>,
}

impl Ahead<'_> {
    /// What was read of the file at `path`; `None` where that is left to whoever needs it.
    pub(super) fn take(&mut self, path: &str) -> Option<Result<Text, ReadError>> {
        let texts = self.texts.as_ref()?;
        if self.paths.as_slice().first() != Some(&path) {
            return None;
        }
        self.paths.next();
        texts.recv().ok()
    }
}

/// Does something while the files at these paths are read; it should take them in this order.
pub(super) fn reading<T>(
    world: &dyn World,
    paths: &[&str],
    evaluate: impl FnOnce(Ahead<'_>) -> T,
) -> T {
    if paths.len() < LEAST_FILES {
        return evaluate(Ahead {
            paths: paths.iter(),
            texts: None,
        });
    }
    thread::scope(|scope| {
        let (sender, texts) = sync_channel(MOST_READY);
        scope.spawn(move || {
            let mut read = paths.iter().map(|it| Text::read(world, it));
            // Whoever takes no more files has dropped the other end.
            read.all(|it| sender.send(it).is_ok())
        });
        evaluate(Ahead {
            paths: paths.iter(),
            texts: Some(texts),
        })
    })
}
