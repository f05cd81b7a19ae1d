//! What mod_proxy answers itself, whatever the other server would say.

use super::mapping::Mapped;
use super::pass::{End, Pass};
use super::unseen;
use crate::httpd::NameId;
use crate::model::Known;

/// Schemes, and the modules that pass requests on by them.
const SCHEMES: [(&str, &[&str]); 12] = [
    ("ajp", &["proxy_ajp_module"]),
    ("balancer", &["proxy_balancer_module"]),
    ("fcgi", &["proxy_fcgi_module"]),
    ("ftp", &["proxy_ftp_module"]),
    ("h2", &["proxy_http2_module"]),
    ("h2c", &["proxy_http2_module"]),
    ("http", &["proxy_http_module"]),
    ("https", &["proxy_http_module"]),
    ("scgi", &["proxy_scgi_module"]),
    ("uwsgi", &["proxy_uwsgi_module"]),
    ("ws", &["proxy_http_module", "proxy_wstunnel_module"]),
    ("wss", &["proxy_http_module", "proxy_wstunnel_module"]),
];

/// The modules that speak TLS with other servers.
const TLS: [&str; 3] = ["gnutls_module", "ssl_module", "tls_module"];

/// What passes requests for other servers on to yet another one.
const REMOTES: [NameId; 2] = [NameId::of("ProxyRemote"), NameId::of("ProxyRemoteMatch")];

impl Pass<'_> {
    /// mod_proxy, where no module passes requests on by the scheme of a URL (`proxy_handler`).
    pub(super) fn refuse_scheme(&self, url: &str) -> Known<Option<End>> {
        let own = match url.strip_prefix("unix:") {
            Some(socket) => socket.split_once('|').map_or(url, |it| it.1),
            None => url,
        };
        let scheme = own.split(':').next().unwrap_or_default();
        let is_meant = |it: &&(&str, _)| it.0.eq_ignore_ascii_case(scheme);
        let Some((_, modules)) = SCHEMES.iter().find(is_meant) else {
            return Ok(None);
        };
        let has_any = |modules: &[&str]| {
            let mut has = modules.iter().map(|it| self.httpd.has(it));
            has.try_fold(false, |any, it| Ok(any || it?))
        };
        // mod_proxy_http leaves `https` alone where nobody speaks TLS.
        let has_tls = !scheme.eq_ignore_ascii_case("https") || has_any(&TLS)?;
        if has_tls && has_any(modules)? {
            return Ok(None);
        }
        if !self.server_layers().possible(&REMOTES).is_empty() {
            return Ok(None);
        }
        let uri = &self.uri;
        let message =
            format!("AH01144: No protocol handler was valid for the URL {uri} (scheme '{scheme}')");
        Ok(Some(End::refused(500, message)))
    }

    /// Whether TLS may be spoken with the other server, if a URL asks for that (`SSLProxyEngine`).
    pub(super) fn may_speak_tls(&self, url: &str) -> Known<bool> {
        let scheme = url.split(':').next().unwrap_or_default();
        let is_asked = ["https", "wss"]
            .iter()
            .any(|it| scheme.eq_ignore_ascii_case(it));
        let is_only = || {
            let has = |it| self.httpd.has(it);
            Ok(has("ssl_module")? && !has("tls_module")? && !has("gnutls_module")?)
        };
        Ok(!is_asked || !is_only()? || self.layers.is_on("SSLProxyEngine")?)
    }

    /// How a request fails that is passed on to a server on this machine, where nobody listens now
    /// or TLS is asked for in vain.
    pub fn proxy_failure(&self) -> Option<End> {
        let Mapped::Proxy(url) = &self.mapped else {
            return None;
        };
        let (_, rest) = url.split_once("://127.0.0.1:")?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let port = digits.parse().ok()?;
        let message = format!("attempt to connect to 127.0.0.1:{port} (127.0.0.1:{port}) failed");
        match (self.is_listening(port), self.may_speak_tls(url)) {
            (Ok(false), _) => Some(End::refused(503, message)),
            (Ok(true), Ok(false)) => {
                let message = "AH01961:  failed to enable ssl support";
                Some(End::refused(500, message))
            }
            _ => None,
        }
    }

    // Whether something on this machine takes connections to a port of 127.0.0.1.
    fn is_listening(&self, port: u16) -> Known<bool> {
        const LISTENING: &str = "0A";
        let table = self.httpd.world().read("/proc/net/tcp");
        let table = table.map_err(|_| unseen("/proc/net/tcp"))?;
        let table = String::from_utf8_lossy(&table);
        let wanted = format!(":{port:04X}");
        Ok(table.lines().any(|line| {
            let mut fields = line.split_whitespace().skip(1);
            let local = fields.next().unwrap_or_default();
            let is_there = local.ends_with(&wanted)
                && (local.starts_with("0100007F") || local.starts_with("00000000"));
            is_there && fields.nth(1) == Some(LISTENING)
        }))
    }
}
