//! The examples of httpd's manual: the real httpd and the linter judge them in the same run.
//!
//! Each stands in the first place where httpd accepts it: in the server, in a directory, and so on.
//! What httpd refuses in a place, the linter refuses there too, with the same message.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod folder;
    pub(crate) mod linter;
    pub(crate) mod manual;
    pub(crate) mod refusal;
    pub(crate) mod server;
    pub(crate) mod workers;
}

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use httpd_lint::httpd::{Module, Table};
use support::manual::{self, Example};
use support::refusal::{Refusal, first_refusal};
use support::server::{MODULES, Server};
use support::{folder, linter, workers};
use tempfile::TempDir;

/// The sections that an example is tried in, one after the other; none for the server itself.
const PLACES: &[Option<(&str, &str)>] = &[
    None,
    Some(("<VirtualHost *:80>", "</VirtualHost>")),
    Some(("<Directory \"/var/www\">", "</Directory>")),
    Some(("<Location \"/place\">", "</Location>")),
    Some(("<Proxy \"balancer://place\">", "</Proxy>")),
];

/// How many examples stand in one configuration, each in a file of its own.
const TOGETHER: usize = 12;

/// What httpd says of things that the linter does not see: what a name resolves to, and what a
/// program prints.
const OUT_OF_SIGHT: &[&str] = &[
    "(Name or service not known error)",
    "Empty passwords are invalid for AuthLDAPBindPassword",
];

/// A refusal that depends on the workers that the lines above made.
const LEFT_FOR_LATER: &[&str] = &["ProxySet can not find "];

#[test]
fn the_examples_of_the_manual_are_judged_alike() {
    let Some(server) = Server::find() else { return };
    let Some(examples) = manual::examples() else {
        return;
    };
    let folder = Folder::new();
    let (accepted, stderr) = server.check(&folder.write(&[], None), &folder.path, &[], &[]);
    assert!(accepted, "the server without any example: {stderr}");
    let mut disagreements: Vec<String> = Vec::new();
    let mut left: Vec<&Example> = examples.iter().collect();
    for place in PLACES {
        let batches: Vec<&[&Example]> = left.chunks(TOGETHER).collect();
        let judged = workers::map(&batches, |it| Judged::of(it, *place, &server));
        left = judged.iter().flat_map(|it| it.refused.clone()).collect();
        disagreements.extend(judged.into_iter().flat_map(|it| it.disagreements));
    }
    eprintln!(
        "httpd accepts {} of {} examples",
        examples.len() - left.len(),
        examples.len()
    );
    assert!(disagreements.is_empty(), "\n{}", disagreements.join("\n"));
}

/// What became of some examples in one place.
#[derive(Default)]
struct Judged<'e> {
    refused: Vec<&'e Example>,
    disagreements: Vec<String>,
}

impl<'e> Judged<'e> {
    /// Takes the example that httpd refuses out of the others until the rest is accepted.
    fn of(examples: &[&'e Example], place: Option<(&str, &str)>, server: &Server) -> Self {
        let mut judged = Judged::default();
        let mut left = examples.to_vec();
        while !left.is_empty() {
            let folder = Folder::new();
            let main = folder.write(&left, place);
            let (accepted, stderr) = server.check(&main, &folder.path, &[], &[]);
            let theirs = Refusal::parse(&first_refusal(accepted, &stderr));
            let ours = linter::check(&main, &folder.path, &[]);
            let named = theirs
                .as_ref()
                .and_then(|it| number_of(it.file.as_deref()?));
            // What has no place is found by looking at each of them alone.
            if theirs.is_some() && named.is_none() && left.len() > 1 {
                for it in left {
                    let alone = Self::of(&[it], place, server);
                    judged.refused.extend(alone.refused);
                    judged.disagreements.extend(alone.disagreements);
                }
                break;
            }
            let number = named.unwrap_or_default();
            let is_open = theirs.as_ref().is_some_and(is_left_open);
            let found = linter::disagreement(theirs.as_ref(), &ours);
            if let Some(found) = found.filter(|_| !is_open) {
                let found = found.replace(&*folder.path.to_string_lossy(), "@DIR@");
                let names: Vec<&str> = left.iter().map(|it| &*it.name).collect();
                let place = place.map_or("the server", |it| it.0);
                let text = format!("{}, in {place}\n{found}", names.join(", "));
                judged.disagreements.push(text);
            }
            if theirs.is_none() {
                break;
            }
            judged.refused.push(left.remove(number));
        }
        judged
    }
}

fn is_left_open(refusal: &Refusal) -> bool {
    let mut open = OUT_OF_SIGHT.iter().chain(LEFT_FOR_LATER);
    open.any(|it| refusal.message.contains(it))
}

/// The number of the example whose file httpd names.
fn number_of(file: &str) -> Option<usize> {
    let (_, name) = file.rsplit_once("/example-")?;
    let digits = name.split(|it: char| !it.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// A server root with every module; gone with the value.
struct Folder {
    path: PathBuf,
    _guard: TempDir,
}

impl Folder {
    fn new() -> Self {
        let (guard, path) = folder::temporary();
        fs::create_dir(path.join("logs")).unwrap();
        symlink(MODULES, path.join("modules")).unwrap();
        Self {
            path,
            _guard: guard,
        }
    }

    /// Writes a server with the examples, each in a file of its own, and returns its main file.
    fn write(&self, examples: &[&Example], place: Option<(&str, &str)>) -> PathBuf {
        let mut text = "ServerName www.example.com\nErrorLog logs/error.log\n".to_owned();
        for (number, example) in examples.iter().enumerate() {
            let name = format!("example-{number}.conf");
            fs::write(self.path.join(&name), &example.text).unwrap();
            let include = format!("Include {name}\n");
            text += &place.map_or(include.clone(), |(opening, closing)| {
                format!("{opening}\n{include}{closing}\n")
            });
        }
        let main = self.path.join("httpd.conf");
        fs::write(&main, loads() + &text).unwrap();
        main
    }
}

/// The lines that load every module of httpd's that is there.
fn loads() -> String {
    let modules = Table::builtin().modules().map(|it| it.1);
    let is_there = |object: &str| !object.is_empty() && Path::new(MODULES).join(object).exists();
    let mut wanted: Vec<_> = modules
        .filter(|it| it.standard && (!it.mpm || it.source == "event.c"))
        .filter(|it| is_there(&it.object))
        .collect();
    // The file of a module that others need comes before theirs: `mod_proxy.so`, `mod_proxy_http.so`.
    wanted.sort_by(|one, two| one.object.cmp(&two.object));
    let line = |it: &Module| format!("LoadModule {} modules/{}\n", it.identifier, it.object);
    wanted.into_iter().map(line).collect()
}
