//! Directives of mod_qos with a language of their own, or words that it reads in another order
//! than they stand in.

use super::number::atoi;
use super::words::{argv, split};
use super::{Located, Refusal, Surroundings, file, regex};

fn refused(word: &Located<String>, message: impl Into<String>) -> Option<Refusal> {
    Some(Refusal::new(word.range.clone(), message))
}

fn is(word: &Located<String>, keyword: &str) -> bool {
    word.value.eq_ignore_ascii_case(keyword)
}

// The whole text, where it has the wrong number of words.
fn miscounted(text: &str, message: impl Into<String>) -> Option<Refusal> {
    Some(Refusal::new(0..text.len(), message))
}

// A mistake in a pattern that httpd compiles; `{}` in the message stands for the pattern.
fn pattern(word: &Located<String>, pattern: &str, message: &str) -> Option<Refusal> {
    let is_wrong = regex::mistake(pattern).is_some();
    is_wrong.then(|| refused(word, message.replace("{}", pattern)))?
}

// A mistake in a pattern that mod_qos compiles itself.
fn own_pattern(directive: &str, word: &Located<String>) -> Option<Refusal> {
    let pattern = &word.value;
    let mistake = regex::check(pattern, false).err()?;
    let message = format!(
        "{directive}: could not compile pcre {pattern} at position {}, reason: {}",
        mistake.offset,
        mistake.in_pcre_8()
    );
    refused(word, message)
}

fn is_natural(word: &Located<String>) -> bool {
    match atoi(&word.value) {
        0 => word.value == "0",
        number => number > 0,
    }
}

/// What httpd refuses in the limits of a location or an event, `WHAT NUMBER [PATTERN]`: the number
/// is read first.
pub fn limit(directive: &str, text: &str) -> Option<Refusal> {
    let words = split(text);
    let (what, number) = (words.first()?, words.get(1)?);
    let is_rate = directive.contains("PerSecLimit");
    let is_right = match is_rate {
        true => atoi(&number.value) != 0,
        false => is_natural(number),
    };
    if !is_right {
        let bound = if is_rate { ">0" } else { ">=0" };
        return refused(
            number,
            format!("{directive}: number must be numeric value {bound}"),
        );
    }
    if directive == "QS_EventRequestLimit" {
        let (_, value) = what.value.split_once('=')?;
        return pattern(
            what,
            value,
            &format!("{directive}: failed to compile regex ({{}})"),
        );
    }
    if !directive.ends_with("Match") {
        return None;
    }
    let message = format!("{directive}: failed to compile regular expession ({{}})");
    let condition = words.get(2).filter(|_| directive.starts_with("QS_Cond"));
    std::iter::once(what)
        .chain(condition)
        .find_map(|it| pattern(it, &it.value, &message))
}

/// What httpd refuses in `QS_ClientGeoCountryPriv COUNTRIES NUMBER`.
pub fn country_privilege(text: &str) -> Option<Refusal> {
    let words = split(text);
    let number = words.get(1)?;
    let value = atoi(&number.value);
    let is_right = value > 0 || value == 0 && number.value.starts_with('0');
    let message = "QS_ClientGeoCountryPriv: invalid connection number";
    (!is_right).then(|| refused(number, message))?
}

/// What httpd refuses in `QS_ClientPrefer [PERCENT]`.
pub fn prefer(text: &str) -> Option<Refusal> {
    let words = argv(text);
    let word = words.first()?;
    if !(1..=99).contains(&atoi(&word.value)) {
        let message = "QS_ClientPrefer: percentage must be a numeric value between 1 and 99";
        return refused(word, message);
    }
    let message = "QS_ClientPrefer: command takes not more than one argument";
    words.get(1).and_then(|it| refused(it, message))
}

