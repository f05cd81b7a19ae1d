//! `${NAME}`.

use std::ops::Range;
use std::sync::Arc;

use super::{Incoming, Reader};
use crate::evaluate::config::{Undefined, Unknown};
use crate::evaluate::environment::{Space, Value};

enum Expansion {
    Value(Arc<str>),
    Undefined,
    Unknown,
}

impl<'t> Reader<'_, '_, 't> {
    // Puts values in the place of `${NAME}`, once, in the whole line (`ap_resolve_env`).
    pub(super) fn expand(&mut self, incoming: Incoming<'t>) -> (Incoming<'t>, bool) {
        let text = &incoming.logical.text;
        let mut changes: Vec<(Range<usize>, Arc<str>)> = Vec::new();
        let mut unsure = false;
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'$', &text.as_bytes()[at..]) {
            let start = at + found;
            at = start + 1;
            if !text[at..].starts_with('{') {
                continue;
            }
            let Some(end) = text[start..].find('}').map(|it| start + it) else {
                break;
            };
            let name = &text[start + 2..end];
            let span = incoming.logical.origin.span(start..end + 1);
            match self.variable(name) {
                Expansion::Value(value) => {
                    changes.push((start..end + 1, value));
                }
                Expansion::Undefined => {
                    if !name.contains(':') && self.uncertain == 0 {
                        let used = incoming.position.used;
                        self.unit.undefined.push(Undefined { span, used });
                    }
                }
                Expansion::Unknown => {
                    unsure = true;
                    self.unknown(Unknown::Variable(name.to_owned()), span);
                }
            }
            at = end + 1;
        }
        if changes.is_empty() {
            return (incoming, unsure);
        }
        let logical = incoming.logical.substitute(&changes);
        (
            Incoming {
                has_dollar: false,
                logical,
                position: incoming.position,
                line: None,
            },
            unsure,
        )
    }

    fn variable(&mut self, name: &str) -> Expansion {
        let lower = name.to_ascii_lowercase();
        match self.evaluation.ask(Space::Variable, &lower) {
            Value::Text(value) => return Expansion::Value(value),
            Value::Unknown => return Expansion::Unknown,
            _ => {}
        }
        match self.evaluation.inherited(name) {
            Value::Text(value) => Expansion::Value(value),
            Value::Unknown => Expansion::Unknown,
            _ => Expansion::Undefined,
        }
    }
}
