//! Puts findings in reading order, each once, and finds the one that httpd would print.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Level, Phase};
use crate::source::Span;

/// Findings on their way into an outcome.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) diagnostics: Vec<Diagnostic>,
    // For each error the step of httpd that finds it.
    steps: Vec<Option<Step>>,
    seen: FxHashMap<(&'static str, Span), Vec<usize>>,
}

/// The steps of `httpd -t`: a mistake of an earlier one hides all of the later ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Read,
    CountMpms,
    Handle,
    CheckErrorLogs,
    Check,
}

impl Collected {
    /// Takes a finding; what is said again of the same place, because a file is included twice, is
    /// said once.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        let key = (diagnostic.rule, diagnostic.primary.span);
        let same = self.seen.entry(key).or_default();
        if same
            .iter()
            .any(|it| self.diagnostics[*it].message == diagnostic.message)
        {
            return;
        }
        same.push(self.diagnostics.len());
        self.steps.push(step(&diagnostic));
        self.diagnostics.push(diagnostic);
    }

    /// The position of the finding that httpd would print.
    pub(super) fn first(&self) -> Option<usize> {
        let steps = self.steps.iter().enumerate();
        steps
            .filter_map(|(at, step)| Some(((*step)?, at)))
            .min()
            .map(|it| it.1)
    }
}

fn step(diagnostic: &Diagnostic) -> Option<Step> {
    let httpd = diagnostic
        .httpd
        .as_ref()
        .filter(|_| diagnostic.level == Level::Error)?;
    Some(match httpd.phase {
        // The MPMs are counted when everything is read; it is the only mistake of that step
        // without a place.
        Phase::Read if diagnostic.rule == "mpm-count" => Step::CountMpms,
        Phase::Read => Step::Read,
        Phase::Handle => Step::Handle,
        // Of the checks behind phase 2 that of the error logs is the first.
        Phase::Check if httpd.message.contains("AH02291") => Step::CheckErrorLogs,
        Phase::Check => Step::Check,
    })
}
