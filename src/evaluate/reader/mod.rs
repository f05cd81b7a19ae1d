//! Reads one file line by line, as httpd's `ap_build_config` does.

mod buffer;
mod conditions;
mod execute;
mod include_directive;
mod loading;
mod macro_directives;
mod operation;
mod sections;
mod variables;

use std::sync::Arc;

use super::config::{Node, NodeIndex, NodeKind, Unit, Unknown, UnknownFact};
use super::environment::{Space, Value};
use super::evaluation::{Evaluation, Parsed, Read};
use super::line::strip_bracket;
use super::macros::Macro;
use super::own_texts::OwnTexts;
use super::paths;
use super::truth::Truth;
use crate::diagnostic::{Diagnostic, HttpdMessage, Level, Step};
use crate::httpd::NameId;
use crate::source::{FrameId, Span};
use crate::syntax::words;
use crate::syntax::{LineKind, Logical};

pub(super) use include_directive::INCLUDE_DEPTH;
pub(super) use macro_directives::MOST_REPLAYED;
pub(super) use operation::Operation;

/// Where httpd says that something is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position {
    pub(super) number: u32,
    pub(super) used: Option<u32>,
}

/// A section or conditional whose close has not come yet.
pub(super) struct Open {
    node: NodeIndex,
    id: Option<NameId>,
    span: Span,
    position: Position,
    conditional: bool,
    uncertain: bool,
}

/// A macro that is being replayed.
struct Replay {
    used: u32,
    next: usize,
    arguments: Vec<String>,
    definition: Arc<Macro>,
}

/// A logical line on its way through the reader.
pub(super) struct Incoming<'t> {
    pub(super) logical: Logical<'t>,
    pub(super) position: Position,
    // Whether there may be a variable in it.
    has_dollar: bool,
    // The line of the document that it is; a continued one can be joined again when it is asked
    // for, an expanded one cannot.
    line: Option<usize>,
}

impl Incoming<'_> {
    pub(super) fn span(&self) -> Span {
        self.logical.origin.span(0..self.logical.text.len())
    }
}

pub(super) struct Reader<'e, 'i, 't> {
    pub(super) evaluation: &'e mut Evaluation<'i>,
    parsed: &'t Parsed,
    pub(super) unit: Unit,
    children: Vec<(NodeIndex, Read)>,
    open: Vec<Open>,
    next_line: usize,
    replays: Vec<Replay>,
    uncertain: usize,
    // httpd blames this one for what goes wrong outside of a directive.
    last_executed: Option<Position>,
    // How far reading has come.
    reached: u32,
    // The line of the last `Use`.
    replayed_at: Option<u32>,
    // The lines that httpd will refuse for their length.
    long_lines: std::vec::IntoIter<buffer::LongLine>,
    // Where findings go that are not certain.
    discarded: Option<Diagnostic>,
}

impl<'e, 'i, 't> Reader<'e, 'i, 't> {
    pub(super) fn new(evaluation: &'e mut Evaluation<'i>, parsed: &'t Parsed) -> Self {
        let unit = Unit {
            source: Arc::clone(&parsed.source),
            document: Arc::clone(&parsed.document),
            nodes: Vec::with_capacity(parsed.document.lines.len()),
            texts: OwnTexts::default(),
            uses: Vec::new(),
            macros: Vec::new(),
            includes: Vec::new(),
            left_open: Vec::new(),
            undefined: Vec::new(),
            lost: None,
            unread: Vec::new(),
            findings: Vec::new(),
            last_executed: None,
            unknowns: Vec::new(),
            effects: super::Effects::default(),
        };
        let in_htaccess = evaluation.overrides.is_some();
        let long_lines = buffer::long_lines(&parsed.source, parsed.document.file, in_htaccess);
        Self {
            evaluation,
            parsed,
            unit,
            long_lines,
            children: Vec::new(),
            open: Vec::new(),
            next_line: 0,
            replays: Vec::new(),
            uncertain: 0,
            last_executed: None,
            reached: 0,
            replayed_at: None,
            discarded: None,
        }
    }

    /// Reads to the end.
    pub(super) fn run(mut self) -> (Unit, Vec<(NodeIndex, Read)>) {
        while let Some(incoming) = self.next() {
            self.read_line(incoming);
        }
        self.reached_end();
        self.end_of_file();
        self.unit.last_executed = self.last_executed.map(|it| it.number);
        self.unit.nodes.shrink_to_fit();
        self.unit.texts.shrink_to_fit();
        (self.unit, self.children)
    }

