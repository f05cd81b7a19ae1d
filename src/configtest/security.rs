//! What ModSecurity asks of its rules together: ids, chains, phases, and what comes before what.
//!
//! Each section keeps rules of its own while the configuration is read.

use rustc_hash::FxHashMap;

use super::server::turn_of;
use super::{Checker, Found, context, refusal};
use crate::argument::security::{Actions, Disruption, Rule};
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Placed, PlacedId, Truth};
use crate::syntax::words;

const LANDMARKS: &[&str] = &[
    "SecAction",
    "SecAuditLog",
    "SecAuditLog2",
    "SecDefaultAction",
    "SecMarker",
    "SecRequestBodyLimitAction",
    "SecResponseBodyLimitAction",
    "SecRule",
    "SecRuleEngine",
    "SecRuleRemoveById",
    "SecRuleRemoveByMsg",
    "SecRuleRemoveByTag",
    "SecRuleScript",
    "SecRuleUpdateActionById",
    "SecRuleUpdateTargetById",
];

/// Whether a directive says something of the rules behind it, or depends on those before it.
pub(super) fn is_landmark(directive: &str) -> bool {
    LANDMARKS.contains(&directive)
}

/// Goes through the rules of a server in reading order.
pub(super) fn check(checker: &Checker<'_>, directives: &[PlacedId]) -> Vec<Found> {
    let module = checker.inputs.table.module_by_source("mod_security2.c");
    if !module.is_some_and(|it| checker.modules.has(it).is_true()) {
        return Vec::new();
    }
    let mut sections: FxHashMap<Option<PlacedId>, Section> = FxHashMap::default();
    let mut found = Vec::new();
    for id in directives {
        let placed = checker.config.placed(*id);
        let scope = scope(checker, &placed);
        let is_part = scope.is_none() && checker.config.fragment;
        let section = sections
            .entry(scope)
            .or_insert_with(|| Section::new(is_part));
        if is_uncertain(&placed) {
            section.doubt();
            continue;
        }
        let finding = section.take(checker, &placed);
        found.extend(finding.map(|it| (turn_of(*id), it)));
    }
    found
}

// The section whose rules a directive belongs to: those about methods have none.
fn scope(checker: &Checker<'_>, placed: &Placed<'_>) -> Option<PlacedId> {
    let mut around = placed.sections();
    let section = around.find(|it| {
        let name = context::section_name(it, checker.inputs.table);
        !matches!(&*name, "<Limit" | "<LimitExcept")
    });
    section.map(|it| it.id)
}

fn is_uncertain(placed: &Placed<'_>) -> bool {
    let mut around = std::iter::successors(Some(*placed), Placed::container);
    around.any(|it| it.node.uncertain)
}

/// What a rule has from `SecDefaultAction`.
#[derive(Clone, Copy)]
struct Defaults {
    phase: i32,
    disruption: Disruption,
}

/// A rule that can be meant by its id.
struct Known {
    place: PlacedId,
    phase: Option<i32>,
}

/// What is known of the rules of a section so far.
struct Section {
    /// Whether the last rule wants the next one for its own.
    chain: Truth,
    /// `None` where they are not known.
    defaults: Option<Defaults>,
    has_rules: Truth,
    has_log: Truth,
    only_detects: Truth,
    /// Whether rules were taken away, who knows which.
    lacks_rules: bool,
    ids: FxHashMap<String, Known>,
}

impl Section {
    /// At its beginning; of a part of a server nobody knows what comes before.
    fn new(is_part: bool) -> Self {
        let before = match is_part {
            true => Truth::Unknown,
            false => Truth::False,
        };
        let defaults = Defaults {
            phase: 2,
            disruption: Disruption::Pass,
        };
        Self {
            chain: before,
            defaults: (!is_part).then_some(defaults),
            has_rules: before,
            has_log: before,
            only_detects: before,
            lacks_rules: is_part,
            ids: FxHashMap::default(),
        }
    }

    // Behind a directive that may not be there.
    fn doubt(&mut self) {
        let ids = std::mem::take(&mut self.ids);
        *self = Self {
            ids,
            ..Self::new(true)
        };
    }

