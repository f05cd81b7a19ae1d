//! `RewriteCond`, and the texts in which something is put in place (`do_expand`).

use super::escapes::Escapes;
use super::run::Run;
use crate::argument::number::strtol;
use crate::argument::rewrite::Arguments;
use crate::model::request::pass::Pass;
use crate::model::request::pattern::{self, Groups};
use crate::model::request::unseen;
use crate::model::{Doubt, Known};
use crate::world::Kind;

/// A text in which everything is put in place.
pub(super) struct Expanded {
    pub(super) text: String,
    // Whether its first question mark is not written in the rule.
    pub(super) is_query_brought: bool,
}

impl Pass<'_> {
    pub(super) fn conditions_hold(&self, conditions: &[Arguments], run: &mut Run) -> Known<bool> {
        let mut conditions = conditions.iter().peekable();
        while let Some(condition) = conditions.next() {
            let is_or = |it: &Arguments| has_flag(it, &["OR", "ornext"]);
            let holds = self.condition_holds(condition, run)?;
            match (holds, is_or(condition)) {
                (true, true) => {
                    // One of the alternatives is enough.
                    let mut skipping = true;
                    while skipping && let Some(next) = conditions.next() {
                        skipping = is_or(next);
                    }
                }
                (true, false) | (false, true) => {}
                (false, false) => return Ok(false),
            }
        }
        Ok(true)
    }

    fn condition_holds(&self, condition: &Arguments, run: &mut Run) -> Known<bool> {
        let asked = condition.second.value.as_str();
        if condition.first.value.eq_ignore_ascii_case("expr") {
            return self.condition(asked);
        }
        let text = self.expand(&condition.first.value, run)?;
        let (negated, asked) = match asked.strip_prefix('!') {
            Some(asked) => (true, asked),
            None => (false, asked),
        };
        let caseless = has_flag(condition, &["NC", "nocase"]);
        let holds = match asked {
            "-d" => self.httpd.kind(&text)? == Kind::Directory,
            "-f" => self.httpd.kind(&text)? == Kind::File,
            "-s" => {
                let world = self.httpd.world();
                self.httpd.kind(&text)? == Kind::File
                    && world.head(&text, 1).is_ok_and(|it| !it.is_empty())
            }
            "-l" | "-h" | "-L" => {
                let link = self.httpd.world().is_link(&text);
                link.ok_or_else(|| unseen(&text))?
            }
            "-F" | "-U" | "-x" => {
                return Err(Doubt::new(format!("`{asked}` is not decided from here")));
            }
            _ => match compared(asked, &text, caseless) {
                Some(holds) => holds,
                None => {
                    let found = pattern::find(asked, caseless, &text);
                    let is_match = found.is_some();
                    if let Some(found) = found.filter(|_| !negated) {
                        run.condition_groups = found.groups;
                    }
                    is_match
                }
            },
        };
        Ok(holds != negated)
    }

    // Puts in place what `do_expand` does.
    pub(super) fn expand(&self, text: &str, run: &Run) -> Known<String> {
        Ok(self.expand_escaped(text, run, None)?.text)
    }

    // The same, with the escapes of a rule.
    pub(super) fn expand_escaped(
        &self,
        text: &str,
        run: &Run,
        escapes: Option<&Escapes>,
    ) -> Known<Expanded> {
        let group = |groups: &Groups, digit: char| {
            let at = digit.to_digit(10).unwrap_or_default() as usize;
            let found = groups.get(at).cloned().flatten().unwrap_or_default();
            escapes.map_or_else(|| found.clone(), |it| it.apply(&found))
        };
        let mut result = String::new();
        // Where the first question mark is that is not written in the rule.
        let mut brought: Option<usize> = None;
        let mut bring = |result: &mut String, value: &str| {
            let at = value.find('?').map(|it| result.len() + it);
            brought = brought.or(at);
            result.push_str(value);
        };
        let mut rest = text;
        while let Some(at) = rest.find(['\\', '$', '%']) {
            result.push_str(&rest[..at]);
            let special = &rest[at..=at];
            rest = &rest[at + 1..];
            let next = rest.chars().next();
            match (special, next) {
                ("\\", Some(next)) => {
                    result.push(next);
                    rest = &rest[next.len_utf8()..];
                }
                ("$", Some(digit @ '0'..='9')) => {
                    bring(&mut result, &group(&run.groups, digit));
                    rest = &rest[1..];
                }
                ("%", Some(digit @ '0'..='9')) => {
                    bring(&mut result, &group(&run.condition_groups, digit));
                    rest = &rest[1..];
                }
                ("%", Some('{')) if rest.contains('}') => {
                    let (name, behind) = rest[1..].split_once('}').unwrap_or_default();
                    bring(&mut result, &self.rewrite_variable(name)?);
                    rest = behind;
                }
                ("$", Some('{')) => {
                    let end = end_of_braces(rest);
                    let inside = rest.get(1..end).unwrap_or_default();
                    rest = rest.get(end + 1..).unwrap_or_default();
                    bring(&mut result, &self.expand_map(inside, run, escapes)?);
                }
                _ => result.push_str(special),
            }
        }
        result.push_str(rest);
        Ok(Expanded {
            is_query_brought: brought.is_some() && brought == result.find('?'),
            text: result,
        })
    }

    // `MAP:KEY|DEFAULT`
    fn expand_map(&self, inside: &str, run: &Run, escapes: Option<&Escapes>) -> Known<String> {
        let (map, rest) = inside.split_once(':').unwrap_or((inside, ""));
        let (key, default) = rest.split_once('|').unwrap_or((rest, ""));
        let key = self.expand_escaped(key, run, escapes)?.text;
        match self.mapped(map, &key)? {
            Some(value) => Ok(value),
            None => Ok(self.expand_escaped(default, run, escapes)?.text),
        }
    }

    fn rewrite_variable(&self, name: &str) -> Known<String> {
        let behind = |prefix: &str| {
            let head = name.get(..prefix.len())?;
            head.eq_ignore_ascii_case(prefix)
                .then(|| &name[prefix.len()..])
        };
        if let Some(name) = behind("ENV:") {
            return match self.environment.get(name)? {
                Some(value) => Ok(value),
                None => Ok(self.process_variable(name)?.unwrap_or_default()),
            };
        }
        if let Some(name) = behind("HTTP:") {
            return Ok(self.request.header(name).unwrap_or_default().to_owned());
        }
        self.variable(name)
    }
}