/// What httpd refuses in `QS_ClientContentTypes NUMBER NUMBER NUMBER NUMBER NUMBER`.
pub fn content_types(text: &str) -> Option<Refusal> {
    let words = argv(text);
    if words.len() != 5 {
        return miscounted(text, "QS_ClientContentTypes: requires five arguments");
    }
    let zero = words.iter().find(|it| atoi(&it.value) == 0)?;
    refused(
        zero,
        "QS_ClientContentTypes: requires numeric values greater than 0",
    )
}

/// What httpd refuses in `QS_CondClientEventLimitCount NUMBER SECONDS VARIABLE PATTERN` and
/// `QS_CondEventLimitCount VARIABLE NUMBER SECONDS PATTERN`.
pub fn conditional_count(directive: &str, text: &str) -> Option<Refusal> {
    let words = argv(text);
    let is_of_client = directive == "QS_CondClientEventLimitCount";
    let (first, second, third, last) = match words.as_slice() {
        [first, second, third, last] => (first, second, third, last),
        // Only the other one counts more.
        [first, second, third, last, ..] if !is_of_client => (first, second, third, last),
        _ => {
            let expected = if is_of_client { 4 } else { 3 };
            return miscounted(text, format!("{directive}: takes {expected} arguments"));
        }
    };
    let (number, seconds) = if is_of_client {
        (first, second)
    } else {
        (second, third)
    };
    let is_number = match is_of_client {
        true => is_natural(number),
        false => atoi(&number.value) != 0,
    };
    let (bound, what) = if is_of_client {
        (">=0", "time")
    } else {
        (">0", "seconds")
    };
    if !is_number {
        return refused(
            number,
            format!("{directive}: number must be numeric value {bound}"),
        );
    }
    if atoi(&seconds.value) == 0 {
        return refused(
            seconds,
            format!("{directive}: {what} must be numeric value >0"),
        );
    }
    pattern(
        last,
        &last.value,
        &format!("{directive}: failed to compile regex ({{}})"),
    )
}

/// The HTTP statuses that httpd has a page for.
const STATUSES: &[std::ops::RangeInclusive<i32>] = &[
    400..=417,
    421..=424,
    426..=426,
    428..=429,
    431..=431,
    451..=451,
    500..=508,
    510..=511,
];

/// What httpd refuses in `QS_ErrorResponseCode`.
pub fn response_code(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let status = atoi(&word.value);
    let message = if !(400..=599).contains(&status) {
        "HTTP response code code must be a numeric value between 400 and 599"
    } else if !STATUSES.iter().any(|it| it.contains(&status)) {
        "unsupported HTTP response code"
    } else {
        return None;
    };
    refused(&word, format!("QS_ErrorResponseCode: {message}"))
}

/// What httpd refuses in `QS_MileStone log|deny PATTERN [SECONDS]`.
pub fn mile_stone(text: &str) -> Option<Refusal> {
    let words = split(text);
    let (action, path) = (words.first()?, words.get(1)?);
    let time = words.get(2).filter(|it| !it.value.is_empty());
    if let Some(time) = time.filter(|it| atoi(&it.value) <= 0) {
        let message = "QS_MileStone: invalid 'think time' (must be numeric value >0)";
        return refused(time, message);
    }
    if !is(action, "log") && !is(action, "deny") {
        return refused(
            action,
            format!("QS_MileStone: invalid action {}", action.value),
        );
    }
    own_pattern("QS_MileStone", path)
}

/// What httpd refuses in `QS_RequestHeaderFilterRule NAME drop|deny PATTERN SIZE`.
pub fn header_rule(text: &str) -> Option<Refusal> {
    let directive = "QS_RequestHeaderFilterRule";
    let words = argv(text);
    let [_, action, pattern, size] = words.as_slice() else {
        return miscounted(text, format!("{directive}: takes 4 arguments"));
    };
    if !is(action, "drop") && !is(action, "deny") {
        return refused(
            action,
            format!("{directive}: invalid action {}", action.value),
        );
    }
    own_pattern(directive, pattern).or_else(|| {
        let is_wrong = atoi(&size.value) <= 0;
        is_wrong.then(|| refused(size, format!("{directive}: size must be numeric value >0")))?
    })
}

