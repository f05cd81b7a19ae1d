//! Writes what a change of a configuration changes, for who is to agree to it.
//!
//! What opens something comes first, then by server; the findings that the change brings come
//! behind, and those that it mends are counted by name.

mod full;
mod github;
mod json;
mod markdown;

use std::io::{self, Write};

use rustc_hash::FxHashSet;

use super::{Format, Style, summary, visible};
use crate::diagnostic::Diagnostic;
use crate::lint::Outcome;
use crate::review::{Change, Place, Review, Side};

/// All that is found of a change.
pub struct Reviewed<'a> {
    /// What httpd does otherwise.
    pub review: &'a Review,
    /// What is found now and was not before.
    pub new: &'a Outcome,
    /// What was found before and is not now.
    pub fixed: &'a Outcome,
    /// How many findings are as they were.
    pub unchanged: usize,
    /// How the files that were are called.
    pub before: &'a dyn Fn(&str) -> String,
    /// How everything else is written.
    pub style: Style<'a>,
}

/// Writes it in one of the formats for that: for a person, as JSON, as workflow commands of GitHub,
/// and otherwise as a comment on a pull request.
pub fn review(reviewed: &Reviewed<'_>, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Full => full::write(reviewed, out),
        Format::Json => json::write(reviewed, out),
        Format::Github => github::write(reviewed, out),
        _ => markdown::write(reviewed, out),
    }
}

impl Reviewed<'_> {
    /// `2 effective changes, 1 new warning, 0 fixed, 6 unchanged (not shown)`.
    fn sentence(&self) -> String {
        let new = match self.new.diagnostics.len() {
            0 => "no new findings".to_owned(),
            _ => format!("new: {}", summary::found(&self.new.summary)),
        };
        let fixed = self.fixed.diagnostics.len();
        let unchanged = self.unchanged;
        let changes = self.changes();
        format!("{changes}; {new}; {fixed} fixed, {unchanged} unchanged (not shown)")
    }

    fn changes(&self) -> String {
        match self.review.changes.len() {
            0 => "no effective change".to_owned(),
            count => summary::counted(count, "effective change"),
        }
    }

    // The sides of a change, each with its name and how its files are called.
    fn sides<'c>(&self, change: &'c Change) -> [(&'static str, Option<&'c Side>); 2] {
        [
            ("before", change.before.as_ref()),
            ("after", change.after.as_ref()),
        ]
    }

    fn place(&self, side: &str, place: &Place) -> String {
        let name = match side {
            "before" => (self.before)(&place.file),
            _ => (self.style.display)(&place.file),
        };
        format!("{name}:{}: {}", place.line, place.text)
    }

    // One line for a finding that is gone.
    fn fixed(&self, finding: &Diagnostic) -> String {
        let source = self.fixed.sources.get(finding.primary.span.file);
        let name = (self.before)(source.name());
        let line = self.fixed.sources.start(finding.primary.span).line;
        format!("{name}:{line}: {} [{}]", finding.message, finding.rule)
    }
}

/// What a side of a change is.
fn value(side: Option<&Side>) -> &str {
    match side {
        None => "nothing",
        Some(side) if side.value.is_empty() => "nothing",
        Some(side) => &side.value,
    }
}

/// The server of a change, and how many others it is one of.
fn servers(change: &Change) -> String {
    let others = change.also.iter().map(|it| it.0.as_str());
    let mut others: FxHashSet<&str> = others.collect();
    others.remove(change.server.as_str());
    match others.len() {
        0 => change.server.clone(),
        count => {
            let others = summary::counted(count, "other server");
            format!("{} and {others}", change.server)
        }
    }
}

/// What a change is about.
fn about(change: &Change) -> String {
    let (servers, subject) = (servers(change), &change.subject);
    let is_said = says_server(subject, &change.server) || subject.contains(&change.server);
    match is_said && servers == change.server {
        true => subject.clone(),
        false => format!("{subject} of {servers}"),
    }
}

/// Of what else a change is told: of each server once before it is told of one again.
fn also(change: &Change) -> Option<String> {
    const MOST: usize = 5;
    let mut servers = FxHashSet::from_iter([change.server.as_str()]);
    let also = change.also.iter();
    let (others, again): (Vec<_>, Vec<_>) = also.partition(|it| servers.insert(it.0.as_str()));
    let named = others.into_iter().chain(again).take(MOST);
    let named: Vec<String> = named
        .map(|(server, subject)| match says_server(subject, server) {
            _ if *server == change.server => subject.clone(),
            true => subject.clone(),
            false => format!("{subject} of {server}"),
        })
        .collect();
    let named = named.join(", ");
    match change.also.len() {
        0 => None,
        count if count > MOST => Some(format!("also {named} and {} more", count - MOST)),
        _ => Some(format!("also {named}")),
    }
}

// Whether a URL already has the name of its server.
fn says_server(subject: &str, server: &str) -> bool {
    let name = server.split(':').next().unwrap_or(server);
    subject.contains("://") && subject.contains(name)
}

fn shown(text: &str) -> String {
    visible::visible(text).into_owned()
}
