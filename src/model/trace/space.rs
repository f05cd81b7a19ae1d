//! The parts of the URLs of a server that something is said about.

use super::sample::sample;
use crate::evaluate::fnmatch;
use crate::httpd::NameId;
use crate::model::layers::{Layers, words_of};
use crate::model::request::{Httpd, Pass, Request};
use crate::model::scope::{About, Body, Scope};
use crate::model::wsgi;
use crate::world::Kind;

/// The directives that say where a part of the URLs leads to.
const MAPPING: [NameId; 6] = [
    NameId::of("Alias"),
    NameId::of("ScriptAlias"),
    NameId::of("ProxyPass"),
    NameId::of("WSGIScriptAlias"),
    NameId::of("Redirect"),
    NameId::of("RedirectPermanent"),
];

/// Those that say it by a regular expression.
const BY_PATTERN: [NameId; 6] = [
    NameId::of("AliasMatch"),
    NameId::of("ScriptAliasMatch"),
    NameId::of("ProxyPassMatch"),
    NameId::of("WSGIScriptAliasMatch"),
    NameId::of("RedirectMatch"),
    NameId::of("RewriteRule"),
];

/// A plain request for each part of the URLs of each server: the root, what is mapped somewhere,
/// what a section is about. The main server is one of them where there are no virtual hosts.
pub fn requests<'a>(httpd: &Httpd<'a>) -> Vec<(&'a Scope<'a>, Request)> {
    let scopes = &httpd.scopes.all;
    let skipped = usize::from(scopes.len() > 1);
    let mut found = Vec::new();
    for scope in &scopes[skipped..] {
        let requests = requests_of(httpd, scope, &[]).into_iter();
        found.extend(requests.map(|it| (scope, it)));
    }
    found
}

/// Those of one server, and those of some directories as if sections were about them.
pub fn requests_of<'a>(
    httpd: &Httpd<'a>,
    scope: &'a Scope<'a>,
    directories: &[&str],
) -> Vec<Request> {
    let mut paths = vec!["/".to_owned()];
    let root = document_root(httpd, scope);
    let mut folders: Vec<(String, String)> =
        root.into_iter().map(|it| (it, String::new())).collect();
    let bodies = bodies(httpd, scope);
    for body in &bodies {
        paths.extend(mapped(httpd, body));
        folders.extend(aliased(httpd, body));
    }
    for body in bodies {
        paths.extend(said_of(httpd, body, &folders));
    }
    for directory in directories {
        let about = About::Directory((*directory).to_owned());
        paths.extend(urls(httpd, &about, &folders));
    }
    paths.sort();
    paths.dedup();
    let requests = paths.into_iter();
    requests.map(|it| wsgi::request(httpd, scope, it)).collect()
}

fn bodies<'a>(httpd: &Httpd<'a>, scope: &'a Scope<'a>) -> Vec<&'a Body> {
    let mut bodies = vec![httpd.main().body()];
    if scope.is_virtual_host() {
        bodies.push(scope.body());
    }
    bodies
}

fn document_root<'a>(httpd: &Httpd<'a>, scope: &'a Scope<'a>) -> Option<String> {
    let mut layers = Layers::new(httpd.config, httpd.table());
    for body in bodies(httpd, scope) {
        layers.push(body, None);
    }
    let root = layers.word("DocumentRoot").ok()??;
    Some(httpd.resolve(&root).trim_end_matches('/').to_owned())
}

fn mapped(httpd: &Httpd<'_>, body: &Body) -> Vec<String> {
    let lines = body.named_any(httpd.config, &MAPPING);
    // What stands behind the URL is a path of the server, or another URL.
    let plain = lines.iter().filter_map(|it| {
        let mut words = words_of(it).into_iter();
        words.find(|it| it.starts_with('/'))
    });
    let lines = body.named_any(httpd.config, &BY_PATTERN);
    let patterns = lines.iter().filter_map(|it| {
        let words = words_of(it).into_iter();
        words.take(2).find_map(|it| sample(&it))
    });
    plain.chain(patterns).collect()
}

// The folders that lie elsewhere than their URLs say.
fn aliased(httpd: &Httpd<'_>, body: &Body) -> Vec<(String, String)> {
    let lines = body.named_any(httpd.config, &MAPPING[..2]);
    let pairs = lines.iter().filter_map(|it| {
        let [url, folder] = <[String; 2]>::try_from(words_of(it)).ok()?;
        let folder = httpd.resolve(&folder);
        Some((
            folder.trim_end_matches('/').to_owned(),
            url.trim_end_matches('/').to_owned(),
        ))
    });
    pairs.collect()
}

// The URLs of sections; those of directories where URLs lead there.
fn said_of(httpd: &Httpd<'_>, body: &Body, folders: &[(String, String)]) -> Vec<String> {
    let sections = body.sections();
    let said = sections.flat_map(|it| {
        let around = urls(httpd, &it.about, folders);
        let files = it.body.sections().filter_map(|it| named(&it.about));
        let files: Vec<&str> = files.collect();
        let inside = around.iter().flat_map(|url| {
            files
                .iter()
                .map(move |name| format!("{}/{name}", url.trim_end_matches('/')))
        });
        let inside: Vec<String> = inside.collect();
        around.into_iter().chain(inside)
    });
    said.filter(|it| it.starts_with('/')).collect()
}

// The name of a file that a section is about.
fn named(about: &About) -> Option<&str> {
    match about {
        About::Files(name) if !fnmatch::is_pattern(name) => Some(name),
        _ => None,
    }
}

fn urls(httpd: &Httpd<'_>, about: &About, folders: &[(String, String)]) -> Vec<String> {
    match about {
        About::Location(path) if !fnmatch::is_pattern(path) => vec![path.clone()],
        About::LocationMatch(pattern) => sample(pattern).into_iter().collect(),
        About::Directory(path) if !fnmatch::is_pattern(path) => {
            let slash = match httpd.kind(path) {
                Ok(Kind::File) => "",
                _ => "/",
            };
            let urls = folders.iter().filter_map(|(folder, url)| {
                let below = path.strip_prefix(folder)?;
                let is_below = below.is_empty() || below.starts_with('/');
                is_below.then(|| format!("{url}{below}{slash}"))
            });
            urls.collect()
        }
        about => named(about)
            .map(|it| format!("/{it}"))
            .into_iter()
            .collect(),
    }
}

/// The sections and `.htaccess` files about a file of the server, whatever its URL is.
pub fn about_file<'a>(httpd: &'a Httpd<'a>, request: &'a Request, path: &str) -> Pass<'a> {
    let mut pass = Pass::at_server(httpd, request, httpd.main());
    pass.look_at_file(path);
    pass
}
