//! The mounts of all servers, each with what a plain request for its URL gets.

use std::net::IpAddr;

use super::answer::{Answer, answer};
use crate::argument::wsgi::script::{Role, Script};
use crate::evaluate::{Placed, arguments_of};
use crate::httpd::NameId;
use crate::model::Thing;
use crate::model::layers::{Layers, first_word};
use crate::model::request::{Httpd, Journey, MOUNT_BY_PATTERN, Request, Wanted};
use crate::model::scope::Scope;
use crate::model::servers::{Host, Port};

const LISTEN: NameId = NameId::of("Listen");

/// A `WSGIScriptAlias` or `WSGIScriptAliasMatch`.
#[derive(Debug, Clone)]
pub struct Mounted<'a> {
    /// The directive.
    pub line: Placed<'a>,
    /// What it says.
    pub directive: Script,
    /// A URL that the mount is about; the pattern itself, where it is one.
    pub url: String,
    /// What a request for it gets; `None` of a pattern, because no request stands for it.
    pub answer: Option<Answer<'a>>,
    /// Whether another mount, an alias or a redirect takes the request for its URL.
    pub is_hidden: bool,
}

/// All mounts, described by a request for each (see [`requests`]), and the `.htaccess` files that are
/// wanted for that.
pub fn mounts<'a>(
    httpd: &'a Httpd<'a>,
    requests: &'a [(Placed<'a>, Request)],
) -> (Vec<Mounted<'a>>, Vec<Wanted>) {
    let mut wanted = Vec::new();
    let all = requests.iter().map(|(line, request)| {
        let directive = parsed(line);
        let subject = directive.subject.as_ref().map(|it| it.value.clone());
        let is_pattern = directive.role == Role::AliasMatch;
        let scope = scope_of(httpd, line);
        let answer = (!is_pattern).then(|| {
            let mut journey = Journey::of(httpd, request, scope);
            let answer = answer(&mut journey);
            for pass in &mut journey.passes {
                wanted.append(&mut pass.wanted);
            }
            answer
        });
        let took_it = |it: &Answer<'_>| it.mount.as_ref().is_some_and(|it| it.line.id == line.id);
        Mounted {
            line: *line,
            url: match is_pattern {
                true => subject.unwrap_or_default(),
                false => format!(
                    "http://{}{}",
                    request.host.as_deref().unwrap_or_default(),
                    request.path
                ),
            },
            is_hidden: answer.as_ref().is_some_and(|it| !took_it(it)),
            directive,
            answer,
        }
    });
    (all.collect(), wanted)
}

/// A plain request for the URL of each mount, in their order.
pub fn requests<'a>(httpd: &Httpd<'a>) -> Vec<(Placed<'a>, Request)> {
    let lines = httpd.of_servers(Thing::WsgiMount).into_iter();
    let requests = lines.map(|(scope, line)| {
        let subject = parsed(&line).subject;
        let path = subject.map(|it| it.value).unwrap_or_default();
        (line, request(httpd, scope, path))
    });
    requests.collect()
}

pub(super) fn parsed(line: &Placed<'_>) -> Script {
    let text = line.occurrence.unit.text(line.node);
    let is_pattern = line.node.name == Some(MOUNT_BY_PATTERN);
    let role = if is_pattern {
        Role::AliasMatch
    } else {
        Role::Alias
    };
    Script::parse(role, arguments_of(&text))
}

fn scope_of<'a>(httpd: &Httpd<'a>, line: &Placed<'_>) -> &'a Scope<'a> {
    httpd.scopes.get(httpd.servers.of_directive(line))
}

// As a browser asks for it: by the name and port of the server.
pub(crate) fn request(httpd: &Httpd<'_>, scope: &Scope<'_>, path: String) -> Request {
    let server = httpd.servers.get(scope.server);
    let address = server.addresses.first();
    let own_port = address.and_then(|it| match it.port {
        Port::Number(number) => Some(number),
        Port::Any | Port::Unknown => None,
    });
    let port = own_port.or_else(|| listening(httpd)).unwrap_or(80);
    let address = address.and_then(|it| match it.host {
        Host::Address(address) => Some(address),
        Host::Any | Host::Unknown => None,
    });
    let named = server.name.clone();
    let name = named
        .or_else(|| address.map(|it: IpAddr| it.to_string()))
        .unwrap_or_else(|| "localhost".to_owned());
    let is_tls = port == 443;
    let host = match port {
        80 | 443 => name,
        port => format!("{name}:{port}"),
    };
    Request {
        method: "GET".to_owned(),
        is_tls,
        host: Some(host),
        path,
        query: None,
        headers: Vec::new(),
        address,
        port,
        from: None,
        sni: None,
        tls_version: None,
        assumes_files: false,
        is_watched: false,
    }
}

// The first port that the server listens on.
fn listening(httpd: &Httpd<'_>) -> Option<u16> {
    let mut layers = Layers::new(httpd.config, httpd.table());
    layers.push(httpd.main().body(), None);
    let line = layers.possible(&[LISTEN]).into_iter().next()?;
    let word = first_word(&line)?;
    word.rsplit(':').next()?.parse().ok()
}
