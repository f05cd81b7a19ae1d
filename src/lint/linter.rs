//! What is wrong in files, each looked at for itself.

use rustc_hash::FxHashSet;

use super::asked_files::{NotedWorld, Question};
use super::engine::Engine;
use crate::configtest::{
    Checker, Finding, Harmless, Landmarks, Questions, Refused, ServerFindings, check_server,
};
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Config, Inputs, OccurrenceId, PlacedId, UnknownFact};
use crate::facts::FactsNote;
use crate::model::{Dependence, Model, Modules, Notes, Topic};
use crate::rule::Context;
use crate::threads;

/// Files are looked at in parts of so many; fewer are not worth a thread of their own.
pub(super) const PART: usize = 64;

/// All that the findings of a file depend on.
#[derive(Clone, Copy)]
pub(super) struct Linter<'s> {
    pub(super) inputs: &'s Inputs<'s>,
    pub(super) config: &'s Config,
    pub(super) model: &'s Model,
    pub(super) modules: &'s Modules,
    pub(super) engine: &'s Engine,
    /// Whether it is noted which files are asked for.
    pub(super) notes_files: bool,
}

/// What was found in one evaluation of a file.
#[derive(Clone, Default)]
pub(super) struct Findings {
    /// What httpd refuses.
    pub(super) refused: Vec<Finding>,
    /// What rules found, each with its turn.
    pub(super) ruled: Vec<(u32, Diagnostic)>,
    /// What nobody told that would decide whether httpd refuses something.
    pub(super) unknowns: Vec<UnknownFact>,
}

impl Findings {
    /// Whether nothing was found, and nothing missed.
    pub(super) fn is_empty(&self) -> bool {
        self.refused.is_empty() && self.ruled.is_empty() && self.unknowns.is_empty()
    }
}

/// Arguments that need not be looked at again, as long as the modules are the same.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    /// Those that handlers accept.
    pub(super) accepted: Harmless,
    /// Those that no rule about arguments says anything of.
    pub(super) silent: Harmless,
}

/// What was found in one evaluation of a file, and what it depends on.
pub(super) struct Linted {
    /// What was found.
    pub(super) findings: Findings,
    /// The things in other files.
    pub(super) topics: FxHashSet<Topic>,
    /// The modules and facts.
    pub(super) dependence: Dependence,
    /// The files that were asked for, where that is noted.
    pub(super) asked_files: Vec<Question>,
}

impl<'s> Linter<'s> {
    /// The checks of phase 2.
    pub(super) fn checker(self, questions: &'s Questions, accepted: &'s Harmless) -> Checker<'s> {
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

    /// Looks at evaluations of files; the answers come in the order of the files. Where they
    /// are few, what is harmless is remembered for the next time.
    pub(super) fn files(self, ids: &[OccurrenceId], remembered: &Remembered) -> Vec<Linted> {
        if ids.len() <= PART {
            return self.each_file(ids, remembered);
        }
        let parts = threads::map_parts(ids, PART, Remembered::default, |own, ids| {
            self.each_file(ids, own)
        });
        parts.into_iter().flatten().collect()
    }

    /// Looks at evaluations of files one after the other.
    pub(super) fn each_file(self, ids: &[OccurrenceId], remembered: &Remembered) -> Vec<Linted> {
        ids.iter().map(|it| self.file(*it, remembered)).collect()
    }

    /// What a rule may ask.
    pub(super) fn context(self, refused: &'s Refused) -> Context<'s> {
        Context {
            inputs: self.inputs,
            config: self.config,
            model: self.model,
            modules: self.modules,
            refused,
        }
    }

    /// What is wrong with the server as a whole. It is always checked as a whole, so nobody needs
    /// to know which things in files it depends on.
    pub(super) fn server(
        self,
        names: &Landmarks<'_>,
        landmarks: &[PlacedId],
    ) -> (ServerFindings, Dependence) {
        self.noting(|linter| {
            let (questions, accepted) = (Questions::default(), Harmless::default());
            check_server(&linter.checker(&questions, &accepted), names, landmarks)
        })
    }

    fn file(self, id: OccurrenceId, remembered: &Remembered) -> Linted {
        if !self.notes_files {
            return self.file_unnoted(id, remembered);
        }
        let world = NotedWorld::of(self.inputs.world);
        let inputs = Inputs {
            world: &world,
            ..*self.inputs
        };
        let linter = Linter {
            inputs: &inputs,
            ..self
        };
        let linted = linter.file_unnoted(id, remembered);
        Linted {
            asked_files: world.into_questions(),
            ..linted
        }
    }

    fn file_unnoted(self, id: OccurrenceId, remembered: &Remembered) -> Linted {
        let ((findings, topics), dependence) = self.noting(|linter| {
            let questions = Questions::default();
            let checker = linter.checker(&questions, &remembered.accepted);
            let refused = checker.occurrence(id);
            let places = Refused::of(self.config, id, &refused);
            let context = linter.context(&places);
            let ruled = self.engine.occurrence(&context, id, &remembered.silent);
            let (topics, unknowns) = questions.into_parts();
            let findings = Findings {
                refused,
                ruled,
                unknowns,
            };
            (findings, topics)
        });
        Linted {
            findings,
            topics,
            dependence,
            asked_files: Vec::new(),
        }
    }

    /// Notes which modules and facts are asked for.
    pub(super) fn noting<T>(self, look: impl FnOnce(Linter<'_>) -> T) -> (T, Dependence) {
        let (modules, note) = (self.modules.noting(), FactsNote::default());
        let inputs = Inputs {
            facts: self.inputs.facts.noting(&note),
            ..*self.inputs
        };
        let found = look(Linter {
            inputs: &inputs,
            modules: &modules,
            ..self
        });
        let notes = Notes::of(&inputs, &modules);
        (found, notes.take())
    }
}
