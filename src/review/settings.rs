//! What servers and sections say, as far as no other question asks for it: the lines that count in
//! each, compared as words.

use std::collections::BTreeMap;

use super::requests::Seen;
use super::touched::Touched;
use super::{Found, Kind, Pair, Place, Side, called, permissions};
use crate::argument::server_name::ServerName;
use crate::evaluate::Placed;
use crate::httpd::{Directive, NameId, Table};
use crate::model::layers::{Layers, words_of};
use crate::model::request::Httpd;
use crate::model::scope::{About, Body, Entry, Scope};
use crate::model::servers::ServerId;
use crate::model::trace;

const SERVER_NAME: NameId = NameId::of("ServerName");

/// What is asked for elsewhere, wherever it stands.
const ASKED_ELSEWHERE: [&str; 7] = [
    "Listen",
    "ServerName",
    "ServerAlias",
    "Mutex",
    "WSGIAcceptMutex",
    "WSGIDaemonProcess",
    "LoadModule",
];

/// What the modules are about, by their source files; others are [`Kind::Settings`].
const MODULES: [(&str, Kind); 36] = [
    ("mod_access_compat.c", Kind::Access),
    ("mod_authz_core.c", Kind::Access),
    ("mod_authz_host.c", Kind::Access),
    ("mod_authz_groupfile.c", Kind::Access),
    ("mod_authz_user.c", Kind::Access),
    ("mod_authn_core.c", Kind::Access),
    ("mod_authn_file.c", Kind::Access),
    ("mod_auth_basic.c", Kind::Access),
    ("mod_auth_digest.c", Kind::Access),
    ("mod_auth_form.c", Kind::Access),
    ("mod_authnz_ldap.c", Kind::Access),
    ("mod_alias.c", Kind::Mapping),
    ("mod_rewrite.c", Kind::Mapping),
    ("mod_proxy.c", Kind::Mapping),
    ("mod_proxy_balancer.c", Kind::Mapping),
    ("mod_userdir.c", Kind::Mapping),
    ("mod_vhost_alias.c", Kind::Mapping),
    ("mod_dir.c", Kind::Mapping),
    ("mod_mime.c", Kind::Handlers),
    ("mod_actions.c", Kind::Handlers),
    ("mod_headers.c", Kind::Headers),
    ("mod_expires.c", Kind::Headers),
    ("mod_ssl.c", Kind::Tls),
    ("mod_md.c", Kind::Tls),
    ("mod_wsgi.c", Kind::Wsgi),
    ("mod_log_config.c", Kind::Logs),
    ("mod_log_forensic.c", Kind::Logs),
    ("mod_logio.c", Kind::Logs),
    ("prefork.c", Kind::Processes),
    ("worker.c", Kind::Processes),
    ("event.c", Kind::Processes),
    ("mpm_winnt.c", Kind::Processes),
    ("mpm_netware.c", Kind::Processes),
    ("mod_unixd.c", Kind::Processes),
    ("mod_fcgid.c", Kind::Processes),
    ("mod_reqtimeout.c", Kind::Processes),
];

/// Directives of core, and those that are about something else than their module.
const DIRECTIVES: [(&str, Kind); 16] = [
    ("Options", Kind::Permissions),
    ("AllowOverride", Kind::Permissions),
    ("AllowOverrideList", Kind::Permissions),
    ("DocumentRoot", Kind::Mapping),
    ("ServerPath", Kind::Hosts),
    ("UseCanonicalName", Kind::Hosts),
    ("StrictHostCheck", Kind::Hosts),
    ("SetHandler", Kind::Handlers),
    ("ForceType", Kind::Handlers),
    ("ErrorLog", Kind::Logs),
    ("LogLevel", Kind::Logs),
    ("ErrorLogFormat", Kind::Logs),
    ("KeepAlive", Kind::Processes),
    ("Timeout", Kind::Processes),
    ("ServerLimit", Kind::Processes),
    ("MaxRequestWorkers", Kind::Processes),
];

/// Directives whose lines mean the same in whatever order.
const UNORDERED: [&str; 16] = [
    "AddCharset",
    "AddEncoding",
    "AddHandler",
    "AddLanguage",
    "AddType",
    "BalancerMember",
    "CustomLog",
    "ErrorDocument",
    "ExpiresByType",
    "LogFormat",
    "PassEnv",
    "Require",
    "SetEnv",
    "UnsetEnv",
    "allow",
    "deny",
];

