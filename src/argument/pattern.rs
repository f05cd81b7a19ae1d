//! The parts of a regular expression, for a reader: what each of them takes.

use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;

use super::Located;

grammar!(PatternParser, "grammar/pattern.pest");

use grammar::{PatternParser, Rule};

/// A part of a pattern, and what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it takes, or does.
    pub meaning: String,
    /// The number of the group that begins or ends here; none where numbers cannot be told.
    pub group: Option<usize>,
    /// The bytes that it is about: of a bracket all of its group, of a quantifier what it repeats.
    pub about: Range<usize>,
}

/// A bracket that is open.
struct Open {
    start: usize,
    group: Option<usize>,
    // The place of its part.
    index: usize,
}

/// The parts of a pattern, in order, without what a variable brings.
pub fn parts(pattern: &str, caseless: bool) -> Vec<Located<Part>> {
    let pairs = PatternParser::parse(Rule::pattern, pattern).ok();
    let pairs = pairs.into_iter().flatten().flat_map(Pair::into_inner);
    // Groups of several alternatives have the same numbers behind it.
    let are_numbered = !pattern.contains("(?|");
    let mut groups = 0;
    let mut open: Vec<Open> = Vec::new();
    let mut parts: Vec<Located<Part>> = Vec::new();
    let mut last = 0..0;
    for pair in pairs {
        let (rule, text) = (pair.as_rule(), pair.as_str());
        let range = pair.as_span().start()..pair.as_span().end();
        if matches!(rule, Rule::EOI | Rule::variable) {
            last = range;
            continue;
        }
        let mut part = Part {
            meaning: meaning(rule, text, caseless),
            group: None,
            about: range.clone(),
        };
        match rule {
            Rule::open | Rule::named => {
                groups += 1;
                part.group = are_numbered.then_some(groups);
            }
            Rule::quantifier => {
                part.about = last.start..range.end;
                let repeated = &pattern[last.clone()];
                part.meaning = format!("`{repeated}` {}", part.meaning);
            }
            _ => {}
        }
        last = range.clone();
        if opens(rule, text) {
            open.push(Open {
                start: range.start,
                group: part.group,
                index: parts.len(),
            });
        }
        if rule == Rule::close
            && let Some(opened) = open.pop()
        {
            part.group = opened.group;
            part.about = opened.start..range.end;
            part.meaning.clone_from(&parts[opened.index].value.meaning);
            parts[opened.index].value.about = part.about.clone();
            last = part.about.clone();
        }
        parts.push(Located::new(part, range));
    }
    parts
}

fn opens(rule: Rule, text: &str) -> bool {
    match rule {
        Rule::open | Rule::named | Rule::look | Rule::bare | Rule::condition => true,
        Rule::options => text.ends_with(':'),
        _ => false,
    }
}

fn meaning(rule: Rule, text: &str, caseless: bool) -> String {
    let said = match rule {
        Rule::open => "a group: what it takes is kept",
        Rule::named => return named(text),
        Rule::bare if text.ends_with('>') => "a group that gives nothing back once it has taken it",
        Rule::bare if text.ends_with('|') => {
            "a group of which each alternative counts its groups anew"
        }
        Rule::bare => "a group: what it takes is not kept",
        Rule::look => match text {
            "(?=" => "only where this follows; it is not taken",
            "(?!" => "only where this does not follow",
            "(?<=" => "only where this stands before",
            _ => "only where this does not stand before",
        },
        Rule::options => return options(text),
        Rule::condition => "one of two alternatives, as this condition says",
        Rule::again => "what the group itself would take, once more",
        Rule::verb => "an order to PCRE",
        Rule::comment => "a comment",
        Rule::close => "a bracket that none before it opens",
        Rule::or => "or: what stands before it is tried first, then what stands behind it",
        Rule::class => return class(text, caseless),
        Rule::quantifier => return quantifier(text),
        Rule::start => "the beginning of the text",
        Rule::end => "the end of the text",
        Rule::any => "any character, the end of a line as well",
        Rule::escape => return escape(text),
        _ => return characters(text, caseless),
    };
    said.to_owned()
}

fn characters(text: &str, caseless: bool) -> String {
    let inner = text.strip_prefix("\\Q").unwrap_or(text);
    let inner = inner.strip_suffix("\\E").unwrap_or(inner);
    let has_case = caseless && inner.contains(|it: char| it.is_alphabetic());
    let case = if has_case { ", in any letter case" } else { "" };
    format!("just `{inner}`{case}")
}

