//! From the connection to the server that answers: who listens, whether TLS is spoken, and what the
//! names in it and in `Host` choose.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use super::value;
use crate::argument::listen::Listen;
use crate::argument::ssl;
use crate::evaluate::{Placed, arguments_of};
use crate::httpd::NameId;
use crate::model::layers::Layers;
use crate::model::request::{Httpd, Reason, Request, Stage};
use crate::model::servers::{self, Answer, Host, NameIndex, Port, ServerId};
use crate::model::{Doubt, Known, Missing};

const LISTEN: NameId = NameId::of("Listen");

/// How a connection comes to a server.
pub(super) struct Connection<'a> {
    /// Whom it met.
    pub(super) met: Known<Met>,
    /// What happened.
    pub(super) steps: Vec<Reason<'a>>,
}

/// Whom a connection meets.
pub(super) enum Met {
    /// A server, which takes the request.
    Server(ServerId),
    /// A server, which refuses it with a status before it looks at its URL.
    Refused(ServerId, u16),
    /// A server, which answers 400 because TLS is spoken there.
    Hinted(ServerId),
    /// Nobody who answers.
    Nobody,
}

/// What mod_ssl compares of two virtual hosts where a name in TLS and `Host` lead to different
/// ones: whether the client would have met the same TLS.
const COMPARED: &[&str] = &[
    "SSLCertificateFile",
    "SSLCertificateKeyFile",
    "SSLCertificateChainFile",
    "SSLPKCS7CertificateFile",
    "SSLProtocol",
    "SSLCipherSuite",
    "SSLHonorCipherOrder",
    "SSLSRPVerifierFile",
    "SSLSRPUnknownUserSeed",
];

/// Of these, what is about the certificates of clients.
const ABOUT_CLIENTS: &[&str] = &[
    "SSLVerifyClient",
    "SSLVerifyDepth",
    "SSLCACertificateFile",
    "SSLCACertificatePath",
    "SSLCARevocationFile",
    "SSLCARevocationPath",
    "SSLCARevocationCheck",
    "SSLCADNRequestFile",
    "SSLCADNRequestPath",
];

impl<'a> Connection<'a> {
    pub(super) fn of(lobby: &Lobby<'a>, request: &Request) -> Self {
        let mut connection = Self {
            met: Ok(Met::Nobody),
            steps: Vec::new(),
        };
        connection.met = connection.meet(lobby, request);
        connection
    }

    fn meet(&mut self, lobby: &Lobby<'a>, request: &Request) -> Known<Met> {
        let httpd = lobby.httpd;
        let (is_there, line) = lobby.listening(request)?;
        if !is_there {
            let port = request.port;
            let what = match request.address {
                Some(address) => format!("nobody listens on port {port} of {address}"),
                None => format!("nobody listens on port {port}"),
            };
            self.step(Stage::Connection, what, None);
            return Ok(Met::Nobody);
        }
        if let Some(line) = line {
            self.step(Stage::Connection, "httpd listens".to_owned(), Some(line));
        }
        let default = lobby.default_server(request)?;
        if let Some(status) = refused_at_once(httpd, request, default)? {
            let what =
                "the request is longer than httpd takes, or has blanks in its URL".to_owned();
            self.step(Stage::Connection, what, None);
            return Ok(Met::Refused(default, status));
        }
        let speaks = lobby.speaks_tls(default)?;
        if speaks != request.is_tls {
            return Ok(self.mistaken(httpd, request, default));
        }
        let shaking = match (request.is_tls, &request.sni) {
            (true, Some(name)) => lobby.answering(request, Some(name))?.unwrap_or(default),
            _ => default,
        };
        if request.is_tls && shaking != default {
            self.choose(httpd, shaking, "the name in TLS chooses");
        }
        if request.is_tls
            && let Some(version) = &request.tls_version
            && !takes(httpd, shaking, version)?
        {
            let line = layers(httpd, shaking).last("SSLProtocol")?;
            let what = format!("TLS {version} is not taken here, and the client speaks no other");
            self.step(Stage::Connection, what, line);
            return Ok(Met::Nobody);
        }
        let server = match lobby.answering(request, request.host.as_deref())? {
            Some(server) => server,
            None => {
                let what = "`Host` is no host that httpd takes".to_owned();
                self.step(Stage::VirtualHost, what, httpd.line_of(shaking));
                return Ok(Met::Refused(shaking, 400));
            }
        };
        let what = match request.host {
            Some(_) => "`Host` chooses",
            None => "without `Host`, the address chooses",
        };
        if request.is_watched {
            self.pass_over_hosts(lobby, request, server);
        }
        self.choose(httpd, server, what);
        if !request.is_tls {
            return Ok(Met::Server(server));
        }
        self.check_names(lobby, request, shaking, server)
    }

