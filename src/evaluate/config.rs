//! The result of an evaluation: directives in order, each with its place and how it came there.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::environment::{Effects, Moment};
use super::line::Line;
use super::macros::Macro;
use super::own_texts::OwnTexts;
use super::standing::{Overrides, Standing};
use super::truth::Truth;
use crate::diagnostic::Diagnostic;
use crate::httpd::{NameId, Table};
use crate::source::{Frame, FrameId, Site, Source, Sources, Span};
use crate::syntax::{Document, Logical, Marks};

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// A directive that waits for phase 2.
    Directive,
    /// A section that waits for phase 2.
    Section,
    /// A conditional section (`<IfModule>` and its kin); its body is below it if it was read.
    Conditional(Truth),
    /// A directive that ran while the file was read (`EXEC_ON_READ`), and is gone.
    Executed,
    /// A macro's definition; its body is not evaluated here.
    Definition,
}

/// One directive or section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Which text it is: a line of the document, or a text of its own.
    text: u32,
    /// The directive's name; `None` for a name that is not in the table.
    pub name: Option<NameId>,
    /// What it is.
    pub kind: NodeKind,
    /// Whether it stands in a conditional whose condition is not known, or depends on an unknown
    /// variable: then nothing about it is certain.
    pub uncertain: bool,
    /// The node around it, in the same unit.
    pub parent: Option<NodeIndex>,
    /// One past the last node below it.
    pub end: u32,
}

/// The position of a node in its unit. Never 0: so that an optional one needs no more room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeIndex(std::num::NonZeroU32);

impl NodeIndex {
    /// From a position.
    pub fn new(position: usize) -> Self {
        let number = u32::try_from(position)
            .unwrap_or(u32::MAX - 1)
            .saturating_add(1);
        Self(std::num::NonZeroU32::new(number).unwrap_or(std::num::NonZeroU32::MAX))
    }

    /// The position.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

const OWN_TEXT: u32 = 1 << 31;

impl Node {
    /// A node that is a line of the document.
    pub(super) fn of_line(line: usize, kind: NodeKind) -> Self {
        Self::with_text(u32::try_from(line).unwrap_or(OWN_TEXT - 1), kind)
    }

    /// A node with a text of its own.
    pub(super) fn of_text(text: usize, kind: NodeKind) -> Self {
        Self::with_text(u32::try_from(text).unwrap_or(OWN_TEXT - 1) | OWN_TEXT, kind)
    }

    // The position of its own text in the unit.
    fn own_text(&self) -> Option<usize> {
        (self.text & OWN_TEXT != 0).then_some((self.text & !OWN_TEXT) as usize)
    }

    fn with_text(text: u32, kind: NodeKind) -> Self {
        Self {
            text,
            name: None,
            kind,
            uncertain: false,
            parent: None,
            end: 0,
        }
    }
}

/// One use of a macro.
#[derive(Debug, Clone, PartialEq)]
pub struct MacroUse {
    /// The `Use` line's place.
    pub span: Span,
    /// The use that this one stands in.
    pub parent: Option<u32>,
    /// What httpd puts in a file name's place: `macro 'm' (defined …) used on line 7 of "…"`.
    pub phrase: String,
    /// The definition.
    pub definition: Arc<Macro>,
}

/// An `Include` and what it read.
#[derive(Debug, Clone)]
pub struct Included {
    /// The node of the `Include`.
    pub node: NodeIndex,
    /// The texts, in order.
    pub units: Vec<Arc<Unit>>,
}

/// A section or conditional that was still open when its file ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOpen {
    /// The node.
    pub node: NodeIndex,
}

/// One file, evaluated in one environment. The same value serves wherever the file is evaluated in
/// an environment that gives the same answers.
#[derive(Debug)]
pub struct Unit {
    /// The text.
    pub source: Arc<Source>,
    /// Its lines.
    pub document: Arc<Document>,
    /// Directives and sections in order; a section's content follows it.
    pub nodes: Vec<Node>,
    /// Texts that are not lines of the document.
    pub(super) texts: OwnTexts,
    /// Uses of macros.
    pub uses: Vec<MacroUse>,
    /// Definitions of macros, in order of their nodes.
    pub macros: Vec<(NodeIndex, Arc<Macro>)>,
    /// Files read here, in order of their nodes.
    pub includes: Vec<Included>,
    /// Live conditionals that the end of the file left open, which httpd accepts.
    pub left_open: Vec<LeftOpen>,
    /// Variables that have no value, which httpd leaves as they stand.
    pub undefined: Vec<Undefined>,
    /// Lines in whose place others would be read, which cannot be seen from here.
    pub unread: Vec<Span>,
    /// A last line without a newline that httpd does not see, because it fills a buffer exactly.
    pub lost: Option<Span>,
    /// What httpd refuses while it reads, in reading order, each with the number of nodes before
    /// it. A [`FrameId`] in it is relative: 0 is this file, `n` the `n`th macro use.
    pub findings: Vec<(u32, Diagnostic)>,
    /// The line of the last directive that ran while the file was read. In `.htaccess` httpd blames
    /// it for whatever is wrong later: its `err_directive` is not set anew for phase 2.
    pub last_executed: Option<u32>,
    /// What could not be decided while reading.
    pub unknowns: Vec<UnknownFact>,
    /// What it and the files in it asked for and did.
    pub effects: Effects,
}

