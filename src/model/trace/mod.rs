//! What a request meets, from the connection to the answer.

mod connection;
mod effective;
mod sample;
mod space;

use connection::{Connection, Lobby, Met};
pub use effective::{Effective, value};
pub use space::{about_file, requests, requests_of};

use super::request::{
    Access, Decision, End, Environment, Headers, Httpd, Journey, Mapped, Pass, Reason, Request,
    Stage, Tables, Wanted,
};
use super::scope::{Body, Entry};
use super::servers::ServerId;
use super::wsgi::{self, Answer};
use super::{Doubt, Known};
use crate::evaluate::{Config, Placed, arguments_of};
use crate::world::Kind;

/// What a request meets.
pub struct Trace<'a> {
    /// The server that answers; `None` where the connection comes to nothing.
    pub server: Known<Option<ServerId>>,
    /// What happens, in its order.
    pub steps: Vec<Reason<'a>>,
    /// What the URL leads to.
    pub target: Known<Target>,
    /// Who answers.
    pub handler: Known<String>,
    /// The sections and `.htaccess` files that apply, in the order in which they are merged.
    pub sections: Vec<Applied<'a>>,
    /// Whether the client is let in, and which lines say so.
    pub access: Access<'a>,
    /// Whether anybody was asked for that; who is sent elsewhere before is not.
    pub is_access_asked: bool,
    /// The status; `None` where there is no answer of HTTP.
    pub status: Known<Option<u16>>,
    /// Where a redirect leads to.
    pub location: Known<Option<String>>,
    /// The headers that the configuration gives the answer.
    pub headers: Headers,
    /// The variables of the request that the configuration sets.
    pub environment: Environment,
    /// What mod_wsgi makes of it, if it is asked.
    pub wsgi: Option<Answer<'a>>,
    /// The directives of the sections that count.
    pub effective: Vec<Effective<'a>>,
    /// The `.htaccess` files that were not read yet.
    pub wanted: Vec<Wanted>,
}

/// What a URL leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file or directory, or the place where one would be.
    File(String),
    /// Another server.
    Proxy(String),
    /// The client is sent elsewhere.
    Redirect(String),
    /// A program.
    Program(String),
    /// A script of Python.
    Script(String),
    /// Something that is no file.
    Handler(String),
    /// It was not looked for.
    None,
}

/// A section or a `.htaccess` file that applies.
#[derive(Debug, Clone)]
pub enum Applied<'a> {
    /// A section, by its first line.
    Section(Placed<'a>),
    /// A `.htaccess` file, by its path.
    AccessFile(String),
}

/// Follows requests to one server.
pub struct Tracer<'a> {
    lobby: Lobby<'a>,
}

impl<'a> Tracer<'a> {
    /// For about so many requests.
    pub fn new(httpd: &'a Httpd<'a>, requests: usize) -> Self {
        Self {
            lobby: Lobby::new(httpd, requests),
        }
    }

    /// The same for requests that another thread follows, through an httpd of its own.
    pub fn through<'b>(&self, httpd: &'b Httpd<'b>) -> Tracer<'b>
    where
        'a: 'b,
    {
        Tracer {
            lobby: self.lobby.through(httpd),
        }
    }

    /// The server.
    pub fn httpd(&self) -> &'a Httpd<'a> {
        self.lobby.httpd
    }

    /// Follows a request.
    pub fn follow(&self, request: &'a Request) -> Trace<'a> {
        Trace::from_lobby(&self.lobby, request)
    }
}

impl<'a> Trace<'a> {
    /// Follows a request.
    pub fn of(httpd: &'a Httpd<'a>, request: &'a Request) -> Self {
        Self::from_lobby(&Lobby::new(httpd, 1), request)
    }

    fn from_lobby(lobby: &Lobby<'a>, request: &'a Request) -> Self {
        let httpd = lobby.httpd;
        let connection = Connection::of(lobby, request);
        let mut trace = match connection.met {
            Err(doubt) => Self::unknown(&doubt),
            Ok(Met::Nobody) => Self {
                server: Ok(None),
                status: Ok(None),
                ..Self::nothing()
            },
            Ok(Met::Hinted(server)) => Self::hinted(httpd, request, server),
            Ok(Met::Refused(server, status)) => {
                let (scope, end) = (httpd.scopes.get(server), End::refused(status, ""));
                Self::along(server, &mut Journey::refused(httpd, request, scope, end))
            }
            Ok(Met::Server(server)) => {
                let mut journey = Journey::of(httpd, request, httpd.scopes.get(server));
                match (&journey.end, journey.passes.is_empty()) {
                    (Err(doubt), true) => Self::unknown(doubt),
                    _ => Self::along(server, &mut journey),
                }
            }
        };
        trace.steps.splice(0..0, connection.steps);
        trace
    }

