//! `Allow from …` and `Deny from …` of mod_access_compat, and the addresses of mod_remoteip.

use super::address::subnet_mistake;
use super::words::{argv, split, until_empty};
use super::{Refusal, Surroundings, file};

/// What httpd refuses in `Allow` and `Deny`, the message that it prints first.
pub fn refusals(text: &str) -> Vec<Refusal> {
    let words = until_empty(text);
    let Some((from, hosts)) = words.split_first() else {
        return Vec::new();
    };
    if !from.value.eq_ignore_ascii_case("from") {
        let message = "allow and deny must be followed by 'from'";
        return vec![Refusal::new(from.range.clone(), message)];
    }
    hosts
        .iter()
        .filter_map(|it| Some(Refusal::new(it.range.clone(), host_mistake(&it.value)?)))
        .collect()
}

// `env=…`, `all`, a network, an address or the name of a host.
fn host_mistake(host: &str) -> Option<&'static str> {
    let begins = |prefix: &str| {
        let start = host.get(..prefix.len());
        start.is_some_and(|it| it.eq_ignore_ascii_case(prefix))
    };
    if begins("env=") || host.eq_ignore_ascii_case("all") {
        return None;
    }
    if let Some((address, mask)) = host.split_once('/') {
        return match subnet_mistake(address, Some(mask)) {
            Some("Invalid argument") => Some("An IP address was expected"),
            mistake => mistake,
        };
    }
    match subnet_mistake(host, None) {
        Some("Invalid argument") => host.contains('#').then_some("No comments are allowed here"),
        mistake => mistake,
    }
}

/// What httpd refuses in `RemoteIPInternalProxy` and `RemoteIPTrustedProxy`, the message that it
/// prints first. Names are looked up by the server alone.
pub fn proxies(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    let mistake = |word: &str| {
        let (address, mask) = match word.split_once('/') {
            Some((address, mask)) => (address, Some(mask)),
            None => (word, None),
        };
        match (subnet_mistake(address, mask)?, mask) {
            ("Invalid argument", Some(mask)) => Some(format!(
                "RemoteIP: Error parsing IP {word} the subnet /{mask} is invalid for {directive}"
            )),
            // Whether a name has an address, only the server can tell; this is none.
            ("Invalid argument", None)
                if is_name(word) && surroundings.resolves(word) != Some(false) =>
            {
                None
            }
            ("Invalid argument", None) => Some(format!(
                "RemoteIP: Error parsing IP {word} (Name or service not known error) for \
                 {directive}"
            )),
            (reason, _) => Some(format!(
                "RemoteIP: Error parsing IP {word} ({reason} error) for {directive}"
            )),
        }
    };
    until_empty(text)
        .into_iter()
        .filter_map(|it| Some(Refusal::new(it.range.clone(), mistake(&it.value)?)))
        .collect()
}

fn is_name(word: &str) -> bool {
    word.bytes()
        .all(|it| it.is_ascii_alphanumeric() || b"-._".contains(&it))
}

/// What httpd refuses in `ProxySourceAddress`; names are not looked up.
pub fn source_address(text: &str) -> Option<Refusal> {
    let word = super::words::first(text);
    let is_address = word.value.parse::<std::net::IpAddr>().is_ok() || is_short_ipv4(&word.value);
    let looks_like_address = subnet_mistake(&word.value, None) != Some("Invalid argument");
    let is_wrong = !is_address && (looks_like_address || !is_name(&word.value));
    is_wrong.then(|| Refusal::new(word.range, "ProxySourceAddress invalid value"))
}

// The IPv4 addresses of `inet_aton`: up to four numbers, decimal, octal or hexadecimal, the last of
// which fills what is left.
fn is_short_ipv4(text: &str) -> bool {
    let number = |it: &str| match it.strip_prefix("0x").or(it.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None if it.starts_with('0') => u32::from_str_radix(it, 8).ok(),
        None => it.parse().ok(),
    };
    let is_digits = |it: &&str| it.starts_with(|it: char| it.is_ascii_digit());
    let parts: Option<Vec<u32>> = text
        .split('.')
        .map(|it| number(Some(it).filter(is_digits)?))
        .collect();
    let Some((last, bytes)) = parts.as_ref().and_then(|it| it.split_last()) else {
        return false;
    };
    let room = u32::MAX.checked_shr(8 * u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    bytes.iter().all(|it| *it < 256) && room.is_some_and(|it| *last <= it)
}

/// What httpd refuses in `RemoteIPInternalProxyList` and `RemoteIPTrustedProxyList`; the lines of
/// the file are not looked at.
pub fn proxy_list(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let path = split(text).into_iter().next()?;
    let reason = file::reason_for_lines(surroundings.kind(&path.value))?;
    let resolved = surroundings.resolve(&path.value).unwrap_or_default();
    let message = format!("{directive}: Could not open file {resolved}: {reason}");
    Some(Refusal::new(path.range, message))
}

/// What httpd refuses in `RemoteIPProxyProtocolExceptions`.
pub fn exceptions(text: &str) -> Option<Refusal> {
    let words = argv(text);
    if words.is_empty() {
        let message = "RemoteIPProxyProtocolExceptions requires an argument";
        return Some(Refusal::new(0..text.len(), message));
    }
    words.into_iter().find_map(|it| {
        let (address, mask) = match it.value.split_once('/') {
            Some((address, mask)) => (address, Some(mask)),
            None => (it.value.as_str(), None),
        };
        let because = match subnet_mistake(address, mask)? {
            "Invalid argument" => String::new(),
            reason => format!(": {reason}"),
        };
        let message = format!("ip address '{address}' appears to be invalid{because}");
        Some(Refusal::new(it.range, message))
    })
}
