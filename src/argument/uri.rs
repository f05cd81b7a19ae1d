//! URIs as APR takes them apart (`apr_uri_parse`).

use super::proxy::url::is_unparsable;

/// The parts of a URI that handlers ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uri<'a> {
    /// The scheme, without its colon.
    pub scheme: Option<&'a str>,
    /// The host, with its port; an empty one is one, too.
    pub host: Option<&'a str>,
    /// The path; an empty one is none.
    pub path: Option<&'a str>,
}

/// Takes a URI apart; `None` where it has a host that cannot be read.
pub fn parse(uri: &str) -> Option<Uri<'_>> {
    let (scheme, rest) = match uri.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
        _ => (None, uri),
    };
    let Some(behind) = rest.strip_prefix("//") else {
        return Some(Uri {
            scheme,
            host: None,
            path: path(rest),
        });
    };
    if is_unparsable(&format!("x://{behind}")) {
        return None;
    }
    let end = behind.find(['/', '?', '#']).unwrap_or(behind.len());
    let (host, rest) = behind.split_at(end);
    Some(Uri {
        scheme,
        host: Some(host),
        path: path(rest),
    })
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
        let uri = |scheme, host, path| Some(Uri { scheme, host, path });
        assert_eq!(
            parse("http://a:80/x?y"),
            uri(Some("http"), Some("a:80"), Some("/x"))
        );
        assert_eq!(parse("http:"), uri(Some("http"), None, None));
        assert_eq!(parse("http://"), uri(Some("http"), Some(""), None));
        assert_eq!(parse("//a"), uri(None, Some("a"), None));
        assert_eq!(parse("/a:b"), uri(None, None, Some("/a:b")));
        assert_eq!(parse("http://a:b/"), None);
    }
}
