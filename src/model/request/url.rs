//! From a URL to the request that a client sends for it.

use std::net::IpAddr;

use super::Request;

impl Request {
    /// The request for a URL: `http://HOST[:PORT]/PATH?QUERY`, or a path alone, which names no host.
    /// `None` where it is neither.
    pub fn of_url(method: &str, url: &str) -> Option<Self> {
        let url = url.trim();
        let (is_tls, rest) = match url.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (true, rest),
            _ if url.starts_with('/') => (false, url),
            _ => return None,
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let host = authority.rsplit('@').next().unwrap_or_default();
        if host.is_empty() && !url.starts_with('/') {
            return None;
        }
        let target = target.split('#').next().unwrap_or_default();
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (target, None),
        };
        let mut request = Self {
            method: method.to_owned(),
            is_tls,
            host: Some(host.to_owned()).filter(|it| !it.is_empty()),
            path: if path.is_empty() { "/" } else { path }.to_owned(),
            query,
            headers: Vec::new(),
            address: None,
            port: if is_tls { 443 } else { 80 },
            from: None,
            sni: None,
            tls_version: None,
            assumes_files: false,
            is_watched: false,
        };
        request.port = request.host_port().unwrap_or(request.port);
        request.address = request.written_address();
        // A client names no address there.
        let is_name = is_tls && request.address.is_none();
        request.sni = request.host_name().filter(|_| is_name);
        Some(request)
    }

    // The address that stands in place of a host.
    fn written_address(&self) -> Option<IpAddr> {
        let host = self.host_name()?;
        let inner = host.trim_start_matches('[').trim_end_matches(']');
        inner.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Request;

    #[test]
    fn a_url_says_where_to_and_what() {
        let request = Request::of_url("GET", "https://A.test:8443/x?y#z").unwrap();
        assert!(request.is_tls);
        assert_eq!(request.host.as_deref(), Some("A.test:8443"));
        assert_eq!((request.port, request.path.as_str()), (8443, "/x"));
        assert_eq!(request.query.as_deref(), Some("y"));
        assert_eq!(request.sni.as_deref(), Some("a.test"));
        let request = Request::of_url("GET", "http://[::1]").unwrap();
        assert_eq!((request.port, request.path.as_str()), (80, "/"));
        assert_eq!(request.address, "::1".parse().ok());
        let request = Request::of_url("GET", "/only/path").unwrap();
        assert_eq!((request.host, request.port), (None, 80));
    }

    #[test]
    fn what_is_no_url_is_none() {
        for text in [
            "",
            "x",
            "ftp://a/",
            "http://",
            "http:///x",
            "https://?",
            "://a",
        ] {
            assert!(Request::of_url("GET", text).is_none(), "{text}");
        }
    }
}
