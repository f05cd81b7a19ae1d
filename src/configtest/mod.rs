//! What httpd refuses after it has read everything: phase 2, and the checks behind it.
//!
//! httpd stops at the first mistake; we go on. A section that it refuses is not entered, because
//! nobody knows what it would have permitted.

mod arguments;
mod authorization;
mod context;
mod harmless;
mod limit;
mod listeners;
mod logs;
mod machine;
mod names;
mod overrides;
mod php;
mod questions;
mod rivals;
mod scope;
mod security;
mod server;
mod turn;
mod wording;

use std::borrow::Cow;

use crate::diagnostic::{Diagnostic, HttpdMessage, Level, Phase};
use crate::evaluate::{
    Config, Inputs, NodeKind, OccurrenceId, Placed, Standing, Truth, arguments_of, arity,
};
use crate::httpd::{Allow, Directive, NameId};
use crate::model::{Model, Modules, Notes, Thing, Undecided, version_of_httpd};
use crate::source::Span;

pub use context::Context;
pub use harmless::Harmless;
pub use overrides::{Discarded, Permission, access_file_names, overrides};
pub use questions::Questions;
pub use server::{Found, Landmarks, ServerFindings, check_server};
pub use turn::Turn;

/// What the checks of phase 2 look at.
#[derive(Clone, Copy)]
pub struct Checker<'a> {
    /// What the evaluation depended on.
    pub inputs: &'a Inputs<'a>,
    /// The configuration.
    pub config: &'a Config,
    /// What it says of things with names.
    pub model: &'a Model,
    /// The modules that are there when reading is over.
    pub modules: &'a Modules,
    /// What is asked of other files.
    pub questions: &'a Questions,
    /// Arguments that handlers accept, with these modules.
    pub accepted: &'a Harmless,
    /// Where the main file stands, of all places where it may.
    pub standing: Standing,
}

/// A finding of phase 2 and its turn: httpd reports the earliest.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// When httpd comes to it.
    pub turn: Turn,
}

/// The places of one evaluation of a file that httpd refuses.
#[derive(Debug, Clone, Default)]
pub struct Refused {
    spans: Vec<Span>,
}

impl Refused {
    /// What was refused while reading, and in phase 2.
    pub fn of(config: &Config, id: OccurrenceId, findings: &[Finding]) -> Self {
        let read = config.occurrence(id).unit.findings.iter().map(|it| &it.1);
        let handled = findings.iter().map(|it| &it.diagnostic);
        Self {
            spans: read.chain(handled).map(|it| it.primary.span).collect(),
        }
    }

    /// Whether httpd refuses nothing.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether httpd refuses anything in a place.
    pub fn touches(&self, place: Span) -> bool {
        let mut spans = self.spans.iter();
        spans.any(|it| it.file == place.file && it.start < place.end && place.start < it.end)
    }
}

impl Checker<'_> {
    /// What httpd refuses in one evaluation of a file, wherever the main file stands. Directives of
    /// the files that it includes are not looked at.
    pub fn occurrence(&self, id: OccurrenceId) -> Vec<Finding> {
        let standings = self.config.standings.iter();
        let checked = standings.map(|it| {
            let checker = Checker {
                standing: *it,
                ..*self
            };
            checker.standing_somewhere(id)
        });
        let in_both = |kept: Vec<Finding>, others: Vec<Finding>| {
            let has = |it: &Finding| others.iter().any(|other| other.turn == it.turn);
            kept.into_iter().filter(has).collect()
        };
        checked.reduce(in_both).unwrap_or_default()
    }

    fn standing_somewhere(&self, id: OccurrenceId) -> Vec<Finding> {
        let occurrence = self.config.occurrence(id);
        let mut walk = Walk {
            checker: self,
            contexts: vec![(u32::MAX, self.outer_context(id))],
            findings: Vec::new(),
        };
        for index in 0..occurrence.unit.nodes.len() {
            let node = crate::evaluate::NodeIndex::new(index);
            walk.node(self.config.placed(crate::evaluate::PlacedId {
                occurrence: id,
                node,
            }));
        }
        walk.findings
    }

    // Whether the handler of a directive is known to accept arguments, and their number is right.
    fn accepts(&self, definition: &Directive, arguments: &str) -> bool {
        if !self.is_only_definition(definition) {
            return false;
        }
        let dependence = self.accepted.get(definition.name, arguments);
        if let Some(dependence) = &dependence {
            self.notes().add(dependence);
        }
        dependence.is_some()
    }

    // Where it is noted what the checks ask for.
    fn notes(&self) -> Notes<'_> {
        Notes::of(self.inputs, self.modules)
    }

    // What several modules say of a name, nothing where it is one: httpd asks that module first which
    // it loaded last.
    fn in_load_order(&self, name: NameId) -> Vec<&Directive> {
        let definitions = self.inputs.table.definitions(name);
        if definitions.clone().nth(1).is_none() {
            return Vec::new();
        }
        let mut definitions: Vec<_> = definitions.collect();
        definitions.sort_by_cached_key(|it| std::cmp::Reverse(self.load_order(it)));
        definitions
    }

    // What is compiled in comes before all that is loaded.
    fn load_order(&self, definition: &Directive) -> Option<impl Ord + use<>> {
        let identifier = &self.inputs.table.module(definition.module).identifier;
        self.questions
            .add((Thing::LoadedModule, identifier.to_string().into()));
        let load = self.model.loaded_by(self.config, identifier)?;
        Some(self.config.reading_order(load.place))
    }

    fn is_only_definition(&self, definition: &Directive) -> bool {
        let mut definitions = self.inputs.table.definitions(definition.name);
        definitions.nth(1).is_none()
    }

    fn outer_context(&self, id: OccurrenceId) -> Context {
        match self.config.occurrence(id).parent {
            None => Context::outside(self.config, id, self.standing),
            Some((occurrence, node)) => {
                let include = self
                    .config
                    .placed(crate::evaluate::PlacedId { occurrence, node });
                Context::within(&include, self.inputs.table, self.standing)
            }
        }
    }
}

