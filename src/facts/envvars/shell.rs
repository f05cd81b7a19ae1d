//! A shell that knows variables and nothing else.

use std::collections::BTreeMap;

use pest::iterators::Pair;

use super::grammar::Rule;
use super::{Environment, Gap, is_ambient};

// Linux starts no program with a longer string in its environment (`MAX_ARG_STRLEN`). The limit
// also keeps `A=$A$A` from growing without end.
const LONGEST_VALUE: usize = 128 * 1024;

// No script nests expansions like this, unless to overflow a stack.
const DEEPEST: usize = 64;

/// The content of a variable, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Known(String),
    Unset,
    Unknown,
}

#[derive(Debug, Clone)]
struct Slot {
    content: Content,
    exported: bool,
}

/// A block that is open. `None` stands for "may be".
#[derive(Debug, Clone, Copy)]
enum Block {
    If {
        /// Whether the branch that is being read runs.
        runs: Option<bool>,
        /// Whether this or an earlier branch runs.
        taken: Option<bool>,
    },
    /// A loop, a `case`, a function: its statements may run.
    Opaque,
}

/// The state while a script is read.
#[derive(Debug, Default)]
pub(super) struct Shell {
    slots: BTreeMap<String, Slot>,
    blocks: Vec<Block>,
    export_all: bool,
    // Whether variables that have no slot may be set.
    open: bool,
    gaps: Vec<Gap>,
    // How many words are being expanded, one inside the other.
    depth: usize,
}

impl Shell {
    /// A shell with an environment.
    pub(super) fn new(inherited: &BTreeMap<String, String>) -> Self {
        let slot = |value: &String| Slot {
            content: Content::Known(value.clone()),
            exported: true,
        };
        Self {
            slots: inherited
                .iter()
                .map(|(name, value)| (name.clone(), slot(value)))
                .collect(),
            ..Self::default()
        }
    }

    /// Does what a statement of the grammar says.
    pub(super) fn run(&mut self, statement: Pair<'_, Rule>) {
        match statement.as_rule() {
            Rule::condition => self.condition(statement),
            Rule::otherwise => self.next_branch(Some(true)),
            Rule::end_if => {
                self.blocks.pop_if(|it| matches!(it, Block::If { .. }));
            }
            Rule::open => self.open_block(&statement),
            Rule::barrier => {
                if self.runs() != Some(false) {
                    self.open_block(&statement);
                }
            }
            Rule::close => {
                self.blocks.pop_if(|it| matches!(it, Block::Opaque));
            }
            Rule::EOI => {}
            _ if self.runs() == Some(false) => {}
            Rule::assignments => {
                for assignment in statement.into_inner() {
                    self.assign(assignment, self.export_all);
                }
            }
            Rule::export => {
                for part in statement.into_inner() {
                    match part.as_rule() {
                        Rule::assignment => self.assign(part, true),
                        _ => self.export(part.as_str()),
                    }
                }
            }
            Rule::unset => {
                for name in statement.into_inner() {
                    self.set(name.as_str(), Content::Unset, false);
                    if self.runs() == Some(true)
                        && let Some(slot) = self.slots.get_mut(name.as_str())
                    {
                        slot.exported = false;
                    }
                }
            }
            Rule::all_export => {
                let on = statement.into_inner().any(|it| it.as_rule() == Rule::on);
                self.export_all = on || self.runs().is_none();
            }
            Rule::nothing => {
                for word in statement.into_inner() {
                    self.word(word);
                }
            }
            Rule::source => self.source(&statement),
            _ => self.not_understood(&statement),
        }
    }

    /// Takes a text that could not be parsed for one that may do anything.
    pub(super) fn give_up(&mut self, text: &str) {
        self.forget_everything();
        self.gaps.push(Gap {
            line: 1,
            text: text.lines().next().unwrap_or_default().trim().to_owned(),
        });
    }

    /// What the script leaves to the program that is started after it.
    pub(super) fn into_environment(self) -> Environment {
        let mut environment = Environment {
            open: self.open,
            gaps: self.gaps,
            ..Environment::default()
        };
        for (name, slot) in self.slots {
            match slot.content {
                Content::Known(value) if slot.exported => {
                    environment.values.insert(name, value);
                }
                Content::Unset => {
                    environment.unset.insert(name);
                }
                // A variable that is set and not exported here is in the environment if it was
                // there before.
                _ => {
                    environment.unknown.insert(name);
                }
            }
        }
        environment
    }

    // Whether the statements that are being read run.
    fn runs(&self) -> Option<bool> {
        let mut runs = Some(true);
        for block in &self.blocks {
            let block = match block {
                Block::If { runs, .. } => *runs,
                Block::Opaque => None,
            };
            runs = and(runs, block);
        }
        runs
    }

