//! What facts answer while files are read.
//!
//! An evaluation of a file that asked for a fact serves again where the fact is another's and the
//! answer is the same. So every fact that reading depends on is asked for here, by a name, and is
//! a part of the environment.

use std::sync::Arc;

use super::environment::{Space, Value};
use super::evaluation::Evaluation;
use super::module;
use super::truth::Truth;
use crate::facts::{Variable, Version};

/// The spaces of what facts say.
const SPACES: [Space; 4] = [
    Space::Static,
    Space::BuiltIn,
    Space::Version,
    Space::Inherited,
];

impl Evaluation<'_> {
    /// Whether a module is compiled in, by source file name or identifier.
    pub(super) fn is_static(&mut self, name: &str) -> Truth {
        match self.answer(Space::Static, name) {
            Value::Present => Truth::True,
            Value::Unknown => Truth::Unknown,
            _ => Truth::False,
        }
    }

    /// Whether `LoadModule` refuses an identifier because the module is compiled in.
    pub(super) fn is_built_in(&mut self, identifier: &str) -> bool {
        self.answer(Space::BuiltIn, identifier) == Value::Present
    }

    /// The version of httpd.
    pub(super) fn version(&mut self) -> Option<Version> {
        // The answer is only noted: as a text it would have to be read again.
        self.answer(Space::Version, "");
        let version = self.inputs.facts.version.as_ref();
        version.map(|it| it.value.number)
    }

    /// A variable of the environment that httpd starts with: a text, absent, or unknown.
    pub(super) fn inherited(&mut self, name: &str) -> Value {
        self.answer(Space::Inherited, name)
    }

    fn answer(&mut self, space: Space, name: &str) -> Value {
        if !self.environment.knows(space, name) {
            let value = self.ask_facts(space, name);
            self.environment.be_told(space, name, value);
        }
        self.environment.get(space, name)
    }

    /// The facts that were asked for so far.
    pub(super) fn asked(&self) -> Vec<(Space, Arc<str>)> {
        let names = |space| self.environment.names(space).cloned();
        let all = SPACES.into_iter();
        all.flat_map(|it| names(it).map(move |name| (it, name)))
            .collect()
    }

    /// Asks for the facts that an earlier evaluation asked for, so that what it made can be compared.
    pub(super) fn ask_again(&mut self) {
        for (space, name) in std::mem::take(&mut self.questions) {
            self.answer(space, &name);
        }
    }

    fn ask_facts(&self, space: Space, name: &str) -> Value {
        let of_truth = |it| match it {
            Truth::True => Value::Present,
            Truth::False => Value::Absent,
            Truth::Unknown => Value::Unknown,
        };
        let facts = &self.inputs.facts;
        match space {
            Space::Static => of_truth(module::is_static(&self.inputs, self.fragment, name)),
            Space::BuiltIn => of_truth(Truth::from(module::is_built_in(&self.inputs, name))),
            Space::Version => match &facts.version {
                Some(version) => Value::Text(version.value.number.to_string().into()),
                None => Value::Unknown,
            },
            Space::Inherited => match &facts.environment {
                None => Value::Unknown,
                Some(environment) => match environment.value.get(name) {
                    Variable::Set(value) => Value::Text(value.into()),
                    Variable::Unset => Value::Absent,
                    Variable::Unknown => Value::Unknown,
                },
            },
            _ => Value::Absent,
        }
    }
}
