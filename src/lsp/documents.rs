//! The documents that are open in the editor.

use std::path::PathBuf;
use std::sync::Arc;

use lsp_types::{TextDocumentContentChangeEvent, Uri};
use rustc_hash::FxHashMap;

use super::handle::Given;
use super::position::{Columns, Lines};
use super::view::Opened;

/// A document that is open.
#[derive(Debug, Clone)]
pub(super) struct Document {
    /// What the client calls it.
    pub(super) uri: Uri,
    /// The file, links followed; `None` for a document that is no file.
    pub(super) path: Option<PathBuf>,
    /// The client's number of this state.
    pub(super) version: i32,
    /// What the editor shows.
    pub(super) text: Arc<str>,
    /// Which tree it belongs to.
    pub(super) tree: Option<usize>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Documents(FxHashMap<Uri, Document>);

impl Documents {
    /// Takes in a document; of one that is open already the new text counts.
    pub(super) fn open(&mut self, document: Document) {
        self.0.insert(document.uri.clone(), document);
    }

    /// Forgets a document.
    pub(super) fn close(&mut self, uri: &Uri) -> Option<Document> {
        self.0.remove(uri)
    }

    /// A document that is open.
    pub(super) fn get(&self, uri: &Uri) -> Option<&Document> {
        self.0.get(uri)
    }

    /// The same, to change.
    pub(super) fn get_mut(&mut self, uri: &Uri) -> Option<&mut Document> {
        self.0.get_mut(uri)
    }

    /// All that are open, by name.
    pub(super) fn all(&self) -> Vec<&Document> {
        let mut all: Vec<&Document> = self.0.values().collect();
        all.sort_by(|one, two| one.uri.as_ref().cmp(two.uri.as_ref()));
        all
    }
}

impl Document {
    /// The document as it is given to a tree, to which it belongs or not.
    pub(super) fn given(&self, is_own: bool) -> Given {
        Given {
            opened: Opened {
                uri: self.uri.clone(),
                version: self.version,
            },
            text: Arc::clone(&self.text),
            is_own,
        }
    }

    /// Applies changes, one after the other.
    ///
    /// # Errors
    /// What is wrong with one of them; then the text is what it was.
    pub(super) fn change(
        &mut self,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        columns: Columns,
    ) -> Result<(), String> {
        let mut text = self.text.to_string();
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                    let bytes = Lines::new(&text, columns).bytes_of(change.range);
                    let bytes = bytes.ok_or_else(|| {
                        format!("{}: a change is out of range", self.uri.as_ref())
                    })?;
                    text.replace_range(bytes, &change.text);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => {
                    text = change.text;
                }
            }
        }
        self.text = text.into();
        self.version = version;
        Ok(())
    }
}
