//! Reading and parsing files before evaluation comes to them.
//!
//! What a file means depends on all that was read before it; its bytes and lines do not. Where an
//! `Include` names many files, most of the time goes into opening them, so other threads do that
//! while the first evaluates; and the first helps them where it would have to wait. The result is
//! the same.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::{thread, vec};

use rustc_hash::FxHashMap;

use crate::source::{FileId, Source};
use crate::syntax::Document;
use crate::threads;
use crate::world::{ReadError, World};

/// Fewer files are not worth a thread.
const LEAST_FILES: usize = 32;

/// Files are handed over in packs: waiting for each one would cost more than reading it.
const PACK: usize = 16;

/// About what the lines of a pack take; the least that is not a mapping of its own is larger.
const PACK_SIZE: usize = 96 << 10;

/// A text and its lines. They do not know yet under which id they will be filed.
pub(super) struct Text {
    pub(super) source: Source,
    pub(super) document: Document,
}

/// A file that is to be read, with its text in another world, where one is known.
#[derive(Debug, Clone)]
pub(super) struct Wanted<'a> {
    pub(super) path: &'a str,
    pub(super) elsewhere: Option<Arc<Source>>,
}

/// What was read of a file; nothing where it is the text of the other world.
pub(super) type Found = Result<Option<Text>, ReadError>;

impl Wanted<'_> {
    /// Reads the file, and parses it unless that was done.
    pub(super) fn read(&self, world: &dyn World) -> Found {
        let bytes = world.read(self.path)?;
        let is_known = self.elsewhere.as_ref().is_some_and(|it| it.is_of(&bytes));
        Ok((!is_known).then(|| Text::parse(Source::new(self.path, bytes))))
    }
}

impl Text {
    /// Parses a text.
    pub(super) fn parse(source: Source) -> Self {
        let document = Document::parse(FileId::FIRST, source.text(), source.encoding());
        Self { source, document }
    }
}

type Pack = Vec<Found>;

/// The files to read, in packs, each read by whoever comes to it first.
struct Packs<'a> {
    world: &'a dyn World,
    files: &'a [Wanted<'a>],
    claimed: AtomicUsize,
}

impl Packs<'_> {
    /// Reads the first pack that nobody reads yet, and says which one it is.
    fn read_next(&self) -> Option<(usize, Pack)> {
        // The heap of a thread grows by a page at a time, each of which the system must be asked
        // for; what is given back at once is there for the files.
        drop(Vec::<u8>::with_capacity(PACK_SIZE));
        let number = self.claimed.fetch_add(1, Ordering::Relaxed);
        let files = self.files.chunks(PACK).nth(number)?;
        let texts = files.iter().map(|it| it.read(self.world));
        Some((number, texts.collect()))
    }
}

/// Files that are being read, in the order in which they are asked for.
pub(super) struct Ahead<'a> {
    packs: Option<(&'a Packs<'a>, Receiver<(usize, Pack)>)>,
    // How many files were taken.
    taken: usize,
    // The rest of the pack that is being taken.
    pack: vec::IntoIter<Found>,
    // Packs that were read before their turn.
    waiting: FxHashMap<usize, Pack>,
}

impl Ahead<'_> {
    /// What was read of the file at `path`; `None` where that is left to whoever needs it.
    pub(super) fn take(&mut self, path: &str) -> Option<Found> {
        let (packs, _) = self.packs.as_ref()?;
        if packs.files.get(self.taken)?.path != path {
            return None;
        }
        if self.taken.is_multiple_of(PACK) {
            self.pack = self.pack(self.taken / PACK)?.into_iter();
        }
        self.taken += 1;
        self.pack.next()
    }

    fn pack(&mut self, number: usize) -> Option<Pack> {
        let (packs, others) = self.packs.as_ref()?;
        loop {
            self.waiting.extend(others.try_iter());
            if let Some(pack) = self.waiting.remove(&number) {
                return Some(pack);
            }
            let read = packs.read_next().or_else(|| others.recv().ok());
            self.waiting.extend(Some(read?));
        }
    }
}

/// Does something while these files are read; it should take them in this order.
pub(super) fn reading<T>(
    world: &dyn World,
    files: &[Wanted<'_>],
    evaluate: impl FnOnce(Ahead<'_>) -> T,
) -> T {
    let packs = Packs {
        world,
        files,
        claimed: AtomicUsize::new(0),
    };
    let ahead = |packs| Ahead {
        packs,
        taken: 0,
        pack: Vec::new().into_iter(),
        waiting: HashMap::default(),
    };
    if files.len() < LEAST_FILES {
        return evaluate(ahead(None));
    }
    thread::scope(|scope| {
        let (sender, others) = channel();
        for _ in 1..threads::useful_for(files.len() / LEAST_FILES) {
            let (sender, packs) = (sender.clone(), &packs);
            scope.spawn(move || {
                while let Some(pack) = packs.read_next() {
                    // Whoever takes no more files has dropped the other end.
                    if sender.send(pack).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        evaluate(ahead(Some((&packs, others))))
    })
}
