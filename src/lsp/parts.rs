//! What the parts of an argument mean: of a pattern, an expression, a format.
//!
//! They are looked for in the line as it is written, so that also what httpd does not read is
//! explained.

use super::view::View;
use crate::argument::expression::parts::{Part, parts};
use crate::argument::items::{Braces, Format};
use crate::argument::passages::{Language, Passage, passages};
use crate::argument::rewrite_text::{self, Expansion, expansions};
use crate::argument::{Located, pattern};
use crate::form::Forms;
use crate::source::Span;
use crate::syntax::{LineKind, Logical, words};

/// A line, and the texts in other languages in it.
struct Said<'v> {
    line: usize,
    name: String,
    // From behind the name on.
    argument: Logical<'v>,
}

impl<'v> Said<'v> {
    fn of(view: &View<'v>, line: usize) -> Option<Self> {
        let found = &view.document.lines[line];
        if matches!(found.kind, LineKind::Comment | LineKind::Close) {
            return None;
        }
        let logical = view.document.logical(found, view.text());
        let (first, rest) = words::first(&logical.text);
        let name = first.text.trim_end_matches('>').to_owned();
        let behind = match name.starts_with('<') {
            // The `>` of the section belongs to its argument.
            true => first.range.start + name.len(),
            false => logical.text.len() - rest.len(),
        };
        Some(Self {
            line,
            name,
            argument: logical.skip(behind),
        })
    }