    // The client speaks TLS, and the port does not, or the other way round.
    fn mistaken(&mut self, httpd: &'a Httpd<'a>, request: &Request, default: ServerId) -> Met {
        let line = httpd.line_of(default);
        if request.is_tls {
            let what = "the client begins with TLS, and the port does not speak it".to_owned();
            self.step(Stage::Connection, what, line);
            return Met::Nobody;
        }
        let what = "the port speaks TLS, and the client does not begin with it".to_owned();
        self.step(Stage::Connection, what, line);
        Met::Hinted(default)
    }

    // mod_ssl's `ssl_hook_ReadReq`.
    fn check_names(
        &mut self,
        lobby: &Lobby<'a>,
        request: &Request,
        shaking: ServerId,
        server: ServerId,
    ) -> Known<Met> {
        let httpd = lobby.httpd;
        let (before, now) = (layers(httpd, shaking), layers(httpd, server));
        if request.sni.is_some() && request.host.is_none() {
            let what = "TLS names a host, and the request does not".to_owned();
            self.step(Stage::VirtualHost, what, None);
            return Ok(Met::Refused(server, 400));
        }
        let is_strict = before.is_on(STRICT)? || now.is_on(STRICT)?;
        if request.sni.is_none() && is_strict && lobby.is_name_based(request) {
            let line = match now.last(STRICT)? {
                Some(line) => Some(line),
                None => before.last(STRICT)?,
            };
            let what = "TLS names no host, which is required".to_owned();
            self.step(Stage::VirtualHost, what, line);
            return Ok(Met::Refused(server, 403));
        }
        if shaking == server || is_compatible(httpd, &before, &now)? {
            return Ok(Met::Server(server));
        }
        let what = "TLS began with another virtual host, whose settings of TLS differ".to_owned();
        self.step(Stage::VirtualHost, what, httpd.line_of(shaking));
        Ok(Met::Refused(server, 421))
    }

    fn choose(&mut self, httpd: &'a Httpd<'a>, server: ServerId, how: &str) {
        let what = match server {
            ServerId::MAIN => "no virtual host is for the address: the main server".to_owned(),
            server => match httpd.hostname(server) {
                Ok(name) => format!("{how} `{name}`"),
                Err(_) => format!("{how} this virtual host"),
            },
        };
        self.step(Stage::VirtualHost, what, httpd.line_of(server));
    }

    fn step(&mut self, stage: Stage, what: String, line: Option<Placed<'a>>) {
        self.steps.push(Reason {
            stage,
            what,
            line,
            is_passed_over: false,
        });
    }

    // Those that were asked before the one that answers, and then those that are for other
    // addresses.
    fn pass_over_hosts(&mut self, lobby: &Lobby<'a>, request: &Request, server: ServerId) {
        let servers = lobby.httpd.servers;
        let address = lobby.address(request).ok();
        let set = address.and_then(|it| servers.address_set(it, request.port));
        let members = set.map(|it| it.members.as_slice()).unwrap_or_default();
        let is_default = members.first() == Some(&server);
        let asked = request.host.as_deref().and_then(servers::requested_host);
        let before = members.iter().take_while(|it| is_default || **it != server);
        let before = before.filter(|it| **it != server);
        let mut all: Vec<(ServerId, String)> = match &asked {
            Some(host) => before
                .map(|it| (*it, format!("it is not called `{host}`")))
                .collect(),
            None => Vec::new(),
        };
        let elsewhere = servers
            .virtual_hosts()
            .filter(|it| !members.contains(&it.0));
        all.extend(elsewhere.map(|(id, it)| {
            let written = it.addresses.iter();
            let written = written.map(|it| format!("`{}:{}`", it.written, it.port));
            let written: Vec<String> = written.collect();
            (id, format!("it is for {}", written.join(" and ")))
        }));
        let more = all.len().saturating_sub(MOST_PASSED_OVER);
        for (id, why) in all.into_iter().take(MOST_PASSED_OVER) {
            let what = match lobby.httpd.hostname(id) {
                Ok(name) => format!("`{name}`, because {why}"),
                Err(_) => why,
            };
            self.pass_over(what, lobby.httpd.line_of(id));
        }
        if more > 0 {
            self.pass_over(format!("and {more} more virtual hosts"), None);
        }
    }

    fn pass_over(&mut self, what: String, line: Option<Placed<'a>>) {
        self.steps.push(Reason {
            stage: Stage::VirtualHost,
            what,
            line,
            is_passed_over: true,
        });
    }
}

