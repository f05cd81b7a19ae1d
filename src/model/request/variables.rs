//! The variables of a request, by which expressions and mod_rewrite ask for it.

use super::pass::Pass;
use crate::model::{Doubt, Known, Missing};

impl Pass<'_> {
    /// The value of a variable that expressions and mod_rewrite have in common (`%{NAME}`).
    ///
    /// # Errors
    /// It is not known from here.
    pub fn variable(&self, name: &str) -> Known<String> {
        let request = self.request;
        let header = |name: &str| Ok(request.header(name).unwrap_or_default().to_owned());
        match name.to_ascii_uppercase().as_str() {
            "REQUEST_URI" | "DOCUMENT_URI" => Ok(self.uri.clone()),
            "REQUEST_METHOD" => Ok(self.method.clone()),
            "REQUEST_SCHEME" => Ok(if request.is_tls { "https" } else { "http" }.to_owned()),
            "REQUEST_FILENAME" | "SCRIPT_FILENAME" => Ok(self.filename.clone()),
            "PATH_INFO" => Ok(self.path_info.clone()),
            "QUERY_STRING" => Ok(self.query.clone().unwrap_or_default()),
            "HTTPS" => Ok(if request.is_tls { "on" } else { "off" }.to_owned()),
            "HTTP_HOST" => header("Host"),
            "HTTP_USER_AGENT" => header("User-Agent"),
            "HTTP_REFERER" => header("Referer"),
            "HTTP_COOKIE" => header("Cookie"),
            "HTTP_ACCEPT" => header("Accept"),
            "HTTP_FORWARDED" => header("Forwarded"),
            "HTTP_PROXY_CONNECTION" => header("Proxy-Connection"),
            // That of the answer, which is known before only where a directive says it.
            "CONTENT_TYPE" => match (&self.content_type, self.filename.is_empty()) {
                (Some(own), _) => Ok(own.clone()),
                (None, true) => Ok(String::new()),
                (None, false) => Err(Doubt::new("the content type is not known")),
            },
            "SERVER_NAME" => self.server_name(),
            "SERVER_PORT" => Ok(self.server_port()?.to_string()),
            "SERVER_ADDR" => match request.address {
                Some(it) => Ok(it.to_string()),
                None => Err(Doubt::without(Missing::Address)),
            },
            "SERVER_PROTOCOL" => Ok(match request.host {
                Some(_) => "HTTP/1.1",
                None => "HTTP/1.0",
            }
            .to_owned()),
            "THE_REQUEST" => {
                let query = request.query.as_ref().map(|it| format!("?{it}"));
                Ok(format!(
                    "{} {}{} {}",
                    request.method,
                    request.path,
                    query.unwrap_or_default(),
                    self.variable("SERVER_PROTOCOL")?
                ))
            }
            "REMOTE_ADDR" | "CONN_REMOTE_ADDR" => Ok(request.client()?.to_string()),
            "IPV6" => Ok(match request.client()?.is_ipv6() {
                true => "on",
                false => "off",
            }
            .to_owned()),
            "DOCUMENT_ROOT" | "CONTEXT_DOCUMENT_ROOT" => self.document_root(),
            "SERVER_ADMIN" => Ok(self.layers.word("ServerAdmin")?.unwrap_or_default()),
            "HANDLER" => Ok(self.handler.clone().unwrap_or_default()),
            "IS_SUBREQ" => Ok("false".to_owned()),
            "REMOTE_USER" if self.user.is_some() => Ok(self.user.clone().unwrap_or_default()),
            "REMOTE_USER" | "REMOTE_IDENT" | "AUTH_TYPE" if !self.has_credentials() => {
                Ok(String::new())
            }
            "REQUEST_STATUS" => {
                let status = self.status.map(|it| it.to_string());
                Ok(status.unwrap_or_default())
            }
            "CONTEXT_PREFIX" | "HTTP2" => Ok(String::new()),
            name => Err(Doubt::new(format!("`%{{{name}}}` is not known from here"))),
        }
    }

    // Whether the client says who it is.
    fn has_credentials(&self) -> bool {
        self.request.header("Authorization").is_some()
    }
}
