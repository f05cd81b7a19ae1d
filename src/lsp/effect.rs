//! What becomes of a directive at its place: what it is said in the place of, and who says it again.

use super::view::View;
use crate::evaluate::{NodeKind, Placed, PlacedId, Step};

/// Of a long list only so many are shown.
const MOST: usize = 4;

/// A directive, and the sections around it, the outermost first.
struct Said<'v> {
    placed: Placed<'v>,
    sections: Vec<PlacedId>,
}

/// What there is to say of a directive of which the last in a section counts; nothing of others.
pub(super) fn effect(view: &View<'_>, node: &Placed<'_>) -> String {
    let Some(all) = same(view, node) else {
        return String::new();
    };
    let Some(own) = all.iter().position(|it| it.placed.id == node.id) else {
        return String::new();
    };
    let sections = &all[own].sections;
    let place = |it: &Said<'_>| view.whole.place(it.placed.site().span);
    let shown = |it: &Said<'_>| {
        let text = it.placed.text();
        format!("`{}` at {}", text.trim(), place(it))
    };
    let again = all[own + 1..].iter().rfind(|it| it.sections == *sections);
    if let Some(later) = again {
        return format!("\nNot in effect: {} says it again.\n", place(later));
    }
    let mut page = String::new();
    let is_outer =
        |it: &&Said<'_>| it.sections.len() < sections.len() && sections.starts_with(&it.sections);
    // Of one section the last, of several the innermost.
    if let Some(outer) = all
        .iter()
        .filter(is_outer)
        .max_by_key(|it| it.sections.len())
    {
        page.push_str(&format!("\nIn the place of {}.\n", shown(outer)));
    }
    let inner = all.iter();
    let inner: Vec<String> = inner
        .filter(|it| it.sections.len() > sections.len() && it.sections.starts_with(sections))
        .map(shown)
        .collect();
    if !inner.is_empty() {
        let more = match inner.len().saturating_sub(MOST) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let first = inner[..inner.len().min(MOST)].join(", ");
        page.push_str(&format!("\nInside, other values count: {first}{more}.\n"));
    }
    page
}

// All directives of the same name, in the order of the files; nothing of one that has several values.
fn same<'v>(view: &View<'v>, node: &Placed<'_>) -> Option<Vec<Said<'v>>> {
    let config = view.whole.config();
    let table = view.whole.session.inputs().table;
    let name = node.node.name?;
    let mut definitions = table.definitions(name);
    let has_one_value = definitions.all(|it| it.has_one_value() && !it.section && !it.exec_on_read);
    if !has_one_value || node.node.kind != NodeKind::Directive {
        return None;
    }
    let mut sections = Vec::new();
    let mut all: Vec<Said<'v>> = Vec::new();
    config.walk(&mut |step| match step {
        Step::Enter(placed) if placed.node.kind == NodeKind::Section => sections.push(placed.id),
        Step::Leave(placed) if placed.node.kind == NodeKind::Section => {
            sections.pop();
        }
        Step::Enter(placed) if placed.node.name == Some(name) && !placed.node.uncertain => {
            let sections = sections.clone();
            all.push(Said { placed, sections });
        }
        _ => {}
    });
    Some(all)
}
