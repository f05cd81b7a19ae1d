//! What is evaluated again where a file has another text, or the world other answers.

use std::sync::Arc;

use super::ahead::Text;
use super::config::{OccurrenceId, Unit};
use super::evaluation::{Evaluation, Read};
use super::fragment;
use super::reader::{INCLUDE_DEPTH, MOST_REPLAYED};
use crate::source::{FileId, Source};

/// What the replacement of a file changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The occurrences that are no longer part of the configuration.
    pub gone: Vec<OccurrenceId>,
    /// Those that are there instead.
    pub new: Vec<OccurrenceId>,
}

impl Evaluation<'_> {
    /// Puts a new text in the place of a file's old one and evaluates what depends on it; `None`
    /// where everything was evaluated again.
    pub fn replace(&mut self, path: &str, bytes: Vec<u8>) -> Option<Replaced> {
        let file = self.put(Text::parse(Source::new(path, bytes)));
        self.files[file.index()].units.clear();
        if let [place] = self.files[file.index()].places[..]
            && place.index() != 0
            && let Some(replaced) = self.evaluate_in_place(place, file)
        {
            return Some(replaced);
        }
        if self.is_cut_off() {
            self.forget_units();
        }
        self.forget_units_with(file);
        let main = self.config.occurrences[0].unit.document.file;
        self.read_configuration(main);
        None
    }

    /// Evaluates everything again, because the world has other answers now. The texts of files that
    /// were read stay what they are.
    pub fn evaluate_again(&mut self) {
        self.forget_units();
        let main = self.config.occurrences[0].unit.document.file;
        self.read_configuration(main);
    }

    // Evaluates a file where it stands, in the environment that it had. That is all there is to do
    // when it leaves the same effects behind: then nothing after it can read differently.
    fn evaluate_in_place(&mut self, place: OccurrenceId, file: FileId) -> Option<Replaced> {
        let old = self.config.occurrence(place).clone();
        let (include, parent) = (old.parent?, old.parent?.0);
        let start = old.start?;
        // That it is no server was seen in another environment than that in which it is read now.
        if self.judged && self.fragment || self.is_cut_off() {
            return None;
        }
        let now = self.environment.now();
        let above = self.files_above(parent);
        self.active.clone_from(&above);
        self.environment.go_back_to(start);
        let mut read = self.read(file);
        self.environment.return_to(now);
        self.active.clear();
        let is_as_before = read.unit.effects.net_writes() == old.unit.effects.net_writes();
        if !is_as_before || self.is_cut_off() {
            return None;
        }
        // What was evaluated of the files around it has the old text in it.
        for file in above {
            self.files[file.index()].units.clear();
        }
        // The moments inside it were none of the order that is kept.
        for (_, child) in &mut read.children {
            child.forget_moments();
        }
        read.start = Some(start);
        let gone = self.config.below(place);
        let listened = self.judged && self.listen(&gone);
        for id in &gone {
            self.forget_place(*id);
        }
        let first = self.config.occurrences.len();
        let id = self.instantiate(read, Some(include), old.frame);
        self.config.occurrences[id.index()].slot = old.slot;
        self.config.occurrences[parent.index()].children[old.slot as usize].1 = id;
        let last = self.config.occurrences.len();
        let new: Vec<OccurrenceId> = (first..last).map(OccurrenceId::new).collect();
        let is_server_still = !listened || self.listen(&new);
        is_server_still.then_some(Replaced { gone, new })
    }

    // Whether not all was read that a configuration names: how much it was depends on what came
    // before.
    fn is_cut_off(&self) -> bool {
        self.recursion || self.replayed > MOST_REPLAYED
    }

    fn listen(&self, places: &[OccurrenceId]) -> bool {
        fragment::listen(&self.config, places.iter().copied(), self.inputs.table)
    }

    pub(super) fn forget_place(&mut self, id: OccurrenceId) {
        let file = self.config.occurrence(id).unit.document.file;
        self.files[file.index()].places.retain(|it| *it != id);
    }

    fn files_above(&self, place: OccurrenceId) -> Vec<FileId> {
        let mut files = Vec::new();
        let mut at = Some(place);
        while let Some(id) = at {
            let occurrence = self.config.occurrence(id);
            files.push(occurrence.unit.document.file);
            at = occurrence.parent.map(|it| it.0);
        }
        files.reverse();
        files
    }

    pub(super) fn forget_units(&mut self) {
        for known in &mut self.files {
            known.units.clear();
            known.units_elsewhere.clear();
        }
    }

    fn forget_units_with(&mut self, file: FileId) {
        fn holds(unit: &Unit, file: FileId) -> bool {
            unit.document.file == file
                || unit
                    .includes
                    .iter()
                    .flat_map(|it| &it.units)
                    .any(|it| holds(it, file))
        }
        for known in &mut self.files {
            known.units.retain(|it| !holds(it, file));
        }
    }

    /// Whether an evaluation is one of the texts that its file, and those that it read, have now, and
    /// httpd would come as deep here.
    pub(super) fn serves(&self, unit: &Unit, depth: usize) -> bool {
        let now = &self.files[unit.document.file.index()].parsed.document;
        let mut read = unit.includes.iter().flat_map(|it| &it.units);
        Arc::ptr_eq(now, &unit.document)
            && self.active.len() + depth <= INCLUDE_DEPTH
            && read.all(|it| self.serves(it, depth + 1))
    }

    /// Notes that a file includes itself too deeply. What was evaluated before may have read a file
    /// inside itself, which nothing does any more.
    pub(super) fn end_recursion(&mut self) {
        if !std::mem::replace(&mut self.recursion, true) {
            self.forget_units();
        }
    }
}

impl Read {
    fn forget_moments(&mut self) {
        self.start = None;
        for (_, child) in &mut self.children {
            child.forget_moments();
        }
    }
}
