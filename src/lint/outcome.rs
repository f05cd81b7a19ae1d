//! What a run found.

use std::borrow::Cow;

use super::fleet::Hosts;
use crate::diagnostic::{Diagnostic, Level};
use crate::evaluate::Standing;
use crate::source::{Frame, Site, Sources};

/// Something that could not be decided, said once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What is not known, as a noun phrase: `the modules compiled into httpd`.
    pub what: String,
    /// How many other things of the kind are not known, either.
    pub others: usize,
    /// Which fact would decide it: "`httpd -l`", with the option that brings it.
    pub decided_by: String,
    /// Where it mattered first, if it did at a place.
    pub site: Option<Site>,
    /// At how many places it mattered.
    pub places: usize,
}

impl Unknown {
    /// All that is not known, as a noun phrase: `what is at /srv, and 2 others`.
    pub fn all(&self) -> Cow<'_, str> {
        match self.others {
            0 => Cow::Borrowed(&self.what),
            1 => Cow::Owned(format!("{}, and 1 other", self.what)),
            others => Cow::Owned(format!("{}, and {others} others", self.what)),
        }
    }
}

/// Where a part of a configuration was taken to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fragment {
    /// There.
    At(Standing),
    /// In any of several places: only what is refused in all of them was found.
    Anywhere,
}

/// How much was read and found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// What it was, if it was only a part of a configuration.
    pub fragment: Option<Fragment>,
    /// Texts read.
    pub files: usize,
    /// Directives and sections evaluated, those of a file included twice counted twice.
    pub directives: usize,
    /// Findings of [`Level::Error`].
    pub errors: usize,
    /// Findings of [`Level::Warning`].
    pub warnings: usize,
    /// Findings of [`Level::Note`].
    pub notes: usize,
}

impl Summary {
    /// The same, with the numbers of other findings.
    #[must_use]
    pub fn with_counts(self, findings: &[Diagnostic]) -> Self {
        let count = |level| findings.iter().filter(|it| it.level == level).count();
        Self {
            errors: count(Level::Error),
            warnings: count(Level::Warning),
            notes: count(Level::Note),
            ..self
        }
    }
}

/// The result of a run, ready to be rendered.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The texts that the findings point into.
    pub sources: Sources,
    /// How evaluation came to them; a [`crate::source::FrameId`] is a position here.
    pub frames: Vec<Frame>,
    /// The findings: file by file as they were read first, in each as they stand there.
    pub diagnostics: Vec<Diagnostic>,
    /// The position in `diagnostics` of the one that `httpd -t` would print.
    pub first: Option<usize>,
    /// What could not be decided.
    pub unknowns: Vec<Unknown>,
    /// The counts.
    pub summary: Summary,
    /// How many findings were left out because they were too many; `summary` counts them.
    pub left_out: usize,
    /// On which hosts what was found holds, where there are several; then `first` says nothing.
    pub hosts: Option<Hosts>,
}

impl Outcome {
    /// Whether a finding is the one that `httpd -t` would print, on any host.
    pub fn is_first(&self, finding: usize) -> bool {
        let stopped = self.hosts.as_ref().and_then(|it| it.stopped.get(finding));
        self.first == Some(finding) || stopped.is_some_and(|it| !it.is_empty())
    }

    /// Leaves out the findings that `wants` does not want; what is changed in a finding stays so.
    pub fn keep(&mut self, mut wants: impl FnMut(&mut Diagnostic) -> bool) {
        let kept: Vec<bool> = self.diagnostics.iter_mut().map(&mut wants).collect();
        let is_kept = |at: usize| kept.get(at).copied().unwrap_or(true);
        self.first = self
            .first
            .filter(|it| is_kept(*it))
            .map(|it| (0..it).filter(|before| is_kept(*before)).count());
        retain(&mut self.diagnostics, is_kept);
        if let Some(hosts) = &mut self.hosts {
            retain(&mut hosts.of_finding, is_kept);
            retain(&mut hosts.stopped, is_kept);
        }
        self.summary = self.summary.with_counts(&self.diagnostics);
    }

    /// Leaves out all but some of the findings, the least severe first; the counts stay.
    pub fn limit(&mut self, most: usize) {
        let beyond = self
            .by_severity()
            .split_off(most.min(self.diagnostics.len()));
        if beyond.is_empty() {
            return;
        }
        let mut is_beyond = vec![false; self.diagnostics.len()];
        for finding in &beyond {
            is_beyond[*finding] = true;
        }
        let summary = self.summary;
        let mut kept = is_beyond.into_iter().map(|it| !it);
        self.keep(|_| kept.next().unwrap_or(true));
        self.summary = summary;
        self.left_out += beyond.len();
    }

    /// The positions of the findings: where httpd stops, then the most severe ones, else as read.
    pub fn by_severity(&self) -> Vec<usize> {
        let mut positions: Vec<usize> = (0..self.diagnostics.len()).collect();
        positions.sort_by_key(|&it| {
            let level = self.diagnostics.get(it).map(|it| it.level);
            std::cmp::Reverse((self.is_first(it), level))
        });
        positions
    }

    /// The worst level found.
    pub fn worst(&self) -> Option<Level> {
        self.diagnostics.iter().map(|it| it.level).max()
    }
}

fn retain<T>(list: &mut Vec<T>, is_kept: impl Fn(usize) -> bool) {
    let mut at = 0;
    list.retain(|_| {
        at += 1;
        is_kept(at - 1)
    });
}
