//! What handlers refuse in their arguments.

use super::machine::Machine;
use super::{Checker, refusal, shown};
use crate::argument::{self, Manner};
use crate::diagnostic::{Diagnostic, HttpdMessage};
use crate::evaluate::{NodeKind, Placed};
use crate::httpd::Directive;

/// What the handler of a directive refuses in its arguments; with each finding, whether httpd
/// looks at it only behind the section's body.
pub(super) fn check(
    checker: &Checker<'_>,
    definition: &Directive,
    placed: &Placed<'_>,
    arguments: &str,
) -> Vec<(Diagnostic, bool)> {
    let machine = Machine::new(checker, placed);
    let mut refused: Vec<_> =
        argument::refusals(&definition.spelling, &definition.forms, arguments, &machine)
            .into_iter()
            .map(|it| (finding(checker, definition, placed, it), false))
            .collect();
    if placed.node.kind == NodeKind::Section {
        let late = argument::refusal_after_body(&definition.spelling, arguments, &machine);
        refused.extend(late.map(|it| (finding(checker, definition, placed, it), true)));
    }
    refused
}

fn finding(
    checker: &Checker<'_>,
    definition: &Directive,
    placed: &Placed<'_>,
    refused: argument::Refusal,
) -> Diagnostic {
    let line = placed.line();
    let span = shown(line.argument_span(refused.range), line.span());
    let message = format!("httpd refuses this argument of `{}`", name(definition));
    let mut finding = refusal("invalid-argument", placed, span, message, &refused.message);
    if let (Manner::Exit { number }, Some(httpd)) = (refused.manner, &mut finding.httpd) {
        let program = checker.inputs.program;
        *httpd = HttpdMessage {
            message: format!("{number}: {program}: {}", httpd.message),
            file: None,
            line: None,
            phase: httpd.phase,
        };
    }
    finding
}

fn name(definition: &Directive) -> String {
    let bracket = if definition.section { ">" } else { "" };
    format!("{}{bracket}", definition.spelling)
}
