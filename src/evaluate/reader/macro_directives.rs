//! `<Macro>`, `Use` and `UndefMacro`.

use std::borrow::Cow;
use std::sync::Arc;

use super::buffer::{LONGEST_IN_MACRO, LongLine};
use super::execute::Running;
use super::{Reader, Refusal, Replay, buffer};
use crate::evaluate::config::MacroUse;
use crate::evaluate::environment::{Space, Value};
use crate::evaluate::macros::Macro;
use crate::source::Span;
use crate::syntax::words;
use crate::syntax::{Logical, Origin};

/// How much all macros of a configuration together may be replayed, in lines. httpd has no such
/// limit, but macros that use each other twice would keep it busy for ever.
pub(in crate::evaluate) const MOST_REPLAYED: usize = 1_000_000;

/// The bytes of a macro's phrase that weigh as much as a line: the phrase of a nested macro holds
/// those of all around it.
const PHRASE_BYTES: usize = 32;

impl Reader<'_, '_, '_> {
    pub(super) fn define_macro(&mut self, running: &Running<'_>) {
        let mut definition = match self.macro_head(running) {
            Ok(definition) => definition,
            Err(refusal) => {
                self.refuse(refusal);
                self.macro_body();
                return;
            }
        };
        let from = self.next_line;
        // In a macro, mod_macro's own limit counts.
        let long_lines = std::mem::take(&mut self.long_lines);
        let lines = self.macro_body();
        let passed = |it: &LongLine| it.number <= self.reached;
        let ahead: Vec<_> = long_lines.skip_while(passed).collect();
        self.long_lines = ahead.into_iter();
        let span = running.line.span();
        if lines.is_some() && self.has_line_too_long_for_macro(from) {
            let httpd = definition.unclosed();
            let message = "this macro has a line longer than 8 KiB".to_owned();
            self.refuse(running.refusal("overlong-line", span, message, httpd));
        }
        let Some(lines) = lines else {
            let httpd = definition.unclosed();
            let message = "this macro is never closed".to_owned();
            self.refuse(running.refusal("unclosed-section", span, message, httpd));
            return;
        };
        definition.lines = lines;
        let name = definition.name.clone();
        let value = if running.unsure {
            Value::Unknown
        } else {
            let definition = Arc::new(definition);
            let own = Arc::clone(&definition);
            self.unit.macros.push((running.node, own));
            Value::Macro(definition)
        };
        self.set(Space::Macro, &name, value);
        self.set(Space::Macro, "", Value::Present);
    }

    fn macro_body(&mut self) -> Option<Vec<Logical<'static>>> {
        self.body("<Macro", "</Macro>")
    }

    // The name and the parameters, or what httpd refuses of them.
    fn macro_head(&self, running: &Running<'_>) -> Result<Macro, Refusal> {
        let refusal = |message: String, httpd: String| {
            running.refusal("invalid-macro", running.line.span(), message, httpd)
        };
        let arguments = running.line.arguments();
        let unnamed = |httpd: &str| {
            let message = "this macro has no name".to_owned();
            Err(refusal(message, httpd.to_owned()))
        };
        let head = match arguments.rfind('>') {
            None => return unnamed("<Macro> directive missing closing '>'"),
            Some(0) => return unnamed("<Macro macro definition: empty name"),
            Some(end) => &arguments[..end],
        };
        let mut words = words::split(head).into_iter();
        let Some(first) = words.next().filter(|it| !it.text.is_empty()) else {
            return unnamed("<Macro macro definition: name not found");
        };
        let definition = Macro {
            name: first.text.to_ascii_lowercase(),
            location: format!(
                "defined on line {} of \"{}\"",
                running.position.number,
                self.file_name(running.position)
            ),
            span: running.line.word_span(&first),
            parameters: words.map(|it| it.text.into_owned()).collect(),
            lines: Vec::new(),
        };
        // httpd looks at one parameter after the other, for both mistakes at once.
        let conflict = definition.conflict();
        let mut parameters = definition.parameters.iter();
        let empty = parameters.position(String::is_empty);
        if let Some(empty) = empty.filter(|it| conflict.is_none_or(|(one, _)| *it <= one)) {
            let phrase = definition.phrase();
            let httpd = format!("{phrase}: empty argument #{} name", empty + 1);
            let message = "a parameter of this macro has no name".to_owned();
            return Err(refusal(message, httpd));
        }
        if let Some((one, two)) = conflict {
            let (phrase, name) = (definition.phrase(), &definition.parameters[one]);
            let httpd = format!(
                "argument name conflict in {phrase}: argument '{name}': #{} and #{}, change \
                 argument names!",
                one + 1,
                two + 1
            );
            return Err(refusal(
                format!("the parameter `{name}` is named twice"),
                httpd,
            ));
        }
        Ok(definition)
    }

    pub(super) fn use_macro(&mut self, running: &Running<'_>) {
        if running.unsure {
            return;
        }
        let arguments: Vec<String> = running
            .line
            .words()
            .into_iter()
            .map(|it| it.text.into_owned())
            .collect();
        let name = arguments.first().cloned().unwrap_or_default();
        let span = running.word_span(0);
        let definition =
            match self.find_macro(running, &name, "Use", "no macro name specified with Use") {
                Some(definition) => definition,
                None => return,
            };
        let file = self.file_name(running.position);
        if file.contains(&format!("macro '{}'", definition.name)) {
            let httpd = format!("recursive use of macro '{}' is invalid", definition.name);
            let message = format!("the macro `{name}` uses itself");
            self.refuse(running.refusal("invalid-macro-use", span, message, httpd));
            return;
        }
        let given: Vec<String> = arguments.into_iter().skip(1).collect();
        let (count, expected) = (given.len(), definition.parameters.len());
        if count != expected {
            let httpd = format!(
                "{} used with {count} arguments instead of {expected}",
                definition.phrase()
            );
            let plural = if expected == 1 { "" } else { "s" };
            let message =
                format!("the macro `{name}` takes {expected} argument{plural} and gets {count}");
            self.refuse(running.refusal("invalid-macro-use", running.line.span(), message, httpd))
                .secondary(definition.span, "defined here");
            return;
        }
        let number = running.position.number;
        let phrase = format!(
            "{} used on line {number} of \"{file}\"",
            definition.phrase()
        );
        let encoding = self.parsed.source.encoding();
        // An LF stands behind each line of a macro.
        let limit = LONGEST_IN_MACRO - 1;
        if let Some(index) = definition.overflow(&given, encoding, limit) {
            let httpd = format!(
                "{phrase} error while substituting: while processing line {} of {} cannot \
                 substitute, buffer size too small",
                index + 1,
                definition.phrase()
            );
            let message =
                format!("with these arguments, a line of the macro `{name}` is longer than 8 KiB");
            self.refuse(running.refusal("invalid-macro-use", running.line.span(), message, httpd))
                .secondary(definition.span, "defined here");
            return;
        }
        let parent = running.position.used;
        let used = MacroUse {
            span: running.line.span(),
            parent,
            phrase,
            definition,
        };
        self.replay(used, given);
    }

    pub(super) fn undefine_macro(&mut self, running: &Running<'_>) {
        let name = running.word(0).unwrap_or_default();
        let missing = "no macro name specified with UndefMacro";
        if self
            .find_macro(running, &name, "UndefMacro", missing)
            .is_some()
        {
            self.set(Space::Macro, &name.to_ascii_lowercase(), Value::Absent);
        }
    }

    fn find_macro(
        &mut self,
        running: &Running<'_>,
        name: &str,
        directive: &str,
        missing: &str,
    ) -> Option<Arc<Macro>> {
        let lower = name.to_ascii_lowercase();
        let (httpd, message): (Cow<'_, str>, String) =
            match self.evaluation.ask(Space::Macro, &lower) {
                Value::Macro(definition) => return Some(definition),
                Value::Unknown => {
                    self.unit.unread.push(running.line.span());
                    return None;
                }
                _ if self.evaluation.environment.get(Space::Macro, "") == Value::Absent => (
                    format!("no macro defined before {directive}").into(),
                    "no macro is defined above".to_owned(),
                ),
                _ if name.is_empty() => (missing.into(), "no macro is named".to_owned()),
                _ if directive == "Use" => (
                    format!("macro '{lower}' undefined").into(),
                    format!("no macro `{name}` is defined above"),
                ),
                _ => (
                    format!("cannot remove undefined macro '{lower}'").into(),
                    format!("no macro `{name}` is defined above"),
                ),
            };
        let span = running.word_span(0);
        self.refuse(running.refusal("invalid-macro-use", span, message, httpd.into_owned()));
        None
    }

    /// The lines up to the one whose first word is `end`, comments left out and blank lines kept;
    /// `None` where it never comes (mod_macro's `get_lines_till_end_token`).
    pub(super) fn body(&mut self, begin: &str, end: &str) -> Option<Vec<Logical<'static>>> {
        let mut lines = Vec::new();
        let mut nesting = 1_usize;
        loop {
            let before = self.next_line;
            let incoming = self.next()?;
            if incoming.line.is_some() {
                let blank = self.blank_lines_before(before, self.next_line - 1);
                let at = Span {
                    end: incoming.span().start,
                    ..incoming.span()
                };
                lines.extend((0..blank).map(|_| Logical {
                    text: Cow::Borrowed(""),
                    origin: Origin::Verbatim(at),
                }));
            }
            let (word, _) = words::first(&incoming.logical.text);
            if word.text.eq_ignore_ascii_case(end) {
                nesting -= 1;
                if nesting == 0 {
                    return Some(lines);
                }
            } else if word.text.eq_ignore_ascii_case(begin) {
                nesting += 1;
            }
            lines.push(incoming.logical.into_owned());
        }
    }

    // mod_macro takes a line that is too long for the end of the file.
    fn has_line_too_long_for_macro(&self, from: usize) -> bool {
        let lines = &self.parsed.document.lines;
        let Some([first, .., last]) = lines.get(from..self.next_line) else {
            return false;
        };
        let before = &self.parsed.source.text()[..first.start as usize];
        let start = before.rfind('\n').map_or(0, |it| it + 1);
        let part = start..last.end as usize;
        let file = self.parsed.document.file;
        !buffer::long_lines_within(&self.parsed.source, file, part, LONGEST_IN_MACRO).is_empty()
    }

    // Blank lines leave no token; between tokens they are the line ends that no line accounts for.
    fn blank_lines_before(&self, from: usize, to: usize) -> usize {
        let document = &self.parsed.document;
        let text = self.parsed.source.text();
        (from..=to)
            .map(|index| {
                let end = index
                    .checked_sub(1)
                    .map_or(0, |it| document.lines[it].end as usize);
                let gap = text
                    .get(end..document.lines[index].start as usize)
                    .unwrap_or_default();
                let gap = gap.strip_prefix('\n').unwrap_or(gap);
                let joined = gap.matches("\\\n").count() + gap.matches("\\\r\n").count();
                gap.matches('\n').count() - joined
            })
            .sum()
    }

    /// Lets the lines of a macro be read next.
    fn replay(&mut self, used: MacroUse, arguments: Vec<String>) {
        let definition = Arc::clone(&used.definition);
        self.evaluation.replayed += definition.lines.len() + used.phrase.len() / PHRASE_BYTES;
        if self.evaluation.replayed > MOST_REPLAYED {
            return;
        }
        self.replayed_at = Some(self.reached);
        let index = u32::try_from(self.unit.uses.len()).unwrap_or(u32::MAX);
        self.unit.uses.push(used);
        self.replays.push(Replay {
            used: index,
            next: 0,
            arguments,
            definition,
        });
    }
}