/// Whether this version has a directive, as far as the version is known. Distributions that carry
/// newer changes back into an old version make its number say little.
pub fn is_in_version(inputs: &Inputs<'_>, definition: &Directive) -> Truth {
    let module = inputs.table.module(definition.module);
    let facts = inputs.facts;
    let is_compiled = inputs.is_compiled(definition);
    if !is_compiled.is_true() {
        return is_compiled;
    }
    if definition.since.is_none() && definition.removed.is_none() {
        return Truth::True;
    }
    let mod_wsgi = || {
        let version = facts.of_applications().mod_wsgi_version.as_ref();
        let version = version.filter(|_| module.source == "mod_wsgi.c");
        version.map(|it| it.value.number)
    };
    let has_reached = |boundary: crate::httpd::Version| {
        let boundary = version_of_httpd(boundary);
        match module.own_versions {
            true => mod_wsgi().map(|it| it >= boundary),
            false => facts.is_since(boundary),
        }
    };
    let too_new = definition.since.and_then(has_reached) == Some(false);
    let too_old = definition.removed.and_then(has_reached) == Some(true);
    Truth::from(!too_new && !too_old)
}

struct Walk<'a, 'b> {
    checker: &'b Checker<'a>,
    // The contexts of the open sections, each with the position at which it ends.
    contexts: Vec<(u32, Context)>,
    findings: Vec<Finding>,
}

impl Walk<'_, '_> {
    fn node(&mut self, placed: Placed<'_>) {
        let index = u32::try_from(placed.id.node.index()).unwrap_or(u32::MAX);
        while self.contexts.len() > 1 && self.contexts.last().is_some_and(|it| it.0 <= index) {
            self.contexts.pop();
        }
        if !matches!(placed.node.kind, NodeKind::Directive | NodeKind::Section) {
            return;
        }
        let Some((_, context)) = self.contexts.last().copied() else {
            return;
        };
        let before = self.findings.len();
        let mut is_forgiven = false;
        let mut is_read = !placed.node.uncertain;
        if context.certain && is_read {
            is_forgiven = self.check(&placed, &context, Turn::at(index));
        } else if context.certain {
            is_read = self.check_undecided(&placed, &context, Turn::at(index));
        }
        if placed.node.kind == NodeKind::Section {
            // What is refused only behind the body does not keep httpd out of it.
            let refused = self.findings[before..]
                .iter()
                .any(|it| it.turn == Turn::at(index));
            let entered = !refused && !is_forgiven && !placed.is_late(self.checker.inputs.table);
            let name = context::section_name(&placed, self.checker.inputs.table);
            let mut inner = context.inside(&name);
            inner.certain &= entered && is_read;
            self.contexts.push((placed.node.end, inner));
        }
    }

    // Finds what httpd refuses if it reads a line of which that is not known; whether what is in the
    // line can be looked at in the same way.
    fn check_undecided(&mut self, placed: &Placed<'_>, context: &Context, turn: Turn) -> bool {
        let checker = self.checker;
        let Some(undecided) = Undecided::around(placed, checker.inputs.table) else {
            return false;
        };
        let modules = undecided.modules(checker.modules);
        let mut walk = Walk {
            checker: &Checker {
                modules: &modules,
                accepted: &Harmless::default(),
                ..*checker
            },
            contexts: Vec::new(),
            findings: Vec::new(),
        };
        let is_forgiven = walk.check(placed, context, turn);
        let found = walk.findings;
        checker.modules.add_asked(&modules.take_asked());
        self.findings.extend(found.into_iter().filter_map(|it| {
            let diagnostic = undecided.lower(it.diagnostic)?;
            Some(Finding { diagnostic, ..it })
        }));
        !is_forgiven
    }

