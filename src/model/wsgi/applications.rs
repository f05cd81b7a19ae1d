//! The applications that a whole server mounts, and what a plain request for each of them meets.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::answer::{Values, chosen, limits};
use super::group::{DaemonGroup, groups};
use super::mounts::{parsed, request};
use crate::argument::wsgi::script::{Role, Script};
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::processes::Limits;
use crate::model::request::{End, Httpd, Journey, Mapped, Pass, Request};
use crate::model::scope::Scope;
use crate::model::{Doubt, Known, Model, Thing};
use crate::world::{Kind, World};

/// What mod_wsgi is told to run.
pub struct Applications<'a> {
    /// The server.
    pub httpd: &'a Httpd<'a>,
    /// The daemon process groups that are certain to be there, in their order.
    pub groups: Vec<DaemonGroup<'a>>,
    /// The mounts that are certain to be there, in their order.
    pub mounted: Vec<Application<'a>>,
    by_name: FxHashMap<String, usize>,
}

/// A mount, and what a plain request for its URL meets.
pub struct Application<'a> {
    /// The directive.
    pub line: Placed<'a>,
    /// What it says.
    pub directive: Script,
    /// The server that it stands in.
    pub server: &'a Scope<'a>,
    /// The last pass of the request. There is none for a mount with a pattern, for which no request
    /// stands, nor for one whose script is not there, nor for one of the main server beside virtual
    /// hosts: these inherit it, and may change everything about it.
    pub pass: Option<Pass<'a>>,
    /// How the request ends before mod_wsgi looks at it.
    pub end: Known<End>,
    /// The directive that takes the request, if it is another one.
    pub taken_by: Option<Placed<'a>>,
    /// What its script sees; `None` where the request does not get to it.
    pub values: Option<Values<'a>>,
    script_text: OnceCell<Option<String>>,
}

/// A mount, and a plain request for its URL.
pub struct PlainRequest<'a> {
    line: Placed<'a>,
    server: &'a Scope<'a>,
    request: Request,
}

impl<'a> PlainRequest<'a> {
    /// Those for the mounts of all servers.
    pub fn all(httpd: &Httpd<'a>) -> Vec<Self> {
        let mounts = httpd.of_servers(Thing::WsgiMount).into_iter();
        let certain = mounts.filter(|(_, line)| !line.node.uncertain);
        let requests = certain.map(|(server, line)| {
            let path = parsed(&line).subject.map(|it| it.value);
            Self {
                line,
                server,
                request: request(httpd, server, path.unwrap_or_default()),
            }
        });
        requests.collect()
    }
}

impl<'a> Applications<'a> {
    /// Whether anything in a configuration speaks of any.
    pub fn are_named(model: &Model) -> bool {
        let mut groups = model.names(Thing::DaemonGroup);
        groups.next().is_some() || model.has(Thing::WsgiMount, "")
    }

    /// Looks at those of a server. Of its `.htaccess` files none is read: what one of them may say
    /// is not known. `requests` are those for all mounts.
    pub fn of(httpd: &'a Httpd<'a>, requests: &'a [PlainRequest<'a>]) -> Self {
        let mut groups = groups(httpd);
        groups.retain(|it| !it.line.node.uncertain);
        let names = groups.iter().map(|it| it.name().to_owned());
        let mounted = requests.iter().map(|it| Application::of(httpd, it));
        Self {
            httpd,
            by_name: names.zip(0..).collect(),
            mounted: mounted.collect(),
            groups,
        }
    }

    /// The group of a name.
    pub fn group(&self, name: &str) -> Option<&DaemonGroup<'a>> {
        let index = self.by_name.get(name)?;
        self.groups.get(*index)
    }

    /// The mounts that map a plain request for them, each with the last pass of the request.
    pub fn reached(&self) -> impl Iterator<Item = (&Application<'a>, &Pass<'a>)> {
        let passes = self.mounted.iter();
        let passes = passes.filter_map(|it| Some((it, it.pass.as_ref()?)));
        passes.filter(|(application, pass)| {
            matches!(&pass.mapped, Mapped::Mount(it) if it.line.id == application.line.id)
        })
    }

    /// All certain lines of a directive or a section, wherever they stand.
    pub fn lines(&self, name: &str) -> Vec<Placed<'a>> {
        self.httpd.certain(name).collect()
    }

    /// How many processes httpd has at most, and how many threads each of them.
    ///
    /// # Errors
    /// The MPM is not known, or one of its numbers.
    pub fn limits(&self) -> Known<Limits> {
        limits(self.httpd)
    }

    /// Whether Python may also be asked for in ways that no mount shows: by a handler, or for access
    /// control.
    pub fn has_other_scripts(&self) -> bool {
        const OTHERS: [&str; 5] = [
            "WSGIHandlerScript",
            "WSGIDispatchScript",
            "WSGIAccessScript",
            "WSGIAuthUserScript",
            "WSGIAuthGroupScript",
        ];
        const HANDLERS: [&str; 4] = ["SetHandler", "AddHandler", "AddType", "ForceType"];
        let is_python = |it: &Placed<'_>| it.line().arguments().contains("wsgi");
        OTHERS.iter().any(|it| !self.lines(it).is_empty())
            || HANDLERS
                .iter()
                .any(|it| self.lines(it).iter().any(is_python))
    }
}

