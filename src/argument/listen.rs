//! `Listen [ADDRESS:]PORT [PROTOCOL]`.

use super::address::{HostPort, host_port, is_host_name};
use super::words::argv;
use super::{Located, Refusal, Surroundings};

/// A `Listen` directive that httpd's parser accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// The address or host name; `None` for all addresses.
    pub host: Option<String>,
    /// The network interface of a link-local address, which older versions of httpd refuse.
    pub scope: Option<String>,
    /// The port.
    pub port: u16,
    /// The protocol as written; httpd takes `https` for port 443 and `http` otherwise.
    pub protocol: Option<Located<String>>,
    /// The word with address and port.
    pub address: Located<String>,
}

/// What httpd refuses in `Listen`.
pub fn refusal(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let listen = match Listen::parse(text) {
        Ok(listen) => listen,
        Err(refusal) => return Some(refusal),
    };
    let name = listen.host.filter(|it| is_host_name(it))?;
    let is_missing = surroundings.resolves(&name) == Some(false);
    is_missing.then(|| Refusal::new(listen.address.range, "Listen setup failed"))
}

impl Listen {
    /// Reads the argument text of `Listen`.
    ///
    /// # Errors
    /// What httpd refuses.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut words = argv(text).into_iter();
        let (address, protocol) = match (words.next(), words.next(), words.next()) {
            (Some(address), protocol, None) => (address, protocol),
            _ => {
                let message = "Listen requires 1 or 2 arguments.";
                return Err(Refusal::new(0..text.len(), message));
            }
        };
        let refused = |message: &str| Refusal::new(address.range.clone(), message);
        let Some(HostPort { host, scope, port }) = host_port(&address.value) else {
            return Err(refused("Invalid address or port"));
        };
        let Some(port) = port else {
            return Err(refused("Port must be specified"));
        };
        let host = host.filter(|it| *it != "*").map(str::to_owned);
        // No resolver knows a name with a slash, as `http://localhost:80`, or with an empty part.
        if host
            .as_ref()
            .is_some_and(|it| it.contains('/') || it.contains(".."))
        {
            return Err(refused("Listen setup failed"));
        }
        Ok(Self {
            host,
            scope: scope.map(str::to_owned),
            port,
            protocol,
            address,
        })
    }
}
