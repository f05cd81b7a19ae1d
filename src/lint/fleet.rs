//! One configuration on many servers: every finding once, with the hosts on which it holds.

use rustc_hash::FxHashMap;

use super::allow;
use super::outcome::{Outcome, Summary, Unknown};
use crate::diagnostic::{Diagnostic, HttpdMessage, Level};
use crate::source::{Cause, Frame, FrameId, Sources, Span};

/// On which hosts what was found holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hosts {
    /// The names of all hosts, sorted.
    pub names: Vec<String>,
    /// For each finding the positions of its hosts in `names`, ascending.
    pub of_finding: Vec<Vec<usize>>,
    /// For each finding the positions of the hosts whose httpd would stop at it.
    pub stopped: Vec<Vec<usize>>,
}

impl Hosts {
    /// The names of hosts.
    pub fn called<'a>(&'a self, positions: &'a [usize]) -> impl Iterator<Item = &'a str> {
        let names = positions.iter().filter_map(|it| self.names.get(*it));
        names.map(String::as_str)
    }
}

/// What is the same finding on different servers. Notes may name the facts of one.
type Same = (
    &'static str,
    Level,
    String,
    Span,
    Vec<Cause>,
    Option<HttpdMessage>,
);

/// The findings of several servers on their way into one outcome.
#[derive(Default)]
pub struct Fleet {
    names: Vec<String>,
    sources: Sources,
    frames: Vec<Frame>,
    diagnostics: Vec<Diagnostic>,
    of_finding: Vec<Vec<usize>>,
    stopped: Vec<Vec<usize>>,
    seen: FxHashMap<Same, usize>,
    // The findings that came to be known before another, or at the end.
    before: FxHashMap<Option<usize>, Vec<usize>>,
    unknowns: Vec<Unknown>,
    summary: Summary,
}

impl Fleet {
    /// A fleet of hosts of these names, sorted.
    pub fn new(names: Vec<String>) -> Self {
        Self {
            names,
            ..Self::default()
        }
    }

    /// Takes in what was found on hosts that are all alike; `hosts` are the positions of their
    /// names, ascending. All outcomes must be of one [`super::Session`].
    pub fn add(&mut self, outcome: Outcome, hosts: &[usize]) {
        let offset = self.file_frames(&outcome.frames);
        let mut next = None;
        for (index, mut diagnostic) in outcome.diagnostics.into_iter().enumerate().rev() {
            diagnostic.frame = diagnostic.frame.map(|it| FrameId(it.0 + offset));
            let position = self.position(diagnostic, next);
            self.of_finding[position].extend(hosts);
            if outcome.first == Some(index) {
                self.stopped[position].extend(hosts);
            }
            next = Some(position);
        }
        for mut unknown in outcome.unknowns {
            if let Some(site) = &mut unknown.site {
                site.frame.0 += offset;
            }
            let is_same = |it: &&mut Unknown| {
                it.what == unknown.what
                    && it.others == unknown.others
                    && it.decided_by == unknown.decided_by
            };
            match self.unknowns.iter_mut().find(is_same) {
                Some(known) => known.places = known.places.max(unknown.places),
                None => self.unknowns.push(unknown),
            }
        }
        self.sources = outcome.sources;
        self.summary.fragment = outcome.summary.fragment;
        self.summary.files = self.summary.files.max(outcome.summary.files);
        self.summary.directives = self.summary.directives.max(outcome.summary.directives);
    }

    // Most servers lead evaluation on the same ways.
    fn file_frames(&mut self, frames: &[Frame]) -> u32 {
        if self.frames.starts_with(frames) {
            return 0;
        }
        let offset = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
        let moved = frames.iter().map(|it| Frame {
            parent: it.parent.map(|it| FrameId(it.0 + offset)),
            cause: it.cause,
        });
        self.frames.extend(moved);
        offset
    }

    // Where a finding is filed; before `next`, if it is new.
    fn position(&mut self, diagnostic: Diagnostic, next: Option<usize>) -> usize {
        let same = (
            diagnostic.rule,
            diagnostic.level,
            diagnostic.message.clone(),
            diagnostic.primary.span,
            self.way(diagnostic.frame),
            diagnostic.httpd.clone(),
        );
        let new = self.diagnostics.len();
        let position = *self.seen.entry(same).or_insert(new);
        if position == new {
            self.before.entry(next).or_default().push(new);
            self.diagnostics.push(diagnostic);
            self.of_finding.push(Vec::new());
            self.stopped.push(Vec::new());
        }
        position
    }

    fn way(&self, frame: Option<FrameId>) -> Vec<Cause> {
        let get = |id: FrameId| self.frames.get(id.0 as usize);
        let frames = std::iter::successors(frame.and_then(get), |it| it.parent.and_then(get));
        frames.map(|it| it.cause).collect()
    }

    // The positions of the findings in reading order.
    fn order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.diagnostics.len());
        // Findings, each with how many of those before it are in order already.
        let mut waiting = vec![(None, 0)];
        while let Some((finding, done)) = waiting.last_mut() {
            let before = self.before.get(finding);
            if let Some(earlier) = before.and_then(|it| it.get(*done)) {
                *done += 1;
                waiting.push((Some(*earlier), 0));
            } else {
                order.extend(*finding);
                waiting.pop();
            }
        }
        order
    }

    // Whether a comment that seems to allow nothing does so on another host.
    fn is_used_elsewhere(&self, position: usize) -> bool {
        self.diagnostics[position].rule == allow::UNUSED
            && self.of_finding[position].len() < self.names.len()
    }

    /// One outcome for all.
    pub fn outcome(mut self) -> Outcome {
        let mut order = self.order();
        order.retain(|it| !self.is_used_elsewhere(*it));
        let sorted = |lists: &mut Vec<Vec<usize>>| -> Vec<Vec<usize>> {
            let taken = order.iter().map(|it| {
                let mut hosts = std::mem::take(&mut lists[*it]);
                hosts.sort_unstable();
                hosts
            });
            taken.collect()
        };
        let hosts = Hosts {
            names: self.names,
            of_finding: sorted(&mut self.of_finding),
            stopped: sorted(&mut self.stopped),
        };
        let mut diagnostics: Vec<Option<Diagnostic>> =
            self.diagnostics.into_iter().map(Some).collect();
        let diagnostics: Vec<Diagnostic> = order
            .iter()
            .filter_map(|it| diagnostics[*it].take())
            .collect();
        let summary = self.summary.with_counts(&diagnostics);
        Outcome {
            sources: self.sources,
            frames: self.frames,
            diagnostics,
            first: None,
            unknowns: self.unknowns,
            summary,
            left_out: 0,
            hosts: Some(hosts),
        }
    }
}
