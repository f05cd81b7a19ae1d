//! What is wrong in files, each looked at for itself.

use std::thread;

use rustc_hash::FxHashSet;

use super::engine::Engine;
use crate::configtest::{Accepted, Checker, Finding, Questions, Refused};
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Config, Inputs, OccurrenceId};
use crate::model::{Model, Modules, Topic};
use crate::rule::Context;

/// Fewer files are not worth a thread of their own.
const LEAST_FILES: usize = 64;

/// More threads than this hardly make a check faster.
const MOST_THREADS: usize = 8;

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

// Asking the machine how many threads it runs at once takes longer than looking at a few files.
fn threads_for(files: usize) -> usize {
    match (files / LEAST_FILES).min(MOST_THREADS) {
        0 | 1 => 1,
        useful => thread::available_parallelism().map_or(1, |it| it.get().min(useful)),
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

    /// Looks at evaluations of files, in as many threads as the machine runs at once; the answers
    /// come in the order of the files. What is accepted is remembered for the next time.
    pub(super) fn files(self, ids: &[OccurrenceId], accepted: &Accepted) -> Vec<Linted> {
        let (own, others) = ids.split_at(ids.len().div_ceil(threads_for(ids.len())));
        let looked_at = |ids: &[OccurrenceId], accepted: &Accepted| -> Vec<Linted> {
            ids.iter().map(|it| self.file(*it, accepted)).collect()
        };
        thread::scope(|scope| {
            let others: Vec<_> = others
                .chunks(own.len().max(1))
                .map(|ids| scope.spawn(move || looked_at(ids, &Accepted::default())))
                .collect();
            let mut all = looked_at(own, accepted);
            for thread in others {
                match thread.join() {
                    Ok(linted) => all.extend(linted),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            all
        })
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
