//! What is wrong in files, each looked at for itself.

use rustc_hash::FxHashSet;

use super::engine::Engine;
use crate::configtest::{Accepted, Checker, Finding, Modules, Questions, Refused};
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Config, Inputs, OccurrenceId};
use crate::model::{Model, Topic};
use crate::rule::Context;
use crate::threads;

/// Files are looked at in parts of so many; fewer are not worth a thread of their own.
const PART: usize = 64;

/// All that the findings of a file depend on.
#[derive(Clone, Copy)]
pub(super) struct Linter<'s> {
    pub(super) inputs: &'s Inputs<'s>,
    pub(super) config: &'s Config,
    pub(super) model: &'s Model,
    pub(super) modules: &'s Modules,
    pub(super) engine: &'s Engine,
}

/// What was found in one evaluation of a file.
#[derive(Default)]
pub(super) struct Findings {
    /// What httpd refuses.
    pub(super) refused: Vec<Finding>,
    /// What rules found, each with its turn.
    pub(super) ruled: Vec<(u32, Diagnostic)>,
}

impl Findings {
    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.refused.is_empty() && self.ruled.is_empty()
    }
}

/// What was found in one evaluation of a file, and the things in other files that it depends on.
pub(super) type Linted = (Findings, FxHashSet<Topic>);

impl<'s> Linter<'s> {
    /// The checks of phase 2.
    pub(super) fn checker(self, questions: &'s Questions, accepted: &'s Accepted) -> Checker<'s> {
        let standings = self.config.standings.first();
        Checker {
            inputs: self.inputs,
            config: self.config,
            model: self.model,
            modules: self.modules,
            questions,
            standing: standings.copied().unwrap_or_default(),
            accepted,
        }
    }

    /// Looks at evaluations of files; the answers come in the order of the files. What is accepted
    /// is remembered for the next time where they are few.
    pub(super) fn files(self, ids: &[OccurrenceId], accepted: &Accepted) -> Vec<Linted> {
        let looked_at = |accepted: &Accepted, ids: &[OccurrenceId]| -> Vec<Linted> {
            ids.iter().map(|it| self.file(*it, accepted)).collect()
        };
        if ids.len() <= PART {
            return looked_at(accepted, ids);
        }
        let parts =
            threads::map_parts(ids, PART, Accepted::default, |own, ids| looked_at(own, ids));
        parts.into_iter().flatten().collect()
    }

    fn file(self, id: OccurrenceId, accepted: &Accepted) -> Linted {
        let questions = Questions::default();
        let refused = self.checker(&questions, accepted).occurrence(id);
        let places = Refused::of(self.config, id, &refused);
        let context = Context {
            inputs: self.inputs,
            config: self.config,
            model: self.model,
            modules: self.modules,
            refused: &places,
        };
        let ruled = self.engine.occurrence(&context, id);
        (Findings { refused, ruled }, questions.into_topics())
    }
}
