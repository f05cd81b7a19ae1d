//! What findings depend on apart from the texts.

use super::{AskedModules, Modules};
use crate::evaluate::Inputs;
use crate::facts::{AskedFacts, NotedFacts};

/// The modules and facts that were asked for. Where they are the same on another server, so are the
/// findings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dependence {
    /// The modules.
    pub modules: AskedModules,
    /// The facts.
    pub facts: AskedFacts,
}

impl Dependence {
    /// This and another.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            modules: self.modules.and(other.modules),
            facts: self.facts.and(other.facts),
        }
    }

    /// Whether a change of some modules and facts matters.
    pub fn meets(&self, change: &Dependence) -> bool {
        self.modules.meets(change.modules) || self.facts.meets(change.facts)
    }
}

/// Where what is asked for is noted.
#[derive(Clone, Copy)]
pub struct Notes<'a> {
    modules: &'a Modules,
    facts: NotedFacts<'a>,
}

impl<'a> Notes<'a> {
    /// Those of who asks these modules, and the facts of an evaluation.
    pub fn of(inputs: &Inputs<'a>, modules: &'a Modules) -> Self {
        Self {
            modules,
            facts: inputs.facts,
        }
    }

    /// What was asked for so far.
    pub fn take(self) -> Dependence {
        Dependence {
            modules: self.modules.take_asked(),
            facts: self.facts.take_asked(),
        }
    }

    /// What something asks for, and what it makes.
    pub fn during<T>(self, make: impl FnOnce() -> T) -> (Dependence, T) {
        let before = self.take();
        let made = make();
        let asked = self.take();
        self.add(&before.and(asked));
        (asked, made)
    }

    /// Notes that more was asked for.
    pub fn add(self, dependence: &Dependence) {
        self.modules.add_asked(&dependence.modules);
        self.facts.add_asked(dependence.facts);
    }
}
