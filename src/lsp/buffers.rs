//! The world as the editor shows it: the texts of open documents over the disk.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use super::Tree;
use crate::world::{Overlay, Texts, World};

/// Another world in which some files have other texts, which may change.
pub(super) type Buffers<'w> = Overlay<&'w dyn World, OpenTexts<'w>>;

/// The texts of open documents, under whatever names a configuration reads them.
pub(super) struct OpenTexts<'w> {
    tree: &'w dyn Tree,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    // By the place of the document, links followed.
    texts: FxHashMap<PathBuf, Arc<str>>,
    // Where on this machine the paths of the server lie at which anybody looked, links followed, and
    // the other way round.
    places: FxHashMap<String, Option<PathBuf>>,
    looked_at: FxHashMap<PathBuf, String>,
}

impl OpenTexts<'_> {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // What is nowhere yet would lie in its folder.
    fn find(&self, path: &str) -> Option<PathBuf> {
        self.tree.local(path).or_else(|| {
            let (folder, name) = path.rsplit_once('/')?;
            let folder = if folder.is_empty() { "/" } else { folder };
            Some(self.tree.local(folder)?.join(name))
        })
    }

    // Where a path of the server lies; looked for once.
    fn place(&self, path: &str) -> Option<PathBuf> {
        if let Some(place) = self.known().places.get(path) {
            return place.clone();
        }
        let place = self.find(path);
        let mut known = self.known();
        known.places.insert(path.to_owned(), place.clone());
        if let Some(place) = &place {
            known.looked_at.insert(place.clone(), path.to_owned());
        }
        place
    }
}

impl Texts for OpenTexts<'_> {
    fn text(&self, path: &str) -> Option<Cow<'_, [u8]>> {
        let place = self.place(path)?;
        let text = self.known().texts.get(&place).cloned()?;
        Some(Cow::Owned(text.as_bytes().to_vec()))
    }
}

impl<'w> Buffers<'w> {
    /// No other texts yet.
    pub(super) fn over(tree: &'w dyn Tree) -> Self {
        Self {
            below: tree.world(),
            texts: OpenTexts {
                tree,
                known: Mutex::default(),
            },
        }
    }

    /// Gives a document a text, or that of the disk again. Returns the text that it had, if it had
    /// one.
    pub(super) fn put(&self, path: &Path, text: Option<&Arc<str>>) -> Option<Arc<str>> {
        let mut known = self.texts.known();
        match text {
            Some(text) => known.texts.insert(path.to_owned(), Arc::clone(text)),
            None => known.texts.remove(path),
        }
    }

    /// Where a path of the server lies on this machine, or would lie, links followed.
    pub(super) fn place(&self, path: &str) -> Option<PathBuf> {
        self.texts.place(path)
    }

    /// A path of the server at which somebody looked and found a document, or would have, so that
    /// something may depend on it.
    pub(super) fn looked_at(&self, document: &Path) -> Option<String> {
        self.texts.known().looked_at.get(document).cloned()
    }
}