impl<'a> Application<'a> {
    fn of(httpd: &'a Httpd<'a>, plain: &'a PlainRequest<'a>) -> Self {
        let PlainRequest {
            line,
            server,
            request,
        } = plain;
        let (line, server) = (*line, *server);
        let mut application = Self {
            line,
            directive: parsed(&line),
            server,
            pass: None,
            end: Err(Doubt::new("no request stands for a pattern")),
            taken_by: None,
            values: None,
            script_text: OnceCell::new(),
        };
        if application.directive.role != Role::Alias {
            return application;
        }
        let mut journey = Journey::of(httpd, request, server);
        application.taken_by = taken_by(&journey).filter(|it| it.id != line.id);
        if !server.is_virtual_host() && httpd.scopes.all.len() > 1 {
            application.end = Err(Doubt::new("a virtual host may change it"));
            return application;
        }
        let last = journey.passes.pop();
        if last
            .as_ref()
            .is_some_and(|it| it.found == Ok(Kind::Missing))
        {
            // The sections of folders that are not there do not count either.
            application.end = Err(Doubt::new("the script is not there"));
            return application;
        }
        application.pass = last.map(|mut it| {
            // Nobody asks for the story, and it is long.
            it.reasons = Vec::new();
            it
        });
        if let (Ok(End::Handled), Some(pass)) = (&journey.end, &application.pass) {
            let is_own = application.taken_by.is_none() && journey.passes.is_empty();
            application.values = is_own.then(|| chosen(pass));
        }
        application.end = journey.end;
        application
    }

    /// The text of the script that answers; `None` where none does, or none is visible from here.
    pub fn script_text(&self, world: &dyn World) -> Option<&str> {
        let read = || {
            let bytes = world.read(&self.values.as_ref()?.script).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        self.script_text.get_or_init(read).as_deref()
    }

    /// The path of its URL.
    pub fn location(&self) -> &str {
        let subject = self.directive.subject.as_ref();
        subject.map(|it| it.value.as_str()).unwrap_or_default()
    }
}

// The directive that maps the URL of a request, or answers it at once.
fn taken_by<'a>(journey: &Journey<'a>) -> Option<Placed<'a>> {
    let pass = journey.passes.first()?;
    if let Mapped::Mount(mount) = &pass.mapped {
        return Some(mount.line);
    }
    let is_mapped = matches!(pass.mapped, Mapped::Alias | Mapped::Proxy(_));
    let is_redirected = pass.mapped == Mapped::Nothing
        && matches!(
            &journey.end,
            Ok(End::Answered {
                location: Some(_),
                ..
            })
        );
    // `ProxyPass /path !` takes nothing.
    let takes = |it: &Placed<'a>| !words_of(it).iter().any(|it| it == "!");
    let mut lines = pass.reasons.iter().filter_map(|it| it.line);
    let first = lines.find(takes);
    first.filter(|_| is_mapped || is_redirected)
}