    fn take(&mut self, checker: &Checker<'_>, placed: &Placed<'_>) -> Option<Diagnostic> {
        let name = checker.inputs.table.spelling(placed.node.name?);
        let line = placed.line();
        let text = line.arguments();
        let (first, _) = words::first(text);
        let is = |word: &str| first.text.eq_ignore_ascii_case(word);
        let refused = |message: String, httpd: &str| {
            let span = line.argument_span(first.range.clone());
            Some(refusal("invalid-argument", placed, span, message, httpd))
        };
        match name {
            "SecAuditLog" => self.has_log = Truth::True,
            "SecAuditLog2" if self.has_log.is_false() => {
                return refused(
                    "a second audit log without a first one".to_owned(),
                    &format!(
                        "ModSecurity: Cannot configure a secondary audit log without a primary \
                         defined: {}",
                        first.text
                    ),
                );
            }
            "SecDefaultAction" => self.defaults = defaults(text),
            "SecMarker" => self.has_rules = Truth::True,
            "SecRuleRemoveById" | "SecRuleRemoveByMsg" | "SecRuleRemoveByTag" => {
                self.lacks_rules = true;
            }
            // It looks at no word where it only detects.
            "SecRequestBodyLimitAction" | "SecResponseBodyLimitAction"
                if self.only_detects.is_false() && !is("ProcessPartial") && !is("Reject") =>
            {
                return refused(
                    format!("`{name}` does not take `{}`", first.text),
                    &format!("ModSecurity: Invalid value for {name}: {}", first.text),
                );
            }
            "SecRuleEngine" => self.only_detects = Truth::from(is("DetectionOnly")),
            "SecRuleUpdateTargetById" if self.has_rules.is_false() => {
                return refused(
                    "no rule of this section stands above".to_owned(),
                    "Updating target by ID with no ruleset in this context",
                );
            }
            "SecRuleUpdateActionById" => return self.update(placed, text, &first.text),
            "SecRule" | "SecAction" | "SecRuleScript" => {
                let rule = Rule::parse(name, text);
                let finding = self.rule(checker, placed, name, &rule);
                self.add(placed, rule);
                return finding;
            }
            _ => {}
        }
        None
    }

    // Whatever is wrong with a rule, the next one may belong to it.
    fn add(&mut self, placed: &Placed<'_>, rule: Rule) {
        let actions = rule.actions.unwrap_or_default();
        let is_chained = self.chain;
        self.has_rules = Truth::True;
        self.chain = Truth::from(actions.chain);
        let Some(id) = actions
            .id
            .filter(|_| is_chained.is_false() && rule.is_readable)
        else {
            return;
        };
        let phase = actions.phase.or(self.defaults.map(|it| it.phase));
        self.ids.entry(id.value).or_insert(Known {
            place: placed.id,
            phase,
        });
    }

    fn rule(
        &self,
        checker: &Checker<'_>,
        placed: &Placed<'_>,
        directive: &str,
        rule: &Rule,
    ) -> Option<Diagnostic> {
        if !rule.is_readable {
            return None;
        }
        let line = placed.line();
        let refused = |place: &std::ops::Range<usize>, message: &str, httpd: &str| {
            let span = line.argument_span(place.clone());
            refusal("invalid-argument", placed, span, message.to_owned(), httpd)
        };
        let is_script = directive == "SecRuleScript";
        let actions = rule.actions.as_ref();
        let id = actions.and_then(|it| it.id.as_ref());
        if self.chain.is_false() && !is_script {
            let Some(id) = id else {
                let httpd = match actions {
                    None => "ModSecurity: Rules must have at least id action",
                    Some(_) => "ModSecurity: No action id present within the rule",
                };
                return Some(refused(&rule.place, "this rule has no `id`", httpd));
            };
            if let Some(earlier) = self.ids.get(&id.value) {
                let message = format!("another rule has the id `{}`", id.value);
                let httpd = "ModSecurity: Found another rule with the same id";
                let mut finding = refused(&rule.id_place, &message, httpd);
                let earlier = checker.config.placed(earlier.place);
                finding.secondary(earlier.line().span(), "this one");
                return Some(finding);
            }
        }
        if self.chain.is_true()
            && let Some((message, httpd)) = actions.and_then(chained_mistake)
        {
            return Some(refused(&rule.place, message, httpd));
        }
        let (message, httpd) = self.phase_mistake(actions)?;
        Some(refused(&rule.place, message, httpd))
    }

