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
            Form::Number(number) => number_mistake(number, value)?,
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
            Form::File { unless, message } => {
                let is_path = !unless.iter().any(|it| value.starts_with(&**it));
                let is_missing = || self.surroundings.has_content(value) == Some(false);
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
            Form::Regex { message } => regex::mistake(value).is_some().then_some(message)?,
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

fn number_mistake<'a>(form: &'a Number, value: &str) -> Option<&'a Text> {
    if is_any_of(&form.or, value) {
        return None;
    }
    let number = strtol(value, 10);
    let or_else = |it: &'a Option<Text>| Some(it.as_ref().unwrap_or(&form.message));
    let checks_size = matches!(form.read, Reading::Leading | Reading::Whole);
    if checks_size && number.overflow {
        return or_else(&form.too_large);
    }
    let is_whole = number.length > 0 && number.length == value.len();
    if form.read == Reading::Whole && !is_whole {
        return or_else(&form.unreadable);
    }
    let number = match form.read {
        Reading::Atoi => i64::from(atoi(value)),
        _ => number.value,
    };
    if form.except.contains(&number) {
        None
    } else if form.min.is_some_and(|it| number < it) {
        or_else(&form.below)
    } else if form.max.is_some_and(|it| number > it) {
        or_else(&form.above)
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
