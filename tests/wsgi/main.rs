//! What `show wsgi` says of a request is what a real server with mod_wsgi answers to it.
//!
//! `tests/wsgi/*.md` are servers that are started here; the shared cases were measured elsewhere.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

#[path = "../support"]
mod support {
    pub(crate) mod document;
    pub(crate) mod folder;
    pub(crate) mod random;
    pub(crate) mod request;
    pub(crate) mod running;
    pub(crate) mod server;
    pub(crate) mod workers;
}

mod asked;
mod random;
mod shared;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use asked::{Measured, Predicted};
use support::document::{Case, Document};
use support::request::{Place, Request};
use support::running::{Running, free_port};
use support::server::{MODULES, Server, may_start_as_root};
use support::{folder, workers};
use tempfile::TempDir;

/// How long the daemon processes take to start.
const SETTLING: Duration = Duration::from_millis(400);

/// How long what is logged may take to get to the file.
const LOGGING: Duration = Duration::from_secs(1);

/// A mod_wsgi 6 that `tests/setup` built.
const SIX: &str = "target/third-party/mod_wsgi-6.so";

#[test]
fn a_real_server_answers_what_is_predicted() {
    if !Server::find().is_some_and(|it| it.has_wsgi()) {
        eprintln!("skipped: mod_wsgi is not installed; `tests/setup` does it");
        return;
    }
    if !may_start_as_root() {
        eprintln!("skipped: only root starts a server that changes to another user");
        return;
    }
    let mut wrong = Vec::new();
    for document in Document::all(&documents()) {
        let (answers, mistakes) = ask_all(&document, None);
        if std::env::var_os("UPDATE").is_some() {
            document.update(&answers);
        }
        wrong.extend(document.outdated(&answers));
        wrong.extend(mistakes);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn version_six_answers_what_is_predicted() {
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join(SIX);
    if Server::find().is_none() || !module.exists() || !may_start_as_root() {
        eprintln!("skipped: mod_wsgi 6 is not built; `tests/setup` builds it where it can");
        return;
    }
    // The documents show the answers of the other one.
    let documents = Document::all(&documents());
    let wrong = documents.iter().flat_map(|it| ask_all(it, Some(&module)).1);
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// The answers to each case, and where the predictions differ from them.
fn ask_all(document: &Document, module: Option<&Path>) -> (Vec<String>, Vec<String>) {
    let asked = workers::map(&document.cases, |it| Site::new(it, module).answers());
    let (answers, mistakes): (Vec<String>, Vec<Vec<String>>) = asked.into_iter().unzip();
    (answers, mistakes.concat())
}

fn documents() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wsgi")
}

/// A case in a folder of its own.
struct Site<'c> {
    case: &'c Case,
    root: PathBuf,
    main: PathBuf,
    place: Place,
    module: Option<&'c Path>,
    _folder: TempDir,
}

impl<'c> Site<'c> {
    fn new(case: &'c Case, module: Option<&'c Path>) -> Self {
        let (held, root) = folder::temporary();
        fs::set_permissions(&root, PermissionsExt::from_mode(0o755)).unwrap();
        case.write(&root, Path::new(MODULES));
        let script = fs::read(documents().join("diagnostic.wsgi")).unwrap();
        for name in ["app/diag.wsgi", "www/index.html"] {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            if !path.exists() {
                fs::write(
                    path,
                    if name.ends_with("html") {
                        b"page\n"
                    } else {
                        &script[..]
                    },
                )
                .unwrap();
            }
        }
        fs::create_dir_all(root.join("run")).unwrap();
        let site = Self {
            case,
            main: root.join(&case.main),
            place: Place {
                root: root.clone(),
                ports: [free_port(), free_port()],
            },
            root,
            module,
            _folder: held,
        };
        site.put_ports();
        site.set_up();
        site
    }

    fn put_ports(&self) {
        let debian = format!("{MODULES}/mod_wsgi.so");
        self.place.rewrite(|text| {
            let placed = self.place.place(text);
            match self.module {
                Some(module) => placed.replace(&debian, &module.display().to_string()),
                None => placed,
            }
        });
    }

    fn set_up(&self) {
        for line in &self.case.setup {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["script", name] => {
                    let script = fs::read(documents().join("diagnostic.wsgi")).unwrap();
                    let path = self.root.join(name);
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, script).unwrap();
                }
                ["mode", mode, name] => {
                    let mode = u32::from_str_radix(mode, 8).unwrap();
                    let path = self.root.join(name);
                    fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
                }
                ["venv", name] => asked::make_virtual_environment(&self.root.join(name)),
                _ => panic!("`{line}` is no step"),
            }
        }
    }

    // The answer to each request, as the document shows it, and where it was not predicted.
    fn answers(&self) -> (String, Vec<String>) {
        let mut options = vec!["-DFOREGROUND".to_owned()];
        options.extend(self.case.arguments.clone());
        let running =
            Running::start_with(&self.root, &self.main, self.place.ports[0], &options, &[]);
        std::thread::sleep(SETTLING);
        let requests = self.case.request.as_deref().unwrap_or_default();
        let (mut shown, mut mistakes) = (String::new(), Vec::new());
        for line in requests.lines() {
            let (answer, mistake) = self.ask(&running, line);
            shown.push_str(&answer);
            shown.push('\n');
            mistakes.extend(mistake);
        }
        (shown, mistakes)
    }

    fn ask(&self, running: &Running, line: &str) -> (String, Option<String>) {
        let asked = Request::parse(&self.place.place(line), self.place.ports);
        let before = running.logged().len();
        let measured = Measured::read(&running.send(asked.port, &asked.text()));
        let version = self.module.map_or("4.9.4", |_| "6.1.1");
        let arguments = &self.case.arguments;
        let predicted = Predicted::ask(&self.root, &self.main, version, &asked, arguments, &[]);
        let logged = || {
            running
                .logged()
                .get(before..)
                .unwrap_or_default()
                .to_owned()
        };
        let begun = Instant::now();
        while !predicted.is_logged(&logged()) && begun.elapsed() < LOGGING {
            std::thread::sleep(Duration::from_millis(20));
        }
        let logged = logged();
        let (mut wrong, unknown) = predicted.compare(&measured);
        if !predicted.is_logged(&logged) {
            wrong.push(format!("{:?} is not logged", predicted.log));
        }
        let mistake = (!wrong.is_empty() || !unknown.is_empty()).then(|| {
            let name = &self.case.name;
            format!(
                "{name}\n{line}\nwrong: {wrong:?}\nunknown: {unknown:?}\n{predicted:?}\n{logged}"
            )
        });
        let said = predicted.log.filter(|it| logged.contains(it.as_str()));
        let shown = measured.shown(&said.unwrap_or_default());
        (self.place.unplace(&shown), mistake)
    }
}
