//! The arguments of directives: from a text to a typed value, and what httpd refuses in it.
//!
//! One module per argument language. Each reads the text behind a directive's name (after `${}`),
//! never fails, and keeps what it could not use, so that a value and its refusals come from the
//! same reading. This layer knows no directive table: whether a directive exists, stands in the
//! right place and has the right number of words (the `TAKE1` family) is decided elsewhere; a
//! handler that counts its own words (`RAW_ARGS`) counts them here.

pub mod account;
pub mod address;
pub mod allow_override;
pub mod choice;
pub mod error;
pub mod error_document;
pub mod expression;
pub mod listen;
pub mod load_module;
pub mod log_level;
pub mod mutex;
pub mod number;
pub mod options;
pub mod quantity;
pub mod regex;
pub mod section;
pub mod server_name;
pub mod surroundings;
pub mod virtual_host;
pub mod words;
pub mod wsgi;

use std::ops::Range;

pub use surroundings::{Lookup, NothingKnown, Reach, Surroundings, Version};

/// A value, and the bytes of the argument text that it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands in the argument text.
    pub range: Range<usize>,
}

impl<T> Located<T> {
    /// A value at a place.
    pub fn new(value: T, range: Range<usize>) -> Self {
        Self { value, range }
    }
}

/// How httpd says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Manner {
    /// The directive's handler returns the message: httpd prints `AH00526`, the file and the
    /// line, and the message on a line of its own.
    Returned,
    /// The handler ends the process: httpd prints `NUMBER: PROGRAM: MESSAGE` and names no line.
    Exit {
        /// The log number, `AH00543` for example.
        number: &'static str,
    },
    /// The process ends in the middle of the handler: httpd prints the message and nothing else.
    Abort,
}

/// Something that httpd refuses in an argument text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The bytes of the argument text that are to blame.
    pub range: Range<usize>,
    /// httpd's own message, before it is escaped for the error log.
    pub message: String,
    /// How httpd reports it.
    pub manner: Manner,
}

impl Refusal {
    /// A message that a handler returns.
    pub fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            manner: Manner::Returned,
        }
    }

    /// A message with which the handler ends the process.
    pub fn exit(range: Range<usize>, number: &'static str, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            manner: Manner::Exit { number },
        }
    }

    /// A message with which the process ends in the middle of the handler.
    pub fn abort(range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            manner: Manner::Abort,
        }
    }

    /// The same with words before the message, where a handler returns it.
    #[must_use]
    pub fn after(self, words: &str) -> Self {
        match self.manner {
            Manner::Returned => Self {
                message: format!("{words}{}", self.message),
                ..self
            },
            Manner::Exit { .. } | Manner::Abort => self,
        }
    }
}

/// What httpd refuses in the argument text of a directive, the message that it prints first.
///
/// `directive` is the name as httpd's command table spells it, a section's with its `<`. The
/// number of words must have been checked for directives that leave this to httpd. Of a directive
/// that is not known here, nothing is said.
pub fn refusals(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    match directive {
        "AllowOverride" => allow_override::AllowOverride::parse(text).refusals(),
        "AllowOverrideList" => allow_override::list(text),
        "Error" => error::refusals(text),
        "ErrorDocument" => error_document::ErrorDocument::parse(text).refusals(surroundings),
        "Group" => account::group_refusals(text, surroundings),
        "Listen" => listen::Listen::parse(text).err().into_iter().collect(),
        "LoadModule" => load_module::LoadModule::parse(text).refusals(surroundings),
        "LogLevel" => log_level::refusals(text, surroundings),
        "Mutex" => mutex::Mutex::parse(text).refusals(surroundings),
        "Options" => options::Options::parse(text).refusals(),
        "LimitRequestBody"
        | "LimitRequestFields"
        | "LimitRequestFieldsize"
        | "LimitRequestLine"
        | "ListenBacklog"
        | "ListenCoresBucketsRatio"
        | "ListenTCPDeferAccept"
        | "ReceiveBufferSize"
        | "SendBufferSize" => quantity::refusals(directive, text),
        "LogMessage" => expression::directives::log_message(text, surroundings),
        "ProxyFCGISetEnvIf" => expression::directives::proxy_fcgi_set_env_if(text, surroundings),
        "ProxyHCExpr" => expression::directives::proxy_health_check(text, surroundings),
        "Require" => expression::require::refusals(text, surroundings),
        "SetEnvIfExpr" => expression::directives::set_env_if(text, surroundings),
        "SetHandler" => expression::directives::set_handler(text, surroundings),
        "SSLRequire" => expression::directives::ssl_require(text, surroundings),
        "ServerName" => server_name::ServerName::parse(text).refusals(),
        "User" => account::user_refusals(text, surroundings),
        "WSGIAcceptMutex" => wsgi::accept_mutex::AcceptMutex::parse(text).refusals(surroundings),
        "WSGIDaemonProcess" => {
            wsgi::daemon_process::DaemonProcess::parse(text).refusals(surroundings)
        }
        "WSGIPythonHashSeed" => wsgi::python::hash_seed(text),
        "WSGISlowRequests" => wsgi::python::slow_requests(text),
        "WSGISwitchInterval" => wsgi::python::switch_interval(text),
        "WSGITelemetryOptions" => wsgi::telemetry::options(text),
        "WSGITelemetryService" => wsgi::telemetry::service(text),
        "WSGITrustedProxies" => wsgi::trusted_proxies::TrustedProxies::parse(text).refusals(),
        "<WSGIInterpreterOptions" => {
            wsgi::interpreter_options::InterpreterOptions::parse(text).refusals()
        }
        _ if section::is_core(directive) => {
            section::Section::parse(text).refusals(directive, surroundings)
        }
        _ => match wsgi::script::Role::of(directive) {
            Some(role) => wsgi::script::Script::parse(role, text).refusals(surroundings),
            None => {
                let mut refusals = choice::refusals(directive, text);
                refusals.extend(expression::directives::refusals(
                    directive,
                    text,
                    surroundings,
                ));
                refusals
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::{NothingKnown, refusals};

    const DIRECTIVES: &[&str] = &[
        "AllowOverride",
        "AllowOverrideList",
        "AuthBasicFake",
        "ErrorDocument",
        "Group",
        "Listen",
        "LoadModule",
        "LogLevel",
        "Mutex",
        "LogMessage",
        "Options",
        "ProxyFCGISetEnvIf",
        "ProxyHCExpr",
        "Require",
        "SSLRequire",
        "SetEnvIfExpr",
        "SetHandler",
        "ServerName",
        "User",
        "WSGIAcceptMutex",
        "WSGIDaemonProcess",
        "WSGIImportScript",
        "WSGIPythonHashSeed",
        "WSGIScriptAliasMatch",
        "WSGISwitchInterval",
        "WSGITelemetryOptions",
        "WSGITelemetryService",
        "WSGITrustedProxies",
        "<DirectoryMatch",
        "<If",
        "<Limit",
        "<WSGIInterpreterOptions",
    ];

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 2000,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::default()
        })]

        #[test]
        fn every_text_is_read_and_every_refusal_lies_in_it(
            text in "([ab=:,/\"'\\\\ \té{}$%\\[\\]()*+?^|<>#0-9.-]|threads|user=|none|expr |'a'|%\\{[a-z:]| [.=]= ){0,16}"
        ) {
            for directive in DIRECTIVES {
                for refusal in refusals(directive, &text, &NothingKnown) {
                    prop_assert!(text.get(refusal.range).is_some(), "{} {}", directive, text);
                }
            }
        }
    }
}
