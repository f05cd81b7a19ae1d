//! The actions of a rule: `id:1,phase:2,deny,t:none`.

use super::super::{Located, Surroundings, file, number::atoi, number::strtol, regex};
use super::pairs::{self, Pair};
use super::{is_any_of, is_parts, script_mistake};

/// What an action asks of its parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parameter {
    None,
    Optional,
    Required,
}

const WITHOUT_PARAMETER: &[&str] = &[
    "auditlog",
    "block",
    "capture",
    "chain",
    "deny",
    "drop",
    "log",
    "multiMatch",
    "noauditlog",
    "nolog",
    "pass",
    "sanitiseMatched",
    "sanitizeMatched",
];

const WITH_OR_WITHOUT: &[&str] = &["allow", "sanitiseMatchedBytes", "sanitizeMatchedBytes"];

const WITH_PARAMETER: &[&str] = &[
    "accuracy",
    "append",
    "ctl",
    "deprecatevar",
    "exec",
    "expirevar",
    "id",
    "initcol",
    "logdata",
    "marker",
    "maturity",
    "msg",
    "pause",
    "phase",
    "prepend",
    "proxy",
    "redirect",
    "rev",
    "sanitiseArg",
    "sanitiseRequestHeader",
    "sanitiseResponseHeader",
    "sanitizeArg",
    "sanitizeRequestHeader",
    "sanitizeResponseHeader",
    "setenv",
    "setrsc",
    "setsid",
    "setuid",
    "setvar",
    "severity",
    "skip",
    "skipAfter",
    "status",
    "t",
    "tag",
    "ver",
    "xmlns",
];

const TRANSFORMATIONS: &[&str] = &[
    "base64Decode",
    "base64DecodeExt",
    "base64Encode",
    "cmdline",
    "compressWhitespace",
    "cssDecode",
    "escapeSeqDecode",
    "hexDecode",
    "hexEncode",
    "htmlEntityDecode",
    "jsDecode",
    "length",
    "lowercase",
    "md5",
    "none",
    "normalisePath",
    "normalisePathWin",
    "normalizePath",
    "normalizePathWin",
    "parityEven7bit",
    "parityOdd7bit",
    "parityZero7bit",
    "removeComments",
    "removeCommentsChar",
    "removeNulls",
    "removeWhitespace",
    "replaceComments",
    "replaceNulls",
    "sha1",
    "sqlHexDecode",
    "trim",
    "trimLeft",
    "trimRight",
    "urlDecode",
    "urlDecodeUni",
    "urlEncode",
    "utf8toUnicode",
];

/// The most that a body's limit may be.
const HARD_LIMIT: i64 = 1_073_741_824;

/// What a rule does with a request that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disruption {
    /// It lets it pass.
    Pass,
    /// It allows it, without further rules or without those of the request.
    Allow,
    /// Anything else.
    Other,
}

/// What a list of actions says that matters while the configuration is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actions {
    /// The number of the rule.
    pub id: Option<Located<String>>,
    /// Whether the next rule belongs to this one.
    pub chain: bool,
    /// The phase in which the rule runs.
    pub phase: Option<i32>,
    /// What it does with a request.
    pub disruption: Option<Disruption>,
    /// Whether rules behind it are skipped (`skip`).
    pub skip: bool,
    /// Whether rules up to a marker are skipped (`skipAfter`).
    pub skip_after: bool,
    /// Whether it is described: by an id, a message, a severity ….
    pub metadata: bool,
    /// Whether it has metadata that the defaults must not have.
    pub own_metadata: bool,
}

impl Actions {
    /// Reads a list, as far as it goes.
    pub fn parse(text: &str) -> Self {
        let mut actions = Self::default();
        for pair in pairs::parse(text).unwrap_or_default() {
            actions.take(&pair);
        }
        actions
    }

    fn take(&mut self, pair: &Pair) {
        let parameter = pair.parameter.as_ref();
        let value = parameter.map_or("", |it| it.value.as_str());
        match pair.name.value.to_ascii_lowercase().as_str() {
            "id" | "marker" => {
                self.id = parameter.cloned();
                self.own_metadata = true;
            }
            "chain" => self.chain = true,
            "phase" => self.phase = Some(phase(value)),
            "pass" => self.disruption = Some(Disruption::Pass),
            "allow" if value.eq_ignore_ascii_case("phase") => {
                self.disruption = Some(Disruption::Other);
            }
            "allow" => self.disruption = Some(Disruption::Allow),
            "deny" | "drop" | "pause" | "proxy" | "redirect" => {
                self.disruption = Some(Disruption::Other);
            }
            "skip" => self.skip = true,
            "skipafter" => self.skip_after = true,
            "accuracy" | "maturity" | "msg" | "rev" | "ver" => self.own_metadata = true,
            "severity" | "logdata" => self.metadata = true,
            _ => {}
        }
        self.metadata |= self.own_metadata;
    }
}

fn phase(value: &str) -> i32 {
    match value.to_ascii_lowercase().as_str() {
        "request" => 2,
        "response" => 4,
        "logging" => 5,
        _ => atoi(value),
    }
}

/// What ModSecurity says of a list of actions, and where.
pub(super) fn mistake(text: &str, surroundings: &dyn Surroundings) -> Option<Located<String>> {
    pairs::mistake(text, |it| action_mistake(it, surroundings))
}

