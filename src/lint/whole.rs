//! What rules say of a server as a whole.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::engine::{Engine, turn};
use super::linter::{self, Linter};
use crate::configtest::{Found, Refused, Turn};
use crate::diagnostic::Diagnostic;
use crate::evaluate::OccurrenceId;
use crate::model::Dependence;
use crate::model::request::{Httpd, Outline};
use crate::model::survey::Survey;
use crate::model::wsgi::{Applications, PlainRequest};
use crate::rule::{Check, Context, Report, Rule, Which};
use crate::source::FileId;
use crate::threads;

/// What rules say of the server as a whole, and of what it runs; found when all findings are asked
/// for, because it costs as much as the server is large.
#[derive(Default)]
pub(super) struct WholeFindings {
    // By rule, with what it depends on.
    rules: Vec<OnceCell<(Vec<Found>, Dependence)>>,
}

impl WholeFindings {
    /// Nothing is known yet.
    pub(super) fn unknown(engine: &Engine) -> Self {
        Self {
            rules: vec![OnceCell::new(); engine.whole.len()],
        }
    }

    /// What was found for all rules.
    pub(super) fn of(engine: &Engine, found: impl IntoIterator<Item = Vec<Asked>>) -> Self {
        let findings = Self::unknown(engine);
        found.into_iter().for_each(|it| findings.take(it));
        findings
    }

    /// Forgets everything.
    pub(super) fn forget(&mut self) {
        for rule in &mut self.rules {
            rule.take();
        }
    }

    /// Forgets what may be different after a change of modules and facts.
    pub(super) fn forget_what_meets(&mut self, change: &Dependence) {
        for rule in &mut self.rules {
            if rule.get().is_some_and(|it| it.1.meets(change)) {
                rule.take();
            }
        }
    }

    /// All of them. What is not known is looked for.
    pub(super) fn all(&self, linter: Linter<'_>) -> impl Iterator<Item = &Found> {
        self.find(linter);
        let known = self.rules.iter().filter_map(OnceCell::get);
        known.flat_map(|it| &it.0)
    }

    fn find(&self, linter: Linter<'_>) {
        let is_known = |number: &usize| self.rules[*number].get().is_some();
        let missing = |half: Half| -> Vec<usize> {
            let numbers = half.of(linter.engine);
            numbers.filter(|it| !is_known(it)).collect()
        };
        let (servers, applications) = (missing(Half::Servers), missing(Half::Applications));
        let outline = Outline::of(linter.config, linter.inputs.table);
        let is_large = linter.config.occurrences.len() > linter::PART;
        let (servers, applications) = threads::both(
            is_large && !servers.is_empty() && !applications.is_empty(),
            || ask(linter, &outline, &servers),
            || ask(linter, &outline, &applications),
        );
        self.take(servers);
        self.take(applications);
    }

    fn take(&self, found: Vec<Asked>) {
        for asked in found {
            self.rules[asked.number].get_or_init(|| (asked.findings, asked.dependence));
        }
    }
}

/// One half of the rules: each looks at things that the other does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// Those that look at servers, sections and lines.
    Servers,
    /// Those that look at applications, and at the requests that get to them.
    Applications,
}

impl Half {
    // The numbers of its rules.
    fn of(self, engine: &Engine) -> impl Iterator<Item = usize> {
        let is_in = move |it: &Rule| match it.check {
            Check::Applications(_) => self == Half::Applications,
            _ => self == Half::Servers,
        };
        let rules = engine.whole.iter().enumerate();
        rules.filter(move |it| is_in(it.1)).map(|it| it.0)
    }
}

/// What a rule said when it was asked.
pub(super) struct Asked {
    number: usize,
    findings: Vec<Found>,
    dependence: Dependence,
}

/// Asks one half of the rules.
pub(super) fn ask_half(linter: Linter<'_>, outline: &Outline<'_>, half: Half) -> Vec<Asked> {
    let numbers: Vec<usize> = half.of(linter.engine).collect();
    ask(linter, outline, &numbers)
}

