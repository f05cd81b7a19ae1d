//! Reads one file line by line, as httpd's `ap_build_config` does.

use std::borrow::Cow;
use std::sync::Arc;

use super::config::{
    Included, LeftOpen, MacroUse, Node, NodeIndex, NodeKind, OwnText, Unit, Unknown, UnknownFact,
    strip_bracket,
};
use super::environment::{Space, Value};
use super::evaluation::{Evaluation, Parsed, Read};
use super::macros::Macro;
use super::truth::Truth;
use crate::diagnostic::{Diagnostic, HttpdMessage, Level, Phase};
use crate::facts::Variable;
use crate::httpd::{NameId, Table};
use crate::source::{FrameId, Span};
use crate::syntax::words;
use crate::syntax::{LineKind, Logical};

/// What a directive does while the files are read (`EXEC_ON_READ`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    IfModule,
    IfDefine,
    IfFile,
    IfDirective,
    IfSection,
    IfVersion,
    Define,
    UnDefine,
    Include {
        optional: bool,
    },
    ServerRoot,
    DefaultRuntimeDir,
    LoadModule,
    LoadFile,
    Macro,
    Use,
    UndefMacro,
    /// A section of another module that reads its body itself, up to its closing line.
    ForeignSection,
    /// A directive of another module, with effects that are not ours to know.
    Foreign,
}

impl Operation {
    /// The operations by name id.
    pub(super) fn table(table: &Table) -> Vec<Option<Operation>> {
        table
            .names()
            .map(|name| {
                table
                    .definitions(name)
                    .any(|it| it.exec_on_read)
                    .then(|| Self::named(table.spelling(name)))
            })
            .collect()
    }

    fn named(spelling: &str) -> Operation {
        match spelling {
            "<IfModule" => Operation::IfModule,
            "<IfDefine" => Operation::IfDefine,
            "<IfFile" => Operation::IfFile,
            "<IfDirective" => Operation::IfDirective,
            "<IfSection" => Operation::IfSection,
            "<IfVersion" => Operation::IfVersion,
            "Define" => Operation::Define,
            "UnDefine" => Operation::UnDefine,
            "Include" => Operation::Include { optional: false },
            "IncludeOptional" => Operation::Include { optional: true },
            "ServerRoot" => Operation::ServerRoot,
            "DefaultRuntimeDir" => Operation::DefaultRuntimeDir,
            "LoadModule" => Operation::LoadModule,
            "LoadFile" => Operation::LoadFile,
            "<Macro" => Operation::Macro,
            "Use" => Operation::Use,
            "UndefMacro" => Operation::UndefMacro,
            section if section.starts_with('<') => Operation::ForeignSection,
            _ => Operation::Foreign,
        }
    }
}

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
    line: Option<usize>,
}

impl Incoming<'_> {
    pub(super) fn span(&self) -> Span {
        self.logical.origin.span(0..self.logical.text.len())
    }
}

// httpd refuses logical lines from this size on (VARBUF_MAX_LEN).
const LONGEST_LINE: usize = 16 * 1024 * 1024;

/// The lines that all macros of a configuration together may replay.
const MOST_REPLAYED_LINES: usize = 5_000_000;

/// The largest number of files that include each other (AP_MAX_INCLUDE_DEPTH).
const INCLUDE_DEPTH: usize = 128;

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
    // Where findings go that are not certain.
    discarded: Option<Diagnostic>,
}

impl<'e, 'i, 't> Reader<'e, 'i, 't> {
    pub(super) fn new(evaluation: &'e mut Evaluation<'i>, parsed: &'t Parsed) -> Self {
        let unit = Unit {
            source: Arc::clone(&parsed.source),
            document: Arc::clone(&parsed.document),
            nodes: Vec::with_capacity(parsed.document.lines.len()),
            texts: Vec::new(),
            uses: Vec::new(),
            includes: Vec::new(),
            left_open: Vec::new(),
            undefined: Vec::new(),
            findings: Vec::new(),
            unknowns: Vec::new(),
            effects: super::Effects::default(),
        };
        Self {
            evaluation,
            parsed,
            unit,
            children: Vec::new(),
            open: Vec::new(),
            next_line: 0,
            replays: Vec::new(),
            uncertain: 0,
            last_executed: None,
            discarded: None,
        }
    }

