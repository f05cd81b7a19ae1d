//! What is not known of a request, and why.

use std::io::{self, Write};

use serde::Serialize;

use super::super::visible::visible;
use crate::model::{Doubt, Known, Missing};

/// A part of a report that is not known.
#[derive(Serialize)]
pub(super) struct Unknown {
    pub(super) what: String,
    pub(super) why: String,
    pub(super) candidates: Vec<String>,
    #[serde(skip)]
    missing: Option<Missing>,
}

/// All parts of a report that are not known.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub(super) struct Unknowns {
    pub(super) list: Vec<Unknown>,
}

impl Unknowns {
    /// A value, or else a note of why it is not known.
    pub(super) fn take<T: Clone>(&mut self, what: &str, value: &Known<T>) -> Option<T> {
        match value {
            Ok(value) => Some(value.clone()),
            Err(doubt) => {
                self.add(what, doubt);
                None
            }
        }
    }

    /// Notes why something is not known.
    pub(super) fn add(&mut self, what: &str, doubt: &Doubt) {
        self.list.push(Unknown {
            what: what.to_owned(),
            why: doubt.why.clone(),
            candidates: doubt.candidates.clone(),
            missing: doubt.missing,
        });
    }

    /// Whether a part is not known.
    pub(super) fn has(&self, what: &str) -> bool {
        self.list.iter().any(|it| it.what == what)
    }

    /// Writes them for a person, each reason once, with the words that the report has for its parts.
    pub(super) fn write(
        &self,
        called: &dyn Fn(&str) -> String,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut reasons: Vec<Vec<&Unknown>> = Vec::new();
        for unknown in &self.list {
            match reasons.iter_mut().find(|it| it[0].is_like(unknown)) {
                Some(alike) => alike.push(unknown),
                None => reasons.push(vec![unknown]),
            }
        }
        for alike in reasons {
            let names: Vec<String> = alike.iter().map(|it| called(&it.what)).collect();
            let what = match names.as_slice() {
                [others @ .., last] if !others.is_empty() => {
                    format!("{} and {last} are", others.join(", "))
                }
                names => format!("{} is", names.concat()),
            };
            let line = format!("{what} not known: {}", alike[0].reason());
            writeln!(out, "  {}", visible(&line))?;
        }
        Ok(())
    }
}

impl Unknown {
    fn is_like(&self, other: &Self) -> bool {
        self.why == other.why && self.candidates == other.candidates
    }

    // Why, which option would tell, and what it may be.
    fn reason(&self) -> String {
        let option = match self.missing {
            Some(Missing::Address) => "; `--connect` says it",
            Some(Missing::Client) => "; `--from` says it",
            None => "",
        };
        let candidates = match self.candidates.as_slice() {
            [] => String::new(),
            all => format!(" ({})", all.join(", ")),
        };
        format!("{}{option}{candidates}", self.why)
    }
}