    // Whether httpd only warns and passes over the line, with all that is in it.
    fn check(&mut self, placed: &Placed<'_>, context: &Context, turn: Turn) -> bool {
        let checker = self.checker;
        let forgives_unknown = context.allow.intersects(Allow::NONFATAL_UNKNOWN);
        let Some(name) = placed.node.name else {
            let finding = names::unknown(checker, placed).filter(|_| !forgives_unknown);
            self.push(finding, turn);
            return forgives_unknown;
        };
        let mut found = false;
        let mut possible = false;
        let mut is_forgiven = false;
        let rivals = checker.in_load_order(name);
        let only = checker.inputs.table.definitions(name);
        let only = only.filter(|_| rivals.is_empty());
        for definition in rivals.iter().copied().chain(only) {
            let there =
                checker.modules.has(definition.module) & is_in_version(checker.inputs, definition);
            possible |= !there.is_false();
            if !there.is_true() {
                continue;
            }
            found = true;
            if definition.exec_on_read {
                continue;
            }
            let is_permitted = self.permits(definition, placed, context);
            if !is_permitted && context.allow.intersects(Allow::NONFATAL_OVERRIDE) {
                is_forgiven = true;
            } else if self.definition(definition, placed, context, is_permitted, turn) {
                return false;
            }
        }
        if !found && !possible {
            let finding = names::not_loaded(checker, placed, name).filter(|_| !forgives_unknown);
            self.push(finding, turn);
            return forgives_unknown;
        }
        if !found && !forgives_unknown {
            self.check_without_module(name, placed, context, turn);
        }
        is_forgiven
    }

    // Nobody knows whether the module is there. Without it httpd refuses the line, so what the
    // module refuses is refused for certain; it is said as the module says it. Modules of others
    // have too many versions for that.
    fn check_without_module(
        &mut self,
        name: NameId,
        placed: &Placed<'_>,
        context: &Context,
        turn: Turn,
    ) {
        let checker = self.checker;
        let table = checker.inputs.table;
        let is_possible = |it: &&Directive| !checker.modules.has(it.module).is_false();
        let possible = table.definitions(name).filter(is_possible);
        let is_told = |it: &Directive| table.module(it.module).standard && !it.exec_on_read;
        if !checker.modules.foreign().is_empty() || !possible.clone().all(is_told) {
            return;
        }
        let before = self.findings.len();
        let mut kept = None;
        for definition in possible {
            let is_permitted = self.permits(definition, placed, context);
            let is_forgiven = !is_permitted && context.allow.intersects(Allow::NONFATAL_OVERRIDE);
            if is_forgiven || !self.definition(definition, placed, context, is_permitted, turn) {
                return self.findings.truncate(before);
            }
            // All refuse it; the first speaks.
            let kept = *kept.get_or_insert(self.findings.len());
            self.findings.truncate(kept);
        }
    }

    fn permits(&self, definition: &Directive, placed: &Placed<'_>, context: &Context) -> bool {
        match placed.config.overrides(placed.id.occurrence) {
            Some(it) => it.permits(definition.allow, context.allow, &definition.spelling),
            None => definition.allow.intersects(context.allow),
        }
    }

    // Whether httpd refuses it.
    fn definition(
        &mut self,
        definition: &Directive,
        placed: &Placed<'_>,
        context: &Context,
        is_permitted: bool,
        turn: Turn,
    ) -> bool {
        let table = self.checker.inputs.table;
        if !is_permitted {
            let finding = not_allowed(definition, placed, self.checker);
            self.push(Some(finding), turn);
            return true;
        }
        let logical = placed.occurrence.unit.text(placed.node);
        let arguments = arguments_of(&logical);
        let is_accepted = self.checker.accepts(definition, arguments);
        let wrong = match is_accepted {
            true => None,
            false => wrong_arity(definition, placed, arguments),
        };
        if wrong.is_some() {
            self.push(wrong, turn);
            return true;
        }
        if let Some(httpd) = context.refusal(definition, placed, table) {
            let finding = refused_context(definition, placed, &httpd);
            self.push(Some(finding), turn);
            return true;
        }
        let mut refused = match is_accepted {
            true => Vec::new(),
            false => arguments::check(self.checker, definition, placed, arguments),
        };
        if refused.is_empty() {
            let httpd = context.refusal_behind_arguments(definition, placed, table);
            refused.extend(httpd.map(|it| (refused_context(definition, placed, &it), false)));
        }
        let any = !refused.is_empty();
        for (finding, behind_body) in refused {
            let turn = match behind_body {
                true => behind(placed),
                false => turn,
            };
            self.push(Some(finding), turn);
        }
        any
    }

