//! Which headers an answer has on one side alone.

use super::requests::unknown;
use super::{Place, Side};
use crate::argument::header::{Action, Header};
use crate::evaluate::{Placed, arguments_of};
use crate::model::trace::Trace;

const HEADER: &str = "Header";

/// The headers that only one of two answers has, with the lines about headers of these names.
/// Where a redirection leads to is asked elsewhere.
pub(super) fn that_differ(before: &Trace<'_>, after: &Trace<'_>) -> [Side; 2] {
    let [old, new] = [before, after].map(all);
    let only = |here: &[Given], there: &[Given]| {
        let mut rest = there.to_vec();
        let mut own = here.to_vec();
        own.retain(|it| match rest.iter().position(|other| other == it) {
            Some(at) => {
                rest.swap_remove(at);
                false
            }
            None => true,
        });
        own
    };
    let (gone, come) = (only(&old, &new), only(&new, &old));
    let is_about = |line: &Placed<'_>| {
        let text = line.occurrence.unit.text(line.node);
        let header = Header::parse(HEADER, arguments_of(&text));
        let mut names = gone.iter().chain(&come).map(|it| &it.name);
        // What is echoed is named by a pattern.
        header.action == Some(Action::Echo)
            || names.any(|it| it.eq_ignore_ascii_case(header.name.value.trim_end_matches(':')))
    };
    let side = |trace: &Trace<'_>, own: &[Given]| {
        let values: Vec<String> = own.iter().map(|it| it.text.clone()).collect();
        let lines = trace.effective.iter();
        let lines = lines.filter(|it| it.name().eq_ignore_ascii_case(HEADER));
        let lines = lines.filter(|it| is_about(&it.line));
        Side::new(values.join(", "), lines.map(|it| Place::of(&it.line)))
    };
    [side(before, &gone), side(after, &come)]
}

/// A header of an answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Given {
    text: String,
    name: String,
}

fn all(trace: &Trace<'_>) -> Vec<Given> {
    let list = trace.headers.list.iter();
    let list = list.filter(|it| !it.0.eq_ignore_ascii_case("Location"));
    let mut all: Vec<Given> = list
        .map(|(name, value)| {
            let value = value.clone().unwrap_or_else(|it| unknown(&it));
            Given {
                text: format!("{name}: {value}"),
                name: name.to_string(),
            }
        })
        .collect();
    all.sort();
    all
}
