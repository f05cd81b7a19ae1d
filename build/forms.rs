//! The forms of arguments as Rust code.

use crate::form::{Duration, Form, Forms, Number, Text};
use crate::{list, text};

/// The expression that is these forms.
pub(super) fn code(forms: &Forms) -> String {
    if forms.words.is_empty() {
        return "Forms::NONE".to_owned();
    }
    format!(
        "Forms {{ words: Cow::Borrowed(&[{}]), repeats: {} }}",
        list(forms.words.iter().map(form)),
        forms.repeats
    )
}

fn form(form: &Form) -> String {
    match form {
        Form::Any => "Form::Any".to_owned(),
        Form::Never { message } => format!("Form::Never {{ message: {} }}", text(message)),
        Form::OneOf {
            values,
            exact,
            or,
            message,
        } => format!(
            "Form::OneOf {{ values: {}, exact: {exact}, or: {}, message: {} }}",
            texts(values),
            texts(or),
            text(message)
        ),
        Form::Number(it) => format!("Form::Number({})", number(it)),
        Form::Real {
            whole,
            positive,
            unreadable,
            message,
        } => format!(
            "Form::Real {{ whole: {whole}, positive: {positive}, unreadable: {}, message: {} }}",
            optional(unreadable.as_ref()),
            text(message)
        ),
        Form::Duration(it) => format!("Form::Duration({})", duration(it)),
        Form::Digits { message } => format!("Form::Digits {{ message: {} }}", text(message)),
        Form::StartsWith { prefix, message } => format!(
            "Form::StartsWith {{ prefix: {}, message: {} }}",
            text(prefix),
            text(message)
        ),
        Form::Unbroken { message } => format!("Form::Unbroken {{ message: {} }}", text(message)),
        Form::File {
            unless,
            may_be_empty,
            message,
        } => format!(
            "Form::File {{ unless: {}, may_be_empty: {may_be_empty}, message: {} }}",
            texts(unless),
            text(message)
        ),
        Form::Readable { message } => format!("Form::Readable {{ message: {} }}", text(message)),
        Form::Directory { missing, message } => format!(
            "Form::Directory {{ missing: {}, message: {} }}",
            optional(missing.as_ref()),
            text(message)
        ),
        Form::Regex { message } => format!("Form::Regex {{ message: {} }}", text(message)),
        Form::Characters { of, message } => format!(
            "Form::Characters {{ of: {}, message: {} }}",
            text(of),
            text(message)
        ),
        Form::Without {
            characters,
            message,
        } => format!(
            "Form::Without {{ characters: {}, message: {} }}",
            text(characters),
            text(message)
        ),
        Form::Length { min, max, message } => format!(
            "Form::Length {{ min: {min}, max: {max}, message: {} }}",
            text(message)
        ),
        Form::Appendable { unless, message } => format!(
            "Form::Appendable {{ unless: {}, message: {} }}",
            texts(unless),
            text(message)
        ),
    }
}

fn number(number: &Number) -> String {
    format!(
        "Number {{ read: Reading::{:?}, min: {:?}, max: {:?}, except: Cow::Borrowed(&{:?}), \
         without: Cow::Borrowed(&{:?}), plain_zero: {}, or: {}, message: {}, below: {}, above: {}, too_large: {}, unreadable: {} }}",
        number.read,
        number.min,
        number.max,
        number.except,
        number.without,
        number.plain_zero,
        texts(&number.or),
        text(&number.message),
        optional(number.below.as_ref()),
        optional(number.above.as_ref()),
        optional(number.too_large.as_ref()),
        optional(number.unreadable.as_ref()),
    )
}

fn duration(duration: &Duration) -> String {
    format!(
        "Duration {{ min: {:?}, max: {:?}, or: {}, signed: {}, message: {}, out_of_bounds: {} }}",
        duration.min,
        duration.max,
        texts(&duration.or),
        duration.signed,
        text(&duration.message),
        optional(duration.out_of_bounds.as_ref()),
    )
}

fn texts(texts: &[Text]) -> String {
    let items = list(texts.iter().map(|it| text(it)));
    format!("Cow::Borrowed(&[{items}])")
}

fn optional(value: Option<&Text>) -> String {
    crate::optional(value.map(|it| &**it))
}
