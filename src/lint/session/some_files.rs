//! What is known of some files at once, while the rest is still to be found.

use rustc_hash::FxHashSet;

use super::super::allow::Allowances;
use super::super::collect::Collected;
use super::Session;
use crate::configtest::Turn;
use crate::diagnostic::Diagnostic;
use crate::evaluate::OccurrenceId;
use crate::model::Modules;
use crate::source::FileId;

impl Session<'_> {
    /// As [`Session::replace`], but of the places whose findings may be others now only those in
    /// wanted files are looked at. [`Session::finish`] looks at the rest; before that, what is known
    /// of other files may be old, and [`Session::outcome`] is not to be asked for.
    pub fn replace_first(
        &mut self,
        path: &str,
        bytes: Vec<u8>,
        is_wanted: &dyn Fn(FileId) -> bool,
    ) -> Vec<OccurrenceId> {
        let concerned = match self.evaluation.replace(path, bytes) {
            Some(replaced) => {
                for id in &replaced.gone {
                    self.pending.remove(id);
                }
                self.take_over(&replaced)
            }
            None => {
                self.modules = Modules::of(&mut self.evaluation);
                let living = self.begin_anew();
                self.ruled_whole.forget();
                self.check_whole();
                // What cannot be read any more is not linted any more.
                let _ = self.read_htaccess_again();
                living
            }
        };
        let file = |it: &OccurrenceId| self.config().occurrence(*it).unit.document.file;
        let (first, rest): (Vec<OccurrenceId>, Vec<OccurrenceId>) =
            concerned.iter().partition(|it| is_wanted(file(it)));
        for id in &first {
            self.pending.remove(id);
        }
        self.pending.extend(rest);
        self.lint_files(&first);
        concerned
    }

    /// Looks at what [`Session::replace_first`] put off.
    pub fn finish(&mut self) {
        let mut rest: Vec<OccurrenceId> = self.pending.drain().collect();
        rest.sort_unstable();
        if !rest.is_empty() {
            self.lint_files(&rest);
        }
    }

    /// The evaluations of a file that are part of the configuration, in the order in which they
    /// were made.
    pub fn places_of(&self, file: FileId) -> Vec<OccurrenceId> {
        self.evaluation.places_of(file).to_vec()
    }

    /// What was found in some evaluations of files, without what rules say of the server as a whole
    /// and what is said afterwards of comments that allow nothing: that costs as much as the
    /// server is large, and is part of [`Session::outcome`].
    pub fn findings_of(&self, ids: &[OccurrenceId]) -> Vec<Diagnostic> {
        let config = self.evaluation.config();
        let above = ids.iter().flat_map(|id| {
            let parent = |it: &OccurrenceId| config.occurrence(*it).parent.map(|it| it.0);
            std::iter::successors(Some(*id), parent)
        });
        let concerned: FxHashSet<OccurrenceId> = above.collect();
        let mut concerned: Vec<OccurrenceId> = concerned.into_iter().collect();
        concerned.sort_unstable();
        let allowances = Allowances::of(config, &concerned, &self.options);
        let mut collected = Collected::new(allowances);
        for id in ids {
            let here = self.refused_whole.refused.iter().filter_map(|(turn, it)| {
                let (place, turn) = (*turn)?;
                (place == *id).then_some((turn, it))
            });
            let here: Vec<(Turn, &Diagnostic)> = here.collect();
            for (_, finding) in self.own(*id, &here) {
                collected.push(finding);
            }
        }
        collected.diagnostics
    }
}
