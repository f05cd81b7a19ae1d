//! The options that say how requests come in.

use std::net::{IpAddr, SocketAddr};

use clap::Args;

use super::Failure;
use crate::model::request::Request;

/// How requests come in.
#[derive(Debug, Clone, Args)]
pub(super) struct AskingArguments {
    /// The method of the requests.
    #[arg(long, value_name = "METHOD", default_value = "GET")]
    method: String,
    /// A header of the requests. `Host:` without a value sends none, as in HTTP/1.0.
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// The address of the client.
    #[arg(long, value_name = "CLIENT-IP")]
    from: Option<IpAddr>,
    /// The address and port that the requests come in by; else those of their URL.
    #[arg(long, value_name = "IP:PORT")]
    connect: Option<SocketAddr>,
    /// The host that is named when TLS begins; else that of the URL. Empty for none.
    #[arg(long, value_name = "NAME")]
    sni: Option<String>,
    /// The only version of TLS that the client speaks; else one that the server takes.
    #[arg(long, value_name = "VERSION", value_parser = ["1.0", "1.1", "1.2", "1.3"])]
    tls: Option<String>,
    /// Send no `Host`, as in HTTP/1.0.
    #[arg(long)]
    no_host: bool,
    /// Take files that cannot be seen from here to be there.
    #[arg(long)]
    assume_exists: bool,
    /// Whether what was tried and passed over is told, too.
    #[arg(skip)]
    pub(super) is_watched: bool,
}

impl AskingArguments {
    /// The request for a URL.
    pub(super) fn request(&self, url: &str) -> Result<Request, Failure> {
        self.request_by(&self.method, url)
    }

    /// The request for a URL with another method.
    pub(super) fn request_by(&self, method: &str, url: &str) -> Result<Request, Failure> {
        let request = Request::of_url(method, url);
        let mut request = request.ok_or_else(|| {
            let shown: String = url.chars().take(MOST_SHOWN).collect();
            let shown = shown.escape_debug();
            Failure(format!(
                "`{shown}` is no URL: write `http://HOST[:PORT]/PATH`"
            ))
        })?;
        for header in &self.header {
            let (name, value) = header
                .split_once(':')
                .ok_or_else(|| Failure(format!("`{header}` is no header: write `NAME: VALUE`")))?;
            let is_host = name.trim().eq_ignore_ascii_case("host");
            match (is_host, value) {
                (true, "") => request.host = None,
                (true, value) => request.host = Some(value.trim().to_owned()),
                (false, value) => {
                    let header = (name.trim().to_owned(), value.trim().to_owned());
                    request.headers.push(header);
                }
            }
        }
        if let Some(connect) = self.connect {
            request.address = Some(connect.ip());
            request.port = connect.port();
        }
        if self.no_host {
            request.host = None;
        }
        if let Some(sni) = &self.sni {
            request.sni = Some(sni.to_ascii_lowercase()).filter(|it| !it.is_empty());
        }
        request.tls_version.clone_from(&self.tls);
        request.assumes_files = self.assume_exists;
        request.from = self.from;
        request.is_watched = self.is_watched;
        Ok(request)
    }

    /// The method of the requests.
    pub(super) fn method(&self) -> &str {
        &self.method
    }
}

/// More characters of what is no URL are not shown.
const MOST_SHOWN: usize = 80;
