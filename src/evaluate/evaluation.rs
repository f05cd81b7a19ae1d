//! From the main file to a whole configuration; and again where one file changed.

use std::sync::Arc;

use super::ahead::{Found, Text, Wanted};
use super::config::{Config, NodeIndex, Occurrence, OccurrenceId, Unit};
use super::elsewhere::Elsewhere;
use super::environment::{Environment, Moment, Space, Value};
use super::fragment;
use super::inputs::Inputs;
use super::paths;
use super::reader::{Operation, Reader};
use super::standing::{Overrides, Standing, context_comment};
use super::truth::Truth;
use crate::httpd::{ByName, NameId};
use crate::source::{Cause, FileId, Frame, FrameId, Source};
use crate::syntax::Document;
use crate::world::ReadError;

/// A text that was read, and its lines.
#[derive(Debug, Clone)]
pub(super) struct Parsed {
    pub(super) source: Arc<Source>,
    pub(super) document: Arc<Document>,
}

/// A file that was loaded.
pub(super) struct File {
    pub(super) parsed: Parsed,
    /// Its evaluations.
    pub(super) units: Vec<Arc<Unit>>,
    /// Those in another world.
    pub(super) units_elsewhere: Vec<Arc<Unit>>,
    /// Where they stand.
    pub(super) places: Vec<OccurrenceId>,
    /// Whether it is the text that the file has in this world, and not only in another one.
    pub(super) is_here: bool,
}

/// The evaluation of one file, with those that it read.
pub(super) struct Read {
    pub(super) unit: Arc<Unit>,
    /// The moment at which it began, where that is known.
    pub(super) start: Option<Moment>,
    pub(super) children: Vec<(NodeIndex, Read)>,
}

/// The largest number of evaluations of files that a configuration may add up to. httpd has no
/// such limit, but a configuration that needs more would keep it busy for hours.
const MOST_OCCURRENCES: usize = 2_000_000;

/// A configuration, and what is needed to evaluate a file of it again.
pub struct Evaluation<'a> {
    pub(super) inputs: Inputs<'a>,
    pub(super) environment: Environment,
    pub(super) operations: ByName<Option<Operation>>,
    pub(super) fragment: bool,
    /// What is permitted in the `.htaccess` file that is being read.
    pub(super) overrides: Option<Arc<Overrides>>,
    /// The files that are being read, outermost first.
    pub(super) active: Vec<FileId>,
    /// Whether it was seen from what was read that the main file is a server, or is none.
    pub(super) judged: bool,
    /// Whether a file included itself too deeply; then no file is read inside itself any more.
    pub(super) recursion: bool,
    /// The lines of macros replayed so far.
    pub(super) replayed: usize,
    // The facts that an earlier evaluation on another server asked for.
    pub(super) questions: Vec<(Space, Arc<str>)>,
    // Whether there ever was any gap in the configuration; most have none, and then nobody asks.
    pub(super) any_gap: bool,
    // By file id.
    pub(super) files: Vec<File>,
    // The world in which evaluations were made that may be taken.
    pub(super) elsewhere: Option<Elsewhere<'a>>,
    pub(super) config: Config,
}

impl<'a> Evaluation<'a> {
    /// Evaluates the configuration that begins with the main file.
    ///
    /// # Errors
    /// The main file cannot be read.
    pub fn new(inputs: Inputs<'a>) -> Result<Self, ReadError> {
        let mut evaluation = Self::unread(inputs);
        let main = evaluation.load(inputs.main, None)?;
        evaluation.read_configuration(main);
        Ok(evaluation)
    }

    /// Nothing is read yet.
    pub(super) fn unread(inputs: Inputs<'a>) -> Self {
        Self {
            inputs,
            environment: Environment::default(),
            operations: ByName::new(inputs.table),
            fragment: false,
            overrides: None,
            active: Vec::new(),
            judged: false,
            recursion: false,
            replayed: 0,
            questions: Vec::new(),
            any_gap: false,
            files: Vec::new(),
            elsewhere: None,
            config: Config::default(),
        }
    }