    fn passages(&self, view: &View<'_>) -> Vec<Passage<'_>> {
        let table = view.whole.session.inputs().table;
        let definitions = table.name(&self.name).into_iter();
        let mut definitions = definitions.flat_map(|it| table.definitions(it));
        let none = &Forms::NONE;
        let forms = definitions.next().map_or(none, |it| &it.forms);
        passages(&self.name, &self.argument.text, forms)
    }

    fn span(&self, passage: &Passage<'_>, part: std::ops::Range<usize>) -> Span {
        self.argument.origin.span(passage.at(part))
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// A pattern, and where it stands.
struct Pattern {
    text: String,
    parts: Vec<Located<pattern::Part>>,
    negated: bool,
    span: Span,
}

/// Who keeps a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeper {
    /// The pattern of the directive itself, for a condition that of its rule: `$N`.
    Own,
    /// That of the last condition: `%N`.
    Condition,
}

impl Keeper {
    fn sign(self) -> char {
        match self {
            Keeper::Own => '$',
            Keeper::Condition => '%',
        }
    }
}

/// A piece of a line, and its page.
struct Explained {
    span: Span,
    page: String,
}

/// The page about the part at a place.
pub(super) fn hover(view: &View<'_>, offset: usize) -> Option<(Span, String)> {
    let said = Said::of(view, view.line_at(offset)?)?;
    let mut found: Option<Explained> = None;
    for passage in said.passages(view) {
        for it in explained(view, &said, &passage) {
            let range = it.span.range();
            let is_meant = range.start <= offset && offset < range.end;
            let length = found
                .as_ref()
                .map_or(usize::MAX, |it| it.span.range().len());
            if is_meant && range.len() < length {
                found = Some(it);
            }
        }
    }
    found.map(|it| (it.span, it.page))
}

fn explained(view: &View<'_>, said: &Said<'_>, passage: &Passage<'_>) -> Vec<Explained> {
    let text = &*passage.text;
    let at = |range: std::ops::Range<usize>, page: String| Explained {
        span: said.span(passage, range),
        page,
    };
    let written = |range: &std::ops::Range<usize>, meaning: &str| {
        format!(
            "{}: {meaning}\n",
            code(text.get(range.clone()).unwrap_or_default())
        )
    };
    match passage.language {
        Language::Pattern { caseless, .. } => {
            let parts = pattern::parts(text, caseless).into_iter();
            let page = |it: Located<pattern::Part>| {
                let page = written(&it.value.about, &it.value.meaning);
                at(it.range, page + &uses(view, said, text, &it.value))
            };
            parts.map(page).collect()
        }
        Language::Replacement | Language::Rewritten => {
            let rewrites = passage.language == Language::Rewritten;
            let all = Located::new(text.to_owned(), 0..text.len());
            let page = |it: Located<Expansion>| {
                let meaning = match &it.value {
                    Expansion::Variable(name) if rewrites => rewrite_text::meaning(name)?,
                    Expansion::RuleGroup(group) => kept(view, said, Keeper::Own, *group),
                    Expansion::ConditionGroup(group) if rewrites => {
                        kept(view, said, Keeper::Condition, *group)
                    }
                    _ => return None,
                };
                Some(at(it.range.clone(), written(&it.range, &meaning)))
            };
            expansions(&all).into_iter().filter_map(page).collect()
        }
        Language::Condition | Language::Text => {
            let is_condition = passage.language == Language::Condition;
            let all = parts(text, is_condition).into_iter();
            all.flat_map(|it| match it.value {
                Part::Pattern {
                    text: inner,
                    caseless,
                } => {
                    let parts = pattern::parts(&inner, caseless).into_iter();
                    let page = |part: Located<pattern::Part>| {
                        let about = &inner[part.value.about.clone()];
                        let page = format!("{}: {}\n", code(about), part.value.meaning);
                        let group = part
                            .value
                            .group
                            .map(|it| format!("\nGroup {it}: `${it}` behind the match.\n"));
                        let start = it.range.start;
                        at(
                            start + part.range.start..start + part.range.end,
                            page + &group.unwrap_or_default(),
                        )
                    };
                    parts.map(page).collect::<Vec<_>>()
                }
                part => {
                    let meaning = expressed(&part).into_iter();
                    let range = it.range;
                    meaning
                        .map(|it| at(range.clone(), written(&range, &it)))
                        .collect()
                }
            })
            .collect()
        }
        Language::Items(format) => {
            let all = format.placed(text).into_iter();
            let page = |it: Located<String>| {
                let meaning = item(format, &it.value, &text[it.range.clone()])?;
                Some(at(it.range.clone(), written(&it.range, &meaning)))
            };
            all.filter_map(page).collect()
        }
    }
}

fn expressed(part: &Part) -> Option<String> {
    Some(match part {
        Part::Name(role, name) => role.meaning(name)?.to_owned(),
        Part::Sign(meaning) => (*meaning).to_owned(),
        Part::Group(0) => "what the last pattern that matched took".to_owned(),
        Part::Group(group) => format!("what group {group} of the last pattern that matched took"),
        Part::Pattern { .. } => return None,
    })
}

fn item(format: Format, letter: &str, written: &str) -> Option<String> {
    let item = format.item(letter)?;
    let modifiers = &written[1..written.len() - letter.len()];
    let inner = modifiers
        .split_once('{')
        .and_then(|it| it.1.split_once('}'));
    let inner = inner.map_or("", |it| it.0);
    let outer = modifiers.split('{').next().unwrap_or_default();
    let mut meaning = item.meaning.to_owned();
    if let Braces::Words(words) = item.braces
        && let Some(word) = words.iter().find(|it| it.0 == inner)
    {
        meaning.push_str(&format!("; `{inner}`: {}", word.1));
    }
    if let Some(module) = item.module {
        meaning.push_str(&format!(" ({module})"));
    }
    let codes = outer.trim_matches(['<', '>', '+', '-']);
    if codes.starts_with(|it: char| it.is_ascii_digit() || it == '!') {
        let which = match codes.strip_prefix('!') {
            Some(codes) => format!("any status but {codes}"),
            None => format!("the status {codes}"),
        };
        meaning.push_str(&format!("; only with {which}, else `-`"));
    }
    Some(meaning)
}

// A text between as many backticks as it needs.
fn code(text: &str) -> String {
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}

// The pattern of a line.
fn pattern_of(view: &View<'_>, said: &Said<'_>) -> Option<Pattern> {
    let passages = said.passages(view).into_iter();
    let mut found = passages.filter_map(|it| match it.language {
        Language::Pattern { caseless, negated } => Some(Pattern {
            parts: pattern::parts(&it.text, caseless),
            span: said.span(&it, 0..it.text.len()),
            text: it.text.into_owned(),
            negated,
        }),
        _ => None,
    });
    found.next()
}

// What a mentioned group holds.
fn kept(view: &View<'_>, said: &Said<'_>, keeper: Keeper, group: usize) -> String {
    let is_condition = said.is("RewriteCond");
    let owner = match keeper {
        Keeper::Own if is_condition => rule_behind(view, said.line),
        Keeper::Own => pattern_of(view, said),
        Keeper::Condition => conditions_before(view, said.line)
            .into_iter()
            .find_map(|it| pattern_of(view, &it).filter(|it| !it.negated)),
    };
    let Some(pattern) = owner else {
        return match keeper {
            Keeper::Own => "nothing: there is no pattern whose group it could be".to_owned(),
            Keeper::Condition => {
                "nothing: no condition before it has a pattern that matches".to_owned()
            }
        };
    };
    let place = view.whole.place(pattern.span);
    let whole = code(&pattern.text);
    if pattern.negated {
        return format!("nothing: {whole} at {place} must not match");
    }
    if group == 0 {
        return format!("all that {whole} took, at {place}");
    }
    let taken = pattern
        .parts
        .iter()
        .find(|it| it.value.group == Some(group));
    match taken {
        Some(it) => {
            let taken = code(&pattern.text[it.value.about.clone()]);
            format!("what {taken} took, group {group} of {whole} at {place}")
        }
        None => format!("nothing: {whole} at {place} has no group {group}"),
    }
}

// The lines of rules around a line, as long as the section is the same.
fn neighbours<'v>(
    view: &View<'v>,
    lines: impl Iterator<Item = usize>,
) -> impl Iterator<Item = Said<'v>> {
    let is_inside = |it: &usize| {
        let kind = view.document.lines[*it].kind;
        !matches!(kind, LineKind::Open | LineKind::Close)
    };
    let found = lines
        .take_while(is_inside)
        .filter_map(|it| Said::of(view, it));
    found.filter(|it| it.is("RewriteCond") || it.is("RewriteRule"))
}

