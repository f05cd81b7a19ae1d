//! Directives of ModSecurity (mod_security2) with a language of their own, as its version 2.9
//! reads them.

pub mod actions;
mod operator;
pub mod pairs;
mod targets;

use std::ops::Range;

use super::number::{atoi, strtol};
use super::words::split;
use super::{Located, NothingKnown, Refusal, Surroundings, file, regex};

pub use actions::{Actions, Disruption};

fn is_any_of(words: &[&str], word: &str) -> bool {
    words.iter().any(|it| it.eq_ignore_ascii_case(word))
}

// PCRE2 is not asked for its words.
fn compile_mistake(mistake: &regex::Mistake) -> String {
    format!(
        "Error compiling pattern (offset {}): (null)",
        mistake.offset
    )
}

fn script_mistake(path: &str, reason: &str) -> String {
    format!("ModSecurity: Failed to compile script {path}: cannot open {path}: {reason}")
}

fn is_parts(letters: &str) -> bool {
    letters.bytes().all(|it| matches!(it, b'A'..=b'K' | b'Z'))
}

fn refused(word: &Located<String>, message: impl Into<String>) -> Option<Refusal> {
    Some(Refusal::new(word.range.clone(), message))
}

// The place of a part of a word's value: where its text has escapes, that of the whole word.
fn place(text: &str, word: &Located<String>, part: &Range<usize>) -> Range<usize> {
    let written = &text[word.range.clone()];
    let inner = written.trim_start_matches(['"', '\'']);
    let is_plain = inner.starts_with(&word.value);
    let start = word.range.end - inner.len();
    match is_plain && !part.is_empty() {
        true => start + part.start..start + part.end,
        false => word.range.clone(),
    }
}

fn refused_part(
    text: &str,
    word: &Located<String>,
    mistake: Located<String>,
    prefix: &str,
) -> Option<Refusal> {
    let message = format!("{prefix}{}", mistake.value);
    Some(Refusal::new(place(text, word, &mistake.range), message))
}

/// What a line says of a rule, or of the rules behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it does; `None` where nothing is written of it.
    pub actions: Option<Actions>,
    /// The list of actions, or the whole text where there is none.
    pub place: Range<usize>,
    /// Where the id stands, if it has one.
    pub id_place: Range<usize>,
    /// Whether the line can be read: what cannot is refused by itself.
    pub is_readable: bool,
}

impl Rule {
    /// Reads the text of `SecRule`, `SecAction`, `SecRuleScript`, `SecDefaultAction` or
    /// `SecRuleUpdateActionById`.
    pub fn parse(directive: &str, text: &str) -> Self {
        let position = match directive {
            "SecRule" => 2,
            "SecRuleScript" | "SecRuleUpdateActionById" => 1,
            _ => 0,
        };
        let words = split(text);
        let word = words.get(position);
        let actions = word.map(|it| Actions::parse(&it.value));
        let place_of_word = word.map_or(0..text.len(), |it| it.range.clone());
        let id = actions.as_ref().and_then(|it| it.id.as_ref());
        let id_place = match (word, id) {
            (Some(word), Some(id)) => place(text, word, &id.range),
            _ => place_of_word.clone(),
        };
        let is_readable = match directive {
            "SecRule" => rule(text, &NothingKnown).is_none(),
            "SecDefaultAction" => default_action(text, &NothingKnown).is_none(),
            _ => word.is_none_or(|it| actions::mistake(&it.value, &NothingKnown).is_none()),
        };
        Self {
            actions,
            place: place_of_word,
            id_place,
            is_readable,
        }
    }
}

/// The words of a rule: its targets, its operator and its actions. What ModSecurity asks of a rule
/// and of the rules before it together is not looked at here.
pub fn rule(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let (targets, operator) = (words.first()?, words.get(1)?);
    if let Some(mistake) = targets::mistake(&targets.value) {
        return refused_part(text, targets, mistake, "Error creating rule: ");
    }
    if let Some(mistake) = operator::mistake(&operator.value, surroundings) {
        return refused_part(text, operator, mistake, "Error creating rule: ");
    }
    list_of_actions(text, words.get(2)?, "Error parsing actions: ", surroundings)
}

/// What ModSecurity refuses in `SecAction`.
pub fn action(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    list_of_actions(
        text,
        words.first()?,
        "Error parsing actions: ",
        surroundings,
    )
}

fn list_of_actions(
    text: &str,
    word: &Located<String>,
    prefix: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let mistake = actions::mistake(&word.value, surroundings)?;
    refused_part(text, word, mistake, prefix)
}

