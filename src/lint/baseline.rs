//! Findings that are known, and not shown again.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::diagnostic::{Diagnostic, Level};
use crate::source::{FileId, Source};
use crate::syntax::Document;

/// The version of the format.
const VERSION: u32 = 1;

/// Known findings. Each is known by its rule, its file, the text of its line and the sections around
/// that: wherever the line moves, it is the same finding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<Known, usize>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Known {
    file: String,
    rule: String,
    fingerprint: String,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    findings: Vec<StoredFinding>,
}

#[derive(Serialize, Deserialize)]
struct StoredFinding {
    file: String,
    rule: String,
    fingerprint: String,
    count: usize,
}

impl Baseline {
    /// What is found now, without what httpd refuses: that is always shown. `name` is what a file of
    /// the server is called here.
    pub fn of(outcome: &Outcome, name: &dyn Fn(&str) -> String) -> Self {
        let mut fingerprints = Fingerprints::new(outcome, name);
        let mut known = BTreeMap::new();
        let findings = outcome.diagnostics.iter();
        for finding in findings.filter(|it| it.level != Level::Error) {
            *known.entry(fingerprints.of(finding)).or_default() += 1;
        }
        Self(known)
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// One line that says why it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let stored: Stored = serde_json::from_str(text).map_err(|it| it.to_string())?;
        if stored.version != VERSION {
            return Err(format!("version {} is not known", stored.version));
        }
        let mut known = BTreeMap::new();
        for it in stored.findings {
            let key = Known {
                file: it.file,
                rule: it.rule,
                fingerprint: it.fingerprint,
            };
            *known.entry(key).or_default() += it.count;
        }
        Ok(Self(known))
    }

    /// The text of the baseline: one line for each kind of finding, sorted, so that changes are
    /// easy to see.
    pub fn text(&self) -> String {
        let lines = self.0.iter().map(|(known, count)| {
            let finding = StoredFinding {
                file: known.file.clone(),
                rule: known.rule.clone(),
                fingerprint: known.fingerprint.clone(),
                count: *count,
            };
            serde_json::to_string(&finding).unwrap_or_default()
        });
        let lines = lines.collect::<Vec<_>>().join(",\n");
        format!("{{\"version\":{VERSION},\"findings\":[\n{lines}\n]}}\n")
    }

    /// Takes the findings that are known out of an outcome; returns how many others were known.
    pub fn take_out(&self, outcome: &mut Outcome, name: &dyn Fn(&str) -> String) -> usize {
        let mut left = self.0.clone();
        let mut fingerprints = Fingerprints::new(outcome, name);
        let findings = outcome.diagnostics.iter();
        let keys = findings.map(|it| (it.level != Level::Error).then(|| fingerprints.of(it)));
        let keys: Vec<Option<Known>> = keys.collect();
        let mut keys = keys.into_iter();
        outcome.keep(|_| {
            let key = keys.next().flatten();
            let count = key.and_then(|it| left.get_mut(&it)).filter(|it| **it > 0);
            match count {
                Some(count) => {
                    *count -= 1;
                    false
                }
                None => true,
            }
        });
        left.values().sum()
    }

    /// The number of findings.
    pub fn len(&self) -> usize {
        self.0.values().sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many findings are here and not in another baseline.
    pub fn beyond(&self, other: &Self) -> usize {
        let more = self.0.iter().map(|(known, count)| {
            count.saturating_sub(other.0.get(known).copied().unwrap_or_default())
        });
        more.sum()
    }
}

/// How one finding is told from all others of an outcome, wherever its line moves.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    known: Known,
    /// Which one it is of those that are known as the same, from 1.
    occurrence: usize,
}

impl Fingerprint {
    /// Those of all findings, in their order. `name` is what a file of the server is called here.
    pub fn all(outcome: &Outcome, name: &dyn Fn(&str) -> String) -> Vec<Self> {
        let mut fingerprints = Fingerprints::new(outcome, name);
        let mut occurrences = FxHashMap::default();
        let findings = outcome.diagnostics.iter();
        let each = findings.map(|it| {
            let known = fingerprints.of(it);
            let occurrence = occurrences.entry(known.clone()).or_insert(0);
            *occurrence += 1;
            Self {
                occurrence: *occurrence,
                known,
            }
        });
        each.collect()
    }

    /// Among the findings of its rule in its file: the fingerprint of the baseline and a number.
    pub fn in_file(&self) -> String {
        format!("{}:{}", self.known.fingerprint, self.occurrence)
    }

    /// Among all findings.
    pub fn anywhere(&self) -> String {
        let mut hash = LineHash::default();
        hash.add(&self.known.file);
        hash.add(&self.known.rule);
        hash.add(&self.in_file());
        hash.text()
    }
}

/// Makes fingerprints; the lines of each file are found once.
struct Fingerprints<'a> {
    outcome: &'a Outcome,
    name: &'a dyn Fn(&str) -> String,
    outlines: FxHashMap<FileId, Outline>,
}

struct Outline {
    document: Document,
    // For each line the one that opens the section around it.
    around: Vec<Option<usize>>,
}

impl<'a> Fingerprints<'a> {
    fn new(outcome: &'a Outcome, name: &'a dyn Fn(&str) -> String) -> Self {
        Self {
            outcome,
            name,
            outlines: FxHashMap::default(),
        }
    }

    fn of(&mut self, finding: &Diagnostic) -> Known {
        let span = finding.primary.span;
        let source = self.outcome.sources.get(span.file);
        let outline = self
            .outlines
            .entry(span.file)
            .or_insert_with(|| Outline::of(span.file, source));
        let mut hash = LineHash::default();
        for line in outline.lines_at(span.start) {
            hash.add(&outline.text(line, source));
        }
        Known {
            file: (self.name)(source.name()),
            rule: finding.rule.to_owned(),
            fingerprint: hash.text(),
        }
    }
}

impl Outline {
    fn of(file: FileId, source: &Source) -> Self {
        let document = Document::parse(file, source.text(), source.encoding());
        let around = document.lines_around(source.text());
        Self { document, around }
    }

    // The line of a place, and those that open the sections around it.
    fn lines_at(&self, place: u32) -> Vec<usize> {
        let lines = &self.document.lines;
        let line = lines.partition_point(|it| it.start <= place).checked_sub(1);
        let around = |it: &usize| self.around.get(*it).copied().flatten();
        std::iter::successors(line, around).collect()
    }

    // Blanks do not count.
    fn text(&self, line: usize, source: &Source) -> String {
        let Some(line) = self.document.lines.get(line) else {
            return String::new();
        };
        let logical = self.document.logical(line, source.text());
        let words = logical.text.split_ascii_whitespace();
        words.collect::<Vec<_>>().join(" ")
    }
}

/// FNV-1a of 64 bits: the same in every version and on every machine.
struct LineHash(u64);

impl Default for LineHash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl LineHash {
    fn text(&self) -> String {
        format!("{:016x}", self.0)
    }

    fn add(&mut self, line: &str) {
        for byte in line.bytes().chain([b'\n']) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