// Where the brace that a text begins with is closed.
fn end_of_braces(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 1 => return at,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}

// A comparison of texts or numbers; `None` where it is a pattern.
fn compared(asked: &str, text: &str, caseless: bool) -> Option<bool> {
    let folded = |it: &str| match caseless {
        true => it.to_ascii_lowercase(),
        false => it.to_owned(),
    };
    let order = |other: &str| folded(text).cmp(&folded(other));
    for (operator, holds) in [
        ("<=", &[-1, 0][..]),
        (">=", &[1, 0]),
        ("<", &[-1]),
        (">", &[1]),
        ("=", &[0]),
    ] {
        if let Some(other) = asked.strip_prefix(operator)
            && asked.len() > 1
        {
            // Two quotes stand for an empty text.
            let other = if other == "\"\"" { "" } else { other };
            return Some(holds.contains(&(order(other) as i32)));
        }
    }
    for (operator, holds) in [
        ("-eq", &[0][..]),
        ("-ne", &[-1, 1]),
        ("-lt", &[-1]),
        ("-le", &[-1, 0]),
        ("-gt", &[1]),
        ("-ge", &[1, 0]),
    ] {
        if let Some(other) = asked.strip_prefix(operator) {
            let number = |it: &str| strtol(it.trim(), 10).value;
            return Some(holds.contains(&(number(text).cmp(&number(other)) as i32)));
        }
    }
    None
}

fn has_flag(condition: &Arguments, names: &[&str]) -> bool {
    let flags = condition.flags().unwrap_or_default();
    flags.iter().any(|it| {
        names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&it.name.value))
    })
}