    /// The configuration as it is now.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What the evaluation depends on.
    pub fn inputs(&self) -> &Inputs<'a> {
        &self.inputs
    }

    /// The evaluations of a file that are part of the configuration.
    pub fn places_of(&self, file: FileId) -> &[OccurrenceId] {
        let known = self.files.get(file.index());
        known.map(|it| it.places.as_slice()).unwrap_or_default()
    }

    /// Whether a directive name runs while the files are read, and how.
    pub(super) fn operation(&self, name: NameId) -> Option<Operation> {
        let operation = || Operation::of(self.inputs.table, name);
        *self.operations.get(name, operation)
    }

    /// Whether a module is there when everything is read, by source file name or identifier.
    pub fn has_module(&mut self, name: &str) -> Truth {
        match self.environment.get(Space::Module, name) {
            Value::Present => Truth::True,
            Value::Unknown => Truth::Unknown,
            _ => match self.is_static(name) {
                Truth::False if self.has_gap() => Truth::Unknown,
                truth => truth,
            },
        }
    }

    /// Whether lines before this point were not read, because it is not known which. They may
    /// have loaded or defined anything.
    pub fn has_gap(&mut self) -> bool {
        self.any_gap && self.environment.get(Space::Gap, "") != Value::Absent
    }

    /// The value of a thing; one that a gap may have set is unknown, and so is one that the rest of
    /// the server may have set.
    pub(super) fn ask(&mut self, space: Space, name: &str) -> Value {
        match self.environment.get(space, name) {
            Value::Absent if self.fragment || self.has_gap() => Value::Unknown,
            value => value,
        }
    }

    /// Notes that lines are not read here.
    pub(super) fn open_gap(&mut self) {
        self.begin_gaps();
        self.environment.set(Space::Gap, "", Value::Present);
    }

    // Until now nobody asked for gaps, so what was evaluated may only serve again if it asks.
    fn begin_gaps(&mut self) {
        if !self.any_gap {
            self.any_gap = true;
            self.forget_units();
        }
    }

    /// The names under which modules were loaded: identifiers and source file names.
    pub fn loaded_names(&self) -> Vec<String> {
        self.environment.present(Space::Module)
    }

    /// The `ServerRoot` when everything is read; `None` where that is not known.
    pub fn server_root(&mut self) -> Option<String> {
        match self.environment.get(Space::ServerRoot, "") {
            Value::Text(path) => Some(path.to_string()),
            _ => None,
        }
    }

    /// Evaluates the same files on another server: of `inputs` only the facts, the `ServerRoot` and
    /// the program may be others. What was evaluated of a file is taken again where it asked for
    /// nothing that is otherwise there. `.htaccess` files are forgotten.
    pub fn move_to(&mut self, inputs: Inputs<'a>) {
        // Messages name the program.
        if inputs.program != self.inputs.program {
            self.forget_units();
        }
        self.inputs = inputs;
        let main = self.config.occurrences[0].unit.document.file;
        self.questions = self.asked();
        self.read_configuration(main);
    }

    /// Reads a `.htaccess` file, as httpd does when a request comes: with all modules there and all
    /// names defined, and only what `overrides` permits.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read_htaccess(
        &mut self,
        path: &str,
        overrides: Overrides,
    ) -> Result<OccurrenceId, ReadError> {
        let file = self.load(path, None)?;
        let overrides = Arc::new(overrides);
        let before = self.overrides.replace(Arc::clone(&overrides));
        let read = self.evaluate(file, true);
        self.overrides = before;
        let id = self.instantiate(read, None, FrameId::ENTRY);
        self.config.htaccess.push((id, overrides));
        Ok(id)
    }

    /// Forgets the `.htaccess` files that were read. Returns the places of what they were.
    pub fn forget_htaccess(&mut self) -> Vec<OccurrenceId> {
        let files = std::mem::take(&mut self.config.htaccess).into_iter();
        let gone: Vec<OccurrenceId> = files.flat_map(|it| self.config.below(it.0)).collect();
        for id in &gone {
            self.forget_place(*id);
        }
        gone
    }

    pub(super) fn read_configuration(&mut self, main: FileId) {
        let parsed = &self.files[main.index()].parsed;
        let comment = context_comment(&parsed.document, parsed.source.text());
        let commented = comment.and_then(|it| Standing::named(&it.text));
        // `.htaccess` files are parts by their nature.
        let usual = self.inputs.usual_standing;
        let by_nature = usual.filter(|it| *it == Standing::Htaccess);
        let told = self.inputs.standing.or(commented).or(by_nature);
        let given = match told {
            None => self.inputs.fragment,
            Some(Standing::Server) => Some(self.inputs.fragment.unwrap_or(true)),
            Some(_) => Some(true),
        };
        let is_fragment = given.unwrap_or_else(|| !fragment::may_be_whole(parsed));
        // Of what is not there, the rest of a server is not asked.
        if is_fragment != std::mem::replace(&mut self.fragment, is_fragment) {
            self.forget_units();
        }
        if told == Some(Standing::Htaccess) {
            self.overrides = Some(Arc::new(Overrides::all()));
        }
        self.read_everything(main);
        self.judged = !self.fragment && given.is_none();
        let (inputs, parsed) = (&self.inputs, &self.files[main.index()].parsed);
        let is_server = || fragment::is_server(inputs, parsed, &self.loaded_names(), &self.config);
        if self.judged && !is_server() {
            self.fragment = true;
            self.forget_units();
            self.read_everything(main);
        }
        self.overrides = None;
        self.config.standings = match told {
            Some(told) => vec![told],
            None if !self.fragment => vec![Standing::Server],
            None => usual.map_or_else(
                || {
                    let sections = fragment::outer_sections(&self.config, self.inputs.table);
                    Standing::around(sections).to_vec()
                },
                |it| vec![it],
            ),
        };
    }

    fn read_everything(&mut self, main: FileId) {
        self.environment = Environment::default();
        self.recursion = false;
        self.replayed = 0;
        // What a part of a configuration names is relative to the root of a server that nobody named.
        let root = match self.fragment && self.inputs.fragment != Some(false) {
            true => Value::Unknown,
            false => Value::Text(paths::resolve("/", self.inputs.server_root).into()),
        };
        self.environment.set(Space::ServerRoot, "", root);
        self.ask_again();
        for name in self.inputs.defines {
            self.environment.set(Space::Define, name, Value::Present);
        }
        let read = self.evaluate(main, true);
        self.config.frames.clear();
        self.config.occurrences.clear();
        self.config.htaccess.clear();
        for known in &mut self.files {
            known.places.clear();
        }
        self.config.fragment = self.fragment;
        self.instantiate(read, None, FrameId::ENTRY);
    }

    /// Evaluates a file here and now, or takes an evaluation that was made in an environment with
    /// the same answers.
    pub(super) fn read(&mut self, file: FileId) -> Read {
        let known = self.files[file.index()].units.iter().rev();
        let known = known
            .take(8)
            .find(|it| self.environment.agrees_with(&it.effects.reads) && self.serves(it, 0));
        if let Some(unit) = known.map(Arc::clone).or_else(|| self.brought_over(file)) {
            let start = Some(self.environment.now());
            self.environment.note_reads(&unit.effects.reads);
            for (key, value) in &unit.effects.writes {
                if key.space == Space::Gap {
                    self.begin_gaps();
                }
                self.environment.replay(key, value);
            }
            return again(unit, start);
        }
        self.evaluate(file, false)
    }

    fn evaluate(&mut self, file: FileId, is_main: bool) -> Read {
        let parsed = self.files[file.index()].parsed.clone();
        let start = self.environment.now();
        self.active.push(file);
        // Nothing is ever asked of the main file's own effects, which are those of everything.
        if !is_main {
            self.environment.start_recording();
        }
        let (mut unit, children) = Reader::new(self, &parsed).run();
        if !is_main {
            unit.effects = self.environment.stop_recording();
        }
        self.active.pop();
        let unit = Arc::new(unit);
        if !is_main {
            self.files[file.index()].units.push(Arc::clone(&unit));
        }
        Read {
            unit,
            start: Some(start),
            children,
        }
    }

    /// What is to be read of a file, unless that was done.
    pub(super) fn wanted<'p>(&self, path: &'p str) -> Option<Wanted<'p>> {
        let file = self.config.sources.find(path);
        if file.is_some_and(|it| self.files[it.index()].is_here) {
            return None;
        }
        let elsewhere = file.map(|it| self.config.sources.shared(it));
        Some(Wanted { path, elsewhere })
    }

    /// Loads a file, unless it was loaded before; `ahead` is what was read of it already.
    pub(super) fn load(&mut self, path: &str, ahead: Option<Found>) -> Result<FileId, ReadError> {
        let Some(wanted) = self.wanted(path) else {
            let loaded = self.config.sources.find(path);
            return loaded.ok_or(ReadError::Missing);
        };
        let found = ahead.unwrap_or_else(|| wanted.read(self.inputs.world))?;
        match (found, self.config.sources.find(path)) {
            (None, Some(file)) => {
                self.files[file.index()].is_here = true;
                Ok(file)
            }
            (None, None) => Err(ReadError::Missing),
            (Some(text), _) => Ok(self.put(text)),
        }
    }

    /// Files a text, in the place of that of the same name.
    pub(super) fn put(&mut self, text: Text) -> FileId {
        let Text {
            source,
            mut document,
        } = text;
        let file = self.config.sources.put(source);
        document.file = file;
        let parsed = Parsed {
            source: self.config.sources.shared(file),
            document: Arc::new(document),
        };
        match self.files.get_mut(file.index()) {
            Some(known) => {
                known.parsed = parsed;
                known.units_elsewhere.clear();
                known.is_here = true;
            }
            None => self.files.push(File {
                parsed,
                units: Vec::new(),
                units_elsewhere: Vec::new(),
                places: Vec::new(),
                is_here: true,
            }),
        }
        file
    }

    /// Gives every evaluation its place, and every place its frame.
    pub(super) fn instantiate(
        &mut self,
        read: Read,
        parent: Option<(OccurrenceId, NodeIndex)>,
        within: FrameId,
    ) -> OccurrenceId {
        let id = OccurrenceId(u32::try_from(self.config.occurrences.len()).unwrap_or(u32::MAX));
        let frame = FrameId(u32::try_from(self.config.frames.len()).unwrap_or(u32::MAX));
        let cause = match parent {
            None => Frame {
                parent: None,
                cause: Cause::Entry,
            },
            Some(parent) => self.include_frame(parent, within),
        };
        self.config.frames.push(cause);
        for used in &read.unit.uses {
            let parent = FrameId(frame.0 + used.parent.map_or(0, |it| it + 1));
            self.config.frames.push(Frame {
                parent: Some(parent),
                cause: Cause::Use(used.span),
            });
        }
        self.config.occurrences.push(Occurrence {
            unit: Arc::clone(&read.unit),
            parent,
            frame,
            children: Vec::with_capacity(read.children.len()),
            slot: 0,
            start: read.start,
        });
        let file = read.unit.document.file;
        self.files[file.index()].places.push(id);
        for (node, child) in read.children {
            if self.config.occurrences.len() >= MOST_OCCURRENCES {
                break;
            }
            let child = self.instantiate(child, Some((id, node)), frame);
            let siblings = &mut self.config.occurrences[id.index()].children;
            let slot = siblings.len();
            siblings.push((node, child));
            self.config.occurrences[child.index()].slot = u32::try_from(slot).unwrap_or(u32::MAX);
        }
        id
    }

    fn include_frame(&self, parent: (OccurrenceId, NodeIndex), old: FrameId) -> Frame {
        let Some(occurrence) = self.config.occurrences.get(parent.0.index()) else {
            return Frame {
                parent: Some(old),
                cause: Cause::Entry,
            };
        };
        let unit = &occurrence.unit;
        let node = &unit.nodes[parent.1.index()];
        let logical = unit.logical(node);
        let relative = unit.used(node).map_or(0, |it| it + 1);
        Frame {
            parent: Some(FrameId(occurrence.frame.0 + relative)),
            cause: Cause::Include(logical.origin.span(0..logical.text.len())),
        }
    }
}

// The same evaluation at another place. The moments inside it are not known one by one.
fn again(unit: Arc<Unit>, start: Option<Moment>) -> Read {
    let children = unit
        .includes
        .iter()
        .flat_map(|included| {
            included
                .units
                .iter()
                .map(|it| (included.node, Arc::clone(it)))
        })
        .map(|(node, child)| (node, again(child, None)))
        .collect();
    Read {
        unit,
        start,
        children,
    }
}
