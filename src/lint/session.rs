//! One configuration, linted; and again where a file of it changed.

use rustc_hash::FxHashMap;

use super::outcome::{Outcome, Summary, Unknown};
use crate::configtest::{Checker, Finding, Modules, check_server};
use crate::diagnostic::{Diagnostic, Level, Phase};
use crate::evaluate::Unknown as UnknownThing;
use crate::evaluate::{Config, Evaluation, Inputs, NodeIndex, OccurrenceId, UnknownFact};
use crate::source::{FrameId, Site};
use crate::world::ReadError;

/// A configuration and what is wrong with it.
pub struct Session<'a> {
    evaluation: Evaluation<'a>,
    modules: Modules,
    refused: FxHashMap<OccurrenceId, Vec<Finding>>,
    whole: Vec<(Option<crate::evaluate::PlacedId>, Diagnostic)>,
}

impl<'a> Session<'a> {
    /// Reads and lints the configuration that begins with the main file.
    ///
    /// # Errors
    /// The main file cannot be read.
    pub fn new(inputs: Inputs<'a>) -> Result<Self, ReadError> {
        let mut evaluation = Evaluation::new(inputs)?;
        let modules = Modules::of(&mut evaluation);
        let mut session = Self {
            evaluation,
            modules,
            refused: FxHashMap::default(),
            whole: Vec::new(),
        };
        session.check_everything();
        Ok(session)
    }

    /// The configuration as read.
    pub fn config(&self) -> &Config {
        self.evaluation.config()
    }

    fn check_everything(&mut self) {
        let config = self.evaluation.config();
        let checker = Checker {
            inputs: self.evaluation.inputs(),
            config,
            modules: &self.modules,
        };
        self.refused.clear();
        for id in config.living() {
            let findings = checker.occurrence(id);
            if !findings.is_empty() {
                self.refused.insert(id, findings);
            }
        }
        self.whole = check_server(&checker);
    }

    /// Everything found, in reading order.
    pub fn outcome(&self) -> Outcome {
        let config = self.evaluation.config();
        let mut collected = Collected::default();
        for (place, diagnostic) in &self.whole {
            if place.is_none() {
                collected.push(diagnostic.clone(), 1);
            }
        }
        self.collect(OccurrenceId(0), &mut collected);
        let first = collected.first();
        let diagnostics = collected.diagnostics;
        let count = |level| {
            diagnostics
                .iter()
                .filter(|it: &&Diagnostic| it.level == level)
                .count()
        };
        let living = config.living();
        let files: rustc_hash::FxHashSet<_> = living
            .iter()
            .map(|it| config.occurrence(*it).unit.document.file)
            .collect();
        let summary = Summary {
            files: files.len(),
            directives: living
                .iter()
                .map(|it| config.occurrence(*it).unit.nodes.len())
                .sum(),
            errors: count(Level::Error),
            warnings: count(Level::Warning),
            notes: count(Level::Note),
        };
        Outcome {
            sources: config.sources.clone(),
            frames: config.frames.clone(),
            diagnostics,
            first,
            unknowns: self.unknowns(&living),
            summary,
        }
    }

    // In the order in which httpd comes across them: a file's findings with those of the files
    // that it includes in between.
    fn collect(&self, id: OccurrenceId, collected: &mut Collected) {
        let occurrence = self.evaluation.config().occurrence(id);
        let mut read = occurrence.unit.findings.iter().peekable();
        let mut refused = self.refused.get(&id).into_iter().flatten().peekable();
        let mut whole = self
            .whole
            .iter()
            .filter_map(|(place, diagnostic)| Some(((*place)?, diagnostic)))
            .filter(|(place, _)| place.occurrence == id)
            .peekable();
        let mut children = occurrence.children.iter().peekable();
        loop {
            let node = children.peek().map_or(usize::MAX, |it| it.0.index());
            while let Some(finding) = read.next_if(|it| it.0 as usize <= node) {
                collected.push(placed(&finding.1, occurrence.frame), 0);
            }
            while let Some(finding) = refused.next_if(|it| (it.turn as usize) <= node) {
                collected.push(finding.diagnostic.clone(), 2);
            }
            while let Some((_, diagnostic)) =
                whole.next_if(|(place, _)| place.node <= NodeIndex::new(node))
            {
                let rank = if diagnostic
                    .httpd
                    .as_ref()
                    .is_some_and(|it| it.phase == Phase::Read)
                {
                    1
                } else {
                    2
                };
                collected.push(diagnostic.clone(), rank);
            }
            match children.next() {
                Some((_, child)) => self.collect(*child, collected),
                None => return,
            }
        }
    }

    fn unknowns(&self, living: &[OccurrenceId]) -> Vec<Unknown> {
        let config = self.evaluation.config();
        let mut unknowns: Vec<Unknown> = Vec::new();
        let mut index: FxHashMap<String, usize> = FxHashMap::default();
        for id in living {
            let occurrence = config.occurrence(*id);
            for fact in &occurrence.unit.unknowns {
                let (what, decided_by) = said(fact);
                let site = Site {
                    span: fact.span,
                    frame: occurrence.frame,
                };
                match index.get(&what) {
                    Some(&at) => unknowns[at].places += 1,
                    None => {
                        index.insert(what.clone(), unknowns.len());
                        unknowns.push(Unknown {
                            what,
                            decided_by,
                            site: Some(site),
                            places: 1,
                        });
                    }
                }
            }
        }
        unknowns
    }
}

fn said(fact: &UnknownFact) -> (String, String) {
    match &fact.what {
        UnknownThing::Module(name) => (
            format!("whether `{name}` is compiled into httpd"),
            "`httpd -l`".to_owned(),
        ),
        UnknownThing::Variable(name) => (
            format!("the value of `${{{name}}}`"),
            "the environment that httpd is started with (`--envvars`)".to_owned(),
        ),
        UnknownThing::Path(path) => (
            format!("what is at `{path}`"),
            "the server itself".to_owned(),
        ),
        UnknownThing::Version => ("the version of httpd".to_owned(), "`httpd -V`".to_owned()),
        UnknownThing::Setting(name) => (
            format!("the value of `{name}`"),
            "the facts above".to_owned(),
        ),
    }
}

// A unit's findings know only its own frames.
fn placed(finding: &Diagnostic, frame: FrameId) -> Diagnostic {
    let mut finding = finding.clone();
    finding.frame = finding.frame.map(|it| FrameId(frame.0 + it.0));
    finding
}

#[derive(Default)]
struct Collected {
    diagnostics: Vec<Diagnostic>,
    // The phase of each error, in httpd's order; what is no error has none.
    ranks: Vec<Option<u8>>,
    seen: FxHashMap<(&'static str, crate::source::Span), Vec<usize>>,
}

impl Collected {
    // What is said twice of the same place, because a file is included twice, is said once.
    fn push(&mut self, diagnostic: Diagnostic, rank: u8) {
        let key = (diagnostic.rule, diagnostic.primary.span);
        let same = self.seen.entry(key).or_default();
        if same
            .iter()
            .any(|it| self.diagnostics[*it].message == diagnostic.message)
        {
            return;
        }
        same.push(self.diagnostics.len());
        self.ranks
            .push((diagnostic.level == Level::Error).then_some(rank));
        self.diagnostics.push(diagnostic);
    }

    fn first(&self) -> Option<usize> {
        let ranked = self
            .ranks
            .iter()
            .enumerate()
            .filter_map(|(at, rank)| Some(((*rank)?, at)));
        ranked.min().map(|it| it.1)
    }
}