fn named(text: &str) -> String {
    let name = text.trim_start_matches(['(', '?', 'P', '<', '\'']);
    let name = name.trim_end_matches(['>', '\'']);
    format!("a group called `{name}`: what it takes is kept")
}

fn options(text: &str) -> String {
    let whom = match text.ends_with(':') {
        true => "inside",
        false => "from here on",
    };
    let letters = text.trim_matches(['(', '?', ')', ':']);
    let (on, off) = letters.split_once('-').unwrap_or((letters, ""));
    let name = |it: char| match it {
        'i' => Some("the letter case does not count"),
        's' => Some("`.` takes the end of a line"),
        'm' => Some("`^` and `$` fit at every line"),
        'x' => Some("blanks do not count"),
        _ => None,
    };
    let on = on.chars().filter_map(name).map(str::to_owned);
    let off = off.chars().filter_map(name);
    let all: Vec<String> = on.chain(off.map(|it| format!("not: {it}"))).collect();
    match all[..] {
        [] => format!("options of PCRE, {whom}"),
        _ => format!("{whom}, {}", all.join(", ")),
    }
}

fn quantifier(text: &str) -> String {
    let body = text[1..].trim_end_matches(['?', '+']);
    let counted = body
        .strip_suffix('}')
        .map(|it| it.split_once(',').unwrap_or((it, it)));
    let times = |it: &str| match it {
        "1" => "once".to_owned(),
        _ => format!("{it} times"),
    };
    let often = match (text.as_bytes()[0], counted) {
        (b'*', _) => "any number of times, or not at all".to_owned(),
        (b'+', _) => "once or more".to_owned(),
        (b'?', _) => "once or not at all".to_owned(),
        (_, Some((least, ""))) => format!("{} or more", times(least)),
        (_, Some((least, most))) if least == most => times(least),
        (_, Some((least, most))) => format!("{least} to {most} times"),
        _ => String::new(),
    };
    let manner = match text[1..].chars().last() {
        Some('?') => ", as few as will do",
        Some('+') => ", and it gives none back",
        _ => "",
    };
    format!("{often}{manner}")
}

fn class(text: &str, caseless: bool) -> String {
    let inner = &text[1..text.len() - 1];
    let (is_negated, inner) = match inner.strip_prefix('^') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let mut members = Vec::new();
    let mut rest = inner;
    while let Some(first) = member(rest) {
        let behind = &rest[first.len()..];
        // A `-` at the end is a character.
        let last = behind.strip_prefix('-').and_then(member);
        let (shown, length) = match last {
            Some(last) => (
                format!("`{first}` to `{last}`"),
                first.len() + 1 + last.len(),
            ),
            None if first.len() > 1 => (escape(first), first.len()),
            None => (format!("`{first}`"), first.len()),
        };
        members.push(shown);
        rest = &rest[length..];
    }
    let kind = if is_negated {
        "one character, but none of"
    } else {
        "one of"
    };
    let case = if caseless { ", in any letter case" } else { "" };
    format!("{kind} {}{case}", members.join(", "))
}

// One character of a class, as it is written.
fn member(text: &str) -> Option<&str> {
    let first = text.chars().next()?;
    let posix = text.starts_with("[:").then(|| text.find(":]")).flatten();
    let length = match (first, posix) {
        (_, Some(end)) => end + 2,
        ('\\', _) => 1 + text[1..].chars().next().map_or(0, char::len_utf8),
        _ => first.len_utf8(),
    };
    Some(&text[..length])
}

