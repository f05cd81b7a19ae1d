//! That httpd reads the same in two texts.

use crate::evaluate::{Evaluation, Inputs, Line};
use crate::facts::Facts;
use crate::httpd::Table;
use crate::source::{FileId, Source};
use crate::syntax::Document;
use crate::world::MemoryWorld;

// What the text is called while it is looked at.
const NAME: &str = "/text.conf";

/// The logical lines of a text.
pub(super) fn parse(source: &Source) -> Document {
    Document::parse(FileId::FIRST, source.text(), source.encoding())
}

/// Whether another text has the same logical lines, and evaluating it by itself leads to the same.
/// What its lines mean in a larger configuration depends on nothing else.
pub(super) fn is_same(source: &Source, new: &str) -> bool {
    let bytes = source.encoding().bytes(new);
    let other = Source::new(source.name(), bytes);
    other.text() == new && lines(source) == lines(&other) && evaluated(source) == evaluated(&other)
}

// Kind, name and arguments of each line; of a comment all of it.
fn lines(source: &Source) -> Vec<(crate::syntax::LineKind, String, String)> {
    let document = parse(source);
    let lines = document.lines.iter().map(|it| {
        let logical = document.logical(it, source.text());
        if it.kind == crate::syntax::LineKind::Comment {
            return (it.kind, logical.text.into_owned(), String::new());
        }
        let line = Line::new(logical);
        (
            it.kind,
            line.name().into_owned(),
            line.arguments().to_owned(),
        )
    });
    lines.collect()
}

// All directives and sections with what they are, and the lines of macros.
fn evaluated(source: &Source) -> Option<Vec<String>> {
    let mut world = MemoryWorld::default();
    world.put(NAME, source.encoding().bytes(source.text()));
    let facts = Facts::default();
    let inputs = Inputs {
        world: &world,
        facts: (&facts).into(),
        table: Table::builtin(),
        main: NAME,
        server_root: "/",
        program: "httpd",
        defines: &[],
        fragment: Some(true),
        standing: None,
        usual_standing: None,
    };
    let evaluation = Evaluation::new(inputs).ok()?;
    let config = evaluation.config();
    let mut seen = Vec::new();
    for id in config.living() {
        let unit = &config.occurrence(id).unit;
        for node in config.nodes(id) {
            let line = node.line();
            let (kind, parent, end) = (node.node.kind, node.node.parent, node.node.end);
            let (name, arguments) = (line.name(), line.arguments());
            seen.push(format!("{kind:?} {parent:?} {end} {name:?} {arguments:?}"));
        }
        for (_, defined) in &unit.macros {
            let lines = defined.lines.iter().map(|it| it.text.trim());
            let lines = lines.filter(|it| !it.is_empty());
            seen.push(lines.collect::<Vec<_>>().join("\n"));
        }
        seen.push(format!("{:?}", unit.lost.is_some()));
    }
    Some(seen)
}
