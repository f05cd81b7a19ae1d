//! What checks asked of the rest of the configuration.

use std::cell::RefCell;

use rustc_hash::FxHashSet;

use crate::evaluate::{Unknown, UnknownFact};
use crate::model::Topic;
use crate::source::Span;

/// What the findings of a file depend on outside of it, collected while it is checked.
#[derive(Debug, Default)]
pub struct Questions {
    topics: RefCell<FxHashSet<Topic>>,
    unknowns: RefCell<Vec<UnknownFact>>,
}

impl Questions {
    /// Notes that an answer depends on a thing.
    pub(super) fn add(&self, topic: Topic) {
        self.topics.borrow_mut().insert(topic);
    }

    /// Notes that nobody told us something that would decide at a place.
    pub(super) fn miss(&self, what: Unknown, span: Span) {
        let mut unknowns = self.unknowns.borrow_mut();
        // A place may stand in several surroundings.
        if !unknowns.iter().any(|it| it.span == span && it.what == what) {
            unknowns.push(UnknownFact { what, span });
        }
    }

    /// The things in other files that were asked for, and what nobody told.
    pub fn into_parts(self) -> (FxHashSet<Topic>, Vec<UnknownFact>) {
        (self.topics.into_inner(), self.unknowns.into_inner())
    }
}
