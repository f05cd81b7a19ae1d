//! The addresses of virtual hosts, as httpd resolves them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::argument::virtual_host;

/// The host of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Host {
    /// All addresses of the machine that no other virtual host names: `*`, `_default_`, `0.0.0.0`
    /// and `[::]` are one.
    Any,
    /// This one. An IPv4 address that is written as one of IPv6 is an IPv4 address.
    Address(IpAddr),
    /// A name, which only a resolver knows, or an address of a network interface.
    Unknown,
}

/// A port, of an address or of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Port {
    /// None is given, and any will do.
    Any,
    /// This one.
    Number(u16),
    /// It is that of a main server that is not known.
    Unknown,
}

impl Port {
    /// The port of a number in httpd's structures, where 0 is none.
    pub(super) fn given(number: Option<u16>) -> Self {
        number.map_or(Port::Any, Port::Number)
    }
}

/// An address of a virtual host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The host.
    pub host: Host,
    /// The port.
    pub port: Port,
    /// The host as written, without brackets: a request may ask for it.
    pub written: String,
}

impl Address {
    /// The address that is written; `inherited` is the port of the main server.
    pub(super) fn of(address: &virtual_host::Address, inherited: Port) -> Self {
        let host = match &address.scope {
            Some(_) => Host::Unknown,
            None => host(&address.host),
        };
        Self {
            host,
            port: match address.port {
                virtual_host::Port::Any => Port::Any,
                virtual_host::Port::Number(number) => Port::Number(number),
                virtual_host::Port::Inherited => inherited,
            },
            written: address.host.clone(),
        }
    }
}

impl fmt::Display for Host {
    /// As httpd prints it: `*`, `10.0.0.1`, `[::1]`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Any => formatter.write_str("*"),
            Host::Address(IpAddr::V4(address)) => write!(formatter, "{address}"),
            Host::Address(IpAddr::V6(address)) => match embedded(address) {
                // glibc prints an address with an IPv4 address at its end so.
                Some(end) => write!(formatter, "[::{end}]"),
                None => write!(formatter, "[{address}]"),
            },
            Host::Unknown => formatter.write_str("unknown"),
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Port::Any => formatter.write_str("*"),
            Port::Number(number) => write!(formatter, "{number}"),
            Port::Unknown => formatter.write_str("unknown"),
        }
    }
}

fn embedded(address: &Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let is_embedded = segments[..6] == [0; 6] && segments[6] != 0;
    is_embedded.then(|| {
        let [.., a, b, c, d] = address.octets();
        Ipv4Addr::new(a, b, c, d)
    })
}

fn host(written: &str) -> Host {
    if written == "*" || written.eq_ignore_ascii_case("_default_") {
        return Host::Any;
    }
    match ip_address(written) {
        Some(IpAddr::V4(address)) if address.is_unspecified() => Host::Any,
        Some(IpAddr::V6(address)) if address.is_unspecified() => Host::Any,
        Some(address) => Host::Address(address.to_canonical()),
        None => Host::Unknown,
    }
}

// An address that `getaddrinfo` understands without asking anybody.
fn ip_address(written: &str) -> Option<IpAddr> {
    let ipv6 = || written.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    ipv4(written).map(IpAddr::V4).or_else(ipv6)
}

// One to four numbers, decimal, octal or hexadecimal; the last one fills the rest (`inet_aton`).
fn ipv4(written: &str) -> Option<Ipv4Addr> {
    let mut numbers = Vec::with_capacity(4);
    for part in written.split('.') {
        numbers.push(number(part)?);
    }
    let last = numbers.pop().filter(|_| numbers.len() < 4)?;
    let mut bits: u32 = 0;
    for (index, number) in numbers.iter().enumerate() {
        let octet = u8::try_from(*number).ok()?;
        bits |= u32::from(octet) << (24 - 8 * index);
    }
    let room = u32::MAX.checked_shr(8 * u32::try_from(numbers.len()).ok()?)?;
    (last <= room).then(|| Ipv4Addr::from(bits | last))
}

fn number(part: &str) -> Option<u32> {
    let hexadecimal = part.strip_prefix("0x").or(part.strip_prefix("0X"));
    let (digits, radix) = match (hexadecimal, part.strip_prefix('0')) {
        (Some(digits), _) => (digits, 16),
        (None, Some(digits)) if !digits.is_empty() => (digits, 8),
        _ => (part, 10),
    };
    let is_number = digits.chars().all(|it| it.is_digit(radix));
    (is_number && !digits.is_empty())
        .then(|| u32::from_str_radix(digits, radix).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::host;

    #[track_caller]
    fn resolves(written: &str, printed: &str) {
        assert_eq!(host(written).to_string(), printed, "{written}");
    }

    #[test]
    fn four_words_stand_for_all_addresses() {
        for written in ["*", "_DEFAULT_", "0.0.0.0", "::", "0", "00.0.0.0"] {
            resolves(written, "*");
        }
    }

    #[test]
    fn ipv4_addresses_are_what_inet_aton_reads() {
        resolves("127.1", "127.0.0.1");
        resolves("0x7f.1", "127.0.0.1");
        resolves("010.1.2.3", "8.1.2.3");
        resolves("1.2.3.256", "unknown");
        resolves("1.2.3.4.5", "unknown");
        resolves("1..2", "unknown");
    }

    #[test]
    fn ipv6_addresses_are_shortened() {
        resolves("2001:db8:0:0:1:0:0:1", "[2001:db8::1:0:0:1]");
        resolves("::2:0:0", "[::2:0:0]");
        resolves("::5", "[::5]");
        resolves("::1.2.3.4", "[::1.2.3.4]");
        resolves("::ffff:1.2.3.4", "1.2.3.4");
        resolves("::ffff:0.0.0.0", "0.0.0.0");
    }

    #[test]
    fn a_name_is_not_resolved() {
        resolves("localhost", "unknown");
        resolves("*.example", "unknown");
    }
}
