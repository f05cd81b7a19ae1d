//! The targets of a rule: `ARGS|!ARGS:token|&REQUEST_HEADERS:Host`.

use super::super::{Located, regex};
use super::pairs::{self, Pair};
use super::{compile_mistake, is_any_of};

/// What a variable asks of its parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parameter {
    /// It takes none.
    None,
    /// It may have one, a name or a regular expression between slashes.
    Optional,
    /// It must have one of these.
    Required,
}

/// Collections: they can be counted.
const COLLECTIONS: &[&str] = &[
    "ARGS",
    "ARGS_GET",
    "ARGS_GET_NAMES",
    "ARGS_NAMES",
    "ARGS_POST",
    "ARGS_POST_NAMES",
    "FILES",
    "FILES_SIZES",
    "FILES_TMPNAMES",
    "FILES_TMP_CONTENT",
    "GEO",
    "MATCHED_VARS",
    "MATCHED_VARS_NAMES",
    "MULTIPART_PART_HEADERS",
    "PERF_RULES",
    "REQUEST_BODY",
    "REQUEST_COOKIES",
    "REQUEST_COOKIES_NAMES",
    "REQUEST_HEADERS",
    "REQUEST_HEADERS_NAMES",
    "RESPONSE_HEADERS",
    "RESPONSE_HEADERS_NAMES",
];

/// Collections that must be told which of their members is meant.
const BY_MEMBER: &[&str] = &["GLOBAL", "IP", "RESOURCE", "SESSION", "TX", "USER"];

/// Collections without parameters.
const UNDIVIDED: &[&str] = &[
    "ARGS_COMBINED_SIZE",
    "FILES_COMBINED_SIZE",
    "FILES_NAMES",
    "WEBSERVER_ERROR_LOG",
];

/// Variables with one value.
const SINGLE: &[&str] = &[
    "AUTH_TYPE",
    "DURATION",
    "FULL_REQUEST",
    "FULL_REQUEST_LENGTH",
    "HIGHEST_SEVERITY",
    "INBOUND_DATA_ERROR",
    "MATCHED_VAR",
    "MATCHED_VAR_NAME",
    "MODSEC_BUILD",
    "MULTIPART_BOUNDARY_QUOTED",
    "MULTIPART_BOUNDARY_WHITESPACE",
    "MULTIPART_CRLF_LF_LINES",
    "MULTIPART_CRLF_LINE",
    "MULTIPART_DATA_AFTER",
    "MULTIPART_DATA_BEFORE",
    "MULTIPART_FILENAME",
    "MULTIPART_FILE_LIMIT_EXCEEDED",
    "MULTIPART_HEADER_FOLDING",
    "MULTIPART_INVALID_HEADER_FOLDING",
    "MULTIPART_INVALID_PART",
    "MULTIPART_INVALID_QUOTING",
    "MULTIPART_LF_LINE",
    "MULTIPART_MISSING_SEMICOLON",
    "MULTIPART_NAME",
    "MULTIPART_STRICT_ERROR",
    "MULTIPART_UNMATCHED_BOUNDARY",
    "OUTBOUND_DATA_ERROR",
    "PATH_INFO",
    "PERF_ALL",
    "PERF_COMBINED",
    "PERF_GC",
    "PERF_LOGGING",
    "PERF_PHASE1",
    "PERF_PHASE2",
    "PERF_PHASE3",
    "PERF_PHASE4",
    "PERF_PHASE5",
    "PERF_SREAD",
    "PERF_SWRITE",
    "QUERY_STRING",
    "REMOTE_ADDR",
    "REMOTE_HOST",
    "REMOTE_PORT",
    "REMOTE_USER",
    "REQBODY_ERROR",
    "REQBODY_ERROR_MSG",
    "REQBODY_PROCESSOR",
    "REQBODY_PROCESSOR_ERROR",
    "REQBODY_PROCESSOR_ERROR_MSG",
    "REQUEST_BASENAME",
    "REQUEST_BODY_LENGTH",
    "REQUEST_FILENAME",
    "REQUEST_LINE",
    "REQUEST_METHOD",
    "REQUEST_PROTOCOL",
    "REQUEST_URI",
    "REQUEST_URI_RAW",
    "RESPONSE_BODY",
    "RESPONSE_CONTENT_LENGTH",
    "RESPONSE_CONTENT_TYPE",
    "RESPONSE_PROTOCOL",
    "RESPONSE_STATUS",
    "SCRIPT_BASENAME",
    "SCRIPT_FILENAME",
    "SCRIPT_GID",
    "SCRIPT_GROUPNAME",
    "SCRIPT_MODE",
    "SCRIPT_UID",
    "SCRIPT_USERNAME",
    "SDBM_DELETE_ERROR",
    "SERVER_ADDR",
    "SERVER_NAME",
    "SERVER_PORT",
    "SESSIONID",
    "STATUS_LINE",
    "STREAM_INPUT_BODY",
    "STREAM_OUTPUT_BODY",
    "TIME",
    "TIME_DAY",
    "TIME_EPOCH",
    "TIME_HOUR",
    "TIME_MIN",
    "TIME_MON",
    "TIME_SEC",
    "TIME_WDAY",
    "TIME_YEAR",
    "UNIQUE_ID",
    "URLENCODED_ERROR",
    "USERAGENT_IP",
    "USERID",
    "WEBAPPID",
];

