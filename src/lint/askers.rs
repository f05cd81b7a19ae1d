//! Who asked for what, so that it is asked again where the answer may be another.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::evaluate::OccurrenceId;
use crate::model::Topic;

/// The evaluations of files whose findings depend on things in other files.
#[derive(Debug, Default)]
pub(super) struct Askers {
    by_topic: FxHashMap<Topic, FxHashSet<OccurrenceId>>,
    topics: FxHashMap<OccurrenceId, FxHashSet<Topic>>,
}

impl Askers {
    /// Remembers what an evaluation of a file asked for, and nothing else of it.
    pub(super) fn set(&mut self, id: OccurrenceId, topics: FxHashSet<Topic>) {
        self.remove(id);
        if topics.is_empty() {
            return;
        }
        for topic in &topics {
            self.by_topic.entry(topic.clone()).or_default().insert(id);
        }
        self.topics.insert(id, topics);
    }

    /// Forgets an evaluation of a file.
    pub(super) fn remove(&mut self, id: OccurrenceId) {
        for topic in self.topics.remove(&id).into_iter().flatten() {
            if let Some(askers) = self.by_topic.get_mut(&topic) {
                askers.remove(&id);
                if askers.is_empty() {
                    self.by_topic.remove(&topic);
                }
            }
        }
    }

    /// What an evaluation of a file asked for.
    pub(super) fn topics(&self, id: OccurrenceId) -> FxHashSet<Topic> {
        self.topics.get(&id).cloned().unwrap_or_default()
    }

    /// Who asked for a thing.
    pub(super) fn of(&self, topic: &Topic) -> impl Iterator<Item = OccurrenceId> {
        self.by_topic.get(topic).into_iter().flatten().copied()
    }
}
