//! Whether a text is a whole configuration, or a part of one.

use super::config::{Config, NodeKind, OccurrenceId};
use super::evaluation::Parsed;
use super::inputs::Inputs;
use super::paths;
use crate::httpd::Table;
use crate::syntax::LineKind;

/// Whether a file has lines that make a server, or may include some that do.
pub(super) fn may_be_whole(parsed: &Parsed) -> bool {
    let is_one = |names: &[&str], name: &str| names.iter().any(|it| it.eq_ignore_ascii_case(name));
    has_line(parsed, |name, depth| {
        is_one(&["LoadModule", "ServerRoot"], name)
            || (depth == 0 && is_one(&["Include", "IncludeOptional"], name))
    })
}

/// Whether what was read is a server, and no part of one that only loads the modules that it needs:
/// it says where the server is, or has a multi-processing module and listens, or it loads anything
/// and has the name of a main file. `parsed` is the main file, `loaded` the modules that are loaded.
pub(super) fn is_server(
    inputs: &Inputs<'_>,
    parsed: &Parsed,
    loaded: &[String],
    config: &Config,
) -> bool {
    const MAIN_FILES: [&str; 2] = ["apache2.conf", "httpd.conf"];
    if has_line(parsed, |name, _| name.eq_ignore_ascii_case("ServerRoot")) {
        return true;
    }
    let table = inputs.table;
    let modules = loaded.iter();
    let mut modules = modules.filter_map(|it| table.module_by_identifier(it));
    let everything = (0..config.occurrences.len()).map(OccurrenceId::new);
    let is_main = MAIN_FILES.contains(&paths::file_name(inputs.main));
    (is_main && !loaded.is_empty())
        || (modules.any(|it| table.module(it).mpm) && listen(config, everything, table))
}

/// Whether any of some evaluations of files listens.
pub(super) fn listen(
    config: &Config,
    places: impl IntoIterator<Item = OccurrenceId>,
    table: &Table,
) -> bool {
    let listen = table.name("Listen");
    let units = places.into_iter().map(|it| &config.occurrence(it).unit);
    let mut nodes = units.flat_map(|it| &it.nodes);
    nodes.any(|it| it.name.is_some() && it.name == listen)
}

/// The names of the sections of the main file that are in no other.
pub(super) fn outer_sections<'a>(
    config: &'a Config,
    table: &'a Table,
) -> impl Iterator<Item = &'a str> {
    let nodes = config.nodes(OccurrenceId::MAIN);
    let sections = nodes.filter(|it| it.node.kind == NodeKind::Section && it.parent().is_none());
    sections.filter_map(|it| Some(table.spelling(it.node.name?)))
}

// Whether `is_meant` is true of the name of any directive, at its depth in sections other than
// conditionals.
fn has_line(parsed: &Parsed, is_meant: impl Fn(&str, usize) -> bool) -> bool {
    let text = parsed.source.text();
    let mut depth = 0_usize;
    for line in &parsed.document.lines {
        let line_text = text
            .get(line.start as usize..line.end as usize)
            .unwrap_or_default();
        match line.kind {
            LineKind::Comment => {}
            LineKind::Open => depth += usize::from(!is_conditional(&line_text[1..])),
            LineKind::Close if is_conditional(&line_text[2..]) => {}
            LineKind::Close => depth = depth.saturating_sub(1),
            LineKind::Directive => {
                let mut words = line_text.split_ascii_whitespace();
                if is_meant(words.next().unwrap_or_default(), depth) {
                    return true;
                }
            }
        }
    }
    false
}

// `IfModule` and its kin, but not `If`, which is a section like others.
fn is_conditional(name: &str) -> bool {
    name.get(..2)
        .is_some_and(|it| it.eq_ignore_ascii_case("if"))
        && name.as_bytes().get(2).is_some_and(u8::is_ascii_alphabetic)
}
