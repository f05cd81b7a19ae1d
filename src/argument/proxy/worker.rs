//! The parameters of a worker: `retry=5`, `hcmethod=GET`.

use super::Parameter;
use crate::argument::duration::{milliseconds, milliseconds_or};
use crate::argument::number::{atof, atoi, strtol};
use crate::argument::{Declared, Surroundings};

const STATUS: &str = "DHINSERC";

/// The parameters of workers and balancers that are numbers read with `atoi`, or like it, and
/// whether they are in seconds.
const NUMBERS: &[(&str, bool)] = &[
    ("flushwait", false),
    ("growth", false),
    ("hcfails", false),
    ("hcpasses", false),
    ("iobuffersize", false),
    ("lbset", false),
    ("max", false),
    ("maxattempts", false),
    ("min", false),
    ("receivebuffersize", false),
    ("responsefieldsize", false),
    ("retry", true),
    ("smax", false),
    ("timeout", true),
    ("ttl", true),
];

/// Whether of a parameter's value only the digits in front are read; then, whether they are
/// seconds.
pub fn partial_number(key: &str) -> Option<bool> {
    let is_key = |it: &&(&str, bool)| it.0.eq_ignore_ascii_case(key);
    NUMBERS.iter().find(is_key).map(|it| it.1)
}

/// What httpd says of a parameter that it refuses.
pub fn mistake(parameter: &Parameter, surroundings: &dyn Surroundings) -> Option<String> {
    let value = parameter.value.as_str();
    let number = atoi(value);
    let key = parameter.key.to_ascii_lowercase();
    let message = match key.as_str() {
        "loadfactor" => {
            let factor = (atof(value) * 100.0) as i32;
            (!(100..=10_000).contains(&factor))
                .then_some("LoadFactor must be a number between 1..100")
        }
        "retry" => (number < 0).then_some("Retry must be a positive value"),
        "ttl" => (number < 1).then_some("TTL must be at least one second"),
        "min" => (number < 0).then_some("Min must be a positive number"),
        "max" => (number < 0).then_some("Max must be a positive number"),
        "smax" => (number < 0).then_some("Smax must be a positive number"),
        "acquire" => match milliseconds_or(value, 1) {
            None => Some("Acquire timeout has wrong format"),
            Some(time) => (time < 1).then_some("Acquire must be at least one millisecond"),
        },
        "timeout" => (number < 1).then_some("Timeout must be at least one second"),
        "iobuffersize" => {
            let size = strtol(value, 10).value;
            (size < 512 && size != 0)
                .then_some("IOBufferSize must be >= 512 bytes, or 0 for system default.")
        }
        "receivebuffersize" => (number < 512 && number != 0)
            .then_some("ReceiveBufferSize must be >= 512 bytes, or 0 for system default."),
        "keepalive" => not_a_switch(value, "KeepAlive must be On|Off"),
        "disablereuse" => not_a_switch(value, "DisableReuse must be On|Off"),
        "enablereuse" => not_a_switch(value, "EnableReuse must be On|Off"),
        "route" => (value.len() >= 64).then_some("Route length must be < 64 characters"),
        "redirect" => (value.len() >= 64).then_some("Redirect length must be < 64 characters"),
        "status" => (!is_status(value)).then_some("Unknown status parameter option"),
        "flushpackets" => (!is_any_of(value, &["on", "off", "auto"]))
            .then_some("flushpackets must be on|off|auto"),
        "flushwait" => (!(0..=1000).contains(&number))
            .then_some("flushwait must be <= 1000, or 0 for system default of 10 millseconds."),
        "ping" => match milliseconds(value) {
            None => Some("Ping/Pong timeout has wrong format"),
            Some(time) => {
                (time < 1).then_some("Ping/Pong timeout must be at least one millisecond")
            }
        },
        "lbset" => (!(0..=99).contains(&number)).then_some("lbset must be between 0 and 99"),
        "connectiontimeout" => match milliseconds(value) {
            None => Some("Connectiontimeout has wrong format"),
            Some(time) => {
                (time < 1).then_some("Connectiontimeout must be at least one millisecond.")
            }
        },
        "flusher" => (value.len() >= 16).then_some("flusher name length must be < 16 characters"),
        "upgrade" => {
            (value.len() >= 16).then_some("upgrade protocol length must be < 16 characters")
        }
        "responsefieldsize" => (strtol(value, 10).value < 0)
            .then_some("ResponseFieldSize must be greater than 0 bytes, or 0 for system default."),
        "secret" => (value.len() >= 64).then_some("Secret length must be < 64 characters"),
        "addressttl" => (!is_address_ttl(value))
            .then_some("AddressTTL must be -1 or a number of seconds not exceeding (2147483647)"),
        _ => {
            return match surroundings.has_module("mod_proxy_hcheck.c") {
                Some(true) => health_check_mistake(&key, value, surroundings),
                Some(false) => Some("unknown Worker parameter".to_owned()),
                None => (!key.starts_with("hc")).then(|| "unknown Worker parameter".to_owned()),
            };
        }
    };
    message.map(str::to_owned)
}

fn not_a_switch(value: &str, message: &'static str) -> Option<&'static str> {
    (!is_any_of(value, &["on", "off"])).then_some(message)
}

fn is_any_of(value: &str, words: &[&str]) -> bool {
    words.iter().any(|it| it.eq_ignore_ascii_case(value))
}

// Letters, a sign before any of them.
fn is_status(value: &str) -> bool {
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        let letter = match letter {
            '+' | '-' => letters.next().unwrap_or('\0'),
            _ => letter,
        };
        if !STATUS.contains(letter.to_ascii_uppercase()) {
            return false;
        }
    }
    true
}

fn is_address_ttl(value: &str) -> bool {
    let number = strtol(value, 10);
    let is_whole = number.length > 0 && number.length == value.len() && !number.overflow;
    is_whole && (-1..=i64::from(i32::MAX)).contains(&number.value)
}

/// What mod_proxy_hcheck says of a parameter that it refuses.
pub fn health_check_mistake(
    key: &str,
    value: &str,
    surroundings: &dyn Surroundings,
) -> Option<String> {
    let is_missing = |what| {
        let above = surroundings.declared_above(what, value);
        above.is_some_and(|it| it.is_empty())
    };
    let methods = [
        "NONE",
        "TCP",
        "OPTIONS",
        "HEAD",
        "GET",
        "CPING",
        "OPTIONS11",
        "HEAD11",
        "GET11",
    ];
    let message = match key.to_ascii_lowercase().as_str() {
        "hcmethod" if is_any_of(value, &methods) => None,
        "hcmethod" if is_any_of(value, &["PROVIDER", "EXTERNAL"]) => {
            return Some(format!("Health check method {value} not (yet) implemented"));
        }
        "hcmethod" => Some("Unknown method"),
        "hcinterval" => match milliseconds(value) {
            None => Some("Unparse-able hcinterval setting"),
            Some(time) => {
                (time < 100).then_some("Interval must be a positive value greater than 100ms")
            }
        },
        "hcpasses" => (atoi(value) < 0).then_some("Passes must be a positive value"),
        "hcfails" => (atoi(value) < 0).then_some("Fails must be a positive value"),
        "hcuri" => None,
        "hcexpr" => {
            return is_missing(Declared::HealthCondition)
                .then(|| format!("Unknown health check condition expr: {value}"));
        }
        "hctemplate" => {
            return is_missing(Declared::HealthCheck)
                .then(|| format!("Unknown ProxyHCTemplate name: {value}"));
        }
        _ => Some("unknown Worker hcheck parameter"),
    };
    message.map(str::to_owned)
}
