//! The applications that a whole server mounts, and what a plain request for each of them meets.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::answer::{Values, chosen, limits};
use super::group::{DaemonGroup, groups};
use super::mounts::{parsed, request};
use crate::argument::wsgi::script::{Role, Script};
use crate::evaluate::{Config, Inputs, NodeIndex, Placed, PlacedId};
use crate::httpd::NameId;
use crate::model::layers::words_of;
use crate::model::processes::Limits;
use crate::model::request::{AccessFiles, End, Httpd, Journey, Mapped, Pass, Request};
use crate::model::scope::{Scope, Scopes};
use crate::model::servers::Servers;
use crate::model::{Doubt, Known, Model, Modules, Thing};
use crate::world::Kind;

/// What mod_wsgi is told to run.
pub struct Applications<'a> {
    /// The server.
    pub httpd: &'a Httpd<'a>,
    /// The daemon process groups that are certain to be there, in their order.
    pub groups: Vec<DaemonGroup<'a>>,
    /// The mounts that are certain to be there, in their order.
    pub mounted: Vec<Application<'a>>,
    by_name: FxHashMap<String, usize>,
    lines: OnceCell<FxHashMap<NameId, Vec<PlacedId>>>,
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
}

impl<'a> Applications<'a> {
    /// Looks at those of a configuration, unless nothing in it speaks of any. `.htaccess` files are
    /// not read: what one of them may say is not known.
    pub fn of<T>(
        inputs: &Inputs<'_>,
        config: &Config,
        model: &Model,
        modules: &Modules,
        look: impl FnOnce(&Applications<'_>) -> T,
    ) -> Option<T> {
        let has_groups = model.names(Thing::DaemonGroup).next().is_some();
        if !has_groups && !model.has(Thing::WsgiMount, "") {
            return None;
        }
        let servers = Servers::of(config, inputs.table);
        let scopes = Scopes::of(config, inputs.table, &servers);
        let httpd = Httpd {
            inputs,
            config,
            model,
            modules,
            servers: &servers,
            scopes: &scopes,
            access_files: &AccessFiles::default(),
            own_account: &OnceCell::new(),
        };
        let requests = mounts(&httpd);
        let mut groups = groups(&httpd);
        groups.retain(|it| !it.line.node.uncertain);
        let mounted = requests.iter();
        let mounted =
            mounted.map(|(line, scope, request)| Application::of(&httpd, *line, scope, request));
        let names = groups.iter().map(|it| it.name().to_owned());
        Some(look(&Applications {
            by_name: names.zip(0..).collect(),
            groups,
            mounted: mounted.collect(),
            lines: OnceCell::new(),
            httpd: &httpd,
        }))
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
        let Some(name) = self.httpd.table().name(name) else {
            return Vec::new();
        };
        let config = self.httpd.config;
        let lines = self.lines.get_or_init(|| lines(config));
        let places = lines.get(&name).into_iter().flatten();
        places.map(|it| config.placed(*it)).collect()
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
    fn of(
        httpd: &'a Httpd<'a>,
        line: Placed<'a>,
        server: &'a Scope<'a>,
        request: &'a Request,
    ) -> Self {
        let mut application = Self {
            line,
            directive: parsed(&line),
            server,
            pass: None,
            end: Err(Doubt::new("no request stands for a pattern")),
            taken_by: None,
            values: None,
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

    /// The path of its URL.
    pub fn location(&self) -> &str {
        let subject = self.directive.subject.as_ref();
        subject.map(|it| it.value.as_str()).unwrap_or_default()
    }
}

// The mounts of all servers, each with its server and a plain request for it.
fn mounts<'a>(httpd: &Httpd<'a>) -> Vec<(Placed<'a>, &'a Scope<'a>, Request)> {
    let mounts = httpd.of_servers(Thing::WsgiMount).into_iter();
    let certain = mounts.filter(|(_, line)| !line.node.uncertain);
    let requests = certain.map(|(scope, line)| {
        let path = parsed(&line).subject.map(|it| it.value);
        let request = request(httpd, scope, path.unwrap_or_default());
        (line, scope, request)
    });
    requests.collect()
}

fn lines(config: &Config) -> FxHashMap<NameId, Vec<PlacedId>> {
    let mut lines: FxHashMap<NameId, Vec<PlacedId>> = FxHashMap::default();
    for occurrence in config.living() {
        for (index, node) in config.occurrence(occurrence).unit.nodes.iter().enumerate() {
            if let (Some(name), false) = (node.name, node.uncertain) {
                let node = NodeIndex::new(index);
                let place = PlacedId { occurrence, node };
                lines.entry(name).or_default().push(place);
            }
        }
    }
    lines
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