/// A `${NAME}` without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undefined {
    /// Its place.
    pub span: Span,
    /// The macro use that it came out of.
    pub used: Option<u32>,
}

/// Something that httpd's answer depends on and that nobody told us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFact {
    /// What is not known.
    pub what: Unknown,
    /// Where it matters.
    pub span: Span,
}

/// The kinds of [`UnknownFact`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unknown {
    /// Whether a module is compiled in.
    Module(String),
    /// Whether a variable is set in the environment that httpd starts with.
    Variable(String),
    /// What is at a path that is not visible from here.
    Path(String),
    /// Whether there is a user of a name.
    User(String),
    /// Whether there is a group of users of a name.
    Group(String),
    /// Whether a name is one of a host, and which address it has.
    Host(String),
    /// Which version the server has.
    Version,
}

impl Unit {
    /// A node's text as httpd split it off: variables expanded, continuations joined.
    pub fn logical(&self, node: &Node) -> Logical<'_> {
        let line = || {
            let line = self.line(node)?;
            Some(self.document.logical(line, self.source.text()))
        };
        let logical = match node.own_text() {
            Some(own) => self.texts.logical(own),
            None => line(),
        };
        logical.unwrap_or_else(|| Logical {
            text: Cow::Borrowed(""),
            origin: crate::syntax::Origin::Verbatim(Span::new(self.document.file, 0..0)),
        })
    }

    /// The text of a node, without the way back.
    pub fn text(&self, node: &Node) -> Cow<'_, str> {
        match node.own_text() {
            Some(own) => Cow::Borrowed(self.texts.text(own).unwrap_or_default()),
            None => self.logical(node).text,
        }
    }

    /// The characters of note in the text of a node; of a continued line also an LF.
    pub fn marks(&self, node: &Node) -> Marks {
        match node.own_text() {
            Some(own) => self.texts.get(own).map(|it| it.marks),
            None => self.line(node).map(|it| it.marks),
        }
        .unwrap_or_default()
    }

    /// httpd's number of a node's line, in its file or macro.
    pub fn number(&self, node: &Node) -> u32 {
        match node.own_text() {
            Some(own) => self.texts.get(own).map(|it| it.number),
            None => self.line(node).map(|it| it.number),
        }
        .unwrap_or_default()
    }

    /// The macro use that a node came out of.
    pub fn used(&self, node: &Node) -> Option<u32> {
        self.texts.get(node.own_text()?)?.used
    }

    /// What httpd calls the file of a node: its path, or a phrase for a macro.
    pub fn file_name(&self, node: &Node) -> &str {
        match self.used(node).and_then(|it| self.uses.get(it as usize)) {
            Some(used) => &used.phrase,
            None => self.source.name(),
        }
    }

    /// Whether another evaluation of the same text led to the same directives, and to the same
    /// unknowns and findings.
    pub fn reads_like(&self, other: &Unit) -> bool {
        self.nodes == other.nodes
            && self.texts == other.texts
            && self.undefined == other.undefined
            && self.unread == other.unread
            && self.findings == other.findings
    }

    fn line(&self, node: &Node) -> Option<&crate::syntax::Line> {
        self.document.lines.get(node.text as usize)
    }
}

/// Names one evaluation of a file in the tree of includes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OccurrenceId(pub u32);

impl OccurrenceId {
    /// The main file's.
    pub const MAIN: OccurrenceId = OccurrenceId(0);

    /// From a position in [`Config::occurrences`].
    pub fn new(position: usize) -> Self {
        Self(u32::try_from(position).unwrap_or(u32::MAX))
    }

