//! The workers and balancers that there are, and how a URL finds one (`ap_proxy_get_worker`,
//! `ap_proxy_get_balancer`).

use super::pass::Pass;
use super::{Party, url};
use crate::argument::section::Section;
use crate::argument::server_name::is_pattern;
use crate::argument::uri;
use crate::argument::words::{Words, split};
use crate::argument::{Declaration, Declared, Surroundings};

/// The default ports of the schemes that mod_proxy and APR know.
const PORTS: &[(&str, &str)] = &[
    ("ajp", "8009"),
    ("fcgi", "8000"),
    ("ftp", "21"),
    ("http", "80"),
    ("https", "443"),
    ("scgi", "4000"),
    ("ws", "80"),
    ("wss", "443"),
];

/// A worker or a balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Backend {
    url: String,
    // Whether `$1` and its like stand for anything.
    is_pattern: bool,
}

/// Whether no directive above this one makes the worker or balancer that a URL names.
pub fn is_missing(url: &str, surroundings: &dyn Surroundings) -> bool {
    let above = surroundings.declared_above(Declared::Backend, "");
    above.is_some_and(|it| {
        let mut backends = it.iter().filter_map(made_by);
        !backends.any(|it| it.may_be(url))
    })
}

// What a directive makes, if it did not before.
fn made_by(declaration: &Declaration) -> Option<Backend> {
    let Declaration {
        directive,
        text,
        section,
    } = declaration;
    let plain = |url: String| Backend {
        url,
        is_pattern: false,
    };
    match directive.as_str() {
        "ProxyPass" | "ProxyPassMatch" => {
            let pass = Pass::parse(directive, text, section.is_some()).ok()?;
            Some(Backend {
                is_pattern: pass.pattern(section.as_deref()).is_some(),
                url: pass.target?.value,
            })
        }
        "BalancerMember" => match section {
            Some(balancer) => Some(plain(balancer.clone())),
            None => Some(plain(
                split(text)
                    .into_iter()
                    .find(|it| !it.value.contains('='))?
                    .value,
            )),
        },
        "ProxySet" => section.clone().map(plain),
        // A section makes one only for the sake of parameters.
        _ => {
            let section = Section::parse(text);
            let mut words = Words::new(section.argument_text());
            let url = words.take().value;
            let counts = !words.is_at_end() && !is_pattern(&url) && url.contains(':');
            counts.then(|| plain(url))
        }
    }
}

impl Backend {
    // Whether it is the one that a URL names, or nobody can tell from the texts.
    fn may_be(&self, wanted: &str) -> bool {
        match (Party::of(wanted), Party::of(&self.url)) {
            (Party::Balancer, Party::Balancer) => balancer(wanted) == balancer(&self.url),
            (Party::Worker, Party::Worker) => self.may_be_worker(wanted),
            _ => false,
        }
    }

    // A worker is found by the longest name that the URL begins with, its host included.
    fn may_be_worker(&self, wanted: &str) -> bool {
        let (Some(wanted), Some(own)) =
            (url::without_socket(wanted), url::without_socket(&self.url))
        else {
            return true;
        };
        let wanted = in_small_letters(&wanted);
        if let Some((fixed, _)) = own.split_once('$').filter(|_| self.is_pattern) {
            // The URL is no shorter than the name with its groups.
            return wanted.starts_with(&in_small_letters(fixed)) && wanted.len() >= own.len();
        }
        let Some(name) = worker_name(&own) else {
            return true;
        };
        let least = wanted.find("://").map_or(0, |it| {
            let host = &wanted[it + 3..];
            it + 3 + host.find('/').unwrap_or(host.len())
        });
        wanted.starts_with(&name) && name.len() >= least
    }
}

fn balancer(url: &str) -> String {
    let host = url.split_once("://").map_or(url, |it| it.1);
    let end = host.find('/').unwrap_or(host.len());
    host[..end].to_ascii_lowercase()
}

// The URL with its scheme and host in small letters: all in front of the path.
fn in_small_letters(url: &str) -> String {
    let host = url.find("://").map_or(0, |it| it + 3);
    let end = url[host..].find('/').map_or(url.len(), |it| host + it);
    url[..end].to_ascii_lowercase() + &url[end..]
}

// The name of a worker: its URL without a port that goes without saying; `None` where the URL has
// parts that change when it is put together again.
fn worker_name(url: &str) -> Option<String> {
    let parts = uri::parse(url)?;
    let (scheme, host) = (parts.scheme?, parts.host?);
    if url.contains(['@', '#']) {
        return None;
    }
    let Some(port) = parts.port else {
        return Some(in_small_letters(url));
    };
    let scheme = scheme.to_ascii_lowercase();
    let is_default = PORTS.contains(&(scheme.as_str(), port));
    if !is_default && (port.is_empty() || port.starts_with('0')) {
        return None;
    }
    let name = match is_default {
        true => url.replacen(&format!("{host}:{port}"), host, 1),
        false => url.to_owned(),
    };
    Some(in_small_letters(&name))
}