    fn condition(&mut self, statement: Pair<'_, Rule>) {
        let mut parts = statement.clone().into_inner();
        let elif = parts
            .next()
            .is_some_and(|it| it.as_rule() == Rule::elif_word);
        let holds = parts.next().and_then(|it| self.test(it));
        if elif {
            self.next_branch(holds);
        } else {
            self.blocks.push(Block::If {
                runs: holds,
                taken: holds,
            });
        }
        if holds.is_none() {
            self.gap(&statement);
        }
    }

    fn next_branch(&mut self, holds: Option<bool>) {
        if let Some(Block::If { runs, taken }) = self.blocks.last_mut() {
            *runs = and(taken.map(|it| !it), holds);
            *taken = and(taken.map(|it| !it), holds.map(|it| !it)).map(|it| !it);
        }
    }

    fn test(&mut self, test: Pair<'_, Rule>) -> Option<bool> {
        let rule = test.as_rule();
        let mut parts = test.into_inner();
        if rule == Rule::emptiness {
            let wants_empty = parts.next()?.as_rule() == Rule::is_empty;
            return Some(self.word(parts.next()?)?.is_empty() == wants_empty);
        }
        let left = self.word(parts.next()?);
        let wants_equal = parts.next()?.as_rule() == Rule::equal;
        let right = self.word(parts.next()?);
        Some((left? == right?) == wants_equal)
    }

    fn open_block(&mut self, statement: &Pair<'_, Rule>) {
        if self.runs() != Some(false) {
            self.gap(statement);
            self.forget_names(statement.as_str());
        }
        self.blocks.push(Block::Opaque);
    }

    fn gap(&mut self, statement: &Pair<'_, Rule>) {
        let text = statement.as_str().trim();
        if !text.is_empty() {
            self.gaps.push(Gap {
                line: u32::try_from(statement.line_col().0).unwrap_or(u32::MAX),
                text: text.to_owned(),
            });
        }
    }

    fn not_understood(&mut self, statement: &Pair<'_, Rule>) {
        self.gap(statement);
        self.forget_names(statement.as_str());
    }

    // `/etc/default/locale` and its like set the locale; any other file may set anything.
    fn source(&mut self, statement: &Pair<'_, Rule>) {
        self.gap(statement);
        let mut words = statement.as_str().split_ascii_whitespace().skip(1);
        let is_locale = words.next().is_some_and(|it| it.ends_with("/locale"));
        if !is_locale || words.next().is_some() {
            return self.forget_everything();
        }
        for name in ["LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES"] {
            self.set(name, Content::Unknown, false);
        }
    }

    // A statement that is not understood may set what stands before a `=` in it.
    fn forget_names(&mut self, text: &str) {
        let mut words = text.split(|it: char| !it.is_ascii_alphanumeric() && !"_.".contains(it));
        let runs_more = words.any(|it| matches!(it, "." | "eval" | "source" | "read" | "getopts"));
        if runs_more || sets_a_computed_name(text) {
            return self.forget_everything();
        }
        for (at, _) in text.match_indices('=') {
            let before = text[..at].trim_end_matches([':', '+']);
            let start = before
                .rfind(|it: char| !it.is_ascii_alphanumeric() && it != '_')
                .map_or(0, |it| {
                    it + before[it..].chars().next().map_or(1, char::len_utf8)
                });
            if start < before.len() {
                self.set(&before[start..], Content::Unknown, false);
            }
        }
        let mut words = text.split_ascii_whitespace();
        if words.next() == Some("unset") || text.contains("unset ") {
            for name in words {
                self.set(name, Content::Unknown, false);
            }
        }
    }

    fn forget_everything(&mut self) {
        self.open = true;
        for slot in self.slots.values_mut() {
            slot.content = Content::Unknown;
        }
    }

    fn assign(&mut self, assignment: Pair<'_, Rule>, export: bool) {
        let mut parts = assignment.into_inner();
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else {
            return;
        };
        // `~` is the home directory at the beginning and after a colon.
        let tilde = value.as_str().starts_with('~') || value.as_str().contains(":~");
        let value = self.word(value).filter(|_| !tilde);
        let content = value.map_or(Content::Unknown, Content::Known);
        self.set(name.as_str(), content, export);
    }

    fn export(&mut self, name: &str) {
        let content = self.get(name);
        self.set(name, content, true);
    }

    fn set(&mut self, name: &str, content: Content, export: bool) {
        let content = match self.runs() {
            Some(true) => content,
            Some(false) => return,
            None => Content::Unknown,
        };
        let exported = export || self.slots.get(name).is_some_and(|it| it.exported);
        self.slots
            .insert(name.to_owned(), Slot { content, exported });
    }