    /// The position in [`Config::occurrences`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One evaluation of a file at one place of the include tree.
#[derive(Debug, Clone)]
pub struct Occurrence {
    /// The file evaluated.
    pub unit: Arc<Unit>,
    /// The occurrence and node of the `Include` that read it.
    pub parent: Option<(OccurrenceId, NodeIndex)>,
    /// Its frame; the frames of its macro uses follow.
    pub frame: FrameId,
    /// The files it read: the node of the `Include`, and the occurrence.
    pub children: Vec<(NodeIndex, OccurrenceId)>,
    /// Its position among the children of its parent.
    pub slot: u32,
    /// The moment at which its evaluation began; `None` where it came with that of the file around
    /// it, which was made at another time.
    pub start: Option<Moment>,
}

/// A node at its place in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlacedId {
    /// Where its file is evaluated.
    pub occurrence: OccurrenceId,
    /// Which node it is.
    pub node: NodeIndex,
}

/// A whole configuration as read.
#[derive(Debug, Default)]
pub struct Config {
    /// The texts.
    pub sources: Sources,
    /// How evaluation came to each place.
    pub frames: Vec<Frame>,
    /// All evaluations of files; the first is the main file's. Some may be out of use after a file
    /// was replaced: reach the living ones through their parents.
    pub occurrences: Vec<Occurrence>,
    /// Whether this is a part of a configuration, without its server: then whatever depends on the
    /// rest is unknown.
    pub fragment: bool,
    /// Where the main file may stand: of a part of a configuration it may be any of several places.
    pub standings: Vec<Standing>,
    /// The `.htaccess` files that were read, with what is permitted in them.
    pub htaccess: Vec<(OccurrenceId, Arc<Overrides>)>,
}

impl Config {
    /// An occurrence.
    pub fn occurrence(&self, id: OccurrenceId) -> &Occurrence {
        &self.occurrences[id.index()]
    }

    /// The node of an id.
    pub fn placed(&self, id: PlacedId) -> Placed<'_> {
        let occurrence = self.occurrence(id.occurrence);
        Placed {
            config: self,
            occurrence,
            id,
            node: &occurrence.unit.nodes[id.node.index()],
            text: None,
        }
    }

    /// The nodes of one evaluation of a file, in order.
    pub fn nodes(&self, id: OccurrenceId) -> impl Iterator<Item = Placed<'_>> {
        let count = self.occurrence(id).unit.nodes.len();
        (0..count).map(move |it| {
            self.placed(PlacedId {
                occurrence: id,
                node: NodeIndex::new(it),
            })
        })
    }

    /// Whether httpd reads one node before another.
    pub fn reads_before(&self, one: PlacedId, other: PlacedId) -> bool {
        self.way_to(one) < self.way_to(other)
    }

    /// What sorts nodes in the order in which httpd reads them.
    pub fn reading_order(&self, id: PlacedId) -> impl Ord + use<> {
        self.way_to(id)
    }

    // The steps from the main file to a node: at each the node, and which of the files that it
    // reads leads on.
    fn way_to(&self, id: PlacedId) -> Vec<(NodeIndex, Option<u32>)> {
        let mut way = vec![(id.node, None)];
        let mut at = self.occurrence(id.occurrence);
        while let Some((parent, node)) = at.parent {
            way.push((node, Some(at.slot)));
            at = self.occurrence(parent);
        }
        way.reverse();
        way
    }

    /// The occurrences that are part of the configuration, in reading order.
    pub fn living(&self) -> Vec<OccurrenceId> {
        let mut living = self.below(OccurrenceId::MAIN);
        living.extend(self.htaccess.iter().flat_map(|it| self.below(it.0)));
        living
    }

    /// Whether a file is a `.htaccess` file, or read by one.
    pub fn is_htaccess(&self, id: OccurrenceId) -> bool {
        self.overrides(id).is_some()
            || (self.standings == [Standing::Htaccess] && self.entry(id).index() == 0)
    }

    /// What is permitted in a `.htaccess` file, or one that it reads; `None` for a file of the
    /// server.
    pub fn overrides(&self, id: OccurrenceId) -> Option<&Overrides> {
        let entry = (!self.htaccess.is_empty()).then(|| self.entry(id))?;
        let found = self.htaccess.iter().find(|it| it.0 == entry);
        found.map(|it| &*it.1)
    }

    // The file that no other one reads.
    fn entry(&self, id: OccurrenceId) -> OccurrenceId {
        let mut at = id;
        while let Some((parent, _)) = self.occurrence(at).parent {
            at = parent;
        }
        at
    }

    /// An occurrence and those that it read, in reading order.
    pub fn below(&self, top: OccurrenceId) -> Vec<OccurrenceId> {
        let mut order = Vec::new();
        let mut waiting = vec![top];
        while let Some(id) = waiting.pop() {
            order.push(id);
            waiting.extend(self.occurrence(id).children.iter().rev().map(|it| it.1));
        }
        order
    }

    /// The frame of a unit's relative frame in an occurrence.
    pub fn frame(&self, occurrence: OccurrenceId, relative: u32) -> FrameId {
        FrameId(self.occurrence(occurrence).frame.0 + relative)
    }
}

