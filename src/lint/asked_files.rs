//! Which files were asked for, and whether another world has the same.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

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

    fn asked(&self) -> MutexGuard<'_, Vec<Question>> {
        let questions = self.questions.lock();
        questions.unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, path: &str, asked: Asked) {
        let path = path.into();
        self.asked().push(Question { path, asked });
    }
}

impl World for NotedWorld<'_> {
    fn questions(&self) -> usize {
        self.asked().len()
    }

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
    // The first world is the one that was asked.
    fn has_same_answer(&self, there: &dyn World, here: &dyn World) -> bool {
        let path = &*self.path;
        match &self.asked {
            Asked::Bytes => here.read(path) == there.read(path),
            Asked::Head(length) => here.head(path, *length) == there.head(path, *length),
            Asked::Entries => sorted(here.list(path)) == sorted(there.list(path)),
            Asked::Kind(kind) => here.kind(path) == *kind,
            Asked::Permissions(permissions) => here.permissions(path) == *permissions,
            Asked::Link(is_link) => here.is_link(path) == *is_link,
            Asked::RealPath(real) => here.real_path(path) == *real,
            Asked::Completeness(is_complete) => here.is_complete(path) == *is_complete,
            Asked::Resource(kind) => here.resource(path) == *kind,
        }
    }
}

// A directory is listed in any order.
fn sorted(entries: Result<Vec<Entry>, ReadError>) -> Result<Vec<Entry>, ReadError> {
    let mut entries = entries?;
    entries.sort();
    Ok(entries)
}

/// Two worlds, and on what they are known to agree.
pub(super) struct Worlds<'w, 'q> {
    there: &'w dyn World,
    here: &'w dyn World,
    known: FxHashMap<&'q Question, bool>,
}

impl<'w, 'q> Worlds<'w, 'q> {
    /// The world that was asked, and another.
    pub(super) fn of(there: &'w dyn World, here: &'w dyn World) -> Self {
        Self {
            there,
            here,
            known: FxHashMap::default(),
        }
    }

    /// Whether the other world gives the same answer.
    pub(super) fn agree_on(&mut self, question: &'q Question) -> bool {
        let (there, here) = (self.there, self.here);
        let known = self.known.entry(question);
        *known.or_insert_with(|| question.has_same_answer(there, here))
    }
}