// The conditions that belong to the same rule as a line, the nearest first.
fn conditions_before<'v>(view: &View<'v>, line: usize) -> Vec<Said<'v>> {
    let before = neighbours(view, (0..line).rev());
    before.take_while(|it| it.is("RewriteCond")).collect()
}

fn rule_behind(view: &View<'_>, line: usize) -> Option<Pattern> {
    let rule =
        neighbours(view, line + 1..view.document.lines.len()).find(|it| it.is("RewriteRule"))?;
    pattern_of(view, &rule)
}

// Who mentions the group that begins or ends at a part of a pattern.
fn uses(view: &View<'_>, said: &Said<'_>, pattern: &str, part: &pattern::Part) -> String {
    let Some(group) = part.group else {
        return String::new();
    };
    let mut page = String::new();
    let named = pattern
        .get(part.about.clone())
        .and_then(|it| it.strip_prefix("(?"));
    let named = named.and_then(|it| it.trim_start_matches('P').strip_prefix(['<', '\'']));
    let named = named.and_then(|it| it.split(['>', '\'']).next());
    if said.name.starts_with('<') {
        page.extend(named.map(|it| {
            format!(
                "\nInside, the variable `MATCH_{}` has what it takes.\n",
                it.to_uppercase()
            )
        }));
        return page;
    }
    let keeper = match said.is("RewriteCond") {
        true => Keeper::Condition,
        false => Keeper::Own,
    };
    let places = mentions(view, said, keeper, group);
    let sign = keeper.sign();
    page.push_str(&match &places[..] {
        [] => format!("\nGroup {group}: nothing says `{sign}{group}`.\n"),
        _ => format!(
            "\nGroup {group}: `{sign}{group}` at {}.\n",
            places.join(", ")
        ),
    });
    page
}

// The places that mention a group of a line's pattern.
fn mentions(view: &View<'_>, said: &Said<'_>, keeper: Keeper, group: usize) -> Vec<String> {
    let behind = said.line + 1..view.document.lines.len();
    let lines: Vec<Said<'_>> = match keeper {
        Keeper::Own => {
            let conditions = match said.is("RewriteRule") {
                true => conditions_before(view, said.line),
                false => Vec::new(),
            };
            conditions
                .into_iter()
                .rev()
                .chain(Said::of(view, said.line))
                .collect()
        }
        Keeper::Condition => {
            // Another condition keeps its own groups from there on.
            let mut is_over = false;
            let lines = neighbours(view, behind).take_while(|it| {
                let goes_on = !is_over;
                let keeps =
                    it.is("RewriteCond") && pattern_of(view, it).is_some_and(|it| !it.negated);
                is_over |= keeps || it.is("RewriteRule");
                goes_on
            });
            lines.collect()
        }
    };
    let mut places = Vec::new();
    for line in lines {
        for passage in line.passages(view) {
            let all = Located::new(passage.text.to_string(), 0..passage.text.len());
            let is_read = matches!(
                passage.language,
                Language::Rewritten | Language::Replacement
            );
            let found = expansions(&all).into_iter().filter(|it| match it.value {
                Expansion::RuleGroup(number) => keeper == Keeper::Own && number == group,
                Expansion::ConditionGroup(number) => keeper == Keeper::Condition && number == group,
                Expansion::Variable(_) => false,
            });
            let found = found.filter(|_| is_read);
            places.extend(found.map(|it| view.whole.place(line.span(&passage, it.range))));
        }
    }
    places.dedup();
    places
}
