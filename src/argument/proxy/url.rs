//! The URL of a worker.

use std::borrow::Cow;

/// What httpd says of a URL that names no worker (`ap_proxy_define_worker`). In a worker for a
/// pattern, `$1` and its like may stand from the host on.
pub fn mistake(url: &str, is_pattern: bool) -> Option<String> {
    let Some(real) = without_socket(url) else {
        return Some("uses an invalid \"unix:\" URL".to_owned());
    };
    let absolute = || Some(format!("URL must be absolute!: {url}"));
    let Some((scheme, rest)) = real.split_once("://") else {
        return absolute();
    };
    if scheme.is_empty() || scheme.contains(['/', '?', '#']) {
        return absolute();
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let mut authority = &rest[..end];
    if is_pattern {
        authority = authority.split('$').next().unwrap_or_default();
    }
    let host = authority.rsplit_once('@').map_or(authority, |it| it.1);
    match split_port(host) {
        Some((_, port)) if !port.bytes().all(|it| it.is_ascii_digit()) => {
            Some(format!("Unable to parse URL: {url}"))
        }
        None => Some(format!("Unable to parse URL: {url}")),
        Some(("", _)) => absolute(),
        Some(_) => None,
    }
}

// A host and its port, an empty one where there is none; `None` where a bracket is not closed.
fn split_port(host: &str) -> Option<(&str, &str)> {
    match host.strip_prefix('[') {
        Some(inner) => {
            let (address, rest) = inner.split_once(']')?;
            match rest.strip_prefix(':') {
                Some(port) => Some((address, port)),
                None => rest.is_empty().then_some((address, "")),
            }
        }
        None => Some(host.split_once(':').unwrap_or((host, ""))),
    }
}

/// Whether `apr_uri_parse` cannot read a URL: its host has a bracket that is not closed, or a port
/// that is no number.
pub fn is_unparsable(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else {
        return false;
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rsplit_once('@').map_or(&rest[..end], |it| it.1);
    split_port(host).is_none_or(|(_, port)| !port.bytes().all(|it| it.is_ascii_digit()))
}

/// The URL behind the path of a socket: `unix:PATH|URL`, where the URL may be a scheme alone.
/// `None` where it is none.
pub fn without_socket(url: &str) -> Option<Cow<'_, str>> {
    let scheme = url.get(.."unix:".len());
    if !scheme.is_some_and(|it| it.eq_ignore_ascii_case("unix:")) {
        return Some(url.into());
    }
    let Some((_, real)) = url.split_once('|') else {
        return Some(url.into());
    };
    match real.split_once(':') {
        None => None,
        Some((_, "")) => Some(format!("{real}//localhost").into()),
        Some(_) => Some(real.into()),
    }
}
