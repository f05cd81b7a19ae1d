//! URIs as APR takes them apart (`apr_uri_parse`).

use super::number::strtol;

/// The parts of a URI that handlers ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uri<'a> {
    /// The scheme, without its colon.
    pub scheme: Option<&'a str>,
    /// The host, without its port; an empty one is one, too.
    pub host: Option<&'a str>,
    /// The port; an empty one is one, too.
    pub port: Option<&'a str>,
    /// The path; an empty one is none.
    pub path: Option<&'a str>,
}

/// Takes a URI apart; `None` where APR cannot: its first part has a colon and is no scheme, its
/// host has a bracket that is not closed, or its port is no number.
pub fn parse(uri: &str) -> Option<Uri<'_>> {
    let (scheme, rest) = match uri.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
        Some((first, _)) if !first.contains('/') => return None,
        _ => (None, uri),
    };
    let mut parts = Uri {
        scheme,
        host: None,
        port: None,
        path: path(rest),
    };
    // Without a scheme, three slashes begin a path.
    let authority = rest.strip_prefix("//");
    let Some(behind) = authority.filter(|it| scheme.is_some() || !it.starts_with('/')) else {
        return Some(parts);
    };
    let end = behind.find(['/', '?', '#']).unwrap_or(behind.len());
    let (authority, rest) = behind.split_at(end);
    let (host, port) = split_port(authority.rsplit_once('@').map_or(authority, |it| it.1))?;
    parts.host = Some(host);
    parts.port = port;
    parts.path = path(rest);
    let port = port.unwrap_or_default();
    let is_number = port.is_empty() || strtol(port, 10).length == port.len();
    is_number.then_some(parts)
}

// A host and its port; `None` where a bracket is not closed.
fn split_port(host: &str) -> Option<(&str, Option<&str>)> {
    let Some(inner) = host.strip_prefix('[') else {
        let parts = host.split_once(':');
        return Some(parts.map_or((host, None), |it| (it.0, Some(it.1))));
    };
    let (address, rest) = inner.split_once(']')?;
    Some((address, rest.strip_prefix(':')))
}

fn path(rest: &str) -> Option<&str> {
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|it| !it.is_empty())
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it))
}

#[cfg(test)]
mod tests {
    use super::{Uri, parse};

    #[test]
    fn a_uri_has_parts() {
        let uri = |scheme, host, port, path| {
            Some(Uri {
                scheme,
                host,
                port,
                path,
            })
        };
        let http = Some("http");
        assert_eq!(
            parse("http://u:p@a:80/x?y"),
            uri(http, Some("a"), Some("80"), Some("/x"))
        );
        assert_eq!(
            parse("http://[::1]:80"),
            uri(http, Some("::1"), Some("80"), None)
        );
        assert_eq!(parse("http:"), uri(http, None, None, None));
        assert_eq!(parse("http://"), uri(http, Some(""), None, None));
        assert_eq!(parse("http:///"), uri(http, Some(""), None, Some("/")));
        assert_eq!(parse("//a"), uri(None, Some("a"), None, None));
        assert_eq!(parse("///a"), uri(None, None, None, Some("///a")));
        assert_eq!(parse("/a:b"), uri(None, None, None, Some("/a:b")));
    }

    #[test]
    fn what_is_no_uri_has_none() {
        for text in [
            "http://a:b/",
            "http://[::1/",
            "a_b:c",
            ":c",
            "a?b:c",
            "//a:b",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
