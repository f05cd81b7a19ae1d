//! Sections and conditionals: what opens, what closes, and what is left open.

use std::borrow::Cow;

use super::{Incoming, Open, Position, Reader, Refusal};
use crate::diagnostic::WITHOUT_LAST_BYTE;
use crate::evaluate::Truth;
use crate::evaluate::config::{LeftOpen, NodeIndex};
use crate::evaluate::line::strip_bracket;
use crate::httpd::NameId;
use crate::source::{Encoding, Span};
use crate::syntax::words;

impl<'i> Reader<'_, 'i, '_> {
    // The name with its `<`, as httpd compares it: whatever its case.
    fn name<'a>(&'a self, open: &Open) -> Cow<'a, str>
    where
        'i: 'a,
    {
        match open.id {
            Some(id) => Cow::Borrowed(self.evaluation.inputs.table.spelling(id)),
            None => self.written_name(open),
        }
    }

    // The name as httpd prints it: in the spelling of the module that registered it, or as it is
    // written where no module has done so yet.
    fn printed_name(&mut self, index: usize) -> String {
        let id = self.open[index].id;
        match id.filter(|it| self.is_registered(*it)) {
            Some(id) => self.evaluation.inputs.table.spelling(id).to_owned(),
            None => self.written_name(&self.open[index]).into_owned(),
        }
    }

    fn written_name(&self, open: &Open) -> Cow<'_, str> {
        let text = self
            .unit
            .text(&self.unit.nodes[open.node.index()])
            .into_owned();
        let (word, _) = words::first(&text);
        Cow::Owned(strip_bracket(word.text).into_owned())
    }

    // Compared with the line as it stands, before variables are expanded.
    pub(super) fn closes_conditional(&mut self, incoming: &Incoming<'_>) -> bool {
        let Some(open) = self.open.last().filter(|it| it.conditional) else {
            return false;
        };
        let text = &incoming.logical.text;
        if !text.starts_with("</") && !open.uncertain {
            return false;
        }
        let name = self.name(open);
        let exact = text.strip_prefix("</").and_then(|it| it.strip_suffix('>'));
        // Where the condition is not known, the closing line may be one that only a false
        // conditional takes.
        let encoding = self.parsed.source.encoding();
        let loose =
            || soaked_name(text, encoding).is_some_and(|it| it.eq_ignore_ascii_case(&name[1..]));
        let closes = exact.is_some_and(|it| it.eq_ignore_ascii_case(&name[1..]))
            || (open.uncertain && loose());
        if closes {
            self.leave();
        }
        closes
    }

    fn leave(&mut self) {
        if let Some(open) = self.open.pop() {
            let end = self.unit.nodes.len();
            self.unit.nodes[open.node.index()].end = u32::try_from(end).unwrap_or(u32::MAX);
            self.uncertain -= usize::from(open.uncertain);
        }
    }

    pub(super) fn close(&mut self, name: &str, incoming: &Incoming<'_>) {
        let Some(open) = self.open.last().filter(|it| !it.conditional) else {
            let section = format!("<{}", &name[2..]);
            self.refuse(Refusal {
                rule: "unmatched-close",
                span: incoming.span(),
                position: Some(incoming.position),
                httpd: format!("{name} without matching {section} section"),
                message: format!("`{name}` closes no open section"),
            });
            return;
        };
        let opened = open.span;
        let is_closed_by = |closed: &str| self.name(open)[1..].eq_ignore_ascii_case(closed);
        if let Some(closed) = name[2..].strip_suffix('>')
            && is_closed_by(closed)
        {
            return self.leave();
        }
        if !name.ends_with('>') {
            let closes = is_closed_by(&name[2..]);
            self.refuse(Refusal {
                rule: "missing-angle-bracket",
                span: incoming.span(),
                position: Some(incoming.position),
                httpd: format!("{name}> directive missing closing '>'"),
                message: format!("`{name}` has no `>` right behind the name"),
            });
            if closes {
                self.leave();
            }
            return;
        }
        let closed = &name[2..name.len() - 1];
        let expected = self.printed_name(self.open.len() - 1).split_off(1);
        self.refuse(Refusal {
            rule: "mismatched-close",
            span: incoming.span(),
            position: Some(incoming.position),
            httpd: format!("Expected </{expected}> but saw </{closed}>"),
            message: format!("`</{closed}>` stands where `<{expected}>` must be closed"),
        })
        .secondary(opened, "opened here");
        // Most often the inner close was forgotten, so the outer section ends here.
        let mut level = self.open.iter().rev().take_while(|it| !it.conditional);
        if let Some(depth) = level.position(|it| self.name(it)[1..].eq_ignore_ascii_case(closed)) {
            for _ in 0..=depth {
                self.leave();
            }
        }
    }

    pub(super) fn end_of_file(&mut self) {
        let first_conditional = self.open.iter().position(|it| it.conditional);
        let unclosed = first_conditional.unwrap_or(self.open.len());
        if unclosed > 0 {
            self.refuse_unclosed(unclosed);
        }
        if let Some(first) = first_conditional {
            let left: Vec<_> = self.open[first..]
                .iter()
                .map(|it| LeftOpen { node: it.node })
                .collect();
            self.unit.left_open.extend(left);
        }
        while !self.open.is_empty() {
            self.leave();
        }
    }

    fn refuse_unclosed(&mut self, count: usize) {
        let names: Vec<String> = (0..count).map(|it| self.printed_name(it)).collect();
        let lines: Vec<String> = self.open[..count]
            .iter()
            .zip(&names)
            .rev()
            .map(|(open, name)| {
                let file = self.file_name(open.position);
                format!("{file}:{}: {name}> was not closed.", open.position.number)
            })
            .collect();
        let (span, position) = (self.open[0].span, self.open[0].position);
        let spans = self.open[1..count].iter().map(|it| it.span);
        let others: Vec<_> = spans.zip(names[1..].to_vec()).collect();
        let name = &names[0];
        let finding = self.refuse(Refusal {
            rule: "unclosed-section",
            span,
            position: Some(position),
            httpd: lines.join("\n"),
            message: format!("`{name}>` is never closed"),
        });
        for (span, name) in others {
            finding.secondary(span, format!("nor is `{name}>`"));
        }
    }

    /// Opens a conditional; what follows is read up to its close.
    pub(super) fn open_conditional(
        &mut self,
        node: NodeIndex,
        id: NameId,
        span: Span,
        position: Position,
        truth: Truth,
    ) {
        let uncertain = truth == Truth::Unknown;
        self.uncertain += usize::from(uncertain);
        let id = Some(id);
        self.open.push(Open {
            node,
            id,
            span,
            position,
            conditional: true,
            uncertain,
        });
    }

    /// Passes over the body of a false conditional (httpd's `ap_soak_end_container`): sections in
    /// it must balance by name, nothing else counts.
    pub(super) fn soak(&mut self, name: &str, opened: Span, position: Position) {
        let encoding = self.parsed.source.encoding();
        let mut expected = vec![name[1..].to_owned()];
        while let Some(incoming) = self.next() {
            let text = &incoming.logical.text;
            if let Some(seen) = soaked_close(text, encoding) {
                let closed = seen.strip_prefix('/').unwrap_or(&seen);
                let innermost = expected.last().map(String::as_str).unwrap_or_default();
                if closed.eq_ignore_ascii_case(innermost) {
                    expected.pop();
                } else {
                    let httpd = format!("Expected </{innermost}> but saw <{seen}>");
                    let shown = seen.replace(WITHOUT_LAST_BYTE, "");
                    let message =
                        format!("`<{shown}>` stands where `<{innermost}>` must be closed");
                    let finding = self.refuse(Refusal {
                        rule: "mismatched-close",
                        span: incoming.span(),
                        position: Some(position),
                        httpd,
                        message,
                    });
                    finding.secondary(opened, "in this section, which is not read");
                    let known = expected
                        .iter()
                        .rposition(|it| it.eq_ignore_ascii_case(closed));
                    expected.truncate(known.unwrap_or(expected.len()));
                }
                if expected.is_empty() {
                    return;
                }
                continue;
            }
            let (word, rest) = words::first(text);
            if word.text.starts_with('<') {
                let word = if rest.is_empty() {
                    word.text.strip_suffix('>').unwrap_or(&word.text)
                } else {
                    &word.text
                };
                expected.push(word[1..].to_owned());
            }
        }
        let innermost = expected.last().map(String::as_str).unwrap_or_default();
        let httpd = format!("Expected </{innermost}> before end of configuration");
        self.refuse(Refusal {
            rule: "unclosed-section",
            span: opened,
            position: Some(position),
            httpd,
            message: format!("`<{innermost}>` is never closed"),
        });
    }
}

// In a false conditional, what begins with `</` closes, whatever follows; the last byte of the
// first word is taken for the `>`. Returns what httpd then sees, without its `<`.
fn soaked_close(text: &str, encoding: Encoding) -> Option<String> {
    let (word, _) = words::first(text);
    let mut characters = word.text.strip_prefix('<')?.chars();
    if !characters.as_str().starts_with('/') {
        return None;
    }
    let last = characters.next_back()?;
    let mut seen = characters.as_str().to_owned();
    if encoding.bytes(last.encode_utf8(&mut [0; 4])).len() > 1 {
        seen.extend([WITHOUT_LAST_BYTE, last]);
    }
    Some(seen)
}

fn soaked_name(text: &str, encoding: Encoding) -> Option<String> {
    soaked_close(text, encoding).map(|it| it.strip_prefix('/').unwrap_or(&it).to_owned())
}
