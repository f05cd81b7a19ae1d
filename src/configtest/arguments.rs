//! What handlers refuse in their arguments.

use super::machine::Machine;
use super::{Checker, refusal, shown, wording};
use crate::argument::{self, Manner, regex, wsgi};
use crate::diagnostic::{Diagnostic, Edit, HttpdMessage, Promise};
use crate::evaluate::{NodeKind, Placed};
use crate::facts::Fact;
use crate::httpd::{Directive, most_similar};
use crate::model::Thing;
use crate::syntax::words;

/// What the handler of a directive refuses in its arguments; with each finding, whether httpd
/// looks at it only behind the section's body.
pub(super) fn check(
    checker: &Checker<'_>,
    definition: &Directive,
    placed: &Placed<'_>,
    arguments: &str,
) -> Vec<(Diagnostic, bool)> {
    let machine = Machine::new(checker, placed);
    let questions = checker.inputs.world.questions();
    let (dependence, refused) = checker
        .notes()
        .during(|| refusals(checker, definition, placed, arguments, &machine));
    // Who notes questions wants to know of each place what it asks.
    let is_everywhere =
        !machine.was_asked_for_place() && checker.inputs.world.questions() == questions;
    if refused.is_empty() && !is_limit(definition) && is_everywhere {
        checker.accepted.add(definition.name, arguments, dependence);
    }
    refused
}

fn is_limit(definition: &Directive) -> bool {
    matches!(&*definition.spelling, "<Limit" | "<LimitExcept")
}

fn refusals(
    checker: &Checker<'_>,
    definition: &Directive,
    placed: &Placed<'_>,
    arguments: &str,
    machine: &Machine<'_>,
) -> Vec<(Diagnostic, bool)> {
    let mut refused: Vec<_> =
        argument::refusals(&definition.spelling, &definition.forms, arguments, machine)
            .into_iter()
            .filter(|it| !may_be_accepted(checker, arguments, it))
            .map(|it| (finding(checker, definition, placed, it), false))
            .collect();
    if refused.is_empty() && is_limit(definition) {
        let httpd = super::limit::refusal(placed, checker.inputs.table);
        let whole = 0..arguments.len();
        refused.extend(httpd.map(|it| {
            (
                finding(
                    checker,
                    definition,
                    placed,
                    argument::Refusal::new(whole, it),
                ),
                false,
            )
        }));
    }
    if placed.node.kind == NodeKind::Section {
        let late = argument::refusal_after_body(&definition.spelling, arguments, machine);
        refused.extend(late.map(|it| (finding(checker, definition, placed, it), true)));
    }
    refused
}

// Whether the PCRE of this httpd may accept a pattern that ours refuses.
fn may_be_accepted(checker: &Checker<'_>, arguments: &str, refused: &argument::Refusal) -> bool {
    let facts = checker.inputs.facts.but_version();
    let theirs = facts.loaded.pcre.as_ref().or(facts.compiled.pcre.as_ref());
    let httpd = refused.message.to_ascii_lowercase();
    let mut words = ["regex", "regular expression", "compile"].into_iter();
    let Some(theirs) = theirs.filter(|_| words.any(|it| httpd.contains(it))) else {
        return false;
    };
    let number = theirs.value.number;
    if regex::is_version(number.major, number.minor) {
        return false;
    }
    let blamed = arguments.get(refused.range.clone()).unwrap_or_default();
    let (pattern, _) = words::first(blamed);
    let pattern = pattern.text.strip_prefix('!').unwrap_or(&pattern.text);
    !regex::is_always_refused(pattern) && !regex::is_always_refused(blamed)
}

