//! What plain requests meet: one for each part of the URLs of the servers that may answer
//! otherwise, for clients from elsewhere and from the networks that lines name.

use std::collections::BTreeSet;
use std::net::IpAddr;

use rustc_hash::{FxHashMap, FxHashSet};

use super::touched::Touched;
use super::{AlsoWanted, Found, Kind, Pair, Place, Side, called, headers, networks, settings};
use crate::evaluate::Placed;
use crate::httpd::Table;
use crate::model::Doubt;
use crate::model::request::{Decision, Httpd, Request, Stage};
use crate::model::scope::{About, Body, Scope};
use crate::model::trace::{self, Applied, Target, Trace, Tracer};

/// More virtual hosts are not asked only because the main server says something else.
const MOST_UNTOUCHED: usize = 50;

/// How what is not known is told.
const UNKNOWN: &str = "unknown: ";

/// The lines about access that ask for nothing.
const UNCONDITIONAL: [&str; 2] = ["Require all granted", "Require all denied"];

/// What the requests met.
#[derive(Default)]
pub(super) struct Seen {
    /// The lines that are told of.
    told: FxHashSet<Place>,
    /// The sections that some request met.
    met: FxHashSet<Place>,
    /// The `.htaccess` files that are to be read.
    pub(super) wanted: AlsoWanted,
}

impl Seen {
    /// Whether a change was found that names a line.
    pub(super) fn is_told(&self, place: &Place) -> bool {
        self.told.contains(place)
    }

    /// Whether some request met a section.
    pub(super) fn met(&self, section: &Placed<'_>) -> bool {
        self.met.contains(&Place::of(section))
    }
}

pub(super) fn compare(pair: Pair<'_>, touched: &Touched, found: &mut Found) -> Seen {
    let mut seen = Seen::default();
    if touched.is_nothing() {
        return seen;
    }
    let asked = servers(pair, touched, found);
    let clients = networks::clients(pair, &asked);
    let requests = requests(pair, &asked, &clients);
    let count = requests.len() * clients.len();
    let tracers = [pair.before, pair.after].map(|it| Tracer::new(it, count));
    for space in &requests {
        let [before, after] = &tracers;
        let traces: Vec<[Trace<'_>; 2]> = space
            .iter()
            .map(|it| [before.follow(it), after.follow(it)])
            .collect();
        let story = Story {
            pair,
            requests: space,
            traces,
        };
        story.tell(&mut seen, found);
    }
    seen
}

// Those that may answer otherwise, of both sides.
fn servers<'a>(
    pair: Pair<'a>,
    touched: &Touched,
    found: &mut Found,
) -> Vec<(&'a Httpd<'a>, &'a Scope<'a>)> {
    let mut asked = Vec::new();
    let mut left_out = BTreeSet::new();
    for httpd in [pair.before, pair.after] {
        let scopes = &httpd.scopes.all;
        let skipped = usize::from(scopes.len() > 1);
        let mut untouched = 0;
        for scope in &scopes[skipped..] {
            let name = called(httpd, scope.server);
            if touched.has(httpd, scope.server) {
                asked.push((httpd, scope));
            } else if touched.everywhere {
                untouched += 1;
                match untouched <= MOST_UNTOUCHED {
                    true => asked.push((httpd, scope)),
                    false => {
                        left_out.insert(name);
                    }
                }
            }
        }
    }
    if !left_out.is_empty() {
        let count = left_out.len();
        found.gaps.push(format!(
            "what changed for all servers was asked of {MOST_UNTOUCHED} virtual hosts that say the \
             same as before, and not of {count} others"
        ));
    }
    asked
}

