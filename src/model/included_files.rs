//! The files of a configuration, as `-D DUMP_INCLUDES` lists them.

use crate::evaluate::{Config, NodeKind, OccurrenceId};
use crate::httpd::NameId;

const INCLUDES: [NameId; 2] = [NameId::of("Include"), NameId::of("IncludeOptional")];

/// A file where it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncludedFile {
    /// The path on the server.
    pub path: String,
    /// How many files are around it.
    pub depth: usize,
    /// The line of the `Include`, as httpd prints it; `None` for the main file. It is the line of
    /// the last `Include` that ran: where one reads several files, and there is another in the first
    /// of them, httpd prints the other's line for those that follow.
    pub line: Option<u32>,
    /// The file that reads it, by its position in the list; `None` for the main file.
    pub parent: Option<usize>,
    /// Whether it is certain that it is read.
    pub certain: bool,
}

/// All files, in the order in which httpd reads them.
pub fn included_files(config: &Config) -> Vec<IncludedFile> {
    let mut reading = Reading {
        config,
        last: None,
        files: Vec::new(),
    };
    reading.file(OccurrenceId::MAIN, None, true);
    reading.files
}

struct Reading<'a> {
    config: &'a Config,
    // The line of the last `Include`.
    last: Option<u32>,
    files: Vec<IncludedFile>,
}

impl Reading<'_> {
    fn file(&mut self, id: OccurrenceId, parent: Option<usize>, certain: bool) {
        let config = self.config;
        let occurrence = config.occurrence(id);
        let position = self.files.len();
        self.files.push(IncludedFile {
            path: occurrence.unit.source.name().to_owned(),
            depth: parent.map_or(0, |it| self.files[it].depth + 1),
            line: self.last.filter(|_| parent.is_some()),
            parent,
            certain,
        });
        let mut children = occurrence.children.iter().peekable();
        for placed in config.nodes(id) {
            let includes = placed.node.name.is_some_and(|it| INCLUDES.contains(&it));
            if includes && placed.node.kind == NodeKind::Executed {
                self.last = Some(occurrence.unit.number(placed.node));
            }
            while let Some((_, child)) = children.next_if(|it| it.0 == placed.id.node) {
                self.file(*child, Some(position), certain && !placed.node.uncertain);
            }
        }
    }
}
