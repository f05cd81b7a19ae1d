//! The same configuration on another server.

use std::sync::Arc;

use super::super::linter::Remembered;
use super::Session;
use crate::evaluate::{Inputs, Occurrence, OccurrenceId};
use crate::facts::Version;
use crate::model::{Dependence, Modules, version_of_httpd};
use crate::world::ReadError;

impl<'a> Session<'a> {
    /// Lints the same configuration on another server. Only what asked for something that is
    /// otherwise there is looked at again; returns how many files that were.
    ///
    /// Of `inputs` only the facts, the `ServerRoot` and the program may be others.
    ///
    /// # Errors
    /// A `.htaccess` file that was linted as well cannot be read any more.
    pub fn move_to(&mut self, inputs: Inputs<'a>) -> Result<usize, ReadError> {
        self.finish();
        let before = self.config().occurrences.clone();
        let old = *self.evaluation.inputs();
        self.evaluation.move_to(inputs);
        let modules = Modules::of(&mut self.evaluation);
        let different = self.modules.differences(&modules);
        self.modules = modules;
        self.remembered = Remembered::default();
        // Messages name the program, and what is permitted in `.htaccess` is another server's.
        let is_alike = old.program == inputs.program && self.htaccess.is_empty();
        let different = different.filter(|_| is_alike);
        let Some((modules, changed)) = different.zip(self.changed_since(&before)) else {
            self.lint_everything();
            self.read_htaccess_again()?;
            return Ok(self.config().living().len());
        };
        let change = Dependence {
            modules,
            facts: old
                .facts
                .all()
                .differences(inputs.facts.all(), self.boundaries()),
        };
        for id in &changed {
            self.landmarks.remove(id);
        }
        let mut concerned = self.exchange(&changed, &changed);
        let meets = |it: &(&OccurrenceId, &Dependence)| it.1.meets(&change);
        concerned.extend(self.dependences.iter().filter(meets).map(|it| *it.0));
        for id in &changed {
            concerned.extend(self.config().below(*id));
        }
        concerned.sort_unstable();
        concerned.dedup();
        self.lint_files(&concerned);
        if !changed.is_empty() || self.refused_whole_dependence.meets(&change) {
            self.check_whole();
        }
        match changed.is_empty() {
            true => self.ruled_whole.forget_what_meets(&change),
            false => self.ruled_whole.forget(),
        }
        Ok(concerned.len())
    }

    pub(super) fn boundaries(&self) -> &[Version] {
        self.boundaries.get_or_init(|| {
            let directives = self.evaluation.inputs().table.directives();
            let versions = directives.flat_map(|it| [it.since, it.removed]).flatten();
            let mut versions: Vec<Version> = versions.map(version_of_httpd).collect();
            versions.sort_unstable();
            versions.dedup();
            versions
        })
    }

    // The places where evaluation led to something else; `None` where the places are others.
    fn changed_since(&self, before: &[Occurrence]) -> Option<Vec<OccurrenceId>> {
        let now = &self.config().occurrences;
        let pairs = || before.iter().zip(now).enumerate();
        let is_same_place = |(one, two): (&Occurrence, &Occurrence)| {
            one.parent == two.parent && one.slot == two.slot && one.frame == two.frame
        };
        if before.len() != now.len() || !pairs().all(|(_, it)| is_same_place(it)) {
            return None;
        }
        let is_changed = |(one, two): (&Occurrence, &Occurrence)| {
            !Arc::ptr_eq(&one.unit, &two.unit) && !one.unit.reads_like(&two.unit)
        };
        let changed = pairs().filter(|(_, it)| is_changed(*it));
        Some(changed.map(|it| OccurrenceId::new(it.0)).collect())
    }
}
