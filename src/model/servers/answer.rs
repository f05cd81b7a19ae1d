//! Which server answers a request.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv6Addr};

use super::address::{Host, Port};
use super::{AddressSet, Server, ServerId, Servers};
use crate::evaluate::Truth;

/// What decides which server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// The address of the machine that the request came in by.
    pub address: IpAddr,
    /// The port that it came in by.
    pub port: u16,
    /// The host that it asks for, with or without a port: its `Host` header, or that of an absolute
    /// URL in its first line.
    pub host: Option<&'a str>,
    /// The path of its URL, decoded.
    pub path: &'a str,
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// This server.
    Server(ServerId),
    /// Nobody: the request is answered with 400.
    BadRequest,
}

impl Servers {
    /// Which server answers a request; `None` where that depends on something that is not known.
    pub fn answer(&self, request: &Request<'_>) -> Option<Answer> {
        self.answer_among(request, |set, _| Cow::Borrowed(&set.members))
    }

    /// The same, where `called` finds the members of a set that may be called as a host.
    pub(super) fn answer_among<'s>(
        &'s self,
        request: &Request<'_>,
        called: impl Fn(&'s AddressSet, &str) -> Cow<'s, [ServerId]>,
    ) -> Option<Answer> {
        let host = match request.host.map(requested_host) {
            Some(None) => return Some(Answer::BadRequest),
            Some(host) => host,
            None => None,
        };
        let (address, port) = (request.address, request.port);
        if self.may_be_elsewhere(port) {
            return None;
        }
        let Some(set) = self.sets.find(address, port) else {
            return self.strictly(ServerId::MAIN, host.as_deref(), &[]);
        };
        match host {
            Some(host) => self.by_name(set, &host, &called(set, &host)),
            None if set.is_name_based() => self.by_path(set, request.path),
            None => self.alone(set).map(Answer::Server),
        }
    }

    /// The virtual hosts among which a connection chooses; `None` where the main server answers.
    pub fn address_set(&self, address: IpAddr, port: u16) -> Option<&AddressSet> {
        self.sets.find(address, port)
    }

    // Whether a virtual host of that port has an address that nobody knows.
    fn may_be_elsewhere(&self, port: u16) -> bool {
        let mut ports = self.elsewhere.iter();
        ports.any(|it| *it == Port::Number(port) || !matches!(it, Port::Number(_)))
    }

    // The first of a set; `None` where it may not be there.
    fn alone(&self, set: &AddressSet) -> Option<ServerId> {
        let first = *set.members.first()?;
        self.get(first).certain.then_some(first)
    }

    // `update_server_from_aliases`: the first virtual host with the name, else the first that is
    // declared for an address that is written like the name, else the default.
    fn by_name(&self, set: &AddressSet, host: &str, called: &[ServerId]) -> Option<Answer> {
        let default = self.alone(set)?;
        let mut by_address = None;
        let mut in_doubt = false;
        for id in called.iter().filter(|_| set.is_name_based()) {
            let server = self.get(*id);
            match server.is_called(host) {
                Truth::True if in_doubt || !server.certain => return None,
                Truth::True => return Some(Answer::Server(*id)),
                Truth::Unknown => in_doubt |= *id != default,
                Truth::False => {}
            }
            let mut written = server.addresses.iter();
            if written.any(|it| set.is_written(it.host, it.port) && it.written_is(host)) {
                by_address = by_address.or(Some(*id));
            }
        }
        match by_address {
            _ if in_doubt => None,
            Some(id) => self.get(id).certain.then_some(Answer::Server(id)),
            None => self.strictly(default, Some(host), &set.members),
        }
    }

    // Nobody among those who may be asked has the name. `StrictHostCheck` of the default server
    // refuses that.
    fn strictly(
        &self,
        default: ServerId,
        host: Option<&str>,
        asked: &[ServerId],
    ) -> Option<Answer> {
        let server = self.get(default);
        let strict = server.strict_host_check.or(self.main().strict_host_check);
        let is_called = match host {
            Some(host) if asked.len() < 2 => server.is_called(host),
            Some(_) => Truth::False,
            None => Truth::True,
        };
        match (strict.unwrap_or(Truth::False), is_called) {
            (Truth::False, _) | (_, Truth::True) => Some(Answer::Server(default)),
            (Truth::True, Truth::False) => Some(Answer::BadRequest),
            _ => None,
        }
    }