/// Words that httpd takes in whatever case.
const SPELLED_ANYHOW: [&str; 9] = [
    "none", "all", "default", "inherit", "granted", "denied", "from", "any", "basic",
];

/// Where something is said, and what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// The sections around, the outermost first.
    sections: Vec<String>,
    /// The directive, or the module whose lines count together.
    about: String,
}

struct Said<'a> {
    kind: Kind,
    /// The sections around.
    around: Vec<Placed<'a>>,
    /// The lines, each with what it means.
    lines: Vec<(String, Placed<'a>)>,
}

type Says<'a> = BTreeMap<Key, Said<'a>>;

/// Whether both main servers say the same outside of virtual hosts, whatever it is about.
pub(super) fn say_the_same(pair: Pair<'_>) -> bool {
    let texts = |httpd: &Httpd<'_>| {
        let mut texts = Vec::new();
        write(httpd, httpd.main().body(), &mut texts);
        texts
    };
    texts(pair.before) == texts(pair.after)
}

// All that a body says, in its order.
fn write(httpd: &Httpd<'_>, body: &Body, texts: &mut Vec<String>) {
    for entry in &body.entries {
        match entry {
            Entry::Directive(place) => {
                texts.push(text(httpd.table(), &httpd.config.placed(*place)))
            }
            Entry::Section(section) => {
                texts.push(text(httpd.table(), &httpd.config.placed(section.place)));
                write(httpd, &section.body, texts);
                texts.push(String::new());
            }
        }
    }
}

pub(super) fn compare(pair: Pair<'_>, touched: &Touched, seen: &Seen, found: &mut Found) {
    if touched.is_nothing() {
        return;
    }
    // Several may be called alike.
    let mut servers: BTreeMap<String, [Vec<ServerId>; 2]> = BTreeMap::new();
    for (side, httpd) in [pair.before, pair.after].into_iter().enumerate() {
        for scope in &httpd.scopes.all {
            if touched.has(httpd, scope.server) {
                let sides = servers.entry(called(httpd, scope.server)).or_default();
                sides[side].push(scope.server);
            }
        }
    }
    for (name, [before, after]) in servers {
        // What a server that is new or gone says is said with it.
        for (one, other) in before.into_iter().zip(after) {
            let before = said(pair.before, pair.before.scopes.get(one));
            let after = said(pair.after, pair.after.scopes.get(other));
            compare_server(pair.after.table(), &name, [&before, &after], seen, found);
        }
    }
}

fn compare_server(
    table: &Table,
    name: &str,
    [before, after]: [&Says<'_>; 2],
    seen: &Seen,
    found: &mut Found,
) {
    let mut keys: Vec<&Key> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let (one, other) = (before.get(key), after.get(key));
        let Some(kind) = other.or(one).map(|it| it.kind) else {
            continue;
        };
        let texts = |it: Option<&Said<'_>>| -> Option<Vec<String>> {
            let mut texts: Vec<String> = it?.lines.iter().map(|it| it.0.clone()).collect();
            if UNORDERED.contains(&key.about.as_str()) {
                texts.sort();
            }
            Some(texts)
        };
        let (old, new) = (texts(one), texts(other));
        if old == new {
            continue;
        }
        let sides = [(one, &new), (other, &old)];
        let is_answered = sides
            .iter()
            .all(|(said, others)| said.is_none_or(|it| answered(table, it, others, seen)));
        // The lines that are on one side alone are what is told of.
        let told = sides.iter().any(|(said, others)| {
            let lines = said.iter().flat_map(|it| &it.lines);
            let mut lines =
                lines.filter(|it| !others.as_ref().is_some_and(|all| all.contains(&it.0)));
            lines.any(|it| seen.is_told(&Place::of(&it.1)))
        });
        if is_answered || told {
            continue;
        }
        let side = |said: Option<&Said<'_>>, others: &Option<Vec<String>>| {
            let lines = &said?.lines;
            let is_new =
                |it: &&(String, Placed<'_>)| others.as_ref().is_none_or(|all| !all.contains(&it.0));
            let mut own: Vec<_> = lines.iter().filter(is_new).collect();
            if own.is_empty() && others.as_ref().is_some_and(|it| it.len() == lines.len()) {
                // Only their order is another.
                own = lines.iter().collect();
            }
            let value: Vec<String> = own.iter().map(|it| text(table, &it.1)).collect();
            let because = own.iter().map(|it| Place::of(&it.1));
            (!own.is_empty()).then(|| Side::new(value.join(", "), because))
        };
        let sides = (side(one, &new), side(other, &old));
        let text = |it: &Option<Side>| it.as_ref().map(|it| it.value.clone());
        let opens = match kind {
            Kind::Permissions => {
                permissions::opens(text(&sides.0).as_deref(), text(&sides.1).as_deref())
            }
            // Each side has the lines that the other one has not.
            Kind::Access => sides.1.as_ref().is_some_and(lets_everybody_in),
            // Whoever comes may have everything fetched.
            _ if key.about == "ProxyRequests" => sides.1.as_ref().is_some_and(|it| has(it, "on")),
            _ if key.about == "SSLVerifyClient" => {
                let is_asked = |it: &Option<Side>| it.as_ref().is_some_and(|it| has(it, "require"));
                is_asked(&sides.0) && !is_asked(&sides.1)
            }
            _ => false,
        };
        let mut subject = key.sections.clone();
        subject.push(key.about.clone());
        let subject = subject.join(" ");
        found.compare((kind, name, &subject), sides.0, sides.1, opens);
    }
}

