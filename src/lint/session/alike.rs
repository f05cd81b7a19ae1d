//! Which evaluations of files are the same in two configurations.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::evaluate::{Config, NodeIndex, Occurrence, OccurrenceId};
use crate::source::FileId;

/// The evaluations here that have the text, the directives and the surroundings of one there, which
/// is named with each. httpd comes to all of them in the same order as there.
pub(super) fn alike(there: &Config, here: &Config) -> FxHashMap<OccurrenceId, OccurrenceId> {
    let mut alike = FxHashMap::default();
    let file = |it: &Config| it.occurrence(OccurrenceId::MAIN).unit.document.file;
    let mut waiting = Vec::new();
    if file(there) == file(here) {
        waiting.push((OccurrenceId::MAIN, OccurrenceId::MAIN));
    }
    while let Some((old, new)) = waiting.pop() {
        let (one, two) = (there.occurrence(old), here.occurrence(new));
        let reads_like = reads_like(one, two);
        if reads_like {
            alike.insert(new, old);
        }
        let (one_children, two_children) = (numbered(there, one), numbered(here, two));
        let places = one_children.into_iter().enumerate();
        let places: FxHashMap<Child, (usize, Included)> =
            places.map(|(at, (child, it))| (child, (at, it))).collect();
        let mut next = 0;
        for (child, (node, new)) in two_children {
            let Some((at, (old_node, old))) = places.get(&child).filter(|it| it.0 >= next) else {
                continue;
            };
            // What is around a file is the same in a text that is the same, and where nothing is.
            let is_around = match reads_like {
                true => node == *old_node,
                false => is_outermost(one, *old_node) && is_outermost(two, node),
            };
            if is_around {
                next = at + 1;
                waiting.push((*old, new));
            }
        }
    }
    alike
}

/// A file, and how many times it was read before by the same one.
type Child = (FileId, usize);

/// Who reads it, and its evaluation.
type Included = (NodeIndex, OccurrenceId);

fn numbered(config: &Config, occurrence: &Occurrence) -> Vec<(Child, Included)> {
    let mut counts: FxHashMap<FileId, usize> = FxHashMap::default();
    let children = occurrence.children.iter();
    let numbered = children.map(|included| {
        let file = config.occurrence(included.1).unit.document.file;
        let count = counts.entry(file).or_default();
        *count += 1;
        ((file, *count), *included)
    });
    numbered.collect()
}

fn reads_like(one: &Occurrence, two: &Occurrence) -> bool {
    let (one, two) = (&one.unit, &two.unit);
    let is_same = || Arc::ptr_eq(&one.document, &two.document) && one.reads_like(two);
    Arc::ptr_eq(one, two) || is_same()
}

fn is_outermost(occurrence: &Occurrence, node: NodeIndex) -> bool {
    occurrence.unit.nodes[node.index()].parent.is_none()
}
