//! Facts, with a note of who asked for them.

use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Facts, Version};

/// Which facts somebody asked for. What depends on none of them is the same on another server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AskedFacts(u64);

// The bit that stands for all versions that have none of their own.
const OTHER_VERSIONS: u32 = 60;

impl AskedFacts {
    /// The version of httpd, to be compared with any that brought or removed something.
    pub const VERSION: Self = Self((1 << (OTHER_VERSIONS + 1)) - 1);
    /// What decides where applications run and what they see: the MPM, the environment that
    /// httpd is started with, mod_wsgi and its Python.
    pub const OF_APPLICATIONS: Self = Self(1 << 62);
    /// The version of httpd as it is.
    pub const EXACT_VERSION: Self = Self(1 << 61);
    /// Any other.
    pub const OTHERS: Self = Self(1 << 63);

    /// Whether the version of httpd is this one, or newer.
    pub fn since(version: Version) -> Self {
        let bit = match (version.major, version.minor) {
            (2, 4) => version.patch.min(OTHER_VERSIONS),
            _ => OTHER_VERSIONS,
        };
        Self(1 << bit)
    }

    /// These and others.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether any of these is one of the others.
    pub fn meets(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}

/// A note of which facts somebody asks for. It is written by one thread alone, and atomic only so
/// that facts without a note can be shared.
#[derive(Debug, Default)]
pub struct FactsNote(AtomicU64);

/// Facts as they are given to those who judge by them: to look at any is to ask for it.
#[derive(Debug, Clone, Copy)]
pub struct NotedFacts<'a> {
    facts: &'a Facts,
    note: Option<&'a FactsNote>,
}

impl<'a> NotedFacts<'a> {
    /// The same facts; what is asked of them from now on is noted there.
    #[must_use]
    pub fn noting<'b>(self, note: &'b FactsNote) -> NotedFacts<'b>
    where
        'a: 'b,
    {
        NotedFacts {
            facts: self.facts,
            note: Some(note),
        }
    }

    /// All of them.
    pub fn all(self) -> &'a Facts {
        self.add_asked(AskedFacts::EXACT_VERSION);
        self.but_version()
    }

    /// All but the version of httpd, which must not be looked at.
    pub fn but_version(self) -> &'a Facts {
        self.add_asked(AskedFacts::OTHERS.and(AskedFacts::OF_APPLICATIONS));
        self.facts
    }

    /// Those that decide where applications run and what they see ([`AskedFacts::OF_APPLICATIONS`]).
    /// The others must not be looked at.
    pub fn of_applications(self) -> &'a Facts {
        self.add_asked(AskedFacts::OF_APPLICATIONS);
        self.facts
    }

    /// Whether the version of httpd is this one, or newer; `None` where it is not known, or where the
    /// packager carries newer changes back into an old version.
    pub fn is_since(self, version: Version) -> Option<bool> {
        self.add_asked(AskedFacts::since(version));
        let own = self.facts.version.as_ref().map(|it| &it.value);
        let own = own.filter(|it| !it.carries_back());
        own.map(|it| it.number >= version)
    }

    /// What was asked for since the note was made, or taken last.
    pub fn take_asked(self) -> AskedFacts {
        let Some(FactsNote(note)) = self.note else {
            return AskedFacts::default();
        };
        let asked = note.load(Ordering::Relaxed);
        note.store(0, Ordering::Relaxed);
        AskedFacts(asked)
    }

    /// Notes that something was asked for.
    pub fn add_asked(self, asked: AskedFacts) {
        if let Some(FactsNote(note)) = self.note {
            note.store(note.load(Ordering::Relaxed) | asked.0, Ordering::Relaxed);
        }
    }
}

impl Deref for NotedFacts<'_> {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        self.all()
    }
}

impl<'a> From<&'a Facts> for NotedFacts<'a> {
    fn from(facts: &'a Facts) -> Self {
        Self { facts, note: None }
    }
}
