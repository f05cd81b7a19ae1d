//! The operator of a rule: `@rx PATTERN`, `!@ipMatch 10.0.0.0/8`, or a pattern alone.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::super::number::{atoi, strtol};
use super::super::{Located, Surroundings, regex};
use super::{compile_mistake, is_any_of, script_mistake, unreadable};
use crate::syntax::words::is_blank;

/// Operators that take any parameter.
const UNCHECKED: &[&str] = &[
    "beginsWith",
    "contains",
    "containsWord",
    "detectSQLi",
    "detectXSS",
    "endsWith",
    "eq",
    "fuzzyHash",
    "ge",
    "geoLookup",
    "gt",
    "le",
    "lt",
    "noMatch",
    "rbl",
    "streq",
    "unconditionalMatch",
    "validateDTD",
    "validateSchema",
    "validateUrlEncoding",
    "validateUtf8Encoding",
    "within",
];

/// What ModSecurity says of an operator, and where.
pub(super) fn mistake(text: &str, surroundings: &dyn Surroundings) -> Option<Located<String>> {
    let positive = match text.strip_prefix('!') {
        Some(rest) => rest.trim_start_matches(is_blank),
        None => text,
    };
    let Some(named) = positive.strip_prefix('@') else {
        let message = parameter_mistake("rx", positive, surroundings)?;
        return Some(Located::new(message, behind(text, positive)));
    };
    let length = named.find(is_blank).unwrap_or(named.len());
    let (name, rest) = named.split_at(length);
    let parameter = rest.trim_start_matches(is_blank);
    if !is_known(name) {
        let message = format!("Failed to resolve operator: {name}");
        let place = behind(text, positive);
        return Some(Located::new(message, place.start..place.start + 1 + length));
    }
    let message = parameter_mistake(name, parameter, surroundings)?;
    Some(Located::new(message, behind(text, parameter)))
}

// The place of the end of a text.
fn behind(text: &str, end: &str) -> Range<usize> {
    text.len() - end.len()..text.len()
}

fn is_known(name: &str) -> bool {
    is_any_of(UNCHECKED, name)
        || is_any_of(
            &[
                "gsbLookup",
                "inspectFile",
                "ipMatch",
                "ipMatchF",
                "ipMatchFromFile",
                "pm",
                "pmf",
                "pmFromFile",
                "rsub",
                "rx",
                "strmatch",
                "validateByteRange",
                "validateHash",
                "verifyCC",
                "verifyCPF",
                "verifySSN",
            ],
            name,
        )
}

fn parameter_mistake(
    name: &str,
    parameter: &str,
    surroundings: &dyn Surroundings,
) -> Option<String> {
    match name.to_ascii_lowercase().as_str() {
        // A pattern with variables is compiled for each request.
        "rx" | "validatehash" if parameter.contains("%{") => None,
        "rx" | "validatehash" | "verifycc" | "verifycpf" | "verifyssn" | "gsblookup" => {
            Some(compile_mistake(&regex::check(parameter, false).err()?))
        }
        "pm" if parameter.is_empty() => Some("Missing parameter for operator 'pm'.".to_owned()),
        "strmatch" if parameter.is_empty() => Some("Content length is 0.".to_owned()),
        "pmf" | "pmfromfile" => file_mistake("pmFromFile", "phrase", parameter, surroundings),
        "ipmatchf" | "ipmatchfromfile" => {
            file_mistake("ipmatchFromFile", "ipmatch", parameter, surroundings)
        }
        "ipmatch" => networks_mistake(parameter),
        "inspectfile" if parameter.is_empty() => {
            Some("Operator @inspectFile requires parameter.".to_owned())
        }
        "inspectfile" if parameter.len() > 4 && parameter.ends_with(".lua") => {
            let (path, reason) = unreadable(parameter, surroundings)?;
            Some(script_mistake(&path, reason))
        }
        "rsub" => substitution_mistake(parameter),
        "validatebyterange" => bytes_mistake(parameter),
        _ => None,
    }
}

fn file_mistake(
    operator: &str,
    what: &str,
    parameter: &str,
    surroundings: &dyn Surroundings,
) -> Option<String> {
    if parameter.is_empty() {
        return Some(format!("Missing parameter for operator '{operator}'."));
    }
    if parameter.starts_with("https://") {
        return None;
    }
    if parameter.starts_with("http://") {
        return Some(format!(
            "HTTPS address or file path are expected for operator {operator} \"{parameter}\""
        ));
    }
    let path = match what {
        "phrase" => parameter.split(is_blank).next()?,
        _ => parameter,
    };
    let (path, reason) = unreadable(path, surroundings)?;
    Some(format!("Could not open {what} file \"{path}\": {reason}"))
}

/// What ModSecurity says of a list of addresses and networks.
pub(super) fn networks_mistake(list: &str) -> Option<String> {
    let mut entries = list.split(',').filter(|it| !it.is_empty()).peekable();
    // The list is cut at its first comma when the first entry is read.
    let start = entries.peek().copied()?;
    let cut = list.len() - list.trim_start_matches(',').len();
    let shown = format!("{}{start}", &list[..cut]);
    let wrong = entries.find(|it| !is_network(it))?;
    Some(format!("Could not add entry \"{wrong}\" from: {shown}."))
}

fn is_network(entry: &str) -> bool {
    let (address, mask) = match entry.split_once('/') {
        Some((address, mask)) => (address, Some(mask)),
        None => (entry, None),
    };
    let bits = if address.parse::<Ipv4Addr>().is_ok() {
        32
    } else if address.parse::<Ipv6Addr>().is_ok() {
        128
    } else {
        return false;
    };
    mask.is_none_or(|it| (1..=bits).contains(&atoi(it)))
}

// `s/PATTERN/TEXT/FLAGS`, with any character for the slash.
fn substitution_mistake(parameter: &str) -> Option<String> {
    let Some(rest) = parameter.strip_prefix(['s', 'S']) else {
        return Some("Error rsub operator format, must be s/ pattern".to_owned());
    };
    let malformed = "Error rsub operator format - must be s/regex/str/[flags]";
    let mut characters = rest.char_indices();
    let Some((_, delimiter)) = characters.next() else {
        return Some(malformed.to_owned());
    };
    let mut before = delimiter;
    let end = characters.find(|(_, it)| {
        let ends = *it == delimiter && before != '\\';
        before = *it;
        ends
    });
    match end {
        None => Some(malformed.to_owned()),
        Some((at, it)) if at + it.len_utf8() == rest.len() => {
            Some("Error rsub operator parsing input data".to_owned())
        }
        Some(_) => None,
    }
}

fn bytes_mistake(list: &str) -> Option<String> {
    let is_byte = |it: i32| (0..=255).contains(&it);
    list.split(',').filter(|it| !it.is_empty()).find_map(|it| {
        let first = atoi(it);
        let Some((_, last)) = it.split_once('-') else {
            return (!is_byte(first)).then(|| format!("Invalid range value: {first}"));
        };
        let last = strtol(last, 10).value as i32;
        if !is_byte(first) {
            Some(format!("Invalid range start value: {first}"))
        } else if !is_byte(last) {
            Some(format!("Invalid range end value: {last}"))
        } else {
            (first > last).then(|| format!("Invalid range: {first}-{last}"))
        }
    })
}
