//! The URL of a worker.

use std::borrow::Cow;

use crate::argument::uri;

/// What httpd says of a URL that names no worker (`ap_proxy_define_worker`). In a worker for a
/// pattern, `$1` and its like may stand from the host on, also for all of it.
pub fn mistake(url: &str, is_pattern: bool) -> Option<String> {
    let Some(real) = without_socket(url) else {
        return Some("uses an invalid \"unix:\" URL".to_owned());
    };
    let known = match real.find("://").filter(|_| is_pattern) {
        Some(scheme) => {
            let groups = real[scheme..]
                .find('$')
                .map_or(real.len(), |it| scheme + it);
            &real[..groups]
        }
        None => &real,
    };
    let is_cut = known.len() < real.len();
    match uri::parse(known) {
        None => Some(format!("Unable to parse URL: {url}")),
        Some(_) if is_cut && (known.ends_with("://") || known.ends_with('@')) => None,
        Some(it) if it.scheme.is_none() || it.host.is_none_or(str::is_empty) => {
            Some(format!("URL must be absolute!: {url}"))
        }
        Some(_) => None,
    }
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