    /// Reads to the end.
    pub(super) fn run(mut self) -> (Unit, Vec<(NodeIndex, Read)>) {
        while let Some(incoming) = self.next() {
            if incoming.logical.text.len() >= LONGEST_LINE - 1 {
                self.refuse_long_line(&incoming);
                break;
            }
            self.read_line(incoming);
        }
        self.end_of_file();
        self.unit.nodes.shrink_to_fit();
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
            let line = document.lines.get(index)?;
            self.next_line += 1;
            if line.kind == LineKind::Comment {
                continue;
            }
            if document.unended.is_some() && self.is_lost(index) {
                return None;
            }
            let position = Position {
                number: line.number,
                used: None,
            };
            return Some(Incoming {
                logical: document.logical(line, text),
                position,
                line: Some(index),
            });
        }
    }

    // httpd reads into a buffer that grows, and takes a last line without LF that fills it exactly
    // for the end of the file.
    fn is_lost(&self, index: usize) -> bool {
        let document = &self.parsed.document;
        let Some(length) = document.unended.map(|it| it as usize) else {
            return false;
        };
        let text = self.parsed.source.text();
        let line = &document.lines[index];
        if line.end as usize != text.len() || !line.plain || !fills_a_buffer(length) {
            return false;
        }
        let reader = self.open.iter().rev().find(|it| it.conditional);
        let from = reader.map_or(0, |it| it.span.end as usize);
        let earlier = text.get(from..).unwrap_or_default().split_inclusive('\n');
        let encoding = self.parsed.source.encoding();
        let longest = earlier
            .filter(|it| it.ends_with('\n'))
            .map(|it| encoding.len(it))
            .max()
            .unwrap_or_default();
        longest <= length
    }

    fn read_line(&mut self, incoming: Incoming<'t>) {
        if self.closes_conditional(&incoming) {
            return;
        }
        let text = &incoming.logical.text;
        if text.is_empty() || text.starts_with('#') {
            return;
        }
        let has_variable = memchr::memchr(b'$', text.as_bytes()).is_some() && text.contains("${");
        let (incoming, unsure) = if has_variable {
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

    // The name with its `<`, as httpd compares it: whatever its case.
    fn name<'a>(&'a self, open: &Open) -> Cow<'a, str>
    where
        'i: 'a,
    {
        match open.id {
            Some(id) => Cow::Borrowed(self.evaluation.inputs.table.spelling(id)),
            None => self.written_name(open),
        }
    }

    // The name as httpd prints it: in the spelling of the module that registered it, or as it is
    // written where no module has done so yet.
    fn printed_name(&mut self, index: usize) -> String {
        let id = self.open[index].id;
        match id.filter(|it| self.is_registered(*it)) {
            Some(id) => self.evaluation.inputs.table.spelling(id).to_owned(),
            None => self.written_name(&self.open[index]).into_owned(),
        }
    }

    fn written_name(&self, open: &Open) -> Cow<'_, str> {
        let text = self
            .unit
            .text(&self.unit.nodes[open.node.index()])
            .into_owned();
        let (word, _) = words::first(&text);
        Cow::Owned(strip_bracket(word.text).into_owned())
    }

    // Compared with the line as it stands, before variables are expanded.
    fn closes_conditional(&mut self, incoming: &Incoming<'_>) -> bool {
        let Some(open) = self.open.last().filter(|it| it.conditional) else {
            return false;
        };
        let text = &incoming.logical.text;
        if !text.starts_with("</") && !open.uncertain {
            return false;
        }
        let name = self.name(open);
        let exact = text.strip_prefix("</").and_then(|it| it.strip_suffix('>'));
        // Where the condition is not known, the closing line may be one that only a false
        // conditional takes.
        let loose = || soaked_name(text).is_some_and(|it| it.eq_ignore_ascii_case(&name[1..]));
        let closes = exact.is_some_and(|it| it.eq_ignore_ascii_case(&name[1..]))
            || (open.uncertain && loose());
        if closes {
            self.leave();
        }
        closes
    }

    fn leave(&mut self) {
        if let Some(open) = self.open.pop() {
            let end = self.unit.nodes.len();
            self.unit.nodes[open.node.index()].end = u32::try_from(end).unwrap_or(u32::MAX);
            self.uncertain -= usize::from(open.uncertain);
        }
    }

    fn close(&mut self, name: &str, incoming: &Incoming<'_>) {
        let Some(open) = self.open.last().filter(|it| !it.conditional) else {
            let section = format!("<{}", &name[2..]);
            self.refuse(Refusal {
                rule: "unmatched-close",
                span: incoming.span(),
                position: Some(incoming.position),
                httpd: format!("{name} without matching {section} section"),
                message: format!("`{name}` closes no open section"),
            });
            return;
        };
        let opened = open.span;
        let is_closed_by = |closed: &str| self.name(open)[1..].eq_ignore_ascii_case(closed);
        if let Some(closed) = name[2..].strip_suffix('>')
            && is_closed_by(closed)
        {
            return self.leave();
        }
        if !name.ends_with('>') {
            let closes = is_closed_by(&name[2..]);
            self.refuse(Refusal {
                rule: "missing-angle-bracket",
                span: incoming.span(),
                position: Some(incoming.position),
                httpd: format!("{name}> directive missing closing '>'"),
                message: format!("`{name}` has no `>` right behind the name"),
            });
            if closes {
                self.leave();
            }
            return;
        }
        let closed = &name[2..name.len() - 1];
        let expected = self.printed_name(self.open.len() - 1).split_off(1);
        self.refuse(Refusal {
            rule: "mismatched-close",
            span: incoming.span(),
            position: Some(incoming.position),
            httpd: format!("Expected </{expected}> but saw </{closed}>"),
            message: format!("`</{closed}>` closes `<{expected}>`"),
        })
        .secondary(opened, "opened here");
        // Most often the inner close was forgotten, so the outer section ends here.
        let mut level = self.open.iter().rev().take_while(|it| !it.conditional);
        if let Some(depth) = level.position(|it| self.name(it)[1..].eq_ignore_ascii_case(closed)) {
            for _ in 0..=depth {
                self.leave();
            }
        }
    }

    fn end_of_file(&mut self) {
        let first_conditional = self.open.iter().position(|it| it.conditional);
        let unclosed = first_conditional.unwrap_or(self.open.len());
        if unclosed > 0 {
            self.refuse_unclosed(unclosed);
        }
        if let Some(first) = first_conditional {
            let left: Vec<_> = self.open[first..]
                .iter()
                .map(|it| LeftOpen { node: it.node })
                .collect();
            self.unit.left_open.extend(left);
        }
        while !self.open.is_empty() {
            self.leave();
        }
    }

    fn refuse_unclosed(&mut self, count: usize) {
        let names: Vec<String> = (0..count).map(|it| self.printed_name(it)).collect();
        let lines: Vec<String> = self.open[..count]
            .iter()
            .zip(&names)
            .rev()
            .map(|(open, name)| {
                let file = self.file_name(open.position);
                format!("{file}:{}: {name}> was not closed.", open.position.number)
            })
            .collect();
        let (span, position) = (self.open[0].span, self.open[0].position);
        let spans = self.open[1..count].iter().map(|it| it.span);
        let others: Vec<_> = spans.zip(names[1..].to_vec()).collect();
        let name = &names[0];
        let finding = self.refuse(Refusal {
            rule: "unclosed-section",
            span,
            position: Some(position),
            httpd: lines.join("\n"),
            message: format!("`{name}>` is never closed"),
        });
        for (span, name) in others {
            finding.secondary(span, format!("nor is `{name}>`"));
        }
    }

    fn refuse_long_line(&mut self, incoming: &Incoming<'_>) {
        let position = self.last_executed;
        let file = self.parsed.source.name();
        let number = incoming.position.number;
        let span = incoming.span();
        self.refuse(Refusal {
            rule: "overlong-line",
            span: Span {
                end: span.start,
                ..span
            },
            position,
            httpd: format!("Error reading {file} at line {number}: Line too long"),
            message: "this line is longer than 16 MiB".to_owned(),
        });
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
        let mut node = match (incoming.line, &incoming.logical.text) {
            (Some(line), Cow::Borrowed(_)) => Node::of_line(line, kind),
            (Some(line), Cow::Owned(_)) if !self.is_changed(line, &incoming) => {
                Node::of_line(line, kind)
            }
            _ => {
                self.unit.texts.push(OwnText {
                    number: incoming.position.number,
                    used: incoming.position.used,
                    logical: incoming.logical.into_owned(),
                });
                Node::of_text(self.unit.texts.len() - 1, kind)
            }
        };
        node.name = name;
        node.uncertain = unsure || self.uncertain > 0;
        node.parent = self.open.last().map(|it| it.node);
        node.end = u32::try_from(index.index() + 1).unwrap_or(u32::MAX);
        self.unit.nodes.push(node);
        index
    }

    // A continued line can be joined again when it is asked for; an expanded one cannot.
    fn is_changed(&self, line: usize, incoming: &Incoming<'_>) -> bool {
        let line = &self.parsed.document.lines[line];
        self.parsed
            .document
            .logical(line, self.parsed.source.text())
            .text
            != incoming.logical.text
    }

    /// Opens a conditional; what follows is read up to its close.
    pub(super) fn open_conditional(
        &mut self,
        node: NodeIndex,
        id: NameId,
        span: Span,
        position: Position,
        truth: Truth,
    ) {
        let uncertain = truth == Truth::Unknown;
        self.uncertain += usize::from(uncertain);
        let id = Some(id);
        self.open.push(Open {
            node,
            id,
            span,
            position,
            conditional: true,
            uncertain,
        });
    }

    /// Passes over the body of a false conditional (httpd's `ap_soak_end_container`): sections in
    /// it must balance by name, nothing else counts.
    pub(super) fn soak(&mut self, name: &str, opened: Span, position: Position) {
        let mut expected = vec![name[1..].to_owned()];
        while let Some(incoming) = self.next() {
            let text = &incoming.logical.text;
            if let Some(closed) = soaked_name(text) {
                let innermost = expected.last().map(String::as_str).unwrap_or_default();
                if closed.eq_ignore_ascii_case(innermost) {
                    expected.pop();
                } else {
                    let httpd = format!("Expected </{innermost}> but saw </{closed}>");
                    let message = format!("`</{closed}>` closes `<{innermost}>`");
                    let finding = self.refuse(Refusal {
                        rule: "mismatched-close",
                        span: incoming.span(),
                        position: Some(position),
                        httpd,
                        message,
                    });
                    finding.secondary(opened, "in this section, which is not read");
                    let known = expected
                        .iter()
                        .rposition(|it| it.eq_ignore_ascii_case(&closed));
                    expected.truncate(known.unwrap_or(expected.len()));
                }
                if expected.is_empty() {
                    return;
                }
                continue;
            }
            let (word, rest) = words::first(text);
            if word.text.starts_with('<') {
                let word = if rest.is_empty() {
                    word.text.strip_suffix('>').unwrap_or(&word.text)
                } else {
                    &word.text
                };
                expected.push(word[1..].to_owned());
            }
        }
        let innermost = expected.last().map(String::as_str).unwrap_or_default();
        let httpd = format!("Expected </{innermost}> before end of configuration");
        self.refuse(Refusal {
            rule: "unclosed-section",
            span: opened,
            position: Some(position),
            httpd,
            message: format!("`<{innermost}>` is never closed"),
        });
    }

    /// The lines up to the one whose first word is `end`, comments left out and blank lines kept;
    /// `None` where it never comes (mod_macro's `get_lines_till_end_token`).
    pub(super) fn body(&mut self, begin: &str, end: &str) -> Option<Vec<Logical<'static>>> {
        let mut lines = Vec::new();
        let mut nesting = 1_usize;
        loop {
            let before = self.next_line;
            let incoming = self.next()?;
            if incoming.line.is_some() {
                let blank = self.blank_lines_before(before, self.next_line - 1);
                let at = Span {
                    end: incoming.span().start,
                    ..incoming.span()
                };
                lines.extend((0..blank).map(|_| Logical {
                    text: Cow::Borrowed(""),
                    origin: crate::syntax::Origin::Verbatim(at),
                }));
            }
            let (word, _) = words::first(&incoming.logical.text);
            if word.text.eq_ignore_ascii_case(end) {
                nesting -= 1;
                if nesting == 0 {
                    return Some(lines);
                }
            } else if word.text.eq_ignore_ascii_case(begin) {
                nesting += 1;
            }
            lines.push(incoming.logical.into_owned());
        }
    }

    // Blank lines leave no token; between tokens they are the line ends that no line accounts for.
    fn blank_lines_before(&self, from: usize, to: usize) -> usize {
        let document = &self.parsed.document;
        let text = self.parsed.source.text();
        (from..=to)
            .map(|index| {
                let end = index
                    .checked_sub(1)
                    .map_or(0, |it| document.lines[it].end as usize);
                let gap = text
                    .get(end..document.lines[index].start as usize)
                    .unwrap_or_default();
                let gap = gap.strip_prefix('\n').unwrap_or(gap);
                let joined = gap.matches("\\\n").count() + gap.matches("\\\r\n").count();
                gap.matches('\n').count() - joined
            })
            .sum()
    }

    /// Lets the lines of a macro be read next.
    pub(super) fn replay(&mut self, used: MacroUse, arguments: Vec<String>) {
        let definition = Arc::clone(&used.definition);
        self.evaluation.replayed += definition.lines.len();
        if self.evaluation.replayed > MOST_REPLAYED_LINES {
            return;
        }
        let index = u32::try_from(self.unit.uses.len()).unwrap_or(u32::MAX);
        self.unit.uses.push(used);
        self.replays.push(Replay {
            used: index,
            next: 0,
            arguments,
            definition,
        });
    }

    /// Reads a file in the place of an `Include`.
    pub(super) fn include(&mut self, node: NodeIndex, path: &str, span: Span, position: Position) {
        let file = match self.evaluation.load(path) {
            Ok(file) => file,
            Err(crate::world::ReadError::Unknown) => {
                return self.unknown(Unknown::Path(path.to_owned()), span);
            }
            Err(error) => {
                let text = error.text();
                self.refuse(Refusal {
                    rule: "unreadable-include",
                    span,
                    position: Some(position),
                    httpd: format!("Could not open configuration file {path}: {text}"),
                    message: format!("`{path}` cannot be read: {}", text.to_lowercase()),
                });
                return;
            }
        };
        if self.evaluation.recursion && self.evaluation.active.contains(&file) {
            return;
        }
        if self.evaluation.active.len() >= INCLUDE_DEPTH {
            self.evaluation.recursion = true;
            self.refuse(Refusal {
                rule: "include-recursion",
                span,
                position: Some(position),
                httpd: format!(
                    "Exceeded maximum include depth of {INCLUDE_DEPTH}, There appears to be a \
                     recursion."
                ),
                message: "this file includes itself".to_owned(),
            });
            return;
        }
        let read = self.evaluation.read(file);
        match self.unit.includes.last_mut().filter(|it| it.node == node) {
            Some(included) => included.units.push(Arc::clone(&read.unit)),
            None => {
                self.unit.includes.push(Included {
                    node,
                    units: vec![Arc::clone(&read.unit)],
                });
            }
        }
        self.children.push((node, read));
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
                let definition = table.definitions(name).next();
                match definition.map(|it| table.module(it.module).source.to_string()) {
                    Some(source) => self.has_module(&source),
                    None => Truth::False,
                }
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

    /// Sets something from here on; in a conditional that is not decided, it is unknown from here.
    pub(super) fn set(&mut self, space: Space, name: &str, value: Value) {
        let value = if self.uncertain > 0 {
            Value::Unknown
        } else {
            value
        };
        self.evaluation.environment.set(space, name, value);
    }

    // Puts values in the place of `${NAME}`, once, in the whole line (`ap_resolve_env`).
    fn expand(&mut self, incoming: Incoming<'t>) -> (Incoming<'t>, bool) {
        let text = &incoming.logical.text;
        let mut changes: Vec<(std::ops::Range<usize>, Cow<'_, str>)> = Vec::new();
        let mut unsure = false;
        let mut at = 0;
        while let Some(start) = text[at..].find("${").map(|it| at + it) {
            let Some(end) = text[start..].find('}').map(|it| start + it) else {
                break;
            };
            let name = &text[start + 2..end];
            let span = incoming.logical.origin.span(start..end + 1);
            match self.variable(name) {
                Expansion::Value(value) => {
                    changes.push((start..end + 1, Cow::Owned(value)));
                }
                Expansion::Undefined => {
                    if !name.contains(':') {
                        let used = incoming.position.used;
                        self.unit
                            .undefined
                            .push(super::config::Undefined { span, used });
                    }
                }
                Expansion::Unknown => {
                    unsure = true;
                    self.unknown(Unknown::Variable(name.to_owned()), span);
                }
            }
            at = end + 1;
        }
        if changes.is_empty() {
            return (incoming, unsure);
        }
        let logical = incoming.logical.substitute(&changes);
        (
            Incoming {
                logical,
                position: incoming.position,
                line: incoming.line,
            },
            unsure,
        )
    }

    fn variable(&mut self, name: &str) -> Expansion {
        let lower = name.to_ascii_lowercase();
        match self.evaluation.environment.get(Space::Variable, &lower) {
            Value::Text(value) => return Expansion::Value(value.to_string()),
            Value::Unknown => return Expansion::Unknown,
            _ => {}
        }
        match &self.evaluation.inputs.facts.environment {
            None => Expansion::Unknown,
            Some(environment) => match environment.value.get(name) {
                Variable::Set(value) => Expansion::Value(value.to_owned()),
                Variable::Unset => Expansion::Undefined,
                Variable::Unknown => Expansion::Unknown,
            },
        }
    }

    /// Notes that something depends on an unknown.
    pub(super) fn unknown(&mut self, what: Unknown, span: Span) {
        self.unit.unknowns.push(UnknownFact { what, span });
    }

    /// Whether the line stands in a conditional that is not decided.
    pub(super) fn is_uncertain(&self) -> bool {
        self.uncertain > 0
    }

    /// Remembers which directive httpd would blame.
    pub(super) fn begin_execution(&mut self, position: Position) {
        self.last_executed = Some(position);
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
        finding.httpd = Some(HttpdMessage {
            phase: Phase::Read,
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

enum Expansion {
    Value(String),
    Undefined,
    Unknown,
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

// In a false conditional, what begins with `</` closes, whatever follows; the last byte of the
// first word is taken for the `>`.
fn soaked_name(text: &str) -> Option<String> {
    let (word, _) = words::first(text);
    let name = word.text.strip_prefix("</")?;
    let mut characters = name.chars();
    characters.next_back();
    Some(characters.as_str().to_owned())
}

// The sizes of httpd's line buffer as it grows, found by trying (2.4.71, APR 1.7): APR rounds them
// up to its block sizes.
fn fills_a_buffer(length: usize) -> bool {
    matches!(length, 206 | 414 | 1246) || (length > 8000 && (length + 58).is_power_of_two())
}