fn finding(
    checker: &Checker<'_>,
    definition: &Directive,
    placed: &Placed<'_>,
    refused: argument::Refusal,
) -> Diagnostic {
    let line = placed.line();
    let blamed = line
        .arguments()
        .get(refused.range.clone())
        .unwrap_or_default();
    let span = shown(line.argument_span(refused.range.clone()), line.span());
    let message = if blamed.starts_with('#') {
        format!(
            "no comment begins here: `#` is an argument of `{}`",
            definition.spelling
        )
    } else {
        wording::sentence(definition, &refused.message, blamed)
    };
    let rule = rule_of(&refused.message);
    let mut finding = refusal(rule, placed, span, message, &refused.message);
    if blamed.starts_with('#') {
        finding.note("httpd knows comments only on lines of their own");
        finding.help("move the comment to a line of its own");
    }
    suggest_word(definition, placed, &mut finding, refused.range);
    let overrides = checker.config.overrides(placed.id.occurrence);
    let names_option = refused.message.starts_with("Option ");
    if let Some(place) = overrides.and_then(|it| it.place).filter(|_| names_option) {
        finding.secondary(place, "this counts here");
    }
    if let Some(available) = mechanisms(checker, &refused.message) {
        speak_of_mechanism(&mut finding, blamed, available);
    }
    if refused.message == wsgi::script::UNDECLARED {
        suggest_group(checker, &mut finding, blamed);
    }
    if let Some(httpd) = &mut finding.httpd {
        let program = checker.inputs.program;
        let message = match refused.manner {
            Manner::Returned => return finding,
            Manner::Exit { number } => format!("{number}: {program}: {}", httpd.message),
            Manner::Abort => httpd.message.clone(),
        };
        *httpd = HttpdMessage {
            message,
            file: None,
            line: None,
            step: httpd.step,
        };
    }
    finding
}

// Sections are checked by the same handlers as arguments.
fn rule_of(httpd: &str) -> &'static str {
    if httpd.ends_with("directive missing closing '>'") {
        "missing-angle-bracket"
    } else if httpd.ends_with("directive requires additional arguments") {
        "missing-section-argument"
    } else if httpd.starts_with("<Else> or <ElseIf> section without") {
        "else-without-if"
    } else {
        "invalid-argument"
    }
}

// The mechanisms that this build has, where it refuses one.
fn mechanisms<'a>(checker: &Checker<'a>, httpd: &str) -> Option<&'a Fact<Vec<String>>> {
    let facts = checker.inputs.facts.but_version();
    if httpd.starts_with("Invalid Mutex argument") {
        facts.mutex_mechanisms.as_ref()
    } else if httpd.starts_with("Accept mutex lock mechanism") {
        facts.accept_mutex_mechanisms.as_ref()
    } else {
        None
    }
}

// Names the word that a directive takes in this place and that is written almost like this.
fn suggest_word(
    definition: &Directive,
    placed: &Placed<'_>,
    finding: &mut Diagnostic,
    range: std::ops::Range<usize>,
) {
    let line = placed.line();
    let Some(blamed) = line.arguments().get(range.clone()) else {
        return;
    };
    let word = blamed.trim_start_matches(['+', '-']);
    let sign = &blamed[..blamed.len() - word.len()];
    let Some(span) = placed.editable(blamed, range.clone()) else {
        return;
    };
    let before = words::split(line.arguments());
    let position = before.iter().filter(|it| it.range.end <= range.start);
    let forms = &definition.forms;
    let known = argument::offered::closed(&definition.spelling, forms, position.count());
    // A word that is known is refused for another reason.
    let is_word = |it: &String| it.trim_end_matches('=').eq_ignore_ascii_case(word);
    if known.iter().any(is_word) {
        return;
    }
    // The value behind the `=` of an option stands already.
    let names = known.iter().map(|it| it.trim_end_matches('='));
    if let Some(similar) = most_similar(word, names) {
        let text = format!("{sign}{similar}");
        let title = format!("write `{text}`");
        finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
    }
}

// Names the daemon process group that is written almost like this.
fn suggest_group(checker: &Checker<'_>, finding: &mut Diagnostic, blamed: &str) {
    // One that is declared below is written right.
    if checker.model.has(Thing::DaemonGroup, blamed) {
        return;
    }
    let declared = checker.model.names(Thing::DaemonGroup);
    let Some(similar) = most_similar(blamed, declared) else {
        return;
    };
    let topic = (Thing::DaemonGroup, similar.into());
    checker.questions.add(topic);
    let edit = Edit {
        span: finding.primary.span,
        text: similar.to_owned(),
    };
    finding.fix(Promise::Unsafe, format!("write `{similar}`"), vec![edit]);
}

// A mechanism that other builds have is not a mistake of writing.
fn speak_of_mechanism(finding: &mut Diagnostic, blamed: &str, available: &Fact<Vec<String>>) {
    let has = |list: &[&str]| list.iter().any(|it| it.eq_ignore_ascii_case(blamed));
    let list: Vec<&str> = available.value.iter().map(String::as_str).collect();
    if has(&list) {
        return;
    }
    if has(argument::mutex::MECHANISMS) {
        finding.rule = "unavailable-mutex-mechanism";
        finding.message = format!("this httpd has no mutex mechanism `{blamed}`");
    }
    let origin = &available.origin;
    finding.note(format!("it has {} ({origin})", list.join(", ")));
}