/// What httpd refuses in `QS_SemMemFile`.
pub fn memory_file(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let (folder, _) = word.value.rsplit_once('/')?;
    let is_missing =
        !folder.is_empty() && file::reason_where_started(folder, surroundings).is_some();
    is_missing.then(|| refused(&word, "QS_SemMemFile: path does not exist"))?
}

/// What httpd refuses in `QS_SetEnvIf [!]NAME[=PATTERN] [[!]NAME] [!]NAME[=VALUE]`.
pub fn set_env_if(text: &str) -> Option<Refusal> {
    let words = split(text);
    let (first, last) = (words.first()?, words.get(2).or(words.get(1))?);
    let is_new = last.value.contains('=') || last.value.starts_with('!');
    let unnamed = "QS_SetEnvIf: new variable must have the format <name>=<value>";
    if words.len() > 2 {
        return (!is_new).then(|| refused(last, unnamed))?;
    }
    let Some((_, value)) = first.value.split_once('=') else {
        return refused(first, "QS_SetEnvIf: missing pattern for variable1");
    };
    pattern(first, value, "QS_SetEnvIf: failed to compile regex ({})")
        .or_else(|| (!is_new).then(|| refused(last, unnamed))?)
}

/// What httpd refuses in `QS_SetEnvIfCmp NAME eq|ne|gt|lt NAME [!]NAME[=VALUE]`.
pub fn set_env_if_compared(text: &str) -> Option<Refusal> {
    let words = argv(text);
    let [_, operator, _, _] = words.as_slice() else {
        return miscounted(text, "QS_SetEnvIfCmp: requires 4 arguments");
    };
    let is_known = ["eq", "ne", "gt", "lt"].iter().any(|it| is(operator, it));
    let message = format!("QS_SetEnvIfCmp: invalid operator '{}", operator.value);
    (!is_known).then(|| refused(operator, message))?
}

/// Events that `QS_SetEnvIfStatus` takes for statuses.
const EVENTS: &[&str] = &[
    "QS_SrvMinDataRate",
    "QS_SrvMaxConnPerIP",
    "NullConnection",
    "BrokenConnection",
];

/// What httpd refuses in `QS_SetEnvIfStatus STATUS|EVENT VARIABLE` and under its former name.
pub fn set_env_if_status(
    directive: &str,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let words = split(text);
    let (status, variable) = (words.first()?, words.get(1)?);
    if let Some(event) = EVENTS.iter().find(|it| is(status, it)) {
        let because = if surroundings.section_path().is_some() {
            "globally"
        } else if variable.value != "QS_Block" {
            "for the event QS_Block"
        } else {
            return None;
        };
        let message = format!("{directive}: {event} may only be defined {because}");
        return refused(status, message);
    }
    let message = format!("{directive}: invalid HTTP status code");
    (atoi(&status.value) <= 0).then(|| refused(status, message))?
}

/// What httpd refuses in `QS_SetReqHeader [!]NAME VARIABLE [late]`.
pub fn set_request_header(text: &str) -> Option<Refusal> {
    let words = split(text);
    let header = words.first()?;
    let name = header.value.strip_prefix('!').unwrap_or(&header.value);
    if name.is_empty() {
        return refused(header, "QS_SetReqHeader: header name is too short");
    }
    if name.contains('=') {
        return refused(
            header,
            "QS_SetReqHeader: header name must not contain a '='",
        );
    }
    let moment = words.get(2).filter(|it| !it.value.is_empty())?;
    let message = "QS_SetReqHeader: third parameter can only be 'late'";
    (!is(moment, "late")).then(|| refused(moment, message))?
}

/// What httpd refuses in `QS_SetEnv NAME VALUE`.
pub fn set_env(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let message = "QS_SetEnv: variable must not contain a '='";
    word.value.contains('=').then(|| refused(&word, message))?
}

