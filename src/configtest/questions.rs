//! What checks asked of the rest of the configuration.

use std::cell::RefCell;

use rustc_hash::FxHashSet;

use crate::model::Topic;

/// The things in other files on which findings of a file depend, collected while it is checked.
#[derive(Debug, Default)]
pub struct Questions {
    topics: RefCell<FxHashSet<Topic>>,
}

impl Questions {
    /// Notes that an answer depends on a thing.
    pub(super) fn add(&self, topic: Topic) {
        self.topics.borrow_mut().insert(topic);
    }

    /// The things that were asked for.
    pub fn into_topics(self) -> FxHashSet<Topic> {
        self.topics.into_inner()
    }
}