/// What ModSecurity says of the targets of a rule, and where.
pub(super) fn mistake(text: &str) -> Option<Located<String>> {
    pairs::mistake(text, target_mistake)
}

fn target_mistake(pair: &Pair) -> Option<String> {
    let shown = &pair.name.value;
    let counts = shown.starts_with('&');
    let mut name = shown.strip_prefix(['!', '&']).unwrap_or(shown);
    let mut parameter = pair.parameter.as_ref().map(|it| it.value.as_str());
    if let Some(header) = name.strip_prefix("HTTP_").filter(|it| !it.is_empty()) {
        name = "REQUEST_HEADERS";
        parameter = Some(header);
    }
    let Some((takes, is_counted)) = properties(name) else {
        return Some(format!("Unknown variable: {shown}"));
    };
    if counts && !is_counted {
        let message = "The & modificator does not apply to non-collection variables.";
        return Some(message.to_owned());
    }
    match (takes, parameter) {
        (Parameter::Required, None) if name.eq_ignore_ascii_case("ENV") => {
            Some("Parameter required for ENV.".to_owned())
        }
        (Parameter::Required, None) => {
            Some(format!("Missing mandatory parameter for variable {shown}."))
        }
        (Parameter::None, Some(_)) => {
            Some(format!("Variable {shown} does not support parameters."))
        }
        (_, Some(parameter)) => pattern_mistake(name, parameter),
        (_, None) => None,
    }
}

fn properties(name: &str) -> Option<(Parameter, bool)> {
    let properties = if is_any_of(COLLECTIONS, name) || name.eq_ignore_ascii_case("XML") {
        (Parameter::Optional, true)
    } else if is_any_of(BY_MEMBER, name) || is_any_of(&["ENV", "RULE"], name) {
        (Parameter::Required, true)
    } else if is_any_of(UNDIVIDED, name) {
        (Parameter::None, true)
    } else if is_any_of(SINGLE, name) {
        (Parameter::None, false)
    } else {
        return None;
    };
    Some(properties)
}

fn pattern_mistake(name: &str, parameter: &str) -> Option<String> {
    let pattern = parameter.strip_prefix('/')?.strip_suffix('/')?;
    if pattern.is_empty() || is_any_of(&["RULE", "XML"], name) {
        return None;
    }
    if name.eq_ignore_ascii_case("ENV") {
        return Some("Regular expressions not supported in ENV.".to_owned());
    }
    let mistake = regex::check(pattern, true).err()?;
    Some(compile_mistake(&mistake))
}