/// More virtual hosts tell nobody more.
const MOST_PASSED_OVER: usize = 20;

const STRICT: &str = "SSLStrictSNIVHostCheck";

impl<'a> Httpd<'a> {
    /// The `<VirtualHost>` of a server.
    pub fn line_of(&self, server: ServerId) -> Option<Placed<'a>> {
        let section = self.servers.get(server).section?;
        Some(self.config.placed(section))
    }
}

fn layers<'a>(httpd: &Httpd<'a>, server: ServerId) -> Layers<'a> {
    let mut layers = Layers::new(httpd.config, httpd.table());
    layers.push(httpd.main().body(), None);
    if server != ServerId::MAIN {
        layers.push(httpd.scopes.get(server).body(), None);
    }
    layers
}

// Whether a server takes a version of TLS. The oldest are also a matter of OpenSSL's own settings.
fn takes(httpd: &Httpd<'_>, server: ServerId, version: &str) -> Known<bool> {
    let line = layers(httpd, server).last("SSLProtocol")?;
    let text = line.map_or_else(|| "all".to_owned(), |it| value(&it));
    let name = match version {
        "1.0" => "tlsv1".to_owned(),
        version => format!("tlsv{version}"),
    };
    let is_taken = ssl::protocols(&text).iter().any(|it| *it == name);
    match version {
        "1.0" | "1.1" if is_taken => {
            let why = format!("whether the server's OpenSSL takes TLS {version} is not known");
            Err(Doubt::new(why))
        }
        _ => Ok(is_taken),
    }
}

