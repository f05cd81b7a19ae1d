//! `-D DUMP_CONFIG` of mod_info: the directives that wait for phase 2.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::super::visible::visible;
use super::{Style, VERSION, json};
use crate::evaluate::{Config, NodeKind, Placed, Step};
use crate::httpd::Table;

/// Writes the directives of a configuration.
pub fn config(
    config: &Config,
    table: &Table,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if style.json {
        let directives = Directives::of(config, table, style);
        let version = VERSION;
        return json(
            &ConfigJson {
                version,
                directives: directives.all,
            },
            out,
        );
    }
    let mut tree = Tree {
        table,
        file: None,
        depth: 0,
        open: Vec::new(),
        out,
    };
    let mut result = Ok(());
    config.walk(&mut |step| {
        if result.is_ok() {
            result = match step {
                Step::Enter(placed) if waits(&placed) => tree.enter(&placed),
                Step::Leave(placed) if waits(&placed) => tree.leave(&placed),
                _ => Ok(()),
            };
        }
    });
    result
}

fn waits(placed: &Placed<'_>) -> bool {
    matches!(placed.node.kind, NodeKind::Directive | NodeKind::Section)
}

// As the table spells it; a name that is not in the table as it is written.
fn name<'a>(placed: &Placed<'_>, table: &'a Table) -> Cow<'a, str> {
    match placed.node.name {
        Some(name) => Cow::Borrowed(table.spelling(name)),
        None => Cow::Owned(placed.line().name().into_owned()),
    }
}

struct Tree<'a, 'c> {
    table: &'a Table,
    // The file of the line before, as httpd names it.
    file: Option<&'c str>,
    depth: usize,
    // Of each open section, whether something stood in it.
    open: Vec<bool>,
    out: &'a mut dyn Write,
}

impl<'c> Tree<'_, 'c> {
    fn enter(&mut self, placed: &Placed<'c>) -> io::Result<()> {
        if let Some(filled) = self.open.last_mut() {
            *filled = true;
        }
        self.place(placed)?;
        let (indent, line) = (2 * self.depth, placed.line());
        let number = placed.occurrence.unit.number(placed.node);
        let (name, arguments) = (name(placed, self.table), line.arguments());
        let (name, arguments) = (visible(&name), visible(arguments));
        writeln!(self.out, "{:indent$}#{number:>4}:", "")?;
        writeln!(self.out, "{:indent$}{name} {arguments}", "")?;
        if placed.node.kind == NodeKind::Section {
            self.open.push(false);
            self.depth += 1;
        }
        Ok(())
    }

    // An empty section is not closed: mod_info takes it for a directive.
    fn leave(&mut self, placed: &Placed<'c>) -> io::Result<()> {
        self.depth -= 1;
        if self.open.pop() != Some(true) {
            return Ok(());
        }
        self.place(placed)?;
        let (indent, name) = (2 * self.depth, name(placed, self.table));
        let name = name.strip_prefix('<').unwrap_or(&name);
        writeln!(self.out, "{:indent$}</{}>", "", visible(name))
    }

    fn place(&mut self, placed: &Placed<'c>) -> io::Result<()> {
        let file = placed.occurrence.unit.file_name(placed.node);
        if self.file.replace(file) != Some(file) {
            writeln!(self.out, "# In file: {}", visible(file))?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct ConfigJson {
    version: u32,
    directives: Vec<DirectiveJson>,
}

#[derive(Serialize)]
struct DirectiveJson {
    name: String,
    arguments: String,
    depth: usize,
    section: bool,
    file: String,
    line: u32,
    httpd: PlaceJson,
    certain: bool,
}

#[derive(Serialize)]
struct PlaceJson {
    file: String,
    line: u32,
}

#[derive(Default)]
struct Directives {
    all: Vec<DirectiveJson>,
    depth: usize,
}

impl Directives {
    fn of(config: &Config, table: &Table, style: &Style<'_>) -> Self {
        let mut directives = Self::default();
        config.walk(&mut |step| match step {
            Step::Enter(placed) if waits(&placed) => directives.add(&placed, table, style),
            Step::Leave(placed) if waits(&placed) => directives.depth -= 1,
            _ => {}
        });
        directives
    }

    fn add(&mut self, placed: &Placed<'_>, table: &Table, style: &Style<'_>) {
        let (unit, sources) = (&placed.occurrence.unit, &placed.config.sources);
        let (line, span) = (placed.line(), placed.site().span);
        let section = placed.node.kind == NodeKind::Section;
        let arguments = match section {
            true => line.arguments().trim_end_matches('>'),
            false => line.arguments(),
        };
        self.all.push(DirectiveJson {
            name: name(placed, table).trim_start_matches('<').to_owned(),
            arguments: arguments.to_owned(),
            depth: self.depth,
            section,
            file: (style.display)(sources.get(span.file).name()),
            line: sources.start(span).line,
            httpd: PlaceJson {
                file: unit.file_name(placed.node).to_owned(),
                line: unit.number(placed.node),
            },
            certain: !placed.node.uncertain,
        });
        self.depth += usize::from(section);
    }
}