    // `check_serverpath`, for a request that names no host.
    fn by_path(&self, set: &AddressSet, path: &str) -> Option<Answer> {
        let default = self.alone(set)?;
        for id in &set.members {
            let server = self.get(*id);
            let begins = |it: &String| {
                let rest = path.strip_prefix(&**it);
                rest.is_some_and(|rest| {
                    it.ends_with('/') || rest.is_empty() || rest.starts_with('/')
                })
            };
            if server.path.as_ref().is_some_and(begins) {
                return server.certain.then_some(Answer::Server(*id));
            }
        }
        Some(Answer::Server(default))
    }
}

impl AddressSet {
    fn is_written(&self, host: Host, port: Port) -> bool {
        self.host == host && self.port == port
    }
}

impl super::Address {
    fn written_is(&self, host: &str) -> bool {
        self.written.eq_ignore_ascii_case(host)
    }
}

impl Server {
    /// Whether its `ServerName` or one of its aliases is a host, in whatever case.
    pub fn is_called(&self, host: &str) -> Truth {
        let is_host = |it: &String| it.eq_ignore_ascii_case(host);
        let is_alias = self.aliases.iter().any(is_host)
            || self.wild_aliases.iter().any(|it| matches(it, host));
        match &self.name {
            Some(name) if is_host(name) => Truth::True,
            _ if is_alias => Truth::True,
            Some(_) => Truth::False,
            None => Truth::Unknown,
        }
    }
}

/// The host that a request asks for, as httpd looks for it (`fix_hostname`): in small letters,
/// without its port, its brackets and a dot at its end. `None` where httpd answers with 400, unless
/// `HttpProtocolOptions Unsafe` makes it lenient.
pub fn requested_host(text: &str) -> Option<String> {
    let is_ipv6 = text.starts_with('[');
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    if !port.is_empty() && !is_port(port.strip_prefix(':')?) {
        return None;
    }
    let host = match host.strip_suffix('.') {
        Some(without) if !is_ipv6 && !without.ends_with('.') => without,
        _ => host,
    };
    let is_good = match is_ipv6 {
        true => host.parse::<Ipv6Addr>().is_ok(),
        false => is_strict(host),
    };
    is_good.then(|| host.to_ascii_lowercase())
}

// `strict_hostname_check`: an IPv4 address in its usual form, or a name that ends in a letter's
// label.
fn is_strict(host: &str) -> bool {
    let is_known = |it: u8| it.is_ascii_alphanumeric() || b"-_.".contains(&it);
    if host.is_empty() || host.contains("..") || !host.bytes().all(is_known) {
        return false;
    }
    let labels = || host.split('.');
    if host.bytes().all(|it| it == b'.' || it.is_ascii_digit()) {
        let is_number = |it: &str| it.len() == 1 || !(it.is_empty() || it.starts_with('0'));
        return labels().count() == 4 && labels().all(is_number);
    }
    let last = labels().next_back().unwrap_or_default();
    let begins = last.bytes().next();
    !host.contains('.') || begins.is_none_or(|it| it.is_ascii_alphabetic())
}

fn is_port(digits: &str) -> bool {
    let is_number = digits.bytes().all(|it| it.is_ascii_digit());
    is_number && digits.parse::<u16>().is_ok_and(|it| it > 0)
}

// `ap_strcasecmp_match`: `*` is any text, `?` any character.
fn matches(pattern: &str, host: &str) -> bool {
    let (pattern, host) = (pattern.as_bytes(), host.as_bytes());
    let (mut at, mut in_host) = (0, 0);
    let mut star = None;
    while in_host < host.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, in_host));
                at += 1;
            }
            Some(it) if *it == b'?' || it.eq_ignore_ascii_case(&host[in_host]) => {
                at += 1;
                in_host += 1;
            }
            _ => {
                // The last star takes one more.
                let Some((of_star, taken)) = star else {
                    return false;
                };
                star = Some((of_star, taken + 1));
                at = of_star + 1;
                in_host = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|it| *it == b'*')
}
