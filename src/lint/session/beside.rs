//! The same configuration in another world, such as another revision.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::Options;
use super::super::asked_files::Worlds;
use super::super::linter::Linted;
use super::Session;
use super::alike::alike;
use crate::evaluate::{Evaluation, Inputs, OccurrenceId};
use crate::model::{Dependence, Topic};
use crate::source::FrameId;
use crate::world::ReadError;

impl<'a> Session<'a> {
    /// As [`Session::new`], and notes which files are asked for, so that [`Session::beside`] can tell
    /// what holds in another world.
    ///
    /// # Errors
    /// The main file cannot be read.
    pub fn to_compare(inputs: Inputs<'a>, options: &Options) -> Result<Self, ReadError> {
        let mut session = Self::of(Evaluation::new(inputs)?, options);
        session.notes_files = true;
        session.lint_everything();
        Ok(session)
    }

    /// Reads and lints the configuration as it is in another world, such as another revision. What
    /// both have in common is parsed and evaluated once, and looked at once where it was
    /// [to be compared](Session::to_compare).
    ///
    /// # Errors
    /// The main file cannot be read.
    pub fn beside(&self, inputs: Inputs<'a>) -> Result<Self, ReadError> {
        let mut session = Self::of(self.evaluation.beside(inputs)?, &self.options);
        let living = session.begin_anew();
        let known = session.known_from(self).unwrap_or_default();
        let new = living.iter().filter(|it| !known.contains_key(it));
        let new: Vec<OccurrenceId> = new.copied().collect();
        session.look_at(&new);
        let (ids, linted): (Vec<OccurrenceId>, Vec<Linted>) = known.into_iter().unzip();
        session.take_in(&ids, linted);
        Ok(session)
    }

    // What was found of the same files in another session, as far as it holds here: where nothing
    // that was asked for is otherwise. `None` where everything may be.
    fn known_from(&self, other: &Session<'_>) -> Option<FxHashMap<OccurrenceId, Linted>> {
        let change = self.differences_from(other)?;
        let (there, here) = (other.config(), self.config());
        let alike = alike(there, here);
        let topics = self.topics_beyond(&alike, other);
        let was_there: Vec<bool> = topics
            .iter()
            .map(|it| other.model.has(it.0, &it.1))
            .collect();
        let concerned = self.concerned_by(&topics, &was_there);
        let asked = topics.iter().flat_map(|it| other.askers.of(it));
        let asked: FxHashSet<OccurrenceId> = asked.collect();
        let mut worlds = Worlds::of(other.inputs().world, self.inputs().world);
        let known = alike.into_iter().filter(|(new, old)| {
            let dependence = other.dependences.get(old);
            let mut questions = other.asked_files.get(old).into_iter().flatten();
            Arc::ptr_eq(&there.occurrence(*old).unit, &here.occurrence(*new).unit)
                && !concerned.contains(new)
                && !asked.contains(old)
                && dependence.is_some_and(|it| !it.meets(&change))
                && questions.all(|it| worlds.agree_on(it))
        });
        let known = known.map(|(new, old)| {
            let frames = [there.occurrence(old), here.occurrence(new)].map(|it| it.frame);
            (new, other.linted(old, frames))
        });
        Some(known.collect())
    }

    // The things that the other files mention, here and there.
    fn topics_beyond(
        &self,
        alike: &FxHashMap<OccurrenceId, OccurrenceId>,
        other: &Session<'_>,
    ) -> Vec<Topic> {
        let paired: FxHashSet<OccurrenceId> = alike.values().copied().collect();
        let gone = other.config().living();
        let gone = gone.into_iter().filter(|it| !paired.contains(it));
        let new = self.config().living();
        let new = new.into_iter().filter(|it| !alike.contains_key(it));
        let gone = gone.flat_map(|it| other.model.topics(it));
        gone.chain(new.flat_map(|it| self.model.topics(it)))
            .collect()
    }

    // What was found in an evaluation of a file, at another place: its frames begin elsewhere there.
    fn linted(&self, id: OccurrenceId, [from, to]: [FrameId; 2]) -> Linted {
        let mut findings = self.findings.get(&id).cloned().unwrap_or_default();
        let refused = findings.refused.iter_mut().map(|it| &mut it.diagnostic);
        let ruled = findings.ruled.iter_mut().map(|it| &mut it.1);
        for finding in refused.chain(ruled) {
            let frame = finding.frame.map(|it| FrameId(it.0 - from.0 + to.0));
            finding.frame = frame;
        }
        Linted {
            findings,
            topics: self.askers.topics(id),
            dependence: self.dependences.get(&id).copied().unwrap_or_default(),
            asked_files: Vec::new(),
        }
    }

    // The modules and facts that are others; `None` where more is.
    fn differences_from(&self, other: &Session<'_>) -> Option<Dependence> {
        let (one, two) = (other.inputs(), self.inputs());
        let (there, here) = (other.config(), self.config());
        let said = |it: &Inputs<'_>| (it.main.to_owned(), it.server_root.to_owned());
        let is_alike = other.notes_files
            && said(one) == said(two)
            && one.program == two.program
            && one.defines == two.defines
            && there.fragment == here.fragment
            && there.standings == here.standings
            && there.htaccess.is_empty()
            && other.model.globals() == self.model.globals();
        let modules = other
            .modules
            .differences(&self.modules)
            .filter(|_| is_alike)?;
        Some(Dependence {
            modules,
            facts: one
                .facts
                .all()
                .differences(two.facts.all(), self.boundaries()),
        })
    }
}
