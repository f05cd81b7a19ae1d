//! What rules' documents claim of requests is what the real httpd answers.
//!
//! A case with an `answers` block is a small server: its first `conf` block is the main file, its
//! `file` blocks below `/etc/httpd` are its files. It is started on this machine, on a port of its
//! own in the place of 80, and asked. `UPDATE=1 cargo test --test answers` writes down what it says
//! now: read the difference before committing it.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod fixture;
    pub(crate) mod folder;
    pub(crate) mod running;
    pub(crate) mod server;
    pub(crate) mod workers;
}

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use support::fixture::{Block, Case, Fixture};
use support::running::{Running, free_port};
use support::server::{MODULES, Server};
use support::{folder, workers};

/// Where the server of a document lies.
const ROOT: &str = "/etc/httpd";

/// What a document need not load.
const LOADED: &[&str] = &[
    "mpm_event",
    "authn_core",
    "authn_file",
    "authz_core",
    "authz_host",
    "authz_user",
    "auth_basic",
    "access_compat",
    "alias",
    "dir",
    "mime",
    "env",
    "setenvif",
    "headers",
    "expires",
    "filter",
    "rewrite",
    "proxy",
    "proxy_http",
    "slotmem_shm",
    "proxy_balancer",
    "lbmethod_byrequests",
    "remoteip",
    "status",
    "autoindex",
];

#[test]
fn the_real_server_answers_as_the_documents_say() {
    if Server::find().is_none() {
        return;
    }
    let fixtures = Fixture::all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules"));
    let cases = fixtures.iter().flat_map(|it| &it.cases);
    let asked: Vec<&Case> = cases.filter(|it| answers(it).is_some()).collect();
    let given = workers::map(&asked, |case| given(case));
    let mut given = given.into_iter();
    let mut wrong = Vec::new();
    for fixture in &fixtures {
        let mut texts = Vec::new();
        for case in &fixture.cases {
            let given = answers(case).and_then(|_| given.next());
            for block in &case.blocks {
                let text = match (&*block.kind, &given) {
                    ("answers", Some(given)) => given.clone(),
                    _ => block.text.clone(),
                };
                if text != block.text {
                    let (id, sentence, shown) = (&fixture.rule, &case.sentence, &block.text);
                    wrong.push(format!(
                        "{id}: {sentence}\n--- shown\n{shown}--- answered\n{text}"
                    ));
                }
                texts.push(text);
            }
        }
        if updating() {
            fixture.update(&texts);
        }
    }
    assert!(updating() || wrong.is_empty(), "{}", wrong.join("\n"));
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}

fn answers(case: &Case) -> Option<&Block> {
    case.blocks.iter().find(|it| it.kind == "answers")
}

/// The block with what the server of a case really answers.
fn given(case: &Case) -> String {
    let (_folder, root) = folder::temporary();
    let name = root.to_str().expect("a temporary folder has a plain name");
    fs::set_permissions(&root, Permissions::from_mode(0o755)).unwrap();
    symlink(MODULES, root.join("modules")).unwrap();
    fs::create_dir(root.join("logs")).unwrap();
    let port = free_port();
    let here = |text: &str| {
        let text = text.replace(ROOT, name);
        let text = text.replace("Listen 80\n", &format!("Listen 127.0.0.1:{port}\n"));
        text.replace(":80>", &format!(":{port}>"))
            .replace(":80/", &format!(":{port}/"))
    };
    let mut main = None;
    for block in &case.blocks {
        let path = match &*block.kind {
            "conf" => root.join(&block.name),
            "file" => match block.name.strip_prefix(ROOT) {
                Some(path) => root.join(path.trim_start_matches('/')),
                None => continue,
            },
            _ => continue,
        };
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = match &*block.kind {
            "conf" if main.is_none() => {
                main = Some(path.clone());
                preamble(&block.file(), port) + &here(&block.file())
            }
            "conf" => here(&block.file()),
            _ => here(&block.text),
        };
        fs::write(path, text).unwrap();
    }
    let main = main.expect("a case has a `conf` block");
    let options = ["-X".to_owned()];
    let running = Running::start_with(&root, &main, port, &options, &[]);
    let asked = answers(case).expect("the case has answers");
    let lines = asked.text.lines().map(|line| {
        let request = line.split(" → ").next().unwrap_or_default();
        let sent = request.replace(ROOT, name);
        format!("{request} → {}\n", answer(&running, port, &sent))
    });
    let given: String = lines.collect();
    given
        .replace(name, ROOT)
        .replace(&format!(":{port}"), ":80")
}

fn preamble(text: &str, port: u16) -> String {
    let mut lines =
        "ServerName www.example.com\nErrorLog error.log\nPidFile pid\nTypesConfig /dev/null\n"
            .to_owned();
    if !text.contains("Listen 80\n") {
        lines += &format!("Listen 127.0.0.1:{port}\n");
    }
    for module in LOADED {
        let load = format!("LoadModule {module}_module ");
        let is_other_mpm = module.starts_with("mpm_") && text.contains("LoadModule mpm_");
        if !is_other_mpm && !text.contains(&load) {
            lines += &format!("{load}modules/mod_{module}.so\n");
        }
    }
    lines
}

/// The answer to `METHOD URL [with HEADER: VALUE] [for HEADER]`: its status, and where it leads, or
/// the header that is asked for, or the first line of its text.
fn answer(running: &Running, port: u16, request: &str) -> String {
    let (request, wanted) = match request.split_once(" for ") {
        Some((request, wanted)) => (request, Some(wanted)),
        None => (request, None),
    };
    let (request, header) = match request.split_once(" with ") {
        Some((request, header)) => (request, format!("{header}\r\n")),
        None => (request, String::new()),
    };
    let (method, url) = request.split_once(' ').expect("a method and a URL");
    let (host, path) = match url.strip_prefix("http://") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("www.example.com", url),
    };
    let text =
        format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{header}Connection: close\r\n\r\n");
    let answer = running.send(port, &text);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).unwrap_or("nothing");
    let value = |name: &str| {
        let mut lines = head.lines().filter_map(|it| it.split_once(": "));
        let found = lines.find(|it| it.0.eq_ignore_ascii_case(name));
        found.map(|it| it.1.to_owned())
    };
    let detail = match (wanted, value("Location")) {
        (Some(wanted), _) => Some(match value(wanted) {
            Some(value) => format!("{wanted}: {value}"),
            None => format!("no {wanted}"),
        }),
        (None, Some(location)) => Some(location),
        (None, None) if status == "200" => body
            .lines()
            .find(|it| !it.trim().is_empty())
            .map(|it| format!("\"{it}\"")),
        (None, None) => None,
    };
    match detail {
        Some(detail) => format!("{status} {detail}"),
        None => status.to_owned(),
    }
}
