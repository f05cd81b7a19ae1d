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
            Some(query) if !query.is_empty() && !url.contains('?') => format!("{url}?{query}"),
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

#[cfg(test)]
mod tests {
    use super::{escaped, escaped_url};

    #[test]
    fn only_the_path_of_a_url_is_escaped() {
        assert_eq!(escaped("/t x#%é"), "/t%20x%23%25%c3%a9");
        assert_eq!(escaped_url("http://h{/a b"), "http://h{/a%20b");
        assert_eq!(escaped_url("http://h"), "http://h");
    }
}