    fn get(&self, name: &str) -> Content {
        match self.slots.get(name) {
            Some(slot) => slot.content.clone(),
            None if self.open || is_ambient(name) => Content::Unknown,
            None => Content::Unset,
        }
    }

    // The value of a word or of a part of one; `None` where it is unknown.
    fn word(&mut self, word: Pair<'_, Rule>) -> Option<String> {
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let value = self.expand(word);
        self.depth -= 1;
        value
    }

    fn expand(&mut self, word: Pair<'_, Rule>) -> Option<String> {
        let text = word.as_str();
        match word.as_rule() {
            Rule::escape | Rule::quoted_escape => Some(
                text[1..]
                    .strip_prefix('\n')
                    .unwrap_or(&text[1..])
                    .to_owned(),
            ),
            Rule::parameter | Rule::quoted_parameter => self.parameter(word),
            Rule::word
            | Rule::value
            | Rule::single
            | Rule::double
            | Rule::operand
            | Rule::quoted_operand => {
                // Every part is looked at: an unknown one does not keep the next from assigning.
                let mut value = Some(String::new());
                for part in word.into_inner() {
                    let part = self.word(part);
                    value = value
                        .zip(part)
                        .map(|(value, part)| value + &part)
                        .filter(|it| it.len() <= LONGEST_VALUE);
                }
                value
            }
            _ => Some(text.to_owned()),
        }
    }

    fn parameter(&mut self, parameter: Pair<'_, Rule>) -> Option<String> {
        let mut parts = parameter.into_inner();
        let name = parts.next()?.as_str();
        let content = self.get(name);
        let (Some(operator), Some(operand)) = (parts.next(), parts.next()) else {
            return plain(content);
        };
        let operator = operator.as_str();
        // A colon makes an empty value count as none.
        let is_set = match &content {
            Content::Known(value) => Some(!(value.is_empty() && operator.starts_with(':'))),
            Content::Unset => Some(false),
            Content::Unknown => None,
        };
        match operator.trim_start_matches(':') {
            "-" | "?" if is_set? => plain(content),
            "-" => self.word(operand),
            "?" => None,
            "+" if is_set? => self.word(operand),
            "+" => Some(String::new()),
            "=" => match is_set {
                Some(true) => plain(content),
                is_set => {
                    let value = self.word(operand).filter(|_| is_set.is_some());
                    let content = value.clone().map_or(Content::Unknown, Content::Known);
                    self.set(name, content, self.export_all);
                    value
                }
            },
            cut => {
                let quoted = operand.as_str().contains(['\'', '"', '\\', '[']);
                let pattern = self.word(operand).filter(|_| !quoted)?;
                Some(without(&plain(content)?, cut, &pattern))
            }
        }
    }
}

// `export $NAME=x` and the like; a value with blanks in it may look the same.
fn sets_a_computed_name(text: &str) -> bool {
    let mut words = text.split_ascii_whitespace();
    let setter = words.find(|it| matches!(*it, "export" | "readonly" | "unset"));
    setter.is_some()
        && words.any(|it| {
            it.split('=')
                .next()
                .unwrap_or(it)
                .contains(['$', '`', '\\', '"', '\''])
        })
}

fn plain(content: Content) -> Option<String> {
    match content {
        Content::Known(value) => Some(value),
        Content::Unset => Some(String::new()),
        Content::Unknown => None,
    }
}

fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

// `#` and `##` cut the shortest and the longest beginning that fits, `%` and `%%` an end.
fn without(value: &str, cut: &str, pattern: &str) -> String {
    let mut places: Vec<usize> = value.char_indices().map(|it| it.0).collect();
    places.push(value.len());
    if matches!(cut, "##" | "%") {
        places.reverse();
    }
    let beginning = cut.starts_with('#');
    let fits = |at: &usize| {
        let part = if beginning {
            &value[..*at]
        } else {
            &value[*at..]
        };
        fits(pattern, part)
    };
    match places.into_iter().find(fits) {
        Some(at) if beginning => value[at..].to_owned(),
        Some(at) => value[..at].to_owned(),
        None => value.to_owned(),
    }
}

// Whether a pattern of `*`, `?` and plain characters fits a whole text. On a mismatch only the last
// `*` takes one more character, so the time is bounded by the product of the lengths.
fn fits(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    let mut star = None;
    loop {
        let here = text.clone();
        match (pattern.next(), text.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                text = here;
                star = Some((pattern.clone(), text.clone()));
            }
            (Some('?'), Some(_)) => {}
            (Some(expected), Some(found)) if expected == found => {}
            _ => {
                let Some((after, mut rest)) = star.take() else {
                    return false;
                };
                if rest.next().is_none() {
                    return false;
                }
                pattern = after.clone();
                text = rest.clone();
                star = Some((after, rest));
            }
        }
    }
}