// The same request for each client; each URL once.
fn requests(
    pair: Pair<'_>,
    asked: &[(&Httpd<'_>, &Scope<'_>)],
    clients: &[IpAddr],
) -> Vec<Vec<Request>> {
    let mut known = FxHashSet::default();
    let mut all: Vec<Request> = Vec::new();
    for (httpd, scope) in asked {
        let folders = pair
            .access_files
            .iter()
            .filter_map(|it| it.rsplit_once('/'));
        let folders: Vec<&str> = folders.map(|it| it.0).collect();
        for request in trace::requests_of(httpd, scope, &folders) {
            if known.insert((url(&request), request.address)) {
                all.push(request);
            }
        }
    }
    let bodies = asked.iter().map(|it| it.1.body());
    let mains = [pair.before, pair.after].map(|it| it.main().body());
    let methods: &[&str] = match bodies.chain(mains).any(limits_methods) {
        true => &["GET", "POST"],
        false => &["GET"],
    };
    let for_clients = |mut request: Request| -> Vec<Request> {
        // As browsers do.
        request.sni = request.host_name();
        let asked = methods
            .iter()
            .flat_map(|method| clients.iter().map(move |it| (method, it)));
        let each = asked.map(|(method, client)| Request {
            method: (*method).to_owned(),
            from: Some(*client),
            assumes_files: true,
            ..request.clone()
        });
        each.collect()
    };
    all.into_iter().map(for_clients).collect()
}

// Whether anything there is about some methods alone.
fn limits_methods(body: &Body) -> bool {
    let mut sections = body.sections();
    sections.any(|it| matches!(it.about, About::Limit { .. }) || limits_methods(&it.body))
}

fn url(request: &Request) -> String {
    let scheme = if request.is_tls { "https" } else { "http" };
    let host = request.host.as_deref().unwrap_or_default();
    format!("{scheme}://{host}{}", request.path)
}

/// What one URL meets on both sides, for each client.
struct Story<'r, 'a> {
    pair: Pair<'a>,
    requests: &'r [Request],
    traces: Vec<[Trace<'a>; 2]>,
}

impl Story<'_, '_> {
    fn tell(mut self, seen: &mut Seen, found: &mut Found) {
        for [before, after] in &mut self.traces {
            seen.wanted.before.append(&mut before.wanted);
            seen.wanted.after.append(&mut after.wanted);
        }
        // Where nobody knows who is let in, no line of a section is answered for; nor where the way
        // of a request is lost before that is asked.
        let is_known = |it: &&Trace<'_>| {
            it.access.decision.is_ok() && (it.is_access_asked || it.target.is_ok())
        };
        let traces = self.traces.iter();
        let both = traces.filter(|it| it.iter().all(|it| is_known(&it)));
        for trace in both.flatten() {
            for section in &trace.sections {
                if let Applied::Section(section) = section {
                    seen.met.insert(Place::of(section));
                }
            }
        }
        let Some([first, last]) = self.traces.first() else {
            return;
        };
        // Who answers is another question, and everything else follows from it.
        let name = |httpd: &Httpd<'_>, trace: &Trace<'_>| match &trace.server {
            Ok(Some(id)) => Some(called(httpd, *id)),
            _ => None,
        };
        let (one, other) = (name(self.pair.before, first), name(self.pair.after, last));
        if one != other {
            return;
        }
        let server = other.unwrap_or_default();
        let url = self.requests.first().map(url).unwrap_or_default();
        let first_new = found.changes.len();
        self.compare_access(&server, &url, found);
        // What is behind a door that is shut does not matter.
        let is_open = |it: &Trace<'_>| {
            !it.is_access_asked || matches!(it.access.decision, Ok(Decision::Granted))
        };
        let alike = |open: bool| {
            let mut pairs = self.traces.iter();
            pairs.find(|it| is_open(&it[0]) == open && is_open(&it[1]) == open)
        };
        if let Some([before, after]) = alike(true).or_else(|| alike(false)) {
            let (one, other) = (target(before), target(after));
            found.compare(
                (Kind::Mapping, &server, &url),
                Some(one),
                Some(other),
                false,
            );
        }
        if let Some([before, after]) = alike(true) {
            let sides = [
                (Kind::Handlers, [handler(before), handler(after)]),
                (Kind::Headers, headers::that_differ(before, after)),
                (Kind::Wsgi, values(before, after)),
            ];
            for (kind, [one, other]) in sides {
                found.compare((kind, &server, &url), Some(one), Some(other), false);
            }
        }
        for change in &found.changes[first_new..] {
            let sides = change.before.iter().chain(&change.after);
            seen.told
                .extend(sides.flat_map(|it| it.because.iter().cloned()));
        }
    }

    fn compare_access(&self, server: &str, url: &str, found: &mut Found) {
        let side = |at: usize| {
            let traces = self.traces.iter().map(|it| &it[at]);
            access_by_method(self.pair.after.table(), self.requests.iter().zip(traces))
        };
        let (before, mut after) = (side(0), side(1));
        let was_asked = |at: usize| self.traces.iter().all(|it| it[at].is_access_asked);
        if !was_asked(0) || !was_asked(1) {
            return;
        }
        let openness = |it: &Trace<'_>| match it.access.decision {
            Ok(Decision::Granted) => 0,
            Err(_) => 1,
            Ok(Decision::NeedsAuthentication) => 2,
            Ok(Decision::Denied) => 3,
        };
        let pairs = self
            .traces
            .iter()
            .map(|[one, other]| (openness(one), openness(other)));
        let pairs: Vec<(i32, i32)> = pairs.collect();
        let is_same = pairs.iter().all(|(one, other)| one == other);
        // Nobody knows whether what no line says lets anybody in.
        let is_said = !after.value.starts_with(UNKNOWN);
        let opens = is_said && pairs.iter().any(|(one, other)| other < one);
        // Where no client is treated otherwise, only users and names can be another.
        let depends = |it: &(i32, i32)| (1..=2).contains(&it.0);
        if is_same && !pairs.iter().any(depends) {
            return;
        }
        if !is_same && before.value == after.value {
            after.value.push_str(", for other clients than before");
        }
        found.compare(
            (Kind::Access, server, url),
            Some(before),
            Some(after),
            opens,
        );
    }
}

