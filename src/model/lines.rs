//! All lines of a configuration by the names of their directives and sections.

use crate::evaluate::{Config, NodeIndex, OccurrenceId, PlacedId};
use crate::httpd::{NameId, Table};

/// The lines of a whole configuration, those of each name together, in reading order.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    all: Vec<Line>,
    // Where those of a name begin; those of the next begin where they end.
    begins: Vec<u32>,
}

/// A directive or a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    // Its place in the order in which httpd reads all of them.
    turn: u32,
    /// Where it stands.
    pub id: PlacedId,
    /// Whether it may not be there: it stands in a conditional that is not decided.
    pub uncertain: bool,
}

impl Lines {
    /// Those of a configuration, with those of the `.htaccess` files that were read: two looks at
    /// each node.
    pub fn of(config: &Config, table: &Table) -> Self {
        let entries = || {
            let access_files = config.htaccess.iter().map(|it| it.0);
            std::iter::once(OccurrenceId(0)).chain(access_files)
        };
        let mut ends = vec![0_u32; table.names().count()];
        for entry in entries() {
            each_below(config, entry, &mut |name, _, _| ends[name.index()] += 1);
        }
        let mut end = 0;
        for count in &mut ends {
            end += *count;
            *count = end - *count;
        }
        let begins = ends.clone();
        let nobody = Line {
            turn: 0,
            id: PlacedId {
                occurrence: OccurrenceId(0),
                node: NodeIndex::new(0),
            },
            uncertain: false,
        };
        let mut all = vec![nobody; end as usize];
        let mut turn = 0;
        for entry in entries() {
            each_below(config, entry, &mut |name, id, uncertain| {
                let next = &mut ends[name.index()];
                all[*next as usize] = Line {
                    turn,
                    id,
                    uncertain,
                };
                *next += 1;
                turn += 1;
            });
        }
        Self { all, begins }
    }

    /// Those of a name.
    pub fn named(&self, name: NameId) -> &[Line] {
        let Some(&begin) = self.begins.get(name.index()) else {
            return &[];
        };
        let end = self.begins.get(name.index() + 1);
        let end = end.map_or(self.all.len(), |it| *it as usize);
        &self.all[begin as usize..end]
    }

    /// Whether there are any of which something is true of the name.
    pub fn any_name(&self, table: &Table, is_meant: impl Fn(NameId) -> bool) -> bool {
        let mut names = table.names();
        names.any(|it| !self.named(it).is_empty() && is_meant(it))
    }

    /// Those of several names, in reading order.
    pub fn of_names(&self, names: impl Iterator<Item = NameId>) -> Vec<Line> {
        let mut lines: Vec<Line> = names.flat_map(|it| self.named(it)).copied().collect();
        lines.sort_unstable();
        lines
    }
}

// Visits all that has a name in a file and in those that it reads, in reading order.
fn each_below(config: &Config, entry: OccurrenceId, visit: &mut dyn FnMut(NameId, PlacedId, bool)) {
    let occurrence = config.occurrence(entry);
    let mut children = occurrence.children.iter().peekable();
    for (index, node) in occurrence.unit.nodes.iter().enumerate() {
        let node_index = NodeIndex::new(index);
        while let Some((_, child)) = children.next_if(|it| it.0 < node_index) {
            each_below(config, *child, visit);
        }
        if let Some(name) = node.name {
            let id = PlacedId {
                occurrence: entry,
                node: node_index,
            };
            visit(name, id, node.uncertain);
        }
    }
    for (_, child) in children {
        each_below(config, *child, visit);
    }
}
