//! Directives whose one argument is one of a few words, in any letter case.

use super::Refusal;
use super::words::first;

/// Those that say `DIRECTIVE must be one of: WORD | WORD`.
const SELF_EXPLAINING: &[(&[&str], &[&str])] = &[
    (
        &[
            "WSGIVerboseDebugging",
            "WSGILazyInitialization",
            "WSGIPy3kWarningFlag",
            "WSGIDontWriteBytecode",
            "WSGIDestroyInterpreter",
            "WSGIPerInterpreterGIL",
            "WSGIFreeThreading",
            "WSGIRestrictEmbedded",
            "WSGIRestrictStdin",
            "WSGIRestrictStdout",
            "WSGIRestrictSignal",
            "WSGICaseSensitivity",
            "WSGISocketRotation",
            "WSGIPassApacheRequest",
            "WSGIPassAuthorization",
            "WSGIScriptReloading",
            "WSGIErrorOverride",
            "WSGIChunkedRequest",
            "WSGIIgnoreActivity",
            "WSGIEnableSendfile",
            "WSGIUserAuthoritative",
            "WSGIGroupAuthoritative",
            "WSGIServerMetrics",
        ],
        &["Off", "On"],
    ),
    (&["WSGIMapHEADToGET"], &["Off", "On", "Auto"]),
];

/// Those with a message of their own.
const OTHERS: &[(&[&str], &[&str], &str)] = &[
    (
        &["AcceptPathInfo"],
        &["on", "off", "default"],
        "AcceptPathInfo must be set to on, off or default",
    ),
    (
        &["HostnameLookups"],
        &["on", "off", "double"],
        "parameter must be 'on', 'off', or 'double'",
    ),
    (
        &["UseCanonicalName"],
        &["on", "off", "dns"],
        "parameter must be 'on', 'off', or 'dns'",
    ),
    (
        &["UseCanonicalPhysicalPort", "EnableMMAP", "EnableSendfile"],
        &["on", "off"],
        "parameter must be 'on' or 'off'",
    ),
    (
        &["ServerSignature"],
        &["on", "off", "email"],
        "ServerSignature: use one of: off | on | email",
    ),
    (
        &["TraceEnable"],
        &["on", "off", "extended"],
        "TraceEnable must be one of 'on', 'off', or 'extended'",
    ),
];

/// What httpd refuses in the argument of such a directive; nothing for any other.
pub fn refusals(directive: &str, text: &str) -> Vec<Refusal> {
    let Some((words, message)) = choice(directive) else {
        return Vec::new();
    };
    let word = first(text);
    if words.iter().any(|it| it.eq_ignore_ascii_case(&word.value)) {
        return Vec::new();
    }
    vec![Refusal::new(word.range, message)]
}

fn choice(directive: &str) -> Option<(&'static [&'static str], String)> {
    let of = |names: &[&str]| names.contains(&directive);
    if let Some((_, words)) = SELF_EXPLAINING.iter().find(|it| of(it.0)) {
        let message = format!("{directive} must be one of: {}", words.join(" | "));
        return Some((words, message));
    }
    let (_, words, message) = OTHERS.iter().find(|it| of(it.0))?;
    Some((words, (*message).to_owned()))
}