/// A node together with everything needed to ask about it.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The evaluation of its file.
    pub occurrence: &'a Occurrence,
    /// Its id.
    pub id: PlacedId,
    /// The node.
    pub node: &'a Node,
    // Its text, where it was looked up already.
    text: Option<&'a str>,
}

impl<'a> Placed<'a> {
    /// The directive as a whole text, with its way back.
    pub fn line(&self) -> Line<'a> {
        Line::of(self.text(), &self.occurrence.unit, self.node)
    }

    /// The directive as a whole text: variables expanded, continuations joined.
    pub fn text(&self) -> Cow<'a, str> {
        match self.text {
            Some(text) => Cow::Borrowed(text),
            None => self.occurrence.unit.text(self.node),
        }
    }

    /// The same with its text, so that it need not be looked up again.
    pub fn with_text(self, text: &'a str) -> Self {
        Self {
            text: Some(text),
            ..self
        }
    }

    /// Whether the line stands in its file as httpd sees it: not in a macro, not continued, no
    /// variable in it. Only such a line can be edited by its places.
    pub fn is_verbatim(&self) -> bool {
        let logical = self.occurrence.unit.logical(self.node);
        self.occurrence.unit.used(self.node).is_none()
            && matches!(logical.origin, crate::syntax::Origin::Verbatim(_))
    }

    /// The place of a value in the arguments, if it stands there just as httpd reads it, so that
    /// another one can be written in its stead.
    pub fn editable(&self, value: &str, range: Range<usize>) -> Option<Span> {
        let line = self.line();
        let is_plain = line.arguments().get(range.clone()) == Some(value);
        (is_plain && self.is_verbatim()).then(|| line.argument_span(range))
    }

    /// The physical line of a verbatim node: with its indentation, and with its newline.
    pub fn physical_line(&self) -> Span {
        let (text, span) = (self.occurrence.unit.source.text(), self.site().span);
        let (before, after) = text.split_at(span.start as usize);
        let start = before.rfind('\n').map_or(0, |it| it + 1);
        let end = after
            .find('\n')
            .map_or(text.len(), |it| before.len() + it + 1);
        Span::new(span.file, start..end)
    }

    /// The macro that it defines.
    pub fn defined_macro(&self) -> Option<&'a Macro> {
        let macros = &self.occurrence.unit.macros;
        let found = macros.binary_search_by_key(&self.id.node, |it| it.0);
        found.ok().map(|it| &*macros[it].1)
    }

    /// Its place: the whole line.
    pub fn site(&self) -> Site {
        let logical = self.occurrence.unit.logical(self.node);
        self.at(logical.origin.span(0..logical.text.len()))
    }

    /// A place in it.
    pub fn at(&self, span: Span) -> Site {
        let relative = self.occurrence.unit.used(self.node).map_or(0, |it| it + 1);
        Site {
            span,
            frame: FrameId(self.occurrence.frame.0 + relative),
        }
    }

    /// Whether it is a section that runs while files are read, but whose module came too late:
    /// httpd passes over it with all that is in it.
    pub fn is_late(&self, table: &Table) -> bool {
        let is_section = self.node.kind == NodeKind::Section;
        let name = self.node.name.filter(|_| is_section);
        name.is_some_and(|it| table.definitions(it).all(|it| it.exec_on_read))
    }

    /// The section around it, through conditionals, macros and includes, as phase 2 sees it.
    pub fn parent(&self) -> Option<Placed<'a>> {
        let mut at = *self;
        loop {
            at = at.container()?;
            if at.node.kind == NodeKind::Section {
                return Some(at);
            }
        }
    }

    /// The sections around it, the innermost first, as [`Placed::parent`].
    pub fn sections(&self) -> impl Iterator<Item = Placed<'a>> + use<'a> {
        std::iter::successors(self.parent(), Placed::parent)
    }

    /// The section or conditional around it, also in the including file.
    pub fn container(&self) -> Option<Placed<'a>> {
        let mut at = *self;
        loop {
            let id = match at.node.parent {
                Some(node) => PlacedId {
                    occurrence: at.id.occurrence,
                    node,
                },
                None => {
                    let (occurrence, node) = at.occurrence.parent?;
                    at = at.config.placed(PlacedId { occurrence, node });
                    continue;
                }
            };
            return Some(self.config.placed(id));
        }
    }
}
