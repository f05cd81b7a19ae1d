//! Which directives count for a request, and what they override.

use rustc_hash::FxHashMap;

use crate::evaluate::{Placed, arguments_of};
use crate::httpd::{Allow, Merge, NameId};
use crate::model::request::Pass;

/// A directive that counts for a request.
#[derive(Debug, Clone)]
pub struct Effective<'a> {
    /// The line.
    pub line: Placed<'a>,
    /// The lines that would count if it were not there; the nearest first.
    pub overrides: Vec<Placed<'a>>,
}

impl<'a> Effective<'a> {
    /// The directives of the sections that apply, in their order. What stands outside of sections
    /// counts among them where sections may say it, too.
    pub(super) fn all(pass: &Pass<'a>) -> Vec<Self> {
        let table = pass.httpd.table();
        let mut lines: Vec<(NameId, usize, Placed<'a>)> = Vec::new();
        for (layer, it) in pass.layers.list.iter().enumerate() {
            for line in it.body.directives(pass.httpd.config) {
                if let Some(name) = line.node.name {
                    lines.push((name, layer, line));
                }
            }
        }
        let mut by_name: FxHashMap<NameId, Vec<(usize, Placed<'a>)>> = FxHashMap::default();
        for (name, layer, line) in &lines {
            by_name.entry(*name).or_default().push((*layer, *line));
        }
        let sections = pass.servers().count();
        let rewriting = pass.rewriting();
        let mut found = Vec::new();
        for (name, layer, line) in lines {
            let Some(definition) = table.definitions(name).next() else {
                continue;
            };
            if layer < sections && !definition.allow.intersects(Allow::IN_DIRECTORY) {
                continue;
            }
            let same = by_name.get(&name).map(Vec::as_slice).unwrap_or_default();
            let is_replaced_by = |it: &&(usize, Placed<'a>)| match definition.merge {
                Merge::Replace => it.0 > layer,
                Merge::Adjust => it.0 > layer && is_whole(&it.1),
                _ => false,
            };
            let body = pass.layers.list[layer].body;
            let is_kept = definition.merge != Merge::Inherit
                || rewriting.iter().any(|it| std::ptr::eq(*it, body));
            if !is_kept || same.iter().rev().any(|it| is_replaced_by(&it)) {
                continue;
            }
            let replaces = match definition.merge {
                Merge::Replace => true,
                Merge::Adjust => is_whole(&line),
                _ => false,
            };
            let earlier = same.iter().rev().filter(|it| replaces && it.0 < layer);
            found.push(Self {
                line,
                overrides: earlier.map(|it| it.1).collect(),
            });
        }
        found
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.line.line().name().into_owned()
    }
}

// Whether a line says all, and does not only change what is said before.
fn is_whole(line: &Placed<'_>) -> bool {
    let line = line.line();
    let words = line.words();
    words.iter().any(|it| !it.text.starts_with(['+', '-']))
}

/// The argument of a line, as it is written.
pub fn value(line: &Placed<'_>) -> String {
    let text = line.occurrence.unit.text(line.node);
    arguments_of(&text).trim().to_owned()
}
