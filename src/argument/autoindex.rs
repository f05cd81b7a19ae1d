//! `IndexOptions [+|-]OPTION[=VALUE]…` and the icons of mod_autoindex.

use super::number::atoi;
use super::words::{argv, split};
use super::{Located, Refusal};

/// The options without a value.
pub(super) const OPTIONS: &[&str] = &[
    "AddAltClass",
    "FancyIndexing",
    "FoldersFirst",
    "HTMLTable",
    "IconsAreLinks",
    "IgnoreCase",
    "IgnoreClient",
    "ScanHTMLTitles",
    "ShowForbidden",
    "SuppressColumnSorting",
    "SuppressDescription",
    "SuppressHTMLPreamble",
    "SuppressIcon",
    "SuppressLastModified",
    "SuppressRules",
    "SuppressSize",
    "TrackModified",
    "UseOldDateFormat",
    "VersionSort",
    "XHTML",
];

/// What httpd refuses in `IndexOptions`.
pub fn options(text: &str) -> Option<Refusal> {
    let mut none: Option<Located<String>> = None;
    for word in argv(text).into_iter().filter(|it| !it.value.is_empty()) {
        let (sign, name) = match word.value.chars().next() {
            Some(sign @ ('+' | '-')) => (Some(sign), &word.value[1..]),
            _ => (None, word.value.as_str()),
        };
        if name.eq_ignore_ascii_case("None") {
            if sign.is_some() {
                let message = "Cannot combine '+' or '-' with 'None' keyword";
                return Some(Refusal::new(word.range, message));
            }
            none = Some(word);
            continue;
        }
        if let Some(message) = option_mistake(sign, name) {
            return Some(Refusal::new(word.range, message));
        }
        let is_option = OPTIONS.iter().any(|it| it.eq_ignore_ascii_case(name));
        if let (Some(none), None, true) = (&none, sign, is_option) {
            let message = "Cannot combine other IndexOptions keywords with 'None'";
            return Some(Refusal::new(none.range.start..word.range.end, message));
        }
    }
    None
}

fn option_mistake(sign: Option<char>, name: &str) -> Option<String> {
    let (key, value) = match name.split_once('=') {
        Some((key, value)) => (key, Some(value)),
        None => (name, None),
    };
    let widths = [("NameWidth", 5), ("DescriptionWidth", 12)];
    let is = |it: &str| it.eq_ignore_ascii_case(key);
    if let Some((spelling, least)) = widths.iter().find(|it| is(it.0)) {
        return match value {
            None if sign == Some('-') => None,
            None => Some(format!(
                "{spelling} with no value may only appear as '-{spelling}'"
            )),
            Some(_) if sign == Some('-') => Some(format!("Cannot combine '-' with {spelling}=n")),
            Some(value) if value.starts_with('*') => None,
            Some(value) => {
                let number = atoi(value);
                (number != 0 && number < *least)
                    .then(|| format!("{spelling} value must be greater than {least}"))
            }
        };
    }
    if let Some(spelling) = ["IconWidth", "IconHeight"].iter().find(|it| is(it)) {
        let is_wrong = sign == Some('-') && value.is_some();
        return is_wrong.then(|| format!("Cannot combine '-' with {spelling}=n"));
    }
    let is_known = match value {
        Some(_) => is("Charset") || is("Type"),
        None => OPTIONS.iter().any(|it| is(it)),
    };
    (!is_known).then(|| "Invalid directory indexing option".to_owned())
}

/// What httpd refuses in `AddIcon`, `AddIconByType` and `AddIconByEncoding`: a text for the icon
/// that stands in parentheses must be followed by the closing one.
pub fn icon(text: &str) -> Option<Refusal> {
    let icon = split(text).into_iter().next()?;
    let is_open = icon.value.starts_with('(') && !icon.value.contains(')');
    is_open.then(|| Refusal::new(icon.range, "missing closing paren"))
}