    fn push(&mut self, finding: Option<Diagnostic>, turn: Turn) {
        self.findings
            .extend(finding.map(|diagnostic| Finding { diagnostic, turn }));
    }
}

// What httpd says of the number of words.
fn wrong_arity(definition: &Directive, placed: &Placed<'_>, arguments: &str) -> Option<Diagnostic> {
    let wrong = arity::check(definition, arguments)?;
    let line = placed.line();
    let notes = wrong.notes(definition, arguments);
    let span = shown(line.argument_span(wrong.range.clone()), line.span());
    let mut finding = refusal(wrong.rule, placed, span, wrong.message(), &wrong.httpd);
    finding.notes.extend(notes);
    Some(finding)
}

/// When httpd is through with the body of a section.
fn behind(section: &Placed<'_>) -> Turn {
    let begin = u32::try_from(section.id.node.index()).unwrap_or(u32::MAX);
    Turn::behind(begin, section.node.end)
}

// An empty place would show nothing; then the whole line is shown.
fn shown(span: Span, line: Span) -> Span {
    if span.start == span.end { line } else { span }
}

/// A finding at a node that httpd refuses in phase 2.
fn refusal(
    rule: &'static str,
    placed: &Placed<'_>,
    span: Span,
    message: String,
    httpd: &str,
) -> Diagnostic {
    let unit = &placed.occurrence.unit;
    let mut finding = Diagnostic::new(rule, Level::Error, span, message);
    finding.frame = Some(placed.at(span).frame);
    finding.httpd = Some(HttpdMessage {
        phase: Phase::Handle,
        message: HttpdMessage::escape(httpd, unit.source.encoding()),
        file: Some(unit.file_name(placed.node).to_owned()),
        line: Some(match unit.last_executed {
            Some(line) if placed.config.is_htaccess(placed.id.occurrence) => line,
            _ => unit.number(placed.node),
        }),
        server: 0,
    });
    finding
}

fn not_allowed(definition: &Directive, placed: &Placed<'_>, checker: &Checker<'_>) -> Diagnostic {
    let (name, shown) = (&definition.spelling, wording::shown_name(definition));
    let parent = placed.parent();
    let section = match &parent {
        Some(parent) => Some(context::section_name(parent, checker.inputs.table)),
        None => checker.standing.section().map(Cow::Borrowed),
    };
    let (place, httpd) = match section {
        Some(section) => (
            format!("in `{section}>`"),
            format!("{name} not allowed in {section}> context"),
        ),
        None if placed.config.is_htaccess(placed.id.occurrence) => (
            "in `.htaccess`".to_owned(),
            format!("{name} not allowed here"),
        ),
        None => (
            "outside of a section".to_owned(),
            format!("{name} not allowed here"),
        ),
    };
    let overrides = placed.config.overrides(placed.id.occurrence);
    let withheld = overrides.filter(|it| it.withholds(definition.allow));
    let message = match withheld {
        Some(_) => format!("`AllowOverride` does not permit `{shown}` here"),
        None => format!("`{shown}` is not allowed {place}"),
    };
    let span = placed.line().name_span();
    let mut finding = refusal("misplaced-directive", placed, span, message, &httpd);
    match (withheld, parent) {
        (Some(overrides), _) => overrides.explain(definition.allow, &mut finding),
        (None, Some(parent)) => {
            finding.secondary(parent.line().span(), "in this section");
        }
        (None, None) => {}
    }
    finding
}

fn refused_context(definition: &Directive, placed: &Placed<'_>, httpd: &str) -> Diagnostic {
    let name = &definition.spelling;
    let bracket = if name.starts_with('<') { ">" } else { "" };
    let message = match httpd.split_once(" cannot occur within ") {
        Some((_, place)) => match place.strip_suffix(" section") {
            Some(section) => {
                let sections = section.replace(" or ", "` or `");
                format!("`{name}{bracket}` cannot stand in `{sections}`")
            }
            None => format!("`{name}{bracket}` cannot stand in a section about paths"),
        },
        None => format!("`{name}{bracket}` cannot stand here"),
    };
    refusal(
        "misplaced-directive",
        placed,
        placed.line().name_span(),
        message,
        httpd,
    )
}
