//! The world as the editor shows it: the texts of open documents over the disk.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use rustc_hash::FxHashMap;

use crate::world::{Entry, Kind, Permissions, ReadError, World};

type Texts = FxHashMap<String, Arc<[u8]>>;

/// Another world in which some files have other texts, which may change.
pub(super) struct Buffers<'w> {
    below: &'w dyn World,
    texts: RwLock<Texts>,
}

impl<'w> Buffers<'w> {
    /// No other texts yet.
    pub(super) fn over(below: &'w dyn World) -> Self {
        Self {
            below,
            texts: RwLock::default(),
        }
    }

    /// Gives a file another text.
    pub(super) fn put(&self, path: &str, bytes: &[u8]) {
        let mut texts = self.texts.write().unwrap_or_else(PoisonError::into_inner);
        texts.insert(path.to_owned(), bytes.into());
    }

    /// Gives a file its own text again.
    pub(super) fn remove(&self, path: &str) {
        let mut texts = self.texts.write().unwrap_or_else(PoisonError::into_inner);
        texts.remove(path);
    }

    fn texts(&self) -> RwLockReadGuard<'_, Texts> {
        self.texts.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn text(&self, path: &str) -> Option<Arc<[u8]>> {
        self.texts().get(path).cloned()
    }
}

impl World for Buffers<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.text(path) {
            Some(bytes) => Ok(bytes.to_vec()),
            None => self.below.read(path),
        }
    }

    fn head(&self, path: &str, length: usize) -> Result<Vec<u8>, ReadError> {
        match self.text(path) {
            Some(bytes) => Ok(bytes[..length.min(bytes.len())].to_vec()),
            None => self.below.head(path, length),
        }
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        self.below.list(path)
    }

    fn kind(&self, path: &str) -> Kind {
        match self.texts().contains_key(path) {
            true => Kind::File,
            false => self.below.kind(path),
        }
    }

    fn permissions(&self, path: &str) -> Option<Permissions> {
        self.below.permissions(path)
    }

    fn is_link(&self, path: &str) -> Option<bool> {
        self.below.is_link(path)
    }

    fn real_path(&self, path: &str) -> Option<String> {
        self.below.real_path(path)
    }

    fn is_complete(&self, path: &str) -> bool {
        self.below.is_complete(path)
    }

    fn resource(&self, path: &str) -> Kind {
        match self.texts().contains_key(path) {
            true => Kind::File,
            false => self.below.resource(path),
        }
    }
}