// Whether the last word of a side is this one.
fn has(side: &Side, word: &str) -> bool {
    let last = side.value.rsplit(' ').next();
    last.is_some_and(|it| it.eq_ignore_ascii_case(word))
}

// Whether one of the lines lets everybody in that it is asked about.
fn lets_everybody_in(side: &Side) -> bool {
    let lines = side.because.iter();
    let mut lines = lines.map(|it| it.text.to_ascii_lowercase());
    lines.any(|it| ["require all granted", "allow from all"].contains(&it.as_str()))
}

// Whether requests were asked that all these lines count for, so that nothing is left to be said.
fn answered(table: &Table, said: &Said<'_>, others: &Option<Vec<String>>, seen: &Seen) -> bool {
    match said.kind {
        Kind::Access => {
            let about = |it: &&Placed<'_>| About::of(it, table);
            let is_limit = |it: &&Placed<'_>| matches!(about(it), About::Limit { .. });
            let is_about = |it: &&Placed<'_>| !matches!(about(it), About::Other(_));
            let innermost = said.around.iter().rfind(is_about);
            let is_own =
                |it: &&(String, Placed<'_>)| others.as_ref().is_none_or(|all| !all.contains(&it.0));
            let mut own = said.lines.iter().filter(is_own);
            // Requests were asked by `GET` alone, and without headers that say more.
            !said.around.iter().any(|it| is_limit(&it))
                && innermost.is_some_and(|it| seen.met(it))
                && own.all(|it| !depends_on_more(&it.1))
        }
        Kind::Mapping => said.lines.iter().all(|(_, line)| {
            let name = line.line().name().into_owned();
            let words = words_of(line).len();
            match name.to_ascii_lowercase().as_str() {
                "alias" | "scriptalias" | "redirect" | "redirectpermanent" | "redirecttemp" => true,
                "proxypass" => words <= 2,
                "documentroot" => true,
                _ => false,
            }
        }),
        _ => false,
    }
}

// Whether a line about access looks at more than who the client is.
fn depends_on_more(line: &Placed<'_>) -> bool {
    let words = words_of(line);
    let mut words = words.iter().map(|it| it.to_ascii_lowercase());
    words.any(|it| it == "env" || it == "expr" || it == "method" || it.starts_with("env="))
}

fn said<'a>(httpd: &Httpd<'a>, scope: &Scope<'_>) -> Says<'a> {
    let mut says = Says::new();
    collect(httpd, scope.body(), &mut Vec::new(), &mut says);
    add_name(httpd, scope, &mut says);
    says
}

// What a server calls itself: of the main server the whole name, of virtual hosts what stands around
// it, where they use it. Their names are asked for with those of all hosts.
fn add_name<'a>(httpd: &Httpd<'a>, scope: &Scope<'_>, says: &mut Says<'a>) {
    let Some(line) = scope.body().named(httpd.config, SERVER_NAME).next_back() else {
        return;
    };
    let mut layers = Layers::new(httpd.config, httpd.table());
    layers.push(httpd.main().body(), None);
    layers.push(scope.body(), None);
    let name = ServerName::parse(&trace::value(&line));
    let around = [name.scheme, name.port].map(Option::unwrap_or_default);
    let around = around.join(" ").to_ascii_lowercase();
    let meaning = match layers.is_on("UseCanonicalName") {
        _ if !scope.is_virtual_host() => format!("{} {around}", name.host),
        Ok(true) => around,
        _ => String::new(),
    };
    let key = Key {
        sections: Vec::new(),
        about: "ServerName".to_owned(),
    };
    says.insert(
        key,
        Said {
            kind: Kind::Hosts,
            around: Vec::new(),
            lines: vec![(meaning, line)],
        },
    );
}

