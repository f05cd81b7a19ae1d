//! The clients for whom access is asked: one from elsewhere, and the first and last of each network
//! that a line names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Pair;
use crate::httpd::NameId;
use crate::model::layers::words_of;
use crate::model::request::Httpd;
use crate::model::scope::{Body, Scope};

/// Nobody has this address (RFC 5737).
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 77));

/// The lines that name networks.
const NAMING: [NameId; 3] = [
    NameId::of("Require"),
    NameId::of("allow"),
    NameId::of("deny"),
];

/// More clients would be asked for too long.
const MOST: usize = 24;

/// The clients to ask for, of servers with what they say in both configurations.
pub(super) fn clients(pair: Pair<'_>, asked: &[(&Httpd<'_>, &Scope<'_>)]) -> Vec<IpAddr> {
    let mut clients = Vec::new();
    for httpd in [pair.before, pair.after] {
        named_in(httpd, httpd.main().body(), &mut clients);
    }
    for (httpd, scope) in asked {
        named_in(httpd, scope.body(), &mut clients);
    }
    clients.sort_unstable();
    clients.dedup();
    clients.truncate(MOST);
    clients.insert(0, ELSEWHERE);
    clients
}

fn named_in(httpd: &Httpd<'_>, body: &Body, clients: &mut Vec<IpAddr>) {
    for line in body.named_any(httpd.config, &NAMING) {
        for word in words_of(&line) {
            clients.extend(network(&word).into_iter().flatten());
        }
    }
    for section in body.sections() {
        named_in(httpd, &section.body, clients);
    }
}

// The first and the last address of `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.1`, `2001:db8::/32` or
// an address alone.
fn network(word: &str) -> Option<[IpAddr; 2]> {
    let (address, mask) = match word.split_once('/') {
        Some((address, mask)) => (address, Some(mask)),
        None => (word, None),
    };
    if let Ok(address) = address.parse::<Ipv6Addr>() {
        let bits = mask.map_or(Some(128), |it| it.parse().ok())?;
        let host = u128::MAX.checked_shr(bits).unwrap_or(0);
        let number = u128::from(address);
        let ends = [number & !host, number | host];
        return Some(ends.map(|it| IpAddr::V6(Ipv6Addr::from(it))));
    }
    let parts: Vec<&str> = address.trim_end_matches('.').split('.').collect();
    let mut bytes = [0; 4];
    if parts.len() > bytes.len() {
        return None;
    }
    for (byte, part) in bytes.iter_mut().zip(&parts) {
        *byte = part.parse().ok()?;
    }
    let host = match mask {
        None => u32::MAX
            .checked_shr(u32::try_from(parts.len() * 8).ok()?)
            .unwrap_or(0),
        Some(mask) => match mask.parse::<Ipv4Addr>() {
            Ok(mask) => !u32::from(mask),
            Err(_) => u32::MAX.checked_shr(mask.parse().ok()?).unwrap_or(0),
        },
    };
    let number = u32::from(Ipv4Addr::from(bytes));
    let ends = [number & !host, number | host];
    Some(ends.map(|it| IpAddr::V4(Ipv4Addr::from(it))))
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn a_network_has_a_first_and_a_last_address() {
        for (word, ends) in [
            ("10.0.0.0/8", Some(["10.0.0.0", "10.255.255.255"])),
            ("10.0.0.0/255.255.0.0", Some(["10.0.0.0", "10.0.255.255"])),
            ("10.1", Some(["10.1.0.0", "10.1.255.255"])),
            ("192.0.2.7", Some(["192.0.2.7", "192.0.2.7"])),
            ("0.0.0.0/0", Some(["0.0.0.0", "255.255.255.255"])),
            (
                "2001:db8::/32",
                Some(["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"]),
            ),
            ("all", None),
            ("1.2.3.4.5", None),
            ("10.0.0.0/x", None),
        ] {
            let ends = ends.map(|it| it.map(|it| it.parse().unwrap()));
            assert_eq!(network(word), ends, "{word}");
        }
    }
}
