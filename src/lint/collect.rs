//! Puts findings in order, each once, and finds the one that httpd would print.

use rustc_hash::FxHashMap;

use super::allow::Allowances;
use crate::diagnostic::{Diagnostic, Level, Step};
use crate::source::{FileId, Span};

/// Findings on their way into an outcome.
#[derive(Default)]
pub(super) struct Collected<'a> {
    pub(super) allowances: Allowances<'a>,
    pub(super) diagnostics: Vec<Diagnostic>,
    // For each error the reading and the step of httpd that finds it, and which error it is there.
    steps: Vec<Option<(u32, Step, usize)>>,
    // The configuration is read first, each `.htaccess` file by itself when a request comes.
    reading: u32,
    seen: FxHashMap<(&'static str, Span), Vec<usize>>,
}

impl<'a> Collected<'a> {
    /// Nothing yet; what is allowed will be left out.
    pub(super) fn new(allowances: Allowances<'a>) -> Self {
        Self {
            allowances,
            ..Self::default()
        }
    }

    /// Takes a finding; what is said again of the same place, because a file is included twice, is
    /// said once.
    pub(super) fn push(&mut self, mut diagnostic: Diagnostic) {
        if self.allowances.allow(&mut diagnostic) {
            return;
        }
        let key = (diagnostic.rule, diagnostic.primary.span);
        let same = self.seen.entry(key).or_default();
        if same
            .iter()
            .any(|it| self.diagnostics[*it].message == diagnostic.message)
        {
            return;
        }
        same.push(self.diagnostics.len());
        let turn = self.diagnostics.len();
        self.steps
            .push(step(&diagnostic).map(|it| (self.reading, it, turn)));
        self.diagnostics.push(diagnostic);
    }

    /// Takes a finding that httpd does not print, and that no comment allows.
    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
        self.steps.push(None);
    }

    /// Puts the findings in the order of their files, as these were read first, and of their places
    /// in them.
    pub(super) fn sort(&mut self, files: impl Iterator<Item = FileId>) {
        let mut ranks: FxHashMap<FileId, usize> = FxHashMap::default();
        for file in files {
            let next = ranks.len();
            ranks.entry(file).or_insert(next);
        }
        let place = |it: &Diagnostic| (ranks.get(&it.primary.span.file).copied(), it.primary.span);
        let steps = self.steps.drain(..);
        let mut findings: Vec<_> = self.diagnostics.drain(..).zip(steps).collect();
        findings.sort_by_key(|it| place(&it.0));
        (self.diagnostics, self.steps) = findings.into_iter().unzip();
        // These positions are of no use any more.
        self.seen.clear();
    }

    /// From here on, findings are those of another `.htaccess` file.
    pub(super) fn begin_reading(&mut self) {
        self.reading += 1;
    }

    /// The position of the finding that httpd would print.
    pub(super) fn first(&self) -> Option<usize> {
        self.first_of(|_| true)
    }

    /// The finding at which httpd stops in what was read last.
    pub(super) fn last_stop(&mut self) -> Option<&mut Diagnostic> {
        let first = self.first_of(|it| it == self.reading)?;
        self.diagnostics.get_mut(first)
    }

    fn first_of(&self, is_meant: impl Fn(u32) -> bool) -> Option<usize> {
        let steps = self.steps.iter().enumerate();
        steps
            .filter_map(|(at, step)| Some(((*step)?, at)))
            .filter(|((reading, ..), _)| is_meant(*reading))
            .min()
            .map(|it| it.1)
    }
}

fn step(diagnostic: &Diagnostic) -> Option<Step> {
    let is_error = diagnostic.level == Level::Error;
    let httpd = diagnostic.httpd.as_ref().filter(|_| is_error)?;
    Some(httpd.step)
}