fn ask(linter: Linter<'_>, outline: &Outline<'_>, numbers: &[usize]) -> Vec<Asked> {
    if numbers.is_empty() {
        return Vec::new();
    }
    let asked = linter.noting(|linter| {
        let refused = Refused::default();
        let context = linter.context(&refused);
        let httpd = OnceCell::new();
        let requests = OnceCell::new();
        let whole = Whole::new(&context, outline, &httpd, &requests);
        let turns = Turns::new(&context);
        let asked = numbers.iter().map(|number| {
            let rule = linter.engine.whole[*number];
            let (dependence, findings) = context.notes().during(|| whole.ask(rule));
            Asked {
                number: *number,
                findings: turns.of_all(findings),
                dependence,
            }
        });
        asked.collect()
    });
    asked.0
}

/// What rules are shown, each part found when the first of them looks at it.
struct Whole<'w, 'c> {
    context: &'w Context<'w>,
    outline: &'w Outline<'c>,
    httpd: &'w OnceCell<Httpd<'w>>,
    requests: &'w OnceCell<Vec<PlainRequest<'w>>>,
    survey: OnceCell<Survey<'w>>,
    // What the next rule that looks at them depends on, too.
    applications: OnceCell<(Dependence, Applications<'w>)>,
}

impl<'w, 'c: 'w> Whole<'w, 'c> {
    fn new(
        context: &'w Context<'w>,
        outline: &'w Outline<'c>,
        httpd: &'w OnceCell<Httpd<'w>>,
        requests: &'w OnceCell<Vec<PlainRequest<'w>>>,
    ) -> Self {
        Self {
            context,
            outline,
            httpd,
            requests,
            survey: OnceCell::new(),
            applications: OnceCell::new(),
        }
    }

    fn ask(&self, rule: &Rule) -> Vec<Diagnostic> {
        let mut report = Report::new(rule);
        match rule.check {
            Check::Server(check) => check(self.context, &mut report),
            Check::Survey(which, check) if self.has(which) => {
                check(self.context, self.survey(), &mut report);
            }
            Check::Applications(check) if Applications::are_named(self.context.model) => {
                check(self.context, self.applications(), &mut report);
            }
            _ => {}
        }
        report.into_findings()
    }

    fn has(&self, which: Which) -> bool {
        let (table, lines) = (self.context.inputs.table, self.outline.lines());
        match which {
            Which::Named(names) => {
                let mut names = names.iter().filter_map(|it| table.name(it));
                names.any(|it| !lines.named(it).is_empty())
            }
            Which::Described(_) => lines.any_name(table, |it| which.has(table, it)),
        }
    }

    fn httpd(&self) -> &'w Httpd<'w> {
        let Context {
            inputs,
            model,
            modules,
            ..
        } = *self.context;
        self.httpd
            .get_or_init(|| self.outline.httpd(inputs, model, modules))
    }

    fn survey(&self) -> &Survey<'w> {
        self.survey.get_or_init(|| Survey::of(self.httpd()))
    }

    fn applications(&self) -> &Applications<'w> {
        let notes = self.context.notes();
        let httpd = self.httpd();
        let find = || {
            let requests = self.requests.get_or_init(|| PlainRequest::all(httpd));
            Applications::of(httpd, requests)
        };
        let found = self.applications.get_or_init(|| notes.during(find));
        notes.add(&found.0);
        &found.1
    }
}

/// The turns of findings in the first evaluations of the files that they are about.
struct Turns<'c> {
    context: &'c Context<'c>,
    first: OnceCell<FxHashMap<FileId, OccurrenceId>>,
}

impl<'c> Turns<'c> {
    fn new(context: &'c Context<'c>) -> Self {
        Self {
            context,
            first: OnceCell::new(),
        }
    }

    fn of_all(&self, findings: Vec<Diagnostic>) -> Vec<Found> {
        findings.into_iter().map(|it| self.of(it)).collect()
    }

    fn of(&self, finding: Diagnostic) -> Found {
        let place = finding.primary.span;
        let id = self
            .first
            .get_or_init(|| self.find_first())
            .get(&place.file);
        let turn = id.map(|id| (*id, Turn::at(turn(self.context, *id, place))));
        (turn, finding)
    }

    fn find_first(&self) -> FxHashMap<FileId, OccurrenceId> {
        let mut first = FxHashMap::default();
        for id in self.context.config.living() {
            let unit = &self.context.config.occurrence(id).unit;
            first.entry(unit.document.file).or_insert(id);
        }
        first
    }
}
