//! `Include` and `IncludeOptional`.

use std::sync::Arc;

use super::execute::Running;
use super::{Position, Reader, Refusal};
use crate::evaluate::ahead::{self, Ahead, Found, Wanted};
use crate::evaluate::config::{Included, NodeIndex, Unknown};
use crate::evaluate::environment::{Space, Value};
use crate::evaluate::include::{self, Step};
use crate::source::Span;
use crate::world::ReadError;

/// The largest number of `Include` directives inside each other (AP_MAX_INCLUDE_DEPTH); the main
/// file is none.
pub(in crate::evaluate) const INCLUDE_DEPTH: usize = 128;

impl Reader<'_, '_, '_> {
    pub(super) fn include_directive(&mut self, running: &Running<'_>, optional: bool) {
        let span = running.word_span(0);
        let argument = running.word(0).unwrap_or_default();
        let path = self.resolve(&argument);
        let Some(path) = path.filter(|_| !running.unsure && !self.is_uncertain()) else {
            self.leave_unread(span);
            return self.unknown(Unknown::Path(argument), span);
        };
        let encoding = self.parsed.source.encoding();
        let steps = include::expand(self.evaluation.inputs.world, &path, encoding, optional);
        let listing: Vec<&str> = steps
            .iter()
            .map(|it| match it {
                Step::File(path) | Step::Refused(path) | Step::Unknown(path) => path.as_str(),
            })
            .collect();
        let listing = Value::Text(listing.join("\0").into());
        self.evaluation
            .environment
            .note(Space::Listing, &path, listing);
        let new: Vec<Wanted<'_>> = steps
            .iter()
            .filter_map(|it| match it {
                Step::File(path) => self.evaluation.wanted(path),
                _ => None,
            })
            .collect();
        let world = self.evaluation.inputs.world;
        ahead::reading(world, &new, |ahead| {
            self.follow(running, &path, &steps, ahead);
        });
    }

    // Does what an `Include` of `path` does.
    fn follow(&mut self, running: &Running<'_>, path: &str, steps: &[Step], mut ahead: Ahead<'_>) {
        let span = running.word_span(0);
        for step in steps {
            match step {
                Step::File(path) => {
                    let text = ahead.take(path);
                    self.include(running.node, path, text, span, running.position);
                }
                Step::Unknown(path) => {
                    self.leave_unread(span);
                    self.unknown(Unknown::Path(path.clone()), span);
                }
                Step::Refused(httpd) => {
                    let message = match fnmatch_message(httpd) {
                        Some(message) => message,
                        None => format!("`{path}` cannot be read"),
                    };
                    self.refuse(running.refusal(
                        "unreadable-include",
                        span,
                        message,
                        httpd.clone(),
                    ));
                }
            }
        }
    }

    // What is read in a section configures that section. Elsewhere it may load and define anything.
    fn leave_unread(&mut self, span: Span) {
        self.unit.unread.push(span);
        if self.is_outside_of_sections() {
            self.evaluation.open_gap();
        }
    }

    // Reads a file in the place of an `Include`; `text` is what was read of it ahead.
    fn include(
        &mut self,
        node: NodeIndex,
        path: &str,
        text: Option<Found>,
        span: Span,
        position: Position,
    ) {
        let file = match self.evaluation.load(path, text) {
            Ok(file) => file,
            Err(ReadError::Unknown) => {
                self.leave_unread(span);
                return self.unknown(Unknown::Path(path.to_owned()), span);
            }
            Err(error) => {
                let text = error.text();
                self.refuse(Refusal {
                    rule: "unreadable-include",
                    span,
                    position: Some(position),
                    httpd: format!("Could not open configuration file {path}: {text}"),
                    message: format!("`{path}` cannot be read: {}", text.to_lowercase()),
                });
                return;
            }
        };
        if self.evaluation.recursion && self.evaluation.active.contains(&file) {
            return;
        }
        if self.evaluation.active.len() > INCLUDE_DEPTH {
            let is_recursion = self.evaluation.active.contains(&file);
            if is_recursion {
                self.evaluation.end_recursion();
            }
            self.refuse(Refusal {
                rule: "include-recursion",
                span,
                position: Some(position),
                httpd: format!(
                    "Exceeded maximum include depth of {INCLUDE_DEPTH}, There appears to be a \
                     recursion."
                ),
                message: match is_recursion {
                    true => "this file includes itself".to_owned(),
                    false => {
                        format!("this file is included at a depth of more than {INCLUDE_DEPTH}")
                    }
                },
            });
            return;
        }
        let read = self.evaluation.read(file);
        match self.unit.includes.last_mut().filter(|it| it.node == node) {
            Some(included) => included.units.push(Arc::clone(&read.unit)),
            None => {
                self.unit.includes.push(Included {
                    node,
                    units: vec![Arc::clone(&read.unit)],
                });
            }
        }
        self.children.push((node, read));
    }
}

// What is behind the two messages about wildcards, in our words.
fn fnmatch_message(httpd: &str) -> Option<String> {
    let rest = httpd.strip_prefix("Include/IncludeOptional: ")?;
    if let Some(rest) = rest.strip_prefix("No matches for the wildcard '") {
        let (pattern, rest) = rest.split_once("' in '")?;
        let directory = rest.strip_suffix("', failing")?;
        return Some(format!("nothing in `{directory}` matches `{pattern}`"));
    }
    let rest = rest.strip_prefix("Could not open directory ")?;
    let (directory, text) = rest.rsplit_once(": ")?;
    Some(format!(
        "the directory `{directory}` cannot be read: {}",
        text.to_lowercase()
    ))
}
