//! Walking a configuration in the order in which httpd sees it.

use super::config::{Config, NodeIndex, NodeKind, Occurrence, OccurrenceId, Placed, PlacedId};

/// One step of a walk through a configuration.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// A node; what is below it follows.
    Enter(Placed<'a>),
    /// A section or conditional ends.
    Leave(Placed<'a>),
    /// The texts of an occurrence end; for what is found only there.
    End(OccurrenceId),
}

/// Whether a walk goes into the section or conditional that it came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Descend {
    /// It does.
    Yes,
    /// It goes on behind it, as if it were not there.
    No,
}

// How far a walk is in one evaluation of a file.
struct Level {
    occurrence: OccurrenceId,
    next: usize,
    end: usize,
    child: usize,
    open: Vec<usize>,
}

impl Level {
    fn of(occurrence: &Occurrence, id: OccurrenceId, nodes: std::ops::Range<usize>) -> Self {
        let before = |it: &(NodeIndex, OccurrenceId)| it.0.index() < nodes.start;
        Self {
            occurrence: id,
            next: nodes.start,
            end: nodes.end,
            child: occurrence.children.partition_point(before),
            open: Vec::new(),
        }
    }

    fn pass_over(&mut self, occurrence: &Occurrence, end: usize) {
        self.next = end;
        let passed = |it: &(NodeIndex, OccurrenceId)| it.0.index() < end;
        self.child = occurrence.children.partition_point(passed);
    }
}

impl Config {
    /// Walks the whole configuration in the order in which httpd sees it, included files in the
    /// place of their `Include`.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(Step<'a>)) {
        self.walk_from(OccurrenceId::MAIN, &mut |step| {
            visit(step);
            Descend::Yes
        });
    }

    /// Walks what begins with one evaluation of a file, as [`Config::walk`].
    pub fn walk_from<'a>(&'a self, top: OccurrenceId, visit: &mut dyn FnMut(Step<'a>) -> Descend) {
        let end = self.occurrence(top).unit.nodes.len();
        self.walk_part(Level::of(self.occurrence(top), top, 0..end), visit);
    }

    /// Walks what stands in one section, without the section itself, as [`Config::walk`].
    pub fn walk_below<'a>(&'a self, section: PlacedId, visit: &mut dyn FnMut(Step<'a>) -> Descend) {
        let occurrence = self.occurrence(section.occurrence);
        let index = section.node.index();
        let end = occurrence.unit.nodes[index].end as usize;
        let level = Level::of(occurrence, section.occurrence, index + 1..end);
        self.walk_part(level, visit);
    }

    /// Visits some nodes of a file and of all that it reads, in the order in which httpd reads them;
    /// `own` are those of one file, in their order.
    pub fn visit_in_order<N: Iterator<Item = NodeIndex>>(
        &self,
        top: OccurrenceId,
        own: &impl Fn(OccurrenceId) -> N,
        visit: &mut impl FnMut(PlacedId),
    ) {
        let placed = |node| PlacedId {
            occurrence: top,
            node,
        };
        let mut own_nodes = own(top).peekable();
        for (include, child) in &self.occurrence(top).children {
            while let Some(node) = own_nodes.next_if(|it| it < include) {
                visit(placed(node));
            }
            self.visit_in_order(*child, own, visit);
        }
        own_nodes.for_each(|it| visit(placed(it)));
    }

    fn walk_part<'a>(&'a self, first: Level, visit: &mut dyn FnMut(Step<'a>) -> Descend) {
        let mut levels = vec![first];
        while let Some(top) = levels.last_mut() {
            let occurrence = self.occurrence(top.occurrence);
            if let Some(&(node, child)) = occurrence.children.get(top.child)
                && node.index() < top.next
            {
                top.child += 1;
                let included = self.occurrence(child);
                let end = included.unit.nodes.len();
                levels.push(Level::of(included, child, 0..end));
                continue;
            }
            let nodes = &occurrence.unit.nodes;
            while let Some(&open) = top.open.last()
                && nodes[open].end as usize <= top.next
            {
                top.open.pop();
                visit(Step::Leave(self.placed(PlacedId {
                    occurrence: top.occurrence,
                    node: NodeIndex::new(open),
                })));
            }
            let Some(node) = nodes.get(top.next).filter(|_| top.next < top.end) else {
                let ended = top.occurrence;
                levels.pop();
                visit(Step::End(ended));
                continue;
            };
            let at = top.next;
            let id = PlacedId {
                occurrence: top.occurrence,
                node: NodeIndex::new(at),
            };
            top.next += 1;
            let is_around = matches!(node.kind, NodeKind::Section | NodeKind::Conditional(_));
            match visit(Step::Enter(self.placed(id))) {
                Descend::No if is_around => top.pass_over(occurrence, node.end as usize),
                _ if is_around => top.open.push(at),
                _ => {}
            }
        }
    }
}