// The same for each method, where that makes a difference.
fn access_by_method<'t, 'a: 't>(
    table: &Table,
    asked: impl Iterator<Item = (&'t Request, &'t Trace<'a>)>,
) -> Side {
    let mut by_method: Vec<(&str, Vec<&Trace<'_>>)> = Vec::new();
    for (request, trace) in asked {
        match by_method.iter_mut().find(|it| it.0 == request.method) {
            Some((_, traces)) => traces.push(trace),
            None => by_method.push((&request.method, vec![trace])),
        }
    }
    let sides = by_method
        .iter()
        .map(|(method, traces)| (method, access(table, traces)));
    let mut sides: Vec<_> = sides.collect();
    sides.dedup_by(|one, other| one.1.value == other.1.value);
    match sides.as_slice() {
        [(_, side)] => side.clone(),
        sides => {
            let values = sides
                .iter()
                .map(|(method, it)| format!("{method} {}", it.value));
            let values: Vec<String> = values.collect();
            let because = sides.iter().flat_map(|it| it.1.because.clone());
            Side::new(values.join(", "), because)
        }
    }
}

// Who is let in, in the words of the lines that decide.
fn access(table: &Table, traces: &[&Trace<'_>]) -> Side {
    let decisions: Vec<_> = traces
        .iter()
        .map(|it| it.access.decision.clone().ok())
        .collect();
    let are_all = |decision| decisions.iter().all(|it| *it == Some(decision));
    let because = traces.first().map(|it| it.access.because.as_slice());
    let lines = because.unwrap_or_default();
    let texts: Vec<String> = lines.iter().map(|it| settings::text(table, it)).collect();
    let value = match () {
        () if are_all(Decision::Granted) => "granted to everyone".to_owned(),
        () if are_all(Decision::Denied) => "denied to everyone".to_owned(),
        // These lines leave no doubt: it is another one, of what is not known.
        () if texts.iter().all(|it| UNCONDITIONAL.contains(&it.as_str())) => {
            let doubt = traces
                .iter()
                .find_map(|it| it.access.decision.clone().err());
            doubt.map_or_else(|| "it depends on the client".to_owned(), |it| unknown(&it))
        }
        () => texts.join(", "),
    };
    Side::new(value, lines.iter().map(Place::of))
}

fn target(trace: &Trace<'_>) -> Side {
    let status = trace.status.clone().ok().flatten();
    let value = match &trace.target {
        Ok(Target::File(path)) => format!("file {path}"),
        Ok(Target::Proxy(url)) => format!("passed on to {url}"),
        Ok(Target::Redirect(url)) => {
            format!("redirected ({}) to {url}", status.unwrap_or_default())
        }
        Ok(Target::Program(path)) => format!("program {path}"),
        Ok(Target::Script(path)) => format!("WSGI script {path}"),
        Ok(Target::Handler(name)) => format!("handler {name}"),
        Ok(Target::None) => match status {
            Some(status) => format!("answered with {status}"),
            None => "nothing".to_owned(),
        },
        Err(doubt) => unknown(doubt),
    };
    let stages = [Stage::Mapping, Stage::Fixup];
    Side::new(value, lines_of(trace, &stages))
}

fn handler(trace: &Trace<'_>) -> Side {
    let value = match &trace.handler {
        Ok(handler) => handler.clone(),
        Err(doubt) => unknown(doubt),
    };
    Side::new(value, lines_of(trace, &[Stage::Type, Stage::Handler]))
}

// What mod_wsgi makes of both, as far as it differs.
fn values(before: &Trace<'_>, after: &Trace<'_>) -> [Side; 2] {
    let (old, new) = (Values::of(before), Values::of(after));
    let differs = |name: &str| {
        let value = |it: &Values| {
            it.list
                .iter()
                .find(|it| it.0 == name)
                .map(|it| it.1.clone())
        };
        value(&old) != value(&new)
    };
    [&old, &new].map(|it| {
        let values = it.list.iter().filter(|it| differs(it.0));
        let texts: Vec<String> = values.map(|it| format!("{} {}", it.0, it.1)).collect();
        Side::new(texts.join(", "), it.lines.iter().cloned())
    })
}

/// What mod_wsgi makes of a request.
#[derive(Default)]
struct Values {
    list: Vec<(&'static str, String)>,
    lines: Vec<Place>,
}

impl Values {
    fn of(trace: &Trace<'_>) -> Self {
        let Some(values) = trace.wsgi.as_ref().and_then(|it| it.values.as_ref()) else {
            return Self::default();
        };
        let text = |it: &crate::model::Known<String>, empty: &str| match it {
            Ok(text) if text.is_empty() => empty.to_owned(),
            Ok(text) => text.clone(),
            Err(doubt) => unknown(doubt),
        };
        let lines = [values.process_group_line, values.application_group_line];
        Self {
            list: vec![
                (
                    "process group",
                    text(&values.process_group, "of httpd itself"),
                ),
                (
                    "interpreter",
                    text(&values.application_group, "the main one"),
                ),
                ("sys.prefix", text(&values.sys_prefix, "of the system")),
            ],
            lines: lines.iter().flatten().map(Place::of).collect(),
        }
    }
}

pub(super) fn unknown(doubt: &Doubt) -> String {
    format!("{UNKNOWN}{}", doubt.why)
}

// The lines that made steps of some stages.
fn lines_of(trace: &Trace<'_>, stages: &[Stage]) -> Vec<Place> {
    let steps = trace.steps.iter().filter(|it| stages.contains(&it.stage));
    let lines = steps.filter_map(|it| it.line.as_ref().map(Place::of));
    let mut known: FxHashMap<Place, ()> = FxHashMap::default();
    lines
        .filter(|it| known.insert(it.clone(), ()).is_none())
        .collect()
}
