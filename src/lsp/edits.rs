//! Changes of files, as the client makes them.

use std::collections::{BTreeMap, HashMap};

use lsp_types::{
    Edit, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier,
    TextEdit, Uri, WorkspaceEdit,
};

use super::view::Whole;
use crate::diagnostic;
use crate::source::{FileId, Span};

/// Edits of some files.
pub(super) struct Edits<'v> {
    whole: Whole<'v>,
    of_file: BTreeMap<FileId, Vec<TextEdit>>,
}

impl<'v> Edits<'v> {
    /// None yet.
    pub(super) fn of(whole: Whole<'v>) -> Self {
        Self {
            whole,
            of_file: BTreeMap::new(),
        }
    }

    /// Puts a text in the place of another.
    pub(super) fn replace(&mut self, span: Span, text: &str) {
        let edit = TextEdit {
            range: self.whole.lines(span.file).range(span.range()),
            new_text: text.to_owned(),
        };
        let edits = self.of_file.entry(span.file).or_default();
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }

    /// The edits of a fix; `None` where one is of a file that the client cannot change.
    pub(super) fn of_fix(whole: Whole<'v>, edits: &[diagnostic::Edit]) -> Option<Self> {
        let mut all = Self::of(whole);
        for edit in edits {
            whole.uri(edit.span.file)?;
            all.replace(edit.span, &edit.text);
        }
        Some(all)
    }

    /// All of them. A client that checks versions is told for which version they are made.
    pub(super) fn finish(self) -> WorkspaceEdit {
        let whole = self.whole;
        let of_file = self.of_file.into_iter();
        let of_file = of_file.filter_map(|(file, edits)| Some((file, whole.uri(file)?, edits)));
        if !whole.abilities.versions {
            let changes: HashMap<Uri, Vec<TextEdit>> =
                of_file.map(|(_, uri, edits)| (uri, edits)).collect();
            return WorkspaceEdit {
                changes: Some(changes),
                ..WorkspaceEdit::default()
            };
        }
        let changes = of_file.map(|(file, uri, edits)| {
            TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier {
                    version: whole.opened(file).map(|it| it.version),
                    text_document_identifier: TextDocumentIdentifier { uri },
                },
                edits: edits.into_iter().map(Edit::TextEdit).collect(),
            }
            .into()
        });
        WorkspaceEdit {
            document_changes: Some(changes.collect()),
            ..WorkspaceEdit::default()
        }
    }
}
