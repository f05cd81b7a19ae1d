//! Words by the forms of the directive table.

use super::number::{atoi, strtod, strtol};
use super::words::{split, until_empty};
use super::{Located, Refusal, Surroundings, duration, file, regex};
use crate::form::{Duration, Form, Forms, Number, Reading, Text};
use crate::world::Kind;

/// What httpd refuses in the words of a directive, the message that it prints first.
pub fn refusals(
    directive: &str,
    forms: &Forms,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Vec<Refusal> {
    let words = if forms.repeats {
        until_empty(text)
    } else {
        split(text)
    };
    let reader = Reader {
        directive,
        surroundings,
    };
    // Who refuses every word refuses none at all, too.
    if let (true, Some(Form::Never { message })) = (words.is_empty(), forms.at(0)) {
        return vec![Refusal::new(0..text.len(), reader.filled_in(message, ""))];
    }
    // An empty word behind the first is none.
    let given =
        |(position, word): &(usize, &Located<String>)| *position == 0 || !word.value.is_empty();
    words
        .iter()
        .enumerate()
        .filter(given)
        .filter_map(|(position, word)| {
            let message = reader.mistake(forms.at(position)?, &word.value)?;
            Some(Refusal::new(word.range.clone(), message))
        })
        .collect()
}

struct Reader<'a> {
    directive: &'a str,
    surroundings: &'a dyn Surroundings,
}

impl Reader<'_> {
    fn mistake(&self, form: &Form, value: &str) -> Option<String> {
        let message = match form {
            Form::Any => return None,
            Form::Never { message } => message,
            Form::OneOf {
                values,
                exact,
                or,
                message,
            } => {
                let is_there = match exact {
                    true => values.iter().any(|it| it == value) || is_any_of(or, value),
                    false => is_any_of(values, value),
                };
                (!is_there).then_some(message)?
            }
            Form::Number(number) => {
                let (read, message) = number_mistake(number, value)?;
                let message = message.replace("{number}", &read.to_string());
                return Some(self.filled_in(&message, value));
            }
            Form::Real {
                whole,
                positive,
                unreadable,
                message,
            } => {
                let number = strtod(value);
                let is_read = number.length > 0 && (!whole || number.length == value.len());
                match is_read {
                    false => unreadable.as_ref().unwrap_or(message),
                    true if *positive && number.value <= 0.0 => message,
                    true => return None,
                }
            }
            Form::Duration(duration) => duration_mistake(duration, value)?,
            Form::Digits { message } => {
                let is_digits = value.bytes().all(|it| it.is_ascii_digit());
                (!is_digits).then_some(message)?
            }
            Form::StartsWith { prefix, message } => {
                (!value.starts_with(&**prefix)).then_some(message)?
            }
            Form::Unbroken { message } => value
                .contains(crate::syntax::words::is_blank)
                .then_some(message)?,
            Form::File {
                unless,
                may_be_empty,
                message,
            } => {
                let is_path = !unless.iter().any(|it| value.starts_with(&**it));
                let is_missing = || match may_be_empty {
                    true => file::is_no_file(self.surroundings.kind(value)),
                    false => self.surroundings.has_content(value) == Some(false),
                };
                (is_path && is_missing()).then_some(message)?
            }
            Form::Readable { message } => {
                let reason = file::reason(self.surroundings.kind(value))?;
                let message = self.filled_in(message, value);
                return Some(message.replace("{reason}", reason));
            }
            Form::Directory { missing, message } => match self.surroundings.kind(value) {
                Kind::Directory | Kind::Unknown => return None,
                Kind::Missing | Kind::NotADirectory => missing.as_ref().unwrap_or(message),
                _ => message,
            },
            Form::Regex { message } => {
                let mistake = regex::check(value, false).err()?;
                let message = message.replace("{offset}", &mistake.offset.to_string());
                let message = message.replace("{reason}", mistake.in_pcre_8());
                return Some(self.filled_in(&message, value));
            }
            Form::Characters { of, message } => {
                let character = value.chars().find(|it| !is_one_of(of, *it))?;
                let message = message.replace("{character}", &character.to_string());
                return Some(self.filled_in(&message, value));
            }
            Form::Without {
                characters,
                message,
            } => value
                .contains(|it| characters.contains(it))
                .then_some(message)?,
            Form::Length { min, max, message } => {
                (!(*min..=*max).contains(&value.len())).then_some(message)?
            }
            Form::Appendable { unless, message } => {
                let is_path = !unless.iter().any(|it| value.starts_with(&**it));
                let is_missing = || !file::may_be_appended(value, self.surroundings);
                (is_path && is_missing()).then_some(message)?
            }
        };
        Some(self.filled_in(message, value))
    }

    fn filled_in(&self, message: &str, value: &str) -> String {
        let path = || {
            let resolved = self.surroundings.resolve(value);
            resolved.unwrap_or_else(|| value.to_owned())
        };
        let mut filled = message.replace("{directive}", self.directive);
        if filled.contains("{path}") {
            filled = filled.replace("{path}", &path());
        }
        filled.replace("{value}", value)
    }
}

fn is_any_of(words: &[Text], value: &str) -> bool {
    words.iter().any(|it| it.eq_ignore_ascii_case(value))
}

// Whether a character is one of a set like `A-KZ`.
fn is_one_of(set: &str, character: char) -> bool {
    let mut rest = set.chars();
    while let Some(first) = rest.next() {
        let mut behind = rest.clone();
        let last = match (behind.next(), behind.next()) {
            (Some('-'), Some(last)) => {
                rest = behind;
                last
            }
            _ => first,
        };
        if (first..=last).contains(&character) {
            return true;
        }
    }
    false
}

// The number as it is read, and what is said of it.
fn number_mistake<'a>(form: &'a Number, value: &str) -> Option<(i64, &'a Text)> {
    if is_any_of(&form.or, value) {
        return None;
    }
    let base = if form.read == Reading::Octal { 8 } else { 10 };
    let number = strtol(value, base);
    let read = match form.read {
        Reading::Atoi => i64::from(atoi(value)),
        Reading::EntireInt => i64::from(number.value as i32),
        _ => number.value,
    };
    let or_else = |it: &'a Option<Text>| Some((read, it.as_ref().unwrap_or(&form.message)));
    let checks_size = matches!(form.read, Reading::Leading | Reading::Whole);
    if checks_size && number.overflow {
        return or_else(&form.too_large);
    }
    let is_whole = number.length > 0 && number.length == value.len();
    let looks_behind = matches!(
        form.read,
        Reading::Entire | Reading::EntireInt | Reading::Whole
    );
    if looks_behind && !is_whole {
        return or_else(&form.unreadable);
    }
    if form.except.contains(&read) {
        None
    } else if form.min.is_some_and(|it| read < it) {
        or_else(&form.below)
    } else if form.max.is_some_and(|it| read > it) {
        or_else(&form.above)
    } else if form.without.contains(&read) || (form.plain_zero && read == 0 && value != "0") {
        Some((read, &form.message))
    } else {
        None
    }
}

fn duration_mistake<'a>(form: &'a Duration, value: &str) -> Option<&'a Text> {
    if is_any_of(&form.or, value) || (form.signed && value.starts_with('-')) {
        return None;
    }
    let Some(milliseconds) = duration::milliseconds(value) else {
        return Some(&form.message);
    };
    let is_outside = form.min.is_some_and(|it| milliseconds < it)
        || form.max.is_some_and(|it| milliseconds > it);
    is_outside.then(|| form.out_of_bounds.as_ref().unwrap_or(&form.message))
}
