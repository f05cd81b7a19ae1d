//! Reading and parsing files before evaluation comes to them.
//!
//! What a file means depends on all that was read before it; its bytes and lines do not. Where an
//! `Include` names many files, most of the time goes into opening them, so a second thread does
//! that, in order, while the first evaluates. The result is the same.

use std::sync::mpsc::{Receiver, channel};
use std::{slice, thread, vec};

use crate::source::{FileId, Source};
use crate::syntax::Document;
use crate::world::{ReadError, World};

/// Fewer files are not worth a thread.
const LEAST_FILES: usize = 32;

/// Files are handed over in packs: waiting for each one would cost more than reading it.
const PACK: usize = 32;

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

type Pack = Vec<Result<Text, ReadError>>;

/// Files that are being read, in the order in which they are asked for.
pub(super) struct Ahead<'a> {
    paths: slice::Iter<'a, &'a str>,
    packs: Option<Receiver<Pack>>,
    pack: vec::IntoIter<Result<Text, ReadError>>,
}

impl Ahead<'_> {
    /// What was read of the file at `path`; `None` where that is left to whoever needs it.
    pub(super) fn take(&mut self, path: &str) -> Option<Result<Text, ReadError>> {
        let packs = self.packs.as_ref()?;
        if self.paths.as_slice().first() != Some(&path) {
            return None;
        }
        self.paths.next();
        self.pack.next().or_else(|| {
            self.pack = packs.recv().ok()?.into_iter();
            self.pack.next()
        })
    }
}

/// Does something while the files at these paths are read; it should take them in this order.
pub(super) fn reading<T>(
    world: &dyn World,
    paths: &[&str],
    evaluate: impl FnOnce(Ahead<'_>) -> T,
) -> T {
    let ahead = |packs| Ahead {
        paths: paths.iter(),
        packs,
        pack: Vec::new().into_iter(),
    };
    if paths.len() < LEAST_FILES {
        return evaluate(ahead(None));
    }
    thread::scope(|scope| {
        let (sender, packs) = channel();
        scope.spawn(move || {
            let mut packs = paths.chunks(PACK).map(|it| {
                let texts = it.iter().map(|it| Text::read(world, it));
                texts.collect()
            });
            // Whoever takes no more files has dropped the other end.
            packs.all(|it| sender.send(it).is_ok())
        });
        evaluate(ahead(Some(packs)))
    })
}
