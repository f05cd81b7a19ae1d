//! `HeartbeatListen ADDRESS:PORT` and `HeartbeatAddress`.

use super::address::{host_port, is_host_name};
use super::words::first;
use super::{Refusal, Surroundings};

/// What httpd refuses.
pub fn refusal(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = first(text);
    let what = match directive {
        "HeartbeatListen" => "multicast address",
        _ => "address",
    };
    let message = match host_port(&word.value) {
        None => format!("Unable to parse {what}."),
        Some(it) if it.host.is_none() => format!("No host provided in {what}"),
        Some(it) if it.port.is_none() => format!("No port provided in {what}"),
        Some(it) => {
            let name = it.host.filter(|it| is_host_name(it))?;
            let of_what = match directive {
                "HeartbeatListen" => " on multicast address",
                _ => ".",
            };
            let is_missing = surroundings.resolves(name) == Some(false);
            is_missing.then(|| format!("apr_sockaddr_info_get failed{of_what}"))?
        }
    };
    Some(Refusal::new(word.range, format!("{directive}: {message}")))
}
