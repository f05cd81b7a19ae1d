//! Laying out a document.

use std::ops::Range;

use lsp_types::{FormattingOptions, TextEdit};

use super::view::View;
use crate::format::{Indentation, edits};

/// The edits that lay out the lines in a range.
pub(super) fn format(
    view: &View<'_>,
    options: &FormattingOptions,
    range: Range<usize>,
) -> Vec<TextEdit> {
    let width = usize::try_from(options.tab_size).unwrap_or_default();
    let indentation = match options.insert_spaces {
        true => Indentation::Spaces(width.clamp(1, 16)),
        false => Indentation::Tab,
    };
    edits(view.source, indentation, range)
        .into_iter()
        .map(|(bytes, new_text)| TextEdit {
            range: view.range(bytes),
            new_text,
        })
        .collect()
}
