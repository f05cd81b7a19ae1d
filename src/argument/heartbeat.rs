//! `HeartbeatListen ADDRESS:PORT` and `HeartbeatAddress`.

use super::Refusal;
use super::address::host_port;
use super::words::first;

/// What httpd refuses; names are not looked up.
pub fn refusal(directive: &str, text: &str) -> Option<Refusal> {
    let word = first(text);
    let what = match directive {
        "HeartbeatListen" => "multicast address",
        _ => "address",
    };
    let message = match host_port(&word.value) {
        None => format!("Unable to parse {what}."),
        Some(it) if it.host.is_none() => format!("No host provided in {what}"),
        Some(it) if it.port.is_none() => format!("No port provided in {what}"),
        Some(_) => return None,
    };
    Some(Refusal::new(word.range, format!("{directive}: {message}")))
}