fn collect<'a>(httpd: &Httpd<'a>, body: &Body, around: &mut Vec<Placed<'a>>, says: &mut Says<'a>) {
    for entry in &body.entries {
        match entry {
            Entry::Directive(place) => {
                let line = httpd.config.placed(*place);
                add(httpd.table(), line, around, says);
            }
            Entry::Section(section) => {
                let line = httpd.config.placed(section.place);
                around.push(line);
                collect(httpd, &section.body, around, says);
                around.pop();
            }
        }
    }
}

fn add<'a>(table: &Table, line: Placed<'a>, around: &[Placed<'a>], says: &mut Says<'a>) {
    let name = line.line().name().into_owned();
    let definition = line.node.name.and_then(|it| table.definitions(it).next());
    let spelling = line
        .node
        .name
        .map_or(name.as_str(), |it| table.spelling(it));
    if ASKED_ELSEWHERE.contains(&spelling) {
        return;
    }
    let is_list = definition.is_none_or(|it| !it.has_one_value());
    let about = match definition {
        Some(it) if table.module(it.module).source == "mod_rewrite.c" => "rewriting".to_owned(),
        _ => spelling.to_owned(),
    };
    let key = Key {
        sections: around.iter().map(|it| section(table, it)).collect(),
        about,
    };
    let said = says.entry(key).or_insert_with(|| Said {
        kind: kind(table, definition, spelling),
        around: around.to_vec(),
        lines: Vec::new(),
    });
    if !is_list {
        said.lines.clear();
    }
    said.lines.push((meaning(table, &line), line));
}

fn kind(table: &Table, definition: Option<&Directive>, spelling: &str) -> Kind {
    let by_name = DIRECTIVES.iter().find(|it| it.0 == spelling);
    let source = definition.map(|it| &*table.module(it.module).source);
    let by_module = MODULES.iter().find(|it| Some(it.0) == source);
    by_name.or(by_module).map_or(Kind::Settings, |it| it.1)
}

/// A line with single blanks between its words, in the spelling that httpd lists. What is in quotes
/// is the same without them.
pub(super) fn text(table: &Table, line: &Placed<'_>) -> String {
    let name = match line.node.name {
        Some(name) => table.spelling(name).to_owned(),
        None => line.line().name().to_lowercase(),
    };
    let words = words_of(line);
    let is_switch = |it: &String| {
        ["on", "off"]
            .iter()
            .any(|word| it.eq_ignore_ascii_case(word))
    };
    let words = words.into_iter().map(|it| match is_switch(&it) {
        true => it.to_ascii_lowercase(),
        false => it,
    });
    let words: Vec<String> = words.collect();
    let text = format!("{name} {}", words.join(" "));
    match name.starts_with('<') {
        true => format!("{}>", text.trim_end_matches('>').trim_end()),
        false => text.trim_end().to_owned(),
    }
}

// What a line means: some words are the same in whatever case, and some lists in whatever order.
fn meaning(table: &Table, line: &Placed<'_>) -> String {
    let text = text(table, line);
    let (name, rest) = text.split_once(' ').unwrap_or((&text, ""));
    let mut words: Vec<String> = rest.split(' ').map(str::to_owned).collect();
    let is_set = ["Options", "AllowOverride"].contains(&name);
    for word in &mut words {
        if is_set
            || SPELLED_ANYHOW
                .iter()
                .any(|it| it.eq_ignore_ascii_case(word))
        {
            word.make_ascii_lowercase();
        }
    }
    if is_set {
        words.sort();
    }
    format!("{name} {}", words.join(" "))
}

// A section, by what it is about.
fn section(table: &Table, line: &Placed<'_>) -> String {
    let text = text(table, line);
    match About::of(line, table) {
        About::Directory(path) => format!("<Directory {}>", path.trim_end_matches('/')),
        _ => text,
    }
}