fn escape(text: &str) -> String {
    const LETTERS: [(&str, &str); 26] = [
        ("\\d", "a digit"),
        ("\\D", "no digit"),
        ("\\w", "a letter, a digit or `_`"),
        ("\\W", "neither letter nor digit nor `_`"),
        ("\\s", "a blank or the end of a line"),
        ("\\S", "neither a blank nor the end of a line"),
        ("\\h", "a blank or a tab"),
        ("\\H", "neither a blank nor a tab"),
        ("\\b", "where a word begins or ends"),
        ("\\B", "where no word begins or ends"),
        ("\\A", "the beginning of the text"),
        ("\\z", "the end of the text"),
        ("\\Z", "the end of the text, or before a line end there"),
        ("\\G", "where the search began"),
        (
            "\\K",
            "what was taken so far does not count as part of the match",
        ),
        ("\\R", "the end of a line, of any kind"),
        ("\\N", "any character but the end of a line"),
        ("\\n", "a newline"),
        ("\\r", "a carriage return"),
        ("\\t", "a tab"),
        ("\\f", "a form feed"),
        ("\\e", "the character Escape"),
        ("\\a", "the character Bell"),
        ("\\v", "the end of a line, or a vertical tab"),
        ("\\E", "the end of what is quoted, if anything is"),
        ("\\", "a backslash at the end"),
    ];
    const SETS: [(&str, &str); 6] = [
        ("[:alpha:]", "a letter"),
        ("[:digit:]", "a digit"),
        ("[:alnum:]", "a letter or a digit"),
        ("[:space:]", "a blank or the end of a line"),
        ("[:upper:]", "a capital letter"),
        ("[:lower:]", "a small letter"),
    ];
    if let Some((_, said)) = LETTERS.iter().chain(&SETS).find(|it| it.0 == text) {
        return (*said).to_owned();
    }
    let body = text.strip_prefix('\\').unwrap_or(text);
    let is_number = !body.is_empty() && body.bytes().all(|it| it.is_ascii_digit());
    match body.chars().next() {
        Some('1'..='9') if is_number => format!("what group {body} took, once more"),
        Some('k' | 'g') if body.len() > 1 => "what that group took, once more".to_owned(),
        Some('p' | 'P') if body.len() > 1 => format!("a character with the property `{text}`"),
        Some(first) if first.is_ascii_alphanumeric() => format!("the character `{text}`"),
        _ => format!("just `{body}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pattern: &str) -> Vec<String> {
        let all = parts(pattern, false).into_iter();
        let shown = all.map(|it| {
            let Part {
                meaning,
                group,
                about,
            } = it.value;
            let group = group.map(|it| format!(" #{it}")).unwrap_or_default();
            let about = match about == it.range {
                true => String::new(),
                false => format!(" ({})", &pattern[about]),
            };
            format!("{}{group}{about}: {meaning}", &pattern[it.range])
        });
        shown.collect()
    }

    #[test]
    fn a_pattern_is_taken_apart() {
        assert_eq!(
            shown(r"^/(?:a|b)(\d+)x*?\.(?<end>[^/.a-f\s])$"),
            [
                "^: the beginning of the text",
                "/: just `/`",
                "(?: ((?:a|b)): a group: what it takes is not kept",
                "a: just `a`",
                "|: or: what stands before it is tried first, then what stands behind it",
                "b: just `b`",
                ") ((?:a|b)): a group: what it takes is not kept",
                r"( #1 ((\d+)): a group: what it takes is kept",
                r"\d: a digit",
                r"+ (\d+): `\d` once or more",
                r") #1 ((\d+)): a group: what it takes is kept",
                "x: just `x`",
                "*? (x*?): `x` any number of times, or not at all, as few as will do",
                r"\.: just `.`",
                r"(?<end> #2 ((?<end>[^/.a-f\s])): a group called `end`: what it takes is kept",
                r"[^/.a-f\s]: one character, but none of `/`, `.`, `a` to `f`, a blank or the end of a line",
                r") #2 ((?<end>[^/.a-f\s])): a group called `end`: what it takes is kept",
                "$: the end of the text",
            ]
        );
    }

    #[test]
    fn a_quantifier_is_about_one_character_or_a_group() {
        assert_eq!(
            shown("ab{2,3}(c){4}+"),
            [
                "a: just `a`",
                "b: just `b`",
                "{2,3} (b{2,3}): `b` 2 to 3 times",
                "( #1 ((c)): a group: what it takes is kept",
                "c: just `c`",
                ") #1 ((c)): a group: what it takes is kept",
                "{4}+ ((c){4}+): `(c)` 4 times, and it gives none back",
            ]
        );
    }

    #[test]
    fn what_is_no_pattern_has_parts_all_the_same() {
        for odd in [
            "", "(", ")", "[", "[]", "a{", "*", "\\", "(?", "(?P<", "é*", "${X}/", "[é-ü]", "[\\",
        ] {
            let all = parts(odd, true);
            assert!(
                all.iter().all(|it| odd.get(it.range.clone()).is_some()),
                "{odd}"
            );
        }
        assert_eq!(shown("${X}/"), ["/: just `/`"]);
        assert_eq!(
            shown("a)"),
            ["a: just `a`", "): a bracket that none before it opens"]
        );
    }
}
