//! One configuration, linted; and again where a file of it changed.

mod alike;
mod beside;
mod everything;
mod moving;
mod outcome;
mod some_files;

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Options;
use super::allow::Certainty;
use super::asked_files::Question;
use super::askers::Askers;
use super::engine::Engine;
use super::linter::{Findings, Linted, Linter, Remembered};
use super::whole::WholeFindings;
use crate::configtest::{Landmarks, Permission, ServerFindings, access_file_names, overrides};
use crate::diagnostic::Diagnostic;
use crate::evaluate::{
    Config, Evaluation, Inputs, NodeIndex, OccurrenceId, Overrides, PlacedId, Replaced, paths,
};
use crate::facts::Version;
use crate::model::{Contribution, Dependence, Model, Modules, Names, Topic};
use crate::source::FileId;
use crate::world::ReadError;

/// A configuration and what is wrong with it.
pub struct Session<'a> {
    pub(super) evaluation: Evaluation<'a>,
    engine: Engine,
    options: Options,
    pub(super) names: Names<'a>,
    landmark_names: Landmarks<'a>,
    modules: Modules,
    remembered: Remembered,
    pub(super) model: Model,
    askers: Askers,
    pub(super) findings: FxHashMap<OccurrenceId, Findings>,
    dependences: FxHashMap<OccurrenceId, Dependence>,
    // Whether it is noted which files are asked for, and those.
    notes_files: bool,
    asked_files: FxHashMap<OccurrenceId, Vec<Question>>,
    refused_whole: ServerFindings,
    refused_whole_dependence: Dependence,
    // The versions of httpd that brought or removed directives, sorted; not before it is asked for.
    boundaries: OnceCell<Vec<Version>>,
    ruled_whole: WholeFindings,
    // The directives that matter to the server as a whole, by the file that they stand in.
    landmarks: FxHashMap<OccurrenceId, Vec<NodeIndex>>,
    // The `.htaccess` files that were asked for.
    htaccess: Vec<String>,
    // The `.htaccess` files of which it is not known what is permitted in them.
    unknown_overrides: Vec<OccurrenceId>,
    // What is still to be looked at since a file was replaced.
    pending: FxHashSet<OccurrenceId>,
}

impl<'a> Session<'a> {
    /// Reads and lints the configuration that begins with the main file.
    ///
    /// # Errors
    /// The main file cannot be read.
    pub fn new(inputs: Inputs<'a>, options: &Options) -> Result<Self, ReadError> {
        let mut session = Self::of(Evaluation::new(inputs)?, options);
        session.lint_everything();
        Ok(session)
    }

    // Nothing is looked at yet.
    fn of(mut evaluation: Evaluation<'a>, options: &Options) -> Self {
        let inputs = *evaluation.inputs();
        let modules = Modules::of(&mut evaluation);
        let mut session = Self {
            evaluation,
            engine: Engine::new(inputs.table, options),
            options: options.clone(),
            names: Names::of(inputs.table),
            landmark_names: Landmarks::of(inputs.table),
            modules,
            remembered: Remembered::default(),
            model: Model::default(),
            askers: Askers::default(),
            findings: FxHashMap::default(),
            dependences: FxHashMap::default(),
            notes_files: false,
            asked_files: FxHashMap::default(),
            refused_whole: ServerFindings::default(),
            refused_whole_dependence: Dependence::default(),
            boundaries: OnceCell::new(),
            ruled_whole: WholeFindings::default(),
            landmarks: FxHashMap::default(),
            htaccess: Vec::new(),
            unknown_overrides: Vec::new(),
            pending: FxHashSet::default(),
        };
        if session.config().is_htaccess(OccurrenceId::MAIN) {
            session.unknown_overrides.push(OccurrenceId::MAIN);
        }
        session
    }

