//! Which files were asked for, and whether another world has the same.

use std::sync::{Mutex, PoisonError};

use crate::world::{Entry, Kind, Permissions, ReadError, World};

/// What was asked of a path, with the answer where that is short.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Asked {
    Bytes,
    Head(usize),
    Entries,
    Kind(Kind),
    Permissions(Option<Permissions>),
    Link(Option<bool>),
    RealPath(Option<String>),
    Completeness(bool),
    Resource(Kind),
}

/// A question about a path, and what the world said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Question {
    path: Box<str>,
    asked: Asked,
}

/// A world, with a note of what it was asked.
pub(super) struct NotedWorld<'w> {
    world: &'w dyn World,
    // Written by one thread alone: a world may be shared, and is not here.
    questions: Mutex<Vec<Question>>,
}

impl<'w> NotedWorld<'w> {
    /// A world of which nothing was asked yet.
    pub(super) fn of(world: &'w dyn World) -> Self {
        Self {
            world,
            questions: Mutex::default(),
        }
    }

    /// What it was asked.
    pub(super) fn into_questions(self) -> Vec<Question> {
        let questions = self.questions.into_inner();
        questions.unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, path: &str, asked: Asked) {
        let mut questions = self
            .questions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let is_known = |it: &Question| it.asked == asked && *it.path == *path;
        if !questions.iter().any(is_known) {
            questions.push(Question {
                path: path.into(),
                asked,
            });
        }
    }
}

impl World for NotedWorld<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.note(path, Asked::Bytes);
        self.world.read(path)
    }

    fn head(&self, path: &str, length: usize) -> Result<Vec<u8>, ReadError> {
        self.note(path, Asked::Head(length));
        self.world.head(path, length)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        self.note(path, Asked::Entries);
        self.world.list(path)
    }

    fn kind(&self, path: &str) -> Kind {
        let kind = self.world.kind(path);
        self.note(path, Asked::Kind(kind));
        kind
    }

    fn permissions(&self, path: &str) -> Option<Permissions> {
        let permissions = self.world.permissions(path);
        self.note(path, Asked::Permissions(permissions));
        permissions
    }

    fn is_link(&self, path: &str) -> Option<bool> {
        let is_link = self.world.is_link(path);
        self.note(path, Asked::Link(is_link));
        is_link
    }

    fn real_path(&self, path: &str) -> Option<String> {
        let real = self.world.real_path(path);
        self.note(path, Asked::RealPath(real.clone()));
        real
    }

    fn is_complete(&self, path: &str) -> bool {
        let is_complete = self.world.is_complete(path);
        self.note(path, Asked::Completeness(is_complete));
        is_complete
    }

    fn resource(&self, path: &str) -> Kind {
        let kind = self.world.resource(path);
        self.note(path, Asked::Resource(kind));
        kind
    }
}

impl Question {
    /// Whether two worlds give it the same answer; the first is the one that was asked.
    pub(super) fn has_same_answer(&self, there: &dyn World, here: &dyn World) -> bool {
        let path = &*self.path;
        match &self.asked {
            Asked::Bytes => here.read(path) == there.read(path),
            Asked::Head(length) => here.head(path, *length) == there.head(path, *length),
            Asked::Entries => here.list(path) == there.list(path),
            Asked::Kind(kind) => here.kind(path) == *kind,
            Asked::Permissions(permissions) => here.permissions(path) == *permissions,
            Asked::Link(is_link) => here.is_link(path) == *is_link,
            Asked::RealPath(real) => here.real_path(path) == *real,
            Asked::Completeness(is_complete) => here.is_complete(path) == *is_complete,
            Asked::Resource(kind) => here.resource(path) == *kind,
        }
    }
}