/// What httpd refuses in `QS_SrvMaxConnClose NUMBER[%]`.
pub fn closing(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let number = atoi(&word.value);
    let message = if number == 0 {
        "QS_SrvMaxConnClose: number must be numeric value >0"
    } else if word.value.ends_with('%') && number > 99 {
        "QS_SrvMaxConnClose: number must be a percentage <99"
    } else {
        return None;
    };
    refused(&word, message)
}

/// What httpd refuses in `QS_SrvMinDataRate RATE [RATE [CONNECTIONS]]`.
pub fn data_rate(text: &str) -> Option<Refusal> {
    let words = argv(text);
    let Some(least) = words.first() else {
        return miscounted(text, "QS_SrvMinDataRate: takes 1 to 3 arguments");
    };
    let connections = words.get(2).filter(|it| atoi(&it.value) <= 0);
    if let Some(connections) = connections {
        let message = "QS_SrvMinDataRate: number of connections must be a numeric value >0";
        return refused(connections, message);
    }
    let lowest = atoi(&least.value);
    if lowest <= 0 {
        let message = "QS_SrvMinDataRate: minimal data rate must be a numeric value >0";
        return refused(least, message);
    }
    let most = words.get(1).filter(|it| atoi(&it.value) <= lowest)?;
    let message = "QS_SrvMinDataRate: max. data rate must be a greater than min. value";
    refused(most, message)
}

/// What httpd refuses in `QS_SrvMinDataRateOffEvent +NAME|-NAME`.
pub fn signed_event(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let message = "QS_SrvMinDataRateOffEvent: invalid variable (requires +/- prefix)";
    (!is_signed(&word.value)).then(|| refused(&word, message))?
}

fn is_signed(name: &str) -> bool {
    name.len() > 1 && name.starts_with(['+', '-'])
}

/// What httpd refuses in `QS_DenyPath` and its like, `+|-ID log|deny PATTERN`.
pub fn rule(directive: &str, text: &str) -> Option<Refusal> {
    let words = split(text);
    let (id, action, last) = (words.first()?, words.get(1)?, words.get(2)?);
    if !is_signed(&id.value) {
        return refused(id, format!("{directive}: invalid rule id"));
    }
    if !is(action, "log") && !is(action, "deny") {
        return refused(action, format!("{directive}: invalid action"));
    }
    let mistake = regex::check(&last.value, false).err();
    let mistake = mistake.filter(|_| directive != "QS_DenyEvent")?;
    let message = format!(
        "{directive}: could not compile pcre at position {}, reason: {}",
        mistake.offset,
        mistake.in_pcre_8()
    );
    refused(last, message)
}

/// What httpd refuses in `QS_UserTrackingCookieName NAME [/PATH] [DOMAIN] [session] [jsredirect]`.
pub fn tracking_cookie(text: &str) -> Option<Refusal> {
    let words = argv(text);
    if words.is_empty() {
        return miscounted(text, "QS_UserTrackingCookieName: takes 1 to 4 arguments");
    }
    let is_domain = |it: &&Located<String>| {
        !it.value.starts_with('/') && !is(it, "session") && !is(it, "jsredirect")
    };
    let second = words[1..].iter().filter(is_domain).nth(1)?;
    let message = "QS_UserTrackingCookieName: invalid attribute (expects <name>, <path>, \
         'session', or <domain>";
    refused(second, message)
}

/// What httpd refuses in `QS_VipHeaderName` and `QS_VipIPHeaderName NAME[=PATTERN] [drop]`.
pub fn vip_header(directive: &str, text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let (_, value) = word.value.split_once('=')?;
    pattern(
        &word,
        value,
        &format!("{directive}: failed to compile regex ({{}})"),
    )
}

/// What httpd refuses in `QS_ErrorPage`: a path or a URL.
pub fn error_page(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let page = word.value.as_str();
    let is_page = page.starts_with('/') || page.starts_with("http");
    let message = format!("QS_ErrorPage: requires absolute path ({page})");
    (!is_page).then(|| refused(&word, message))?
}
