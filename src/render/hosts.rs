//! On which hosts a finding holds, for people: a list of three hundred would hide the finding.

use super::visible::message;
use crate::lint::Outcome;

/// More names than this are only counted.
const MOST_NAMES: usize = 4;

/// `12 of 300: web014 web015 web016 web017 (+8)`; `all 300`; nothing where there is one server.
pub(super) fn line(outcome: &Outcome, finding: usize) -> Option<String> {
    let hosts = outcome.hosts.as_ref()?;
    let concerned = hosts.of_finding.get(finding)?;
    let all = hosts.names.len();
    if concerned.len() == all {
        return Some(format!("all {all}"));
    }
    let shown = concerned.len().min(MOST_NAMES);
    let names: Vec<_> = hosts.called(&concerned[..shown]).map(message).collect();
    let rest = concerned.len() - shown;
    let rest = match rest {
        0 => String::new(),
        _ => format!(" (+{rest})"),
    };
    Some(format!(
        "{} of {all}: {}{rest}",
        concerned.len(),
        names.join(" ")
    ))
}

/// The same behind a line: ` (12 of 300: web014 web015 …)`.
pub(super) fn in_brackets(outcome: &Outcome, finding: usize) -> String {
    let line = line(outcome, finding);
    line.map_or_else(String::new, |it| format!(" ({it})"))
}
