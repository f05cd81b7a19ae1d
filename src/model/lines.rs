//! All lines of a configuration by the names of their directives and sections.

use std::sync::OnceLock;

use crate::evaluate::{Config, NodeIndex, OccurrenceId, Placed, PlacedId};
use crate::httpd::{NameId, Table};

/// The lines of a whole configuration, those of each name together, in reading order.
#[derive(Debug)]
pub struct Lines {
    all: Vec<Line>,
    // Where those of a name begin; those of the next begin where they end.
    begins: Vec<u32>,
    // The texts of those of a name, once somebody asked.
    texts: Vec<OnceLock<Texts>>,
}

/// The texts of some lines, behind each other.
#[derive(Debug, Default)]
struct Texts {
    all: String,
    ends: Vec<usize>,
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
            std::iter::once(OccurrenceId::MAIN).chain(access_files)
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
                occurrence: OccurrenceId::MAIN,
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
        Self {
            all,
            texts: begins.iter().map(|_| OnceLock::new()).collect(),
            begins,
        }
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

    /// The certain ones of a name in their configuration, in reading order.
    pub fn certain<'a>(
        &'a self,
        config: &'a Config,
        name: NameId,
    ) -> impl Iterator<Item = Placed<'a>> {
        let with_texts = self.with_texts(config, name);
        let certain = with_texts.filter(|it| !it.0.uncertain);
        certain.map(|(line, text)| config.placed(line.id).with_text(text))
    }

    /// Those of several names in their configuration, in reading order.
    pub fn possible<'a>(
        &'a self,
        config: &'a Config,
        names: impl Iterator<Item = NameId>,
    ) -> Vec<Placed<'a>> {
        let lines = names.flat_map(|it| self.with_texts(config, it));
        let mut lines: Vec<(u32, PlacedId, &str)> =
            lines.map(|(it, text)| (it.turn, it.id, text)).collect();
        lines.sort_unstable_by_key(|it| it.0);
        let placed = lines.into_iter();
        placed
            .map(|(_, id, text)| config.placed(id).with_text(text))
            .collect()
    }

    // From a line to its text is a long way through memory, and most lines are asked for by several
    // rules; so the texts of a name are put side by side for the first of them.
    fn with_texts<'a>(
        &'a self,
        config: &'a Config,
        name: NameId,
    ) -> impl Iterator<Item = (&'a Line, &'a str)> {
        let lines = self.named(name);
        let texts = self.texts.get(name.index());
        let texts = texts.map(|it| it.get_or_init(|| Texts::of(config, lines)));
        lines.iter().zip(texts.into_iter().flat_map(Texts::each))
    }

    /// Whether there are any of which something is true of the name.
    pub fn any_name(&self, table: &Table, is_meant: impl Fn(NameId) -> bool) -> bool {
        let mut names = table.names();
        names.any(|it| !self.named(it).is_empty() && is_meant(it))
    }
}

impl Texts {
    fn of(config: &Config, lines: &[Line]) -> Self {
        let mut texts = Self::default();
        texts.ends.reserve_exact(lines.len());
        for line in lines {
            texts.all.push_str(&config.placed(line.id).text());
            texts.ends.push(texts.all.len());
        }
        texts.all.shrink_to_fit();
        texts
    }

    fn each(&self) -> impl Iterator<Item = &str> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        let ranges = begins.zip(&self.ends);
        ranges.map(|(begin, end)| &self.all[begin..*end])
    }
}

// Visits all that has a name in a file and in those that it reads, in reading order.
fn each_below(
    config: &Config,
    entry: OccurrenceId,
    visit: &mut impl FnMut(NameId, PlacedId, bool),
) {
    let nodes = |it: OccurrenceId| config.occurrence(it).unit.nodes.as_slice();
    let all = |it: OccurrenceId| (0..nodes(it).len()).map(NodeIndex::new);
    config.visit_in_order(entry, &all, &mut |id| {
        let node = &nodes(id.occurrence)[id.node.index()];
        if let Some(name) = node.name {
            visit(name, id, node.uncertain);
        }
    });
}
