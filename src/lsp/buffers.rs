//! The world as the editor shows it: the texts of open documents over the disk.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::world::{Overlay, Texts, World};

/// Another world in which some files have other texts, which may change.
pub(super) type Buffers<'w> = Overlay<&'w dyn World, OpenTexts>;

/// The texts of open documents.
#[derive(Default)]
pub(super) struct OpenTexts(RwLock<FxHashMap<String, Arc<[u8]>>>);

impl Texts for OpenTexts {
    fn text(&self, path: &str) -> Option<Cow<'_, [u8]>> {
        let texts = self.0.read().unwrap_or_else(PoisonError::into_inner);
        texts.get(path).map(|it| Cow::Owned(it.to_vec()))
    }
}

impl<'w> Buffers<'w> {
    /// No other texts yet.
    pub(super) fn over(below: &'w dyn World) -> Self {
        Self {
            below,
            texts: OpenTexts::default(),
        }
    }

    /// Gives a file another text.
    pub(super) fn put(&self, path: &str, bytes: &[u8]) {
        let mut texts = self.texts.0.write().unwrap_or_else(PoisonError::into_inner);
        texts.insert(path.to_owned(), bytes.into());
    }

    /// Gives a file its own text again.
    pub(super) fn remove(&self, path: &str) {
        let mut texts = self.texts.0.write().unwrap_or_else(PoisonError::into_inner);
        texts.remove(path);
    }
}