    fn nothing() -> Self {
        Self {
            server: Ok(None),
            steps: Vec::new(),
            target: Ok(Target::None),
            handler: Ok(DEFAULT_HANDLER.to_owned()),
            sections: Vec::new(),
            access: Access {
                decision: Ok(Decision::Granted),
                because: Vec::new(),
            },
            is_access_asked: false,
            status: Ok(None),
            location: Ok(None),
            headers: Headers::default(),
            environment: Environment::default(),
            wsgi: None,
            effective: Vec::new(),
            wanted: Vec::new(),
        }
    }

    fn unknown(doubt: &Doubt) -> Self {
        Self {
            server: Err(doubt.clone()),
            target: Err(doubt.clone()),
            handler: Err(doubt.clone()),
            access: Access {
                decision: Err(doubt.clone()),
                because: Vec::new(),
            },
            status: Err(doubt.clone()),
            location: Err(doubt.clone()),
            headers: Headers {
                doubt: Some(doubt.clone()),
                ..Headers::default()
            },
            ..Self::nothing()
        }
    }

    // mod_ssl answers that the port speaks TLS.
    fn hinted(httpd: &'a Httpd<'a>, request: &'a Request, server: ServerId) -> Self {
        let mut pass = Pass::at_server(httpd, request, httpd.scopes.get(server));
        pass.uri = format!("/{}", request.path.trim_start_matches('/'));
        Self {
            server: Ok(Some(server)),
            status: Ok(Some(400)),
            headers: pass.response_headers(Tables::Always, Headers::default()),
            ..Self::nothing()
        }
    }

