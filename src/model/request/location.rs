//! URLs that httpd makes of its own name, and the escaping in them.

use super::pass::Pass;
use crate::model::Known;

impl Pass<'_> {
    /// A URL of this server (`ap_construct_url`).
    pub(super) fn own_url(&self, path: &str) -> Known<String> {
        let name = self.server_name()?;
        let name = match name.contains(':') && !name.starts_with('[') {
            true => format!("[{name}]"),
            false => name,
        };
        let (scheme, usual) = match self.request.is_tls {
            true => ("https", 443),
            false => ("http", 80),
        };
        Ok(match self.server_port()? {
            port if port == usual => format!("{scheme}://{name}{path}"),
            port => format!("{scheme}://{name}:{port}{path}"),
        })
    }

    /// A URL with the query of the request behind it, unless it has one.
    pub(super) fn with_query(&self, url: String) -> String {
        match &self.query {
            Some(query) if !url.contains('?') => format!("{url}?{query}"),
            _ => url,
        }
    }
}

/// A path as it stands in a URL (`ap_os_escape_path`).
pub(super) fn escaped(path: &str) -> String {
    const PLAIN: &[u8] = b"$-_.+!*'(),:;@&=/~";
    let mut result = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
            true => result.push(char::from(byte)),
            false => result.push_str(&format!("%{byte:02x}")),
        }
    }
    result
}

/// The path of an absolute URL escaped, the rest as it is.
pub(super) fn escaped_url(url: &str) -> String {
    let authority = url.find("://").map_or(0, |it| it + 3);
    let path = url[authority..].find('/').map(|it| authority + it);
    match path {
        Some(at) => format!("{}{}", &url[..at], escaped(&url[at..])),
        None => url.to_owned(),
    }
}

/// The target of a redirect that mod_alias made of a pattern or an expression: the query and the
/// fragment stand in it as they are (`try_alias_list`, `try_redirect`).
pub(super) fn escaped_target(target: &str) -> String {
    let (scheme, rest) = match target.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
        _ => (None, target),
    };
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (before, behind) = rest.split_at(end);
    let before = match scheme {
        Some(scheme) => {
            let (authority, path) = before.split_at(before.find('/').unwrap_or(before.len()));
            format!("{scheme}://{}{path}", shown_authority(scheme, authority))
        }
        None => before.to_owned(),
    };
    format!("{}{behind}", escaped(&before))
}

fn is_scheme(text: &str) -> bool {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"+-.".contains(&it);
    !text.is_empty() && text.bytes().all(is_plain)
}

// Without the usual port, and without a password (`apr_uri_unparse`).
fn shown_authority(scheme: &str, authority: &str) -> String {
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    let usual = match scheme.to_ascii_lowercase().as_str() {
        "http" => Some("80"),
        "https" => Some("443"),
        "ftp" => Some("21"),
        _ => None,
    };
    let host = match host.rsplit_once(':') {
        Some((name, port)) if usual == Some(port) => name,
        _ => host,
    };
    match user.map(|it| it.split_once(':').ok_or(it)) {
        Some(Ok((name, _))) => format!("{name}:XXXXXXXX@{host}"),
        Some(Err(name)) => format!("{name}@{host}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{escaped, escaped_target, escaped_url};

    #[test]
    fn the_query_of_a_redirect_is_kept() {
        for (target, shown) in [
            ("http://h/x {?a b#c d", "http://h/x%20%7b?a b#c d"),
            ("http://h?x", "http://h?x"),
            ("/x#y?z", "/x#y?z"),
            ("https://u:p@[::1]:443/", "https://u:XXXXXXXX@%5b::1%5d/"),
            ("http://u@h:443/", "http://u@h:443/"),
        ] {
            assert_eq!(escaped_target(target), shown);
        }
    }

    #[test]
    fn only_the_path_of_a_url_is_escaped() {
        assert_eq!(escaped("/t x#%é"), "/t%20x%23%25%c3%a9");
        assert_eq!(escaped_url("http://h{/a b"), "http://h{/a%20b");
        assert_eq!(escaped_url("http://h"), "http://h");
    }
}