fn action_mistake(pair: &Pair, surroundings: &dyn Surroundings) -> Option<String> {
    let name = &pair.name.value;
    let takes = if is_any_of(WITHOUT_PARAMETER, name) {
        Parameter::None
    } else if is_any_of(WITH_OR_WITHOUT, name) {
        Parameter::Optional
    } else if is_any_of(WITH_PARAMETER, name) {
        Parameter::Required
    } else {
        return Some(format!("Unknown action: {name}"));
    };
    let Some(parameter) = &pair.parameter else {
        return (takes == Parameter::Required)
            .then(|| format!("Missing mandatory parameter for action {name}"));
    };
    if takes == Parameter::None {
        return Some(format!("Extra parameter provided to action {name}"));
    }
    let is_signed = parameter.value.starts_with(['+', '-']);
    if is_signed && !name.eq_ignore_ascii_case("t") {
        return Some(format!("Action {name} does not allow +/- modificators."));
    }
    let value = &parameter.value[usize::from(is_signed)..];
    match name.to_ascii_lowercase().as_str() {
        "id" => id_mistake(value),
        "allow" => {
            let is_known = is_any_of(&["phase", "request"], value);
            (!is_known).then(|| format!("Invalid parameter for allow: {value}"))
        }
        "t" => {
            let is_known = is_any_of(TRANSFORMATIONS, value);
            (!is_known).then(|| format!("Invalid transformation function: {value}"))
        }
        "ctl" => control_mistake(value),
        "xmlns" if !value.contains('=') => Some(format!("Missing xmlns href for prefix: {value}")),
        "exec" if value.len() > 4 && value.ends_with(".lua") => {
            let reason = file::reason_where_started(value, surroundings)?;
            Some(script_mistake(value, reason))
        }
        _ => None,
    }
}

// Of a number that is too large, the low 32 bits count.
fn id_mistake(value: &str) -> Option<String> {
    let is_number = value.bytes().all(|it| it.is_ascii_digit());
    let is_wrong = !is_number || atoi(value) <= 0;
    is_wrong.then(|| format!("ModSecurity: Invalid value for action ID: {value}"))
}

// `ctl:NAME=VALUE`.
fn control_mistake(setting: &str) -> Option<String> {
    let Some((name, value)) = setting.split_once('=') else {
        return Some(format!("Missing ctl value for name: {setting}"));
    };
    let invalid = |name: &str| Some(format!("Invalid setting for ctl name {name}: {value}"));
    let is = |words: &[&str]| is_any_of(words, value);
    match name.to_ascii_lowercase().as_str() {
        "ruleengine" if is(&["on", "off", "detectiononly"]) => None,
        "ruleengine" => invalid("ruleEngine"),
        "ruleremovebyid" | "requestbodyprocessor" => None,
        "ruleremovebytag" | "ruleremovebymsg" => expression_mistake(value),
        "requestbodyaccess" if is(BOOLEAN) => None,
        "requestbodyaccess" => invalid(" requestBodyAccess"),
        "responsebodyaccess" if is(BOOLEAN) => None,
        "responsebodyaccess" => invalid(" responseBodyAccess"),
        "forcerequestbodyvariable" if is(&["on", "off"]) => None,
        "forcerequestbodyvariable" => invalid(" forceRequestBodyVariable"),
        "auditengine" if is(&["on", "off", "relevantonly"]) => None,
        "auditengine" => invalid(" auditEngine"),
        "auditlogparts" if is_parts(value.strip_prefix(['+', '-']).unwrap_or(value)) => None,
        "auditlogparts" => invalid("auditLogParts"),
        "debugloglevel" if (0..=9).contains(&atoi(value)) => None,
        "debugloglevel" => invalid("debugLogLevel"),
        "requestbodylimit" => limit_mistake("Request", "requestBodyLimit", value),
        "responsebodylimit" => limit_mistake("Response", "responseBodyLimit", value),
        "ruleremovetargetbyid" => removal_mistake("ruleRemoveTargetById", "id", value),
        "ruleremovetargetbytag" => removal_mistake("ruleRemoveTargetByTag", "tag", value),
        "ruleremovetargetbymsg" => removal_mistake("ruleRemoveTargetByMsg", "msg", value),
        "hashenforcement" if is(&["on", "off"]) => None,
        "hashenforcement" => invalid("HashEnforcement"),
        "hashengine" if is(&["on", "off"]) => None,
        "hashengine" => invalid("HashEngine"),
        _ => Some(format!("Invalid ctl name setting: {name}")),
    }
}

const BOOLEAN: &[&str] = &["on", "off", "true", "false", "1", "0"];

fn expression_mistake(pattern: &str) -> Option<String> {
    let is_wrong = regex::mistake(pattern).is_some();
    is_wrong.then(|| format!("ModSecurity: Invalid regular expression \"{pattern}\""))
}

fn limit_mistake(what: &str, name: &str, value: &str) -> Option<String> {
    let limit = strtol(value, 10).value;
    if limit <= 0 || limit == i64::MAX {
        return Some(format!("Invalid setting for ctl name {name}: {value}"));
    }
    let message = || format!("{what} size limit cannot exceed the hard limit: {HARD_LIMIT}");
    (limit > HARD_LIMIT).then(message)
}

// `WHICH;TARGET`, where the first is a regular expression unless it is an id.
fn removal_mistake(name: &str, which: &str, value: &str) -> Option<String> {
    match value.split(';').find(|it| !it.is_empty()) {
        None => Some(format!("{name} must has at least {which};VARIABLE")),
        Some(pattern) if which != "id" => expression_mistake(pattern),
        Some(_) => None,
    }
}
