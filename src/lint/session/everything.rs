//! Everything of a configuration, looked at anew.

use super::super::askers::Askers;
use super::super::linter::{self, Linted, Remembered};
use super::super::whole::{self, Asked, Half, WholeFindings};
use super::Session;
use crate::configtest::ServerFindings;
use crate::evaluate::{Node, NodeIndex, OccurrenceId, PlacedId};
use crate::model::request::Outline;
use crate::model::{Dependence, Model};
use crate::threads;

impl Session<'_> {
    pub(in crate::lint) fn find_landmarks(&mut self, id: OccurrenceId) {
        let nodes = &self.evaluation.config().occurrence(id).unit.nodes;
        let is_landmark = |it: &Node| it.name.is_some_and(|it| self.landmark_names.has(it));
        let found: Vec<NodeIndex> = nodes
            .iter()
            .enumerate()
            .filter(|(_, it)| is_landmark(it))
            .map(|(index, _)| NodeIndex::new(index))
            .collect();
        if !found.is_empty() {
            self.landmarks.insert(id, found);
        }
    }

    // In the order in which httpd reads them.
    pub(super) fn all_landmarks(&self) -> Vec<PlacedId> {
        let of_file = |id: OccurrenceId| {
            let nodes = self.landmarks.get(&id).into_iter().flatten();
            nodes.copied()
        };
        let mut landmarks = Vec::new();
        let config = self.evaluation.config();
        config.visit_in_order(OccurrenceId::MAIN, &of_file, &mut |it| landmarks.push(it));
        landmarks
    }

    // Forgets all that was found, and learns what the configuration means now. Returns its places.
    pub(super) fn begin_anew(&mut self) -> Vec<OccurrenceId> {
        self.model = Model::of(self.evaluation.config(), &self.names);
        self.remembered = Remembered::default();
        self.findings.clear();
        self.dependences.clear();
        self.asked_files.clear();
        self.askers = Askers::default();
        self.landmarks.clear();
        let living = self.config().living();
        for id in &living {
            self.find_landmarks(*id);
        }
        self.pending.clear();
        living
    }

    pub(super) fn lint_everything(&mut self) {
        let living = self.begin_anew();
        self.look_at(&living);
    }

    // Looks at some files, and at the server as a whole.
    pub(super) fn look_at(&mut self, files: &[OccurrenceId]) {
        let landmarks = self.all_landmarks();
        let (linter, names) = (self.linter(), &self.landmark_names);
        let outline = Outline::of(linter.config, linter.inputs.table);
        let look = |remembered: &mut Remembered, tasks: &[Task<'_>]| -> Vec<Looked> {
            let looked = tasks.iter().map(|task| match task {
                Task::Server => Looked::Server(linter.server(names, &landmarks)),
                Task::Whole(half) => Looked::Whole(whole::ask_half(linter, &outline, *half)),
                Task::Files(ids) => Looked::Files(linter.each_file(ids, remembered)),
            });
            looked.collect()
        };
        let tasks = Task::all(files);
        let looked = match linter.config.occurrences.len() > linter::PART {
            true => threads::map_parts(&tasks, 1, Remembered::default, look)
                .into_iter()
                .flatten()
                .collect(),
            false => look(&mut Remembered::default(), &tasks),
        };
        let (mut ruled, mut linted) = (Vec::new(), Vec::new());
        for looked in looked {
            match looked {
                Looked::Server(found) => {
                    (self.refused_whole, self.refused_whole_dependence) = found
                }
                Looked::Whole(asked) => ruled.push(asked),
                Looked::Files(found) => linted.extend(found),
            }
        }
        self.ruled_whole = WholeFindings::of(&self.engine, ruled);
        self.take_in(files, linted);
    }
}

/// A part of what there is to look at, small enough for one thread.
enum Task<'t> {
    /// What httpd refuses of the server as a whole.
    Server,
    /// What rules say of it.
    Whole(Half),
    /// What is wrong in files.
    Files(&'t [OccurrenceId]),
}

/// What a task found.
enum Looked {
    Server((ServerFindings, Dependence)),
    Whole(Vec<Asked>),
    Files(Vec<Linted>),
}

impl<'t> Task<'t> {
    // The longest first: then no thread waits for one that began late.
    fn all(files: &'t [OccurrenceId]) -> Vec<Self> {
        let halves = [Half::Servers, Half::Applications];
        let whole = halves.map(Task::Whole).into_iter().chain([Task::Server]);
        whole
            .chain(files.chunks(linter::PART).map(Task::Files))
            .collect()
    }
}