/// What ModSecurity refuses in `SecDefaultAction`.
pub fn default_action(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let word = words.first()?;
    if let Some(refusal) = list_of_actions(text, word, "", surroundings) {
        return Some(refusal);
    }
    let actions = Actions::parse(&word.value);
    let message = if actions.disruption.is_none() {
        "must specify a disruptive action."
    } else if actions.phase.is_none_or(|it| it == -1) {
        "must specify a phase."
    } else if actions.own_metadata {
        "must not contain any metadata actions (id, rev, msg, tag, severity, ver, accuracy, \
         maturity, logdata)."
    } else if actions.chain {
        "must not contain a chain action."
    } else if actions.skip {
        "must not contain a skip action."
    } else if actions.skip_after {
        "must not contain a skipAfter action."
    } else {
        return None;
    };
    refused(word, format!("ModSecurity: SecDefaultAction {message}"))
}

/// What ModSecurity refuses in `SecMarker`, which makes a list of actions of its word.
pub fn marker(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let actions = format!("t:none,pass,marker:{}", word.value);
    let mistake = actions::mistake(&actions, surroundings)?;
    refused(&word, format!("Error parsing actions: {}", mistake.value))
}

/// What ModSecurity refuses in `SecRuleUpdateActionById`, where the rule is not looked for.
pub fn update_action(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let message = format!(
        "ModSecurity: Invalid value for ID for update action: {}",
        word.value
    );
    (atoi(&word.value) <= 0).then(|| Refusal::new(word.range, message))
}

/// What ModSecurity refuses in `SecCacheTransformations on|off [OPTIONS]`.
pub fn cache_transformations(text: &str) -> Option<Refusal> {
    let words = split(text);
    let state = words.first()?;
    let named = "ModSecurity: SecCacheTransformations";
    if !is_any_of(&["on", "off"], &state.value) {
        let value = &state.value;
        let message = format!("ModSecurity: Invalid value for SecCacheTransformations: {value}");
        return refused(state, message);
    }
    let word = words.get(1).filter(|it| !it.value.is_empty())?;
    let options = match pairs::parse(&word.value) {
        Ok(options) => options,
        Err(mistake) => {
            let message = mistake.message;
            let message = format!(
                "ModSecurity: Unable to parse options for SecCacheTransformations: {message}"
            );
            return refused(word, message);
        }
    };
    let option = |name: &str| {
        let pair = options
            .iter()
            .find(|it| it.name.value.eq_ignore_ascii_case(name))?;
        Some(pair.parameter.as_ref()?.value.as_str())
    };
    if let Some(value) = option("incremental").filter(|it| !is_any_of(&["on", "off"], it)) {
        return refused(word, format!("{named} invalid incremental value: {value}"));
    }
    // -1, as a number without a sign, stands for no smallest length.
    let mut shortest = u64::MAX;
    for name in ["minlen", "maxlen", "maxitems"] {
        let Some(value) = option(name) else { continue };
        let number = strtol(value, 10);
        if number.overflow {
            return refused(word, format!("{named} {name} out of range: {value}"));
        }
        let Ok(length) = u64::try_from(number.value) else {
            return refused(word, format!("{named} {name} must be positive: {value}"));
        };
        match name {
            "minlen" => shortest = length,
            "maxlen" if length != 0 && length < shortest => {
                let message =
                    format!("{named} maxlen must not be less than minlen: {length} < {shortest}");
                return refused(word, message);
            }
            _ => {}
        }
    }
    None
}

/// What ModSecurity refuses in `SecGuardianLog FILE [env=[!]NAME]`.
pub fn guardian_log(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let log = words.first()?;
    if let Some(condition) = words.get(1).filter(|it| !it.value.is_empty()) {
        match condition.value.strip_prefix("env=") {
            None => return refused(condition, "ModSecurity: Error in condition clause"),
            Some("" | "!") => return refused(condition, "ModSecurity: Missing variable name"),
            Some(_) => {}
        }
    }
    if log.value.starts_with('|') || file::may_be_appended(&log.value, surroundings) {
        return None;
    }
    let path = surroundings.resolve(&log.value)?;
    let message = format!("ModSecurity: Failed to open the guardian log file: {path}");
    refused(log, message)
}