    /// Reads and lints a `.htaccess` file of the server as well; `false` where httpd would not read
    /// it. Where it is not known what is permitted in it, it is linted as under `AllowOverride All`:
    /// what httpd refuses then, it refuses under every narrower one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn add_htaccess(&mut self, path: &str) -> Result<bool, ReadError> {
        self.htaccess.push(path.to_owned());
        self.read_htaccess(path)
    }

    fn read_htaccess_again(&mut self) -> Result<(), ReadError> {
        let main = OccurrenceId::MAIN;
        self.unknown_overrides.retain(|it| *it == main);
        for path in self.htaccess.clone() {
            self.read_htaccess(&path)?;
        }
        Ok(())
    }

    fn read_htaccess(&mut self, path: &str) -> Result<bool, ReadError> {
        let permission = overrides(
            self.config(),
            self.evaluation.inputs(),
            &self.modules,
            paths::directory(path),
        );
        let is_known = permission != Permission::Unknown;
        let permitted = match permission {
            Permission::Unread => return Ok(false),
            Permission::Read(permitted) => permitted,
            Permission::Unknown => Overrides::all(),
        };
        let id = self.read_access_file(path, permitted)?;
        if !is_known {
            self.unknown_overrides.push(id);
        }
        Ok(true)
    }

    /// The names of the files that stand in for `.htaccess`: of each list, httpd reads the first
    /// file that is there.
    pub fn access_file_names(&self) -> Vec<Vec<String>> {
        access_file_names(self.config(), self.evaluation.inputs().table)
    }

    /// The configuration as read.
    pub fn config(&self) -> &Config {
        self.evaluation.config()
    }

    /// What the evaluation depends on.
    pub fn inputs(&self) -> &Inputs<'a> {
        self.evaluation.inputs()
    }

    /// The modules that are there when everything is read.
    pub fn modules(&self) -> &Modules {
        &self.modules
    }

    /// What the configuration means.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Puts a new text in the place of a file's old one, and lints what depends on it. Returns the
    /// occurrences whose findings may be others now.
    pub fn replace(&mut self, path: &str, bytes: Vec<u8>) -> Vec<OccurrenceId> {
        self.finish();
        let Some(replaced) = self.evaluation.replace(path, bytes) else {
            self.modules = Modules::of(&mut self.evaluation);
            self.lint_everything();
            // What cannot be read any more is not linted any more.
            let _ = self.read_htaccess_again();
            return self.config().living();
        };
        let concerned = self.take_over(&replaced);
        self.lint_files(&concerned);
        concerned
    }

    // Puts new evaluations in the place of old ones, but for what is found in files. Returns the
    // places whose findings may be others now.
    fn take_over(&mut self, replaced: &Replaced) -> Vec<OccurrenceId> {
        let concerned = self.exchange(&replaced.gone, &replaced.new);
        if self.changes_whole(replaced) {
            self.check_whole();
        }
        self.ruled_whole.forget();
        for id in &replaced.gone {
            self.landmarks.remove(id);
        }
        concerned
    }

    // Takes in what files contribute in the place of others. Returns the places whose findings may
    // be others now.
    fn exchange(&mut self, gone: &[OccurrenceId], new: &[OccurrenceId]) -> Vec<OccurrenceId> {
        let globals = self.model.globals();
        let config = self.evaluation.config();
        let contributions = new.iter();
        let contributions: Vec<(OccurrenceId, Contribution)> = contributions
            .map(|id| (*id, Contribution::of(config, *id, &self.names)))
            .collect();
        let old = gone.iter().flat_map(|id| self.model.topics(*id));
        let added = contributions.iter().flat_map(|it| it.1.topics());
        let topics: Vec<Topic> = old.chain(added).collect();
        let before: Vec<bool> = topics
            .iter()
            .map(|it| self.model.has(it.0, &it.1))
            .collect();
        for id in gone {
            self.model.remove(*id);
            self.findings.remove(id);
            self.dependences.remove(id);
            self.asked_files.remove(id);
            self.askers.remove(*id);
        }
        for (id, contribution) in contributions {
            self.find_landmarks(id);
            self.model.add(id, contribution);
        }
        if self.model.globals() == globals {
            let mut concerned = self.concerned_by(&topics, &before);
            concerned.extend(new);
            concerned.extend(topics.iter().flat_map(|it| self.askers.of(it)));
            concerned.into_iter().collect()
        } else {
            self.config().living()
        }
    }

    // Who mentions things that were mentioned otherwise, or that have a similar name where one comes or
    // goes; `were_there` says which were mentioned.
    fn concerned_by(&self, topics: &[Topic], were_there: &[bool]) -> FxHashSet<OccurrenceId> {
        let mut concerned = self.model.concerned(topics);
        for ((thing, name), was_there) in topics.iter().zip(were_there) {
            if *was_there != self.model.has(*thing, name) {
                let others = thing.lookalikes().iter();
                concerned.extend(others.flat_map(|it| self.model.mentioning(*it)));
            }
        }
        concerned
    }

    // What is checked of the whole server stays as it is where the landmarks of a file read as
    // before, and no finding points into the file.
    fn changes_whole(&self, replaced: &Replaced) -> bool {
        let config = self.evaluation.config();
        let texts = |ids: &[OccurrenceId]| -> Vec<String> {
            let places = ids.iter().flat_map(|id| {
                let nodes = self.landmarks.get(id).into_iter().flatten();
                nodes.map(|node| PlacedId {
                    occurrence: *id,
                    node: *node,
                })
            });
            places
                .map(|it| config.placed(it).text().into_owned())
                .collect()
        };
        let files: FxHashSet<FileId> = replaced
            .gone
            .iter()
            .map(|it| config.occurrence(*it).unit.document.file)
            .collect();
        let points_there = |it: &Diagnostic| {
            let labels = it.secondary.iter().chain(std::iter::once(&it.primary));
            labels.into_iter().any(|it| files.contains(&it.span.file))
        };
        texts(&replaced.gone) != texts(&replaced.new)
            || self
                .refused_whole
                .refused
                .iter()
                .any(|(_, it)| points_there(it))
    }

    pub(super) fn lint_files(&mut self, ids: &[OccurrenceId]) {
        let linted = self.linter().files(ids, &self.remembered);
        self.take_in(ids, linted);
    }

    fn take_in(&mut self, ids: &[OccurrenceId], linted: Vec<Linted>) {
        for (id, linted) in ids.iter().zip(linted) {
            let Linted {
                findings,
                topics,
                dependence,
                asked_files,
            } = linted;
            self.askers.set(*id, topics);
            if !asked_files.is_empty() {
                self.asked_files.insert(*id, asked_files);
            }
            self.dependences.insert(*id, dependence);
            if findings.is_empty() {
                self.findings.remove(id);
            } else {
                self.findings.insert(*id, findings);
            }
        }
    }

    fn check_whole(&mut self) {
        let landmarks = self.all_landmarks();
        (self.refused_whole, self.refused_whole_dependence) =
            self.linter().server(&self.landmark_names, &landmarks);
    }

    fn linter(&self) -> Linter<'_> {
        Linter {
            inputs: self.evaluation.inputs(),
            config: self.evaluation.config(),
            model: &self.model,
            modules: &self.modules,
            engine: &self.engine,
            notes_files: self.notes_files,
        }
    }

    fn certainty(&self) -> Certainty<'_> {
        Certainty {
            inputs: self.evaluation.inputs(),
            config: self.evaluation.config(),
            model: &self.model,
            modules: &self.modules,
            options: &self.options,
        }
    }

    /// All that was found in one evaluation of a file.
    pub(super) fn found_in(&self, id: OccurrenceId) -> impl Iterator<Item = &Diagnostic> {
        let read = &self.config().occurrence(id).unit.findings;
        let found = self.findings.get(&id).into_iter();
        let found = found.flat_map(|it| {
            let refused = it.refused.iter().map(|it| &it.diagnostic);
            refused.chain(it.ruled.iter().map(|it| &it.1))
        });
        read.iter().map(|it| &it.1).chain(found)
    }
}
