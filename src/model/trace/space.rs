//! The parts of the URLs of a server that something is said about.

use crate::evaluate::fnmatch;
use crate::httpd::NameId;
use crate::model::layers::{Layers, first_word};
use crate::model::request::{Httpd, Pass, Request};
use crate::model::scope::{About, Body, Scope};
use crate::model::wsgi;
use crate::world::Kind;

/// The directives that say where a part of the URLs leads to.
const MAPPING: [NameId; 4] = [
    NameId::of("Alias"),
    NameId::of("ScriptAlias"),
    NameId::of("ProxyPass"),
    NameId::of("WSGIScriptAlias"),
];

/// A plain request for each part of the URLs of each server: the root, what is mapped somewhere,
/// what a section is about. The main server is one of them where there are no virtual hosts.
pub fn requests<'a>(httpd: &Httpd<'a>) -> Vec<(&'a Scope<'a>, Request)> {
    let scopes = &httpd.scopes.all;
    let skipped = usize::from(scopes.len() > 1);
    let mut found = Vec::new();
    for scope in &scopes[skipped..] {
        let mut paths = vec!["/".to_owned()];
        let root = document_root(httpd, scope);
        for body in bodies(httpd, scope) {
            paths.extend(mapped(httpd, body));
            paths.extend(said_of(httpd, body, root.as_deref()));
        }
        paths.sort();
        paths.dedup();
        let requests = paths.into_iter();
        found.extend(requests.map(|it| (scope, wsgi::request(httpd, scope, it))));
    }
    found
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
    let paths = lines.iter().filter_map(first_word);
    paths.filter(|it| it.starts_with('/')).collect()
}

// The URLs of sections; those of directories where they lie below the documents.
fn said_of(httpd: &Httpd<'_>, body: &Body, root: Option<&str>) -> Vec<String> {
    let path = |about: &About| match about {
        About::Location(path) if !fnmatch::is_pattern(path) => Some(path.clone()),
        About::Directory(path) if !fnmatch::is_pattern(path) => {
            let below = path.strip_prefix(root?)?;
            let slash = match httpd.kind(path) {
                Ok(Kind::File) => "",
                _ => "/",
            };
            below.starts_with('/').then(|| format!("{below}{slash}"))
        }
        _ => None,
    };
    let sections = body.sections().filter_map(|it| path(&it.about));
    sections.filter(|it| it.starts_with('/')).collect()
}

/// The sections and `.htaccess` files about a file of the server, whatever its URL is.
pub fn about_file<'a>(httpd: &'a Httpd<'a>, request: &'a Request, path: &str) -> Pass<'a> {
    let mut pass = Pass::at_server(httpd, request, httpd.main());
    pass.look_at_file(path);
    pass
}
