//! The host that a request names.

use super::Request;
use crate::model::servers::requested_host;

impl Request {
    /// The host without its port: in small letters, without a dot at its end.
    pub fn host_name(&self) -> Option<String> {
        requested_host(self.host.as_deref()?)
    }

    /// The port behind the host.
    pub fn host_port(&self) -> Option<u16> {
        split(self.host.as_deref()?).1?.parse().ok()
    }

    /// Whether httpd takes the host for one.
    pub(super) fn has_valid_host(&self) -> bool {
        let host = self.host.as_deref();
        host.is_none_or(|it| requested_host(it).is_some())
    }
}

fn split(host: &str) -> (&str, Option<&str>) {
    let behind = host.rfind(']').map_or(0, |it| it + 1);
    match host[behind..].split_once(':') {
        Some((rest, port)) => (&host[..behind + rest.len()], Some(port)),
        None => (host, None),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::request::Request;

    fn request(host: &str) -> Request {
        Request {
            method: "GET".to_owned(),
            is_tls: false,
            host: Some(host.to_owned()),
            path: "/".to_owned(),
            query: None,
            headers: Vec::new(),
            address: None,
            port: 80,
            from: None,
            sni: None,
            tls_version: None,
            assumes_files: false,
            is_watched: false,
        }
    }

    #[test]
    fn a_host_has_a_name_and_a_port() {
        let named = request("A.Test.:8080");
        assert_eq!(named.host_name().as_deref(), Some("a.test"));
        assert_eq!(named.host_port(), Some(8080));
        assert_eq!(request("[::1]:80").host_name().as_deref(), Some("::1"));
        assert_eq!(request("a").host_port(), None);
    }

    #[test]
    fn httpd_refuses_what_is_no_host() {
        for host in ["", "a..b", "a:0", "a:70000", "a:x", "a:1:2", "[::1"] {
            assert!(!request(host).has_valid_host(), "{host}");
        }
        for host in ["a", "a_b.c.", "127.0.0.1:80", "[::1]:80"] {
            assert!(request(host).has_valid_host(), "{host}");
        }
    }
}