    /// The next line that is no comment.
    fn next(&mut self) -> Option<Incoming<'t>> {
        while let Some(replay) = self.replays.last_mut() {
            if replay.next < replay.definition.lines.len() {
                let logical = replay.definition.line(replay.next, &replay.arguments);
                replay.next += 1;
                let number = u32::try_from(replay.next).unwrap_or(u32::MAX);
                let position = Position {
                    number,
                    used: Some(replay.used),
                };
                return Some(Incoming {
                    has_dollar: logical.text.contains('$'),
                    logical,
                    position,
                    line: None,
                });
            }
            self.replays.pop();
        }
        let (document, text) = (&self.parsed.document, self.parsed.source.text());
        loop {
            let index = self.next_line;
            let Some(line) = document.lines.get(index) else {
                self.refuse_long_lines_to(u32::MAX);
                self.reached_end();
                return None;
            };
            self.next_line += 1;
            self.refuse_long_lines_to(line.number);
            if line.kind == LineKind::Comment {
                continue;
            }
            if document.unended.is_some() && self.is_lost(index) {
                self.unit.lost = Some(document.span(line, text));
                return None;
            }
            let position = Position {
                number: line.number,
                used: None,
            };
            self.reached = line.number;
            return Some(Incoming {
                logical: document.logical(line, text),
                position,
                has_dollar: line.marks.has_dollar(),
                line: Some(index),
            });
        }
    }

    fn read_line(&mut self, incoming: Incoming<'t>) {
        if self.closes_conditional(&incoming) {
            return;
        }
        let text = &incoming.logical.text;
        if text.is_empty() || text.starts_with('#') {
            return;
        }
        let (incoming, unsure) = if incoming.has_dollar {
            self.expand(incoming)
        } else {
            (incoming, false)
        };
        let (word, _) = words::first(&incoming.logical.text);
        if word.text.is_empty() {
            return;
        }
        let name = strip_bracket(word.text);
        let id = self.evaluation.inputs.table.name(&name);
        if let Some(id) = id
            && let Some(operation) = self.evaluation.operation(id)
            && !self.is_known(operation, id).is_false()
        {
            return self.execute(operation, id, incoming, unsure);
        }
        let is_close = name.starts_with("</");
        let is_open = name.starts_with('<') && !is_close;
        if is_close {
            let name = name.into_owned();
            return self.close(&name, &incoming);
        }
        let kind = if is_open {
            NodeKind::Section
        } else {
            NodeKind::Directive
        };
        let (span, position) = (incoming.span(), incoming.position);
        let node = self.add_node(incoming, id, kind, unsure);
        if is_open {
            self.open.push(Open {
                node,
                id,
                span,
                position,
                conditional: false,
                uncertain: false,
            });
        }
    }

    /// Adds a node below the innermost open one.
    pub(super) fn add_node(
        &mut self,
        incoming: Incoming<'_>,
        name: Option<NameId>,
        kind: NodeKind,
        unsure: bool,
    ) -> NodeIndex {
        let index = NodeIndex::new(self.unit.nodes.len());
        let mut node = match incoming.line {
            Some(line) => Node::of_line(line, kind),
            None => {
                let Position { number, used } = incoming.position;
                let own = self.unit.texts.push(&incoming.logical, number, used);
                Node::of_text(own, kind)
            }
        };
        node.name = name;
        node.uncertain = unsure || self.uncertain > 0;
        node.parent = self.open.last().map(|it| it.node);
        node.end = u32::try_from(index.index() + 1).unwrap_or(u32::MAX);
        self.unit.nodes.push(node);
        index
    }

    /// Whether a name that runs while files are read is known at this point.
    fn is_known(&mut self, operation: Operation, name: NameId) -> Truth {
        match operation {
            Operation::IfVersion => self.has_module("mod_version.c"),
            Operation::Macro | Operation::Use | Operation::UndefMacro => {
                self.has_module("mod_macro.c")
            }
            Operation::Foreign | Operation::ForeignSection => {
                let table = self.evaluation.inputs.table;
                let Some(definition) = table.definitions(name).next() else {
                    return Truth::False;
                };
                let source = table.module(definition.module).source.to_string();
                self.has_module(&source) & self.evaluation.inputs.is_compiled(definition)
            }
            _ => Truth::True,
        }
    }

    // Known to httpd at this point: then it compares sections by the registered spelling.
    fn is_registered(&mut self, name: NameId) -> bool {
        let table = self.evaluation.inputs.table;
        table.definitions(name).any(|it| {
            let source = table.module(it.module).source.clone();
            !self.has_module(&source).is_false()
        })
    }

    /// Whether a module is there at this point, by source file name or identifier.
    pub(super) fn has_module(&mut self, name: &str) -> Truth {
        self.evaluation.has_module(name)
    }

    /// The current `ServerRoot`.
    pub(super) fn server_root(&mut self) -> Option<Arc<str>> {
        match self.evaluation.environment.get(Space::ServerRoot, "") {
            Value::Text(path) => Some(path),
            _ => None,
        }
    }

    /// A path from the root of the file system; `None` where it begins at a `ServerRoot` that is not
    /// known.
    pub(super) fn resolve(&mut self, path: &str) -> Option<String> {
        match self.server_root() {
            Some(root) => Some(paths::resolve(&root, path)),
            None if path.starts_with('/') => Some(paths::resolve("/", path)),
            None => None,
        }
    }

    /// Sets something from here on; in a conditional that is not decided, it is unknown from here.
    pub(super) fn set(&mut self, space: Space, name: &str, value: Value) {
        let value = if self.uncertain > 0 {
            Value::Unknown
        } else {
            value
        };
        self.evaluation.environment.set(space, name, value);
    }

    /// Notes that something depends on an unknown.
    pub(super) fn unknown(&mut self, what: Unknown, span: Span) {
        self.unit.unknowns.push(UnknownFact { what, span });
    }

    /// Whether no section of this file is open but conditional ones.
    pub(super) fn is_outside_of_sections(&self) -> bool {
        self.open.iter().all(|it| it.conditional)
    }

    /// Whether the line stands in a conditional that is not decided.
    pub(super) fn is_uncertain(&self) -> bool {
        self.uncertain > 0
    }

    /// Remembers which directive httpd would blame.
    pub(super) fn begin_execution(&mut self, position: Position) {
        self.last_executed = Some(position);
    }

    // httpd counts the line that it does not find, too.
    fn reached_end(&mut self) {
        let document = &self.parsed.document;
        self.reached = document.end_number + u32::from(document.unended.is_some());
    }

    /// What httpd calls the file of a position.
    pub(super) fn file_name(&self, position: Position) -> String {
        match position.used.and_then(|it| self.unit.uses.get(it as usize)) {
            Some(used) => used.phrase.clone(),
            None => self.parsed.source.name().to_owned(),
        }
    }

    /// Files what httpd refuses; in a conditional that is not decided, nothing is certain, and the
    /// finding is thrown away.
    pub(super) fn refuse(&mut self, refusal: Refusal) -> &mut Diagnostic {
        let Refusal {
            rule,
            span,
            position,
            httpd,
            message,
        } = refusal;
        let mut finding = Diagnostic::new(rule, Level::Error, span, message);
        let encoding = self.parsed.source.encoding();
        // Of `.htaccess` httpd knows only how far it has read.
        let position = match &self.evaluation.overrides {
            Some(_) => Some(Position {
                number: self.reached,
                used: None,
            }),
            None => position,
        };
        finding.httpd = Some(HttpdMessage {
            step: Step::Read,
            message: HttpdMessage::escape(&httpd, encoding),
            file: position.map(|it| self.file_name(it)),
            line: position.map(|it| it.number),
        });
        finding.frame = Some(FrameId(
            position.and_then(|it| it.used).map_or(0, |it| it + 1),
        ));
        if self.uncertain > 0 {
            return self.discarded.insert(finding);
        }
        let turn = u32::try_from(self.unit.nodes.len()).unwrap_or(u32::MAX);
        self.unit.findings.push((turn, finding));
        let last = self.unit.findings.len() - 1;
        &mut self.unit.findings[last].1
    }
}

/// What httpd refuses, and how we say it.
pub(super) struct Refusal {
    pub(super) rule: &'static str,
    pub(super) span: Span,
    /// Where httpd says it is.
    pub(super) position: Option<Position>,
    pub(super) httpd: String,
    pub(super) message: String,
}