    fn phase_mistake(&self, actions: Option<&Actions>) -> Option<(&'static str, &'static str)> {
        let own =
            |it: Option<&Actions>| (it.and_then(|it| it.phase), it.and_then(|it| it.disruption));
        let (phase, disruption) = own(actions);
        let phase = phase.or(self.defaults.map(|it| it.phase))?;
        let disruption = disruption.or(self.defaults.map(|it| it.disruption));
        if phase == 5 && disruption == Some(Disruption::Other) {
            return Some((
                "a rule of the logging phase cannot stop a request",
                "ModSecurity: Disruptive actions cannot be specified in the logging phase.",
            ));
        }
        // The phase of a chain is that of its first rule.
        let is_wrong = !(1..=5).contains(&phase) && !self.chain.is_true();
        is_wrong.then_some((
            "there is no such phase",
            "Internal Error: Failed to add rule to the ruleset.",
        ))
    }

    fn update(&self, placed: &Placed<'_>, text: &str, id: &str) -> Option<Diagnostic> {
        let known = self.ids.get(id).filter(|_| !self.lacks_rules)?;
        let rule = Rule::parse("SecRuleUpdateActionById", text);
        let actions = rule.actions.as_ref()?;
        let other_id = actions.id.as_ref().is_some_and(|it| it.value != id);
        let other_phase =
            actions.phase.is_some() && known.phase.is_some_and(|it| actions.phase != Some(it));
        let (message, httpd) = if !rule.is_readable {
            (
                "these are no actions",
                "ModSecurity: Fatal error (memory allocation or unexpected internal error)!",
            )
        } else if other_id {
            (
                "the id of a rule cannot be changed",
                "ModSecurity: Rule IDs cannot be updated via SecRuleUpdateActionById.",
            )
        } else if other_phase {
            (
                "the phase of a rule cannot be changed",
                "ModSecurity: Rule phases cannot be updated via SecRuleUpdateActionById.",
            )
        } else {
            return None;
        };
        let span = placed.line().argument_span(rule.place);
        Some(refusal(
            "invalid-argument",
            placed,
            span,
            message.to_owned(),
            httpd,
        ))
    }
}

fn defaults(text: &str) -> Option<Defaults> {
    let rule = Rule::parse("SecDefaultAction", text);
    let actions = rule.actions.filter(|_| rule.is_readable)?;
    Some(Defaults {
        phase: actions.phase?,
        disruption: actions.disruption?,
    })
}

// What only the first rule of a chain may say.
fn chained_mistake(actions: &Actions) -> Option<(&'static str, &'static str)> {
    let mistake = if actions.disruption.is_some() {
        (
            "only the first rule of a chain says what happens to the request",
            "ModSecurity: Disruptive actions can only be specified by chain starter rules.",
        )
    } else if actions.skip_after {
        (
            "only the first rule of a chain skips others",
            "ModSecurity: SkipAfter actions can only be specified by chain starter rules.",
        )
    } else if actions.phase.is_some() {
        (
            "only the first rule of a chain has a phase",
            "ModSecurity: Execution phases can only be specified by chain starter rules.",
        )
    } else if actions.metadata {
        (
            "only the first rule of a chain is described",
            "ModSecurity: Metadata actions (id, rev, msg, tag, severity, ver, accuracy, maturity, \
             logdata)  can only be specified by chain starter rules.",
        )
    } else if actions.skip {
        (
            "only the first rule of a chain skips others",
            "ModSecurity: The skip action can only be used  by chain starter rules. ",
        )
    } else {
        return None;
    };
    Some(mistake)
}
