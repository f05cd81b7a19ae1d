//! Network addresses as APR reads them.

use std::net::Ipv6Addr;

use super::number::{atoi, strtol};

const BAD_ADDRESS: &str = "The specified IP address is invalid.";
const BAD_MASK: &str = "The specified network mask is invalid.";
const NO_ADDRESS: &str = "Invalid argument";

/// APR's words for an address or network that `apr_ipsubnet_create` refuses.
pub fn subnet_mistake(address: &str, mask: Option<&str>) -> Option<&'static str> {
    let looks_like_address = address.contains(':')
        || (!address.is_empty() && address.bytes().all(|it| it == b'.' || it.is_ascii_digit()));
    if !looks_like_address {
        return Some(NO_ADDRESS);
    }
    let bits = if let Some(address) = ipv6(address) {
        // APR wants an IPv4 address in its own notation.
        if address.to_ipv4_mapped().is_some() {
            return Some(BAD_ADDRESS);
        }
        128
    } else if is_ipv4(address) {
        32
    } else if mask.is_none() && is_short_network(address) {
        return None;
    } else {
        return Some(BAD_ADDRESS);
    };
    let is_bad = mask.is_some_and(|it| !is_mask(it, bits));
    is_bad.then_some(BAD_MASK)
}

/// Whether a text is no address of digits, so that only a resolver may know it.
pub fn is_host_name(text: &str) -> bool {
    let is_byte = |it: u8| it.is_ascii_alphanumeric() || b"-._".contains(&it);
    text.bytes().all(is_byte) && text.bytes().any(|it| it.is_ascii_alphabetic())
}

fn is_mask(mask: &str, bits: i64) -> bool {
    let number = strtol(mask, 10);
    let is_number = number.length == mask.len() && (1..=bits).contains(&number.value);
    is_number || (bits == 32 && is_ipv4(mask))
}

// Unlike libc's, APR's `inet_pton` permits zeros in front and a colon at the end.
fn ipv6(text: &str) -> Option<Ipv6Addr> {
    let mut groups = Vec::new();
    let mut gap = None;
    let mut rest = match text.strip_prefix(':') {
        Some(rest) => rest.starts_with(':').then_some(rest)?,
        None => text,
    };
    while !rest.is_empty() {
        let (group, behind) = rest.split_once(':').unwrap_or((rest, ""));
        if group.is_empty() {
            if gap.replace(groups.len()).is_some() {
                return None;
            }
        } else if group.contains('.') {
            let octets = is_ipv4(rest).then(|| rest.split('.').map(atoi))?;
            let octets: Vec<u16> = octets.filter_map(|it| u16::try_from(it).ok()).collect();
            groups.extend(
                octets
                    .chunks(2)
                    .map(|it| it.iter().fold(0, |all, it| all << 8 | it)),
            );
            break;
        } else {
            let add = |number: u16, digit: char| {
                let digit = u16::try_from(digit.to_digit(16)?).ok()?;
                (number <= 0xfff).then_some(number << 4 | digit)
            };
            groups.push(group.chars().try_fold(0, add)?);
        }
        rest = behind;
    }
    let missing = 8_usize.checked_sub(groups.len())?;
    let gap = gap.or((missing == 0).then_some(8))?;
    groups.splice(gap..gap, std::iter::repeat_n(0, missing));
    Some(<[u16; 8]>::try_from(groups).ok()?.into())
}

fn is_ipv4(text: &str) -> bool {
    let add = |number: u32, digit: u8| {
        let number = number * 10 + u32::from(digit - b'0');
        (number <= 255).then_some(number)
    };
    text.split('.').count() == 4
        && text
            .split('.')
            .all(|it| is_number(it) && it.bytes().try_fold(0, add).is_some())
}

// `10.1` and `10.1.` stand for `10.1.0.0/16`.
fn is_short_network(text: &str) -> bool {
    let octets = text.strip_suffix('.').unwrap_or(text);
    text.len() <= "255.255.255.255".len()
        && octets.split('.').count() <= 4
        && octets
            .split('.')
            .all(|it| is_number(it) && (0..=255).contains(&atoi(it)))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

/// A host and a port, as `apr_parse_addr_port` takes them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPort<'a> {
    /// The host, without the brackets of an IPv6 address.
    pub host: Option<&'a str>,
    /// The scope of an IPv6 address, behind its `%`.
    pub scope: Option<&'a str>,
    /// The port.
    pub port: Option<u16>,
}

/// Takes `[HOST:]PORT` or `HOST` apart; `None` where APR refuses it.
pub fn host_port(text: &str) -> Option<HostPort<'_>> {
    let rest = text.trim_end_matches(|it: char| it.is_ascii_digit());
    let digits = &text[rest.len()..];
    if rest.is_empty() {
        return Some(HostPort {
            host: None,
            scope: None,
            port: Some(port(digits)?),
        });
    }
    let (host, port) = match rest.strip_suffix(':') {
        Some("") if !digits.is_empty() => return None,
        Some(host) if !digits.is_empty() => (host, Some(port(digits)?)),
        _ => (text, None),
    };
    if !host.starts_with('[') {
        return Some(HostPort {
            host: Some(host),
            scope: None,
            port,
        });
    }
    let (address, scope) = bracketed(host)?;
    Some(HostPort {
        host: Some(address),
        scope,
        port,
    })
}

fn port(digits: &str) -> Option<u16> {
    u16::try_from(atoi(digits)).ok().filter(|it| *it > 0)
}

fn bracketed(host: &str) -> Option<(&str, Option<&str>)> {
    let inner = host.strip_prefix('[')?.strip_suffix(']')?;
    if inner.contains(']') {
        return None;
    }
    let (address, scope) = match inner.split_once('%') {
        Some((_, "")) => return None,
        Some((address, scope)) => (address, Some(scope)),
        None => (inner, None),
    };
    address.parse::<Ipv6Addr>().ok()?;
    Some((address, scope))
}