    fn along(server: ServerId, journey: &mut Journey<'a>) -> Self {
        let mut trace = Self {
            server: Ok(Some(server)),
            ..Self::nothing()
        };
        let answer = wsgi::answer(journey);
        for pass in &mut journey.passes {
            trace.wanted.append(&mut pass.wanted);
            trace.steps.append(&mut pass.reasons);
        }
        // Of a page about a refusal the refusal counts.
        let asked = || journey.passes.iter().filter_map(|it| it.access.as_ref());
        let is_refusal = |it: &&Access<'_>| !matches!(it.decision, Ok(Decision::Granted));
        if let Some(access) = asked().find(is_refusal).or_else(|| asked().next_back()) {
            trace.access = access.clone();
            trace.is_access_asked = true;
        }
        trace.status = match &journey.end {
            // What may be looked up on this machine now may be otherwise when the request comes.
            Err(doubt) => Err(doubt.clone()),
            Ok(_) => answer.status.clone(),
        };
        // An error page that is an error itself leaves the answer to the pass that failed first.
        let position = journey.passes.iter().position(|it| it.has_error_page);
        let answering = position.filter(|_| journey.has_no_page);
        let answering = answering.map(|it| {
            let mut pass = journey.passes[it].clone();
            pass.status = trace.status.clone().ok().flatten();
            pass
        });
        let Some(pass) = journey.passes.last_mut() else {
            return trace;
        };
        pass.status = trace.status.clone().ok().flatten();
        trace.location = match &journey.end {
            Ok(_) => Ok(answer.location.clone()),
            Err(doubt) => Err(doubt.clone()),
        };
        trace.target = target(pass, &journey.end, &answer);
        trace.handler = handler(pass, &journey.end);
        trace.sections = Applied::all(pass);
        trace.headers = headers(answering.as_ref().unwrap_or(pass), &journey.end, &answer);
        trace.environment = pass.environment.clone();
        trace.effective = Effective::all(pass);
        if let Some(message) = answer.message.as_ref().filter(|it| !it.is_empty()) {
            trace.steps.push(Reason {
                stage: Stage::Handler,
                what: format!("httpd logs `{message}`"),
                line: None,
                is_passed_over: false,
            });
        }
        trace.wsgi = Some(answer).filter(|it| it.values.is_some() || it.mount.is_some());
        trace
    }
}

/// The handler of files.
const DEFAULT_HANDLER: &str = "default-handler";

fn target(pass: &Pass<'_>, end: &Known<End>, answer: &Answer<'_>) -> Known<Target> {
    if let Some(url) = pass.proxied_url() {
        return Ok(Target::Proxy(url));
    }
    let answers = pass.answering_handler();
    if let (Err(_), Some(server)) = (end, answers.strip_prefix("proxy:")) {
        return Ok(Target::Proxy(format!("{server}{}", pass.filename)));
    }
    match end {
        Ok(End::Answered {
            location: Some(url),
            ..
        }) => return Ok(Target::Redirect(url.clone())),
        Ok(End::Handled) => {
            let script = answer.values.as_ref().map(|it| it.script.clone());
            return Ok(Target::Script(
                script.unwrap_or_else(|| pass.filename.clone()),
            ));
        }
        _ => {}
    }
    // mod_rewrite works on the URL in the place of a path.
    let is_url = matches!(pass.mapped, Mapped::Nothing) && pass.filename == pass.uri;
    match end {
        Err(doubt) if pass.filename.is_empty() || is_url || pass.may_lead_elsewhere() => {
            return Err(doubt.clone());
        }
        Ok(_) if pass.filename.is_empty() => return Ok(Target::None),
        _ => {}
    }
    let is_run = matches!(pass.answering_handler(), "cgi-script" | "isapi-handler");
    let path = pass.filename.clone();
    Ok(match is_run && pass.found == Ok(Kind::File) {
        true => Target::Program(path),
        false => Target::File(path),
    })
}

fn handler(pass: &Pass<'_>, end: &Known<End>) -> Known<String> {
    if let (Err(doubt), true) = (end, pass.may_lead_elsewhere()) {
        return Err(doubt.clone());
    }
    // `SetHandler` gives another name to what is passed on all the same.
    let usual = match pass.mapped {
        Mapped::Proxy(_) => "proxy-server",
        _ => DEFAULT_HANDLER,
    };
    Ok(pass.handler.clone().unwrap_or_else(|| usual.to_owned()))
}

fn headers(pass: &Pass<'_>, end: &Known<End>, answer: &Answer<'_>) -> Headers {
    // What is echoed comes past mod_headers (`ap_send_http_trace`).
    if pass.method == "TRACE" && matches!(end, Ok(End::Answered { status: 200, .. })) {
        return Headers::default();
    }
    let mut already = Headers::default();
    let tables = match end {
        Ok(End::Answered {
            status,
            is_sent: false,
            ..
        }) if !(200..300).contains(status) => Tables::Always,
        Ok(End::Handled) if !matches!(answer.status, Ok(Some(200))) => Tables::Always,
        _ => Tables::Both,
    };
    if let Some(location) = answer.location.clone() {
        already.list.push(("Location".to_owned(), Ok(location)));
    }
    let mut headers = pass.response_headers(tables, already);
    // Who answers may send others, too.
    headers.doubt = headers.doubt.or_else(|| end.clone().err());
    headers
}

// The section or file that a body is of; what servers say is neither.
fn applied<'a>(config: &'a Config, body: &Body) -> Option<Applied<'a>> {
    let first = config.placed(match body.entries.first()? {
        Entry::Directive(place) => *place,
        Entry::Section(section) => section.place,
    });
    if let Some(section) = first.parent() {
        let is_host = section.line().name().eq_ignore_ascii_case("<VirtualHost");
        return (!is_host).then_some(Applied::Section(section));
    }
    let id = first.id.occurrence;
    let is_access_file = first.config.is_htaccess(id);
    is_access_file.then(|| Applied::AccessFile(first.occurrence.unit.source.name().to_owned()))
}

impl<'a> Applied<'a> {
    /// Those of a pass, in the order in which they are merged.
    pub fn all(pass: &Pass<'a>) -> Vec<Self> {
        let layers = pass.layers.list.iter();
        let config = pass.httpd.config;
        layers.filter_map(|it| applied(config, it.body)).collect()
    }

    /// Its kind, such as `Directory`, or the name of a `.htaccess` file.
    pub fn kind(&self) -> String {
        match self {
            Applied::Section(section) => section.line().name().trim_start_matches('<').to_owned(),
            Applied::AccessFile(path) => path.rsplit('/').next().unwrap_or_default().to_owned(),
        }
    }

    /// Its argument as it is written, or the folder of a `.htaccess` file.
    pub fn argument(&self) -> String {
        match self {
            Applied::Section(section) => {
                let text = section.occurrence.unit.text(section.node);
                arguments_of(&text).trim_end_matches('>').trim().to_owned()
            }
            Applied::AccessFile(path) => path.rsplit_once('/').map_or("", |it| it.0).to_owned(),
        }
    }
}
