//! One configuration, linted; and again where a file of it changed.

mod moving;
mod some_files;

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use super::allow::{Allowances, Certainty};
use super::askers::Askers;
use super::collect::Collected;
use super::engine::Engine;
use super::linter::{Findings, Linted, Linter, Remembered};
use super::outcome::{Fragment, Outcome, Summary};
use super::whole::WholeFindings;
use super::{Options, linter, unknowns};
use crate::configtest::{Found, Landmarks, Permission, Turn, access_file_names, overrides};
use crate::diagnostic::{Diagnostic, Level};
use crate::evaluate::{
    Config, Evaluation, Inputs, Node, NodeIndex, OccurrenceId, Overrides, PlacedId, Replaced, paths,
};
use crate::facts::Version;
use crate::model::{Contribution, Dependence, Model, Modules, Names, Topic};
use crate::source::{FileId, FrameId};
use crate::threads;
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
    whole: Vec<Found>,
    whole_dependence: Dependence,
    // The versions of httpd that brought or removed directives, sorted; not before it is asked for.
    boundaries: OnceCell<Vec<Version>>,
    ruled: WholeFindings,
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
        let mut evaluation = Evaluation::new(inputs)?;
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
            whole: Vec::new(),
            whole_dependence: Dependence::default(),
            boundaries: OnceCell::new(),
            ruled: WholeFindings::default(),
            landmarks: FxHashMap::default(),
            htaccess: Vec::new(),
            unknown_overrides: Vec::new(),
            pending: FxHashSet::default(),
        };
        if session.config().is_htaccess(OccurrenceId(0)) {
            session.unknown_overrides.push(OccurrenceId(0));
        }
        session.lint_everything();
        Ok(session)
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
        let main = OccurrenceId(0);
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
        self.ruled.forget();
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
        let is_there = |model: &Model| -> Vec<bool> {
            topics.iter().map(|it| model.has(it.0, &it.1)).collect()
        };
        let before = is_there(&self.model);
        for id in gone {
            self.model.remove(*id);
            self.findings.remove(id);
            self.dependences.remove(id);
            self.askers.remove(*id);
        }
        for (id, contribution) in contributions {
            self.find_landmarks(id);
            self.model.add(id, contribution);
        }
        if self.model.globals() == globals {
            let mut concerned: FxHashSet<OccurrenceId> = self.model.concerned(&topics);
            concerned.extend(new);
            concerned.extend(topics.iter().flat_map(|it| self.askers.of(it)));
            let after = is_there(&self.model);
            for (at, (thing, _)) in topics.iter().enumerate() {
                if before[at] != after[at] {
                    let others = thing.lookalikes().iter();
                    concerned.extend(others.flat_map(|it| self.model.mentioning(*it)));
                }
            }
            concerned.into_iter().collect()
        } else {
            self.config().living()
        }
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
                .map(|it| config.placed(it).line().logical.text.into_owned())
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
            || self.whole.iter().any(|(_, it)| points_there(it))
    }

    pub(super) fn find_landmarks(&mut self, id: OccurrenceId) {
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
    fn all_landmarks(&self) -> Vec<PlacedId> {
        let mut landmarks = Vec::new();
        self.landmarks_below(OccurrenceId(0), &mut landmarks);
        landmarks
    }

    fn landmarks_below(&self, id: OccurrenceId, order: &mut Vec<PlacedId>) {
        let own = self.landmarks.get(&id).into_iter().flatten();
        let mut own = own
            .map(|node| PlacedId {
                occurrence: id,
                node: *node,
            })
            .peekable();
        for (node, child) in &self.evaluation.config().occurrence(id).children {
            while let Some(place) = own.next_if(|it| it.node < *node) {
                order.push(place);
            }
            self.landmarks_below(*child, order);
        }
        order.extend(own);
    }

    // Forgets all that was found, and learns what the configuration means now. Returns its places.
    fn begin_anew(&mut self) -> Vec<OccurrenceId> {
        self.model = Model::of(self.evaluation.config(), &self.names);
        self.remembered = Remembered::default();
        self.findings.clear();
        self.dependences.clear();
        self.askers = Askers::default();
        self.landmarks.clear();
        let living = self.config().living();
        for id in &living {
            self.find_landmarks(*id);
        }
        self.pending.clear();
        living
    }

    fn lint_everything(&mut self) {
        let living = self.begin_anew();
        let landmarks = self.all_landmarks();
        let (linter, names) = (self.linter(), &self.landmark_names);
        let ((whole, ruled), linted) = threads::both(
            living.len() > linter::PART,
            || {
                let whole = linter.server(names, &landmarks);
                (whole, WholeFindings::of(linter))
            },
            || linter.files(&living, &Remembered::default()),
        );
        (self.whole, self.whole_dependence) = whole;
        self.ruled = ruled;
        self.take_in(&living, linted);
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
            } = linted;
            self.askers.set(*id, topics);
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
        (self.whole, self.whole_dependence) =
            self.linter().server(&self.landmark_names, &landmarks);
    }

    fn linter(&self) -> Linter<'_> {
        Linter {
            inputs: self.evaluation.inputs(),
            config: self.evaluation.config(),
            model: &self.model,
            modules: &self.modules,
            engine: &self.engine,
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

    /// Everything found, in the order of files and places.
    pub fn outcome(&self) -> Outcome {
        let config = self.evaluation.config();
        let living = config.living();
        let allowances = Allowances::of(config, &living, &self.options);
        let mut collected = Collected::new(allowances);
        for (_, diagnostic) in self.whole.iter().filter(|it| it.0.is_none()) {
            collected.push(diagnostic.clone());
        }
        let whole = self.whole_by_file();
        self.collect(OccurrenceId(0), &whole, &mut collected);
        self.say_who_is_refused(OccurrenceId(0), &mut collected);
        for (id, _) in &config.htaccess {
            collected.begin_reading();
            self.collect(*id, &whole, &mut collected);
            self.say_who_is_refused(*id, &mut collected);
        }
        let unused = collected.allowances.unused(&self.certainty());
        unused.into_iter().for_each(|it| collected.add(it));
        let file = |it: &OccurrenceId| config.occurrence(*it).unit.document.file;
        collected.sort(living.iter().map(file));
        let first = collected.first();
        let diagnostics = collected.diagnostics;
        let count = |level| diagnostics.iter().filter(|it| it.level == level).count();
        let files: FxHashSet<_> = living.iter().map(file).collect();
        let fragment = match config.standings.as_slice() {
            _ if !config.fragment => None,
            [standing] => Some(Fragment::At(*standing)),
            _ => Some(Fragment::Anywhere),
        };
        let summary = Summary {
            fragment,
            files: files.len(),
            directives: living
                .iter()
                .map(|it| config.occurrence(*it).unit.nodes.len())
                .sum(),
            errors: count(Level::Error),
            warnings: count(Level::Warning),
            notes: count(Level::Note),
        };
        let missed = |id| self.findings.get(&id).map(|it| it.unknowns.as_slice());
        let mut unknowns = unknowns::of(config, &living, &self.unknown_overrides, &diagnostics);
        unknowns.extend(unknowns::of_handlers(config, &living, missed));
        Outcome {
            sources: config.sources.clone(),
            frames: config.frames.clone(),
            diagnostics,
            first,
            unknowns,
            summary,
            left_out: 0,
            hosts: None,
        }
    }

    // httpd starts with a `.htaccess` file that it refuses. It comes across it with a request.
    fn say_who_is_refused(&self, id: OccurrenceId, collected: &mut Collected<'_>) {
        let config = self.evaluation.config();
        if !config.is_htaccess(id) {
            return;
        }
        let directory = paths::directory(config.occurrence(id).unit.source.name());
        if let Some(finding) = collected.last_stop() {
            finding.note(format!(
                "httpd logs this for every request below `{directory}`, and answers it with 500"
            ));
        }
    }

    // What was found of the server as a whole and has a place, by the file that it stands in.
    fn whole_by_file(&self) -> FxHashMap<OccurrenceId, Vec<(Turn, &Diagnostic)>> {
        let mut by_file: FxHashMap<_, Vec<_>> = FxHashMap::default();
        let whole = self.whole.iter().chain(self.ruled.all(self.linter()));
        for (turn, diagnostic) in whole {
            if let Some((id, turn)) = turn {
                by_file.entry(*id).or_default().push((*turn, diagnostic));
            }
        }
        by_file
    }

    // In the order in which httpd comes across them: a file's findings with those of the files
    // that it includes in between.
    fn collect(
        &self,
        id: OccurrenceId,
        whole: &FxHashMap<OccurrenceId, Vec<(Turn, &Diagnostic)>>,
        collected: &mut Collected<'_>,
    ) {
        let occurrence = self.evaluation.config().occurrence(id);
        let of_node = |it: NodeIndex| u32::try_from(it.index()).unwrap_or(u32::MAX);
        let own = self.own(id, whole.get(&id).map(Vec::as_slice).unwrap_or_default());
        let mut own = own.into_iter().peekable();
        for (node, child) in &occurrence.children {
            while let Some((_, finding)) = own.next_if(|it| it.0.is_reached_at(of_node(*node))) {
                collected.push(finding);
            }
            self.collect(*child, whole, collected);
        }
        own.for_each(|(_, finding)| collected.push(finding));
    }

    // What was found in one evaluation of a file, with what of the server as a whole stands there.
    fn own(&self, id: OccurrenceId, whole: &[(Turn, &Diagnostic)]) -> Vec<(Turn, Diagnostic)> {
        let occurrence = self.evaluation.config().occurrence(id);
        let empty = Findings::default();
        let findings = self.findings.get(&id).unwrap_or(&empty);
        let whole_here = whole.iter().map(|(turn, it)| (*turn, (*it).clone()));
        let ruled = findings.ruled.iter();
        let ruled = ruled.map(|(turn, it)| (Turn::at(*turn), it.clone()));
        let refused = findings.refused.iter();
        let refused = refused.map(|it| (it.turn, it.diagnostic.clone()));
        let read = occurrence.unit.findings.iter();
        let mut own: Vec<(Turn, Diagnostic)> = read
            .map(|(turn, it)| (Turn::at(*turn), placed(it, occurrence.frame)))
            .chain(refused)
            .chain(ruled)
            .chain(whole_here)
            .collect();
        own.sort_by_key(|it| it.0);
        own
    }
}

// A unit's findings know only its own frames.
fn placed(finding: &Diagnostic, frame: FrameId) -> Diagnostic {
    let mut finding = finding.clone();
    finding.frame = finding.frame.map(|it| FrameId(frame.0 + it.0));
    finding
}
