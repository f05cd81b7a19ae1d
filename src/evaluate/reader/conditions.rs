//! The conditional sections: `<IfModule>` and its kin.

use super::Reader;
use super::execute::Running;
use super::operation::Operation;
use crate::evaluate::conditional::{Refused, VersionTest};
use crate::evaluate::config::{NodeKind, Unknown};
use crate::evaluate::environment::{Space, Value};
use crate::evaluate::truth::Truth;
use crate::httpd::NameId;
use crate::source::Span;
use crate::syntax::words;
use crate::world::Kind;

impl Reader<'_, '_, '_> {
    // Lets the body be read, or passes over it.
    pub(super) fn conditional(&mut self, running: &Running<'_>, truth: Truth) {
        self.unit.nodes[running.node.index()].kind = NodeKind::Conditional(truth);
        let (span, position) = (running.line.span(), running.position);
        if truth.is_false() {
            self.soak(running.spelling, span, position);
        } else {
            self.open_conditional(running.node, running.name, span, position, truth);
        }
    }

    pub(super) fn if_something(&mut self, operation: Operation, running: &Running<'_>) {
        let arguments = running.line.arguments();
        let spelling = running.spelling;
        let Some(end) = arguments.rfind('>') else {
            self.refuse(running.refusal(
                "missing-angle-bracket",
                running.line.span(),
                format!("`{spelling}` has no closing `>`"),
                format!("{spelling}> directive missing closing '>'"),
            ));
            return self.conditional(running, Truth::Unknown);
        };
        let negated = arguments.starts_with('!');
        let text = &arguments[usize::from(negated).min(end)..end];
        let (word, _) = words::first(text);
        if word.text.is_empty() {
            self.refuse(running.refusal(
                "missing-section-argument",
                running.line.span(),
                format!("`{spelling}>` asks for nothing"),
                format!("{spelling}> directive requires additional arguments"),
            ));
            return self.conditional(running, Truth::Unknown);
        }
        let asked = word.text.into_owned();
        let mut truth = if running.unsure {
            Truth::Unknown
        } else {
            self.test(operation, &asked, running.line.span())
        };
        if negated {
            truth = !truth;
        }
        self.conditional(running, truth);
    }

    fn test(&mut self, operation: Operation, asked: &str, span: Span) -> Truth {
        let table = self.evaluation.inputs.table;
        match operation {
            Operation::IfModule => {
                let truth = self.has_module(asked);
                if truth == Truth::Unknown {
                    self.unknown(Unknown::Module(asked.to_owned()), span);
                }
                truth
            }
            Operation::IfDefine => match self.evaluation.ask(Space::Define, asked) {
                Value::Present => Truth::True,
                Value::Unknown => Truth::Unknown,
                _ => Truth::False,
            },
            Operation::IfFile => {
                let Some(path) = self.resolve(asked) else {
                    self.unknown(Unknown::Path(asked.to_owned()), span);
                    return Truth::Unknown;
                };
                match self.kind(&path) {
                    Kind::Unknown => {
                        self.unknown(Unknown::Path(path), span);
                        Truth::Unknown
                    }
                    Kind::Missing | Kind::NotADirectory | Kind::Denied => Truth::False,
                    _ => Truth::True,
                }
            }
            Operation::IfDirective => table
                .name(asked)
                .map_or(Truth::False, |it| self.is_there(it)),
            _ => table
                .name(&format!("<{asked}"))
                .map_or(Truth::False, |it| self.is_there(it)),
        }
    }

    // Whether a name is known to httpd at this point.
    fn is_there(&mut self, name: NameId) -> Truth {
        let table = self.evaluation.inputs.table;
        let mut result = Truth::False;
        for definition in table.definitions(name) {
            match self.has_module(&table.module(definition.module).source) {
                Truth::True => return Truth::True,
                Truth::Unknown => result = Truth::Unknown,
                Truth::False => {}
            }
        }
        result
    }

    pub(super) fn if_version(&mut self, running: &Running<'_>) {
        let words: Vec<String> = words::split(running.line.arguments())
            .into_iter()
            .map(|it| it.text.into_owned())
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let test = match VersionTest::parse(&words) {
            Ok(test) => test,
            Err(Refused(httpd)) => {
                if !running.unsure {
                    let rule = if httpd.contains("missing closing") {
                        "missing-angle-bracket"
                    } else {
                        "invalid-version-test"
                    };
                    let message = "this is no comparison of versions".to_owned();
                    let span = running
                        .line
                        .argument_span(0..running.line.arguments().len());
                    self.refuse(running.refusal(rule, span, message, httpd));
                }
                return self.conditional(running, Truth::Unknown);
            }
        };
        let version = self.evaluation.version();
        let truth = match version {
            _ if running.unsure => Truth::Unknown,
            Some(version) => test.holds(version).map_or(Truth::Unknown, Truth::from),
            None => {
                self.unknown(Unknown::Version, running.line.span());
                Truth::Unknown
            }
        };
        self.conditional(running, truth);
    }
}