/// What ModSecurity refuses in `SecConnReadStateLimit` and `SecConnWriteStateLimit NUMBER
/// [OPERATOR]`, and under their former names.
pub fn connection_limit(
    directive: &str,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let words = split(text);
    let number = words.first()?;
    let limit = strtol(&number.value, 10).value;
    if limit <= 0 || limit == i64::MAX {
        let current = match directive {
            "SecReadStateLimit" => "SecConnReadStateLimit",
            "SecWriteStateLimit" => "SecConnWriteStateLimit",
            current => current,
        };
        let value = &number.value;
        return refused(
            number,
            format!("ModSecurity: Invalid value for {current}: {value}"),
        );
    }
    let word = words.get(1).filter(|it| !it.value.is_empty())?;
    let Some((_, parameter)) = word.value.split_once(' ') else {
        let message = format!(
            "ModSecurity: Space character between operator and parameter not found with \
             ConnReadStateLimit: {}",
            word.value
        );
        return refused(word, message);
    };
    let operator = word.value.strip_prefix('!').unwrap_or(&word.value);
    let begins = |prefix: &str| {
        let start = operator.get(..prefix.len());
        start.is_some_and(|it| it.eq_ignore_ascii_case(prefix))
    };
    let reason = if begins("@ipMatchF") {
        let (path, reason) = unreadable(parameter, surroundings)?;
        format!("Could not open ipmatch file \"{path}\": {reason}")
    } else if begins("@ipMatch") {
        operator::networks_mistake(parameter)?
    } else {
        let message = format!(
            "ModSecurity: Invalid operator for SecConnReadStateLimit: {}, expected operators: \
             @ipMatch, @ipMatchF or @ipMatchFromFile with or without !",
            word.value
        );
        return refused(word, message);
    };
    let message = format!("ModSecurity: failed to load IPs from: {parameter} {reason}");
    refused(word, message)
}

/// What ModSecurity refuses in `SecRemoteRules [crypto] KEY URL`; what is at the URL is not asked
/// for.
pub fn remote_rules(text: &str) -> Option<Refusal> {
    let words = split(text);
    let is_encrypted = words.first()?.value.eq_ignore_ascii_case("crypto");
    let url = match words.get(2).filter(|_| is_encrypted) {
        Some(url) => url,
        None => words.get(1)?,
    };
    let scheme = url.value.get(.."https".len());
    let is_secure = scheme.is_some_and(|it| it.eq_ignore_ascii_case("https"));
    let message = format!("ModSecurity: Invalid URI: '{}'. Expected HTTPS.", url.value);
    (!is_secure).then(|| Refusal::new(url.range.clone(), message))
}

/// What ModSecurity refuses in `SecHashMethodRx METHOD PATTERN`. The patterns of methods that it
/// does not know are not compiled.
pub fn hash_method(text: &str) -> Option<Refusal> {
    let words = split(text);
    let (method, pattern) = (words.first()?, words.get(1)?);
    let methods = [
        "HashHref",
        "HashFormAction",
        "HashLocation",
        "HashIframeSrc",
        "HashFrameSrc",
    ];
    let is_wrong = is_any_of(&methods, &method.value) && regex::mistake(&pattern.value).is_some();
    let message = format!("ModSecurity: Invalid regular expression: {}", pattern.value);
    is_wrong.then(|| refused(pattern, message))?
}

// Why a file cannot be opened that is named from the file of the directive: its path and the
// reason.
fn unreadable(path: &str, surroundings: &dyn Surroundings) -> Option<(String, &'static str)> {
    let path = surroundings.beside(path)?;
    let reason = file::reason(surroundings.kind(&path))?;
    Some((path, reason))
}

/// What ModSecurity refuses in directives that name a data file or a script.
pub fn data_file(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let (path, reason) = unreadable(&word.value, surroundings)?;
    let what = match directive {
        "SecRuleScript" => return refused(&word, script_mistake(&path, reason)),
        "SecGeoLookupDB" => "geo database",
        "SecGsbLookupDB" => "gsb database",
        _ => "unicode map file",
    };
    refused(&word, format!("Could not open {what} \"{path}\": {reason}"))
}

/// What ModSecurity refuses in `SecUnicodeMapFile FILE [PAGE]`.
pub fn unicode_map(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let page = words.get(1).filter(|it| !it.value.is_empty());
    if let Some(page) = page.filter(|it| strtol(&it.value, 10).value <= 0) {
        let value = &page.value;
        let message = format!("ModSecurity: Invalid setting for SecUnicodeMapFile: {value}");
        return refused(page, message);
    }
    data_file("SecUnicodeMapFile", text, surroundings)
}

/// What ModSecurity refuses in `SecChrootDir`, to which it goes at once.
pub fn chroot(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let path = split(text).into_iter().next()?;
    let reason = file::reason_where_started(&path.value, surroundings)?;
    let number = match reason {
        "No such file or directory" => 2,
        "Not a directory" => 20,
        _ => 13,
    };
    let value = &path.value;
    let message = format!("ModSecurity: Failed to chdir to {value}, errno={number} ({reason})");
    refused(&path, message)
}