/// What all connections have in common.
pub(super) struct Lobby<'a> {
    pub(super) httpd: &'a Httpd<'a>,
    listens: Arc<[(Placed<'a>, Listen)]>,
    // Where all virtual hosts are for any address, no address needs to be known.
    needs_address: bool,
    names: Option<Arc<NameIndex<'a>>>,
}

/// For fewer requests, an index of all names is not worth its making.
const MANY: usize = 20;

impl<'a> Lobby<'a> {
    /// For so many requests.
    pub(super) fn new(httpd: &'a Httpd<'a>, requests: usize) -> Self {
        let mut addresses = httpd.servers.all.iter().flat_map(|it| &it.addresses);
        Self {
            httpd,
            listens: listens(httpd),
            needs_address: addresses.any(|it| it.host != Host::Any),
            names: (requests > MANY).then(|| Arc::new(NameIndex::of(httpd.servers))),
        }
    }

    /// The same for requests that another thread follows.
    pub(super) fn through<'b>(&self, httpd: &'b Httpd<'b>) -> Lobby<'b>
    where
        'a: 'b,
    {
        Lobby {
            httpd,
            listens: self.listens.clone(),
            needs_address: self.needs_address,
            names: self.names.clone(),
        }
    }

    // Whether somebody listens there, and the line that says so.
    fn listening(&self, request: &Request) -> Known<(bool, Option<Placed<'a>>)> {
        let mut doubt = None;
        for (line, listen) in self.listens.iter() {
            let is_there = match (&listen.host, request.address) {
                _ if listen.port != request.port => continue,
                (None, _) => true,
                (Some(host), Some(address)) => match host.parse::<IpAddr>() {
                    Ok(own) => own.is_unspecified() || own.to_canonical() == address.to_canonical(),
                    Err(_) => true,
                },
                (Some(_), None) => true,
            };
            if is_there && line.node.uncertain {
                let why = "`Listen` depends on a condition that is not decided";
                doubt = Some(Doubt::new(why));
            } else if is_there {
                return Ok((true, Some(*line)));
            }
        }
        match doubt {
            Some(doubt) => Err(doubt),
            // Of a part of a configuration nobody knows where the rest listens.
            None => Ok((self.httpd.config.fragment || self.listens.is_empty(), None)),
        }
    }

    // The first virtual host of the address, which decides about TLS.
    fn default_server(&self, request: &Request) -> Known<ServerId> {
        let set = self
            .httpd
            .servers
            .address_set(self.address(request)?, request.port);
        let first = set.and_then(|it| it.members.first().copied());
        Ok(first.unwrap_or(ServerId::MAIN))
    }

    fn is_name_based(&self, request: &Request) -> bool {
        let servers = self.httpd.servers;
        let address = self.address(request).ok();
        let set = address.and_then(|it| servers.address_set(it, request.port));
        set.is_some_and(servers::AddressSet::is_name_based)
    }

    fn address(&self, request: &Request) -> Known<IpAddr> {
        match request.address {
            Some(address) => Ok(address),
            None if !self.needs_address => Ok(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
            None => Err(Doubt::without(Missing::Address)),
        }
    }

    // `SSLEngine`, or else what `Listen` says of the port of the server.
    fn speaks_tls(&self, server: ServerId) -> Known<bool> {
        let httpd = self.httpd;
        if !httpd.has("ssl_module")? {
            return Ok(false);
        }
        if let Some(word) = layers(httpd, server).word("SSLEngine")? {
            return Ok(word.eq_ignore_ascii_case("on"));
        }
        let addresses = &httpd.servers.get(server).addresses;
        Ok(self.listens.iter().any(|(_, it)| {
            let is_https = match &it.protocol {
                Some(protocol) => protocol.value.eq_ignore_ascii_case("https"),
                None => it.port == 443,
            };
            is_https
                && addresses
                    .iter()
                    .any(|own| own.port == Port::Number(it.port))
        }))
    }

    // The server that a host chooses; `None` where httpd refuses it.
    fn answering(&self, request: &Request, host: Option<&str>) -> Known<Option<ServerId>> {
        let asked = servers::Request {
            address: self.address(request)?,
            port: request.port,
            host,
            path: &request.path,
        };
        let answer = match &self.names {
            Some(names) => names.answer(&asked),
            None => self.httpd.servers.answer(&asked),
        };
        match answer {
            Some(Answer::Server(id)) => Ok(Some(id)),
            Some(Answer::BadRequest) => Ok(None),
            None => Err(Doubt::new("which virtual host answers is not known")),
        }
    }
}

fn listens<'a>(httpd: &Httpd<'a>) -> Arc<[(Placed<'a>, Listen)]> {
    let mut own = Layers::new(httpd.config, httpd.table());
    own.push(httpd.main().body(), None);
    let lines = own.possible(&[LISTEN]).into_iter();
    let read = |line: Placed<'a>| {
        let text = line.occurrence.unit.text(line.node);
        Some((line, Listen::parse(arguments_of(&text)).ok()?))
    };
    lines.filter_map(read).collect()
}

// The status for a first line or a header that is too long, or for blanks in a URL.
fn refused_at_once(httpd: &Httpd<'_>, request: &Request, server: ServerId) -> Known<Option<u16>> {
    const USUAL: usize = 8190;
    let own = layers(httpd, server);
    let limit = |name: &str| -> Known<usize> {
        let word = own.word(name)?.and_then(|it| it.parse().ok());
        Ok(word.unwrap_or(USUAL))
    };
    let query = request.query.as_ref().map_or(0, |it| it.len() + 1);
    let line = request.method.len() + request.path.len() + query + "  HTTP/1.1".len();
    if line > limit("LimitRequestLine")? {
        return Ok(Some(414));
    }
    let is_bad = |it: char| it.is_ascii_control() || it == ' ';
    if [
        &request.path,
        request.query.as_ref().unwrap_or(&request.path),
    ]
    .into_iter()
    .any(|it| it.contains(is_bad))
    {
        return Ok(Some(400));
    }
    let longest = request
        .all_headers()
        .map(|it| it.0.len() + it.1.len() + 2)
        .max();
    let is_too_long = longest.unwrap_or(0) > limit("LimitRequestFieldSize")?;
    Ok(is_too_long.then_some(400))
}

// Whether the settings of TLS of two virtual hosts are as alike as `SSLVHostSNIPolicy` asks for.
fn is_compatible(httpd: &Httpd<'_>, before: &Layers<'_>, now: &Layers<'_>) -> Known<bool> {
    let mut main = Layers::new(httpd.config, httpd.table());
    main.push(httpd.main().body(), None);
    let policy = main.word("SSLVHostSNIPolicy")?.unwrap_or_default();
    let compared: Vec<&str> = match policy.to_ascii_lowercase().as_str() {
        "insecure" => return Ok(true),
        "strict" => return Ok(false),
        "authonly" => ABOUT_CLIENTS.to_vec(),
        _ => COMPARED.iter().chain(ABOUT_CLIENTS).copied().collect(),
    };
    for name in compared {
        let texts = |it: &Layers<'_>| -> Known<Vec<String>> {
            let lines = it.lines(name)?;
            let text = |it: &Placed<'_>| {
                let text = it.occurrence.unit.text(it.node);
                arguments_of(&text).trim().to_ascii_lowercase()
            };
            Ok(lines.iter().map(text).collect())
        };
        if texts(before)? != texts(now)? {
            return Ok(false);
        }
    }
    Ok(true)
}
