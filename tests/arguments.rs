//! Argument texts, as documents: `tests/arguments/*.conf`.
//!
//! Every line of a document is a directive. A line without carets below it is accepted; under a
//! refused one stand the messages, each at its place, the one that httpd prints first. The same
//! lines go through the real `apache2 -t`, one run for each, where there is one.
//!
//! `#!` lines say what surrounds the lines below them:
//!
//! ```text
//! #! inside: <Directory "/tmp">        the section around each line; nothing for none
//! #! before: WSGIDaemonProcess shop    a line before each line; nothing for none
//! #! mod_wsgi: 6.1.1                   the module to load instead of the distribution's 4.9.4
//! ```
//!
//! `UPDATE=1 cargo test --test arguments` writes the messages into the documents.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test reads documents, starts httpd and says what it skips"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use httpd_lint::argument::section::Section;
use httpd_lint::argument::wsgi::daemon_process::DaemonProcess;
use httpd_lint::argument::{self, Lookup, Manner, Reach, Refusal, Surroundings, Version};
use httpd_lint::syntax::words;
use httpd_lint::world::{Kind, MemoryWorld, World};

const HTTPD: &str = "/usr/sbin/apache2";
const MODULES: &str = "/usr/lib/apache2/modules";

/// Names the mod_wsgi to load for documents about another version than the distribution's.
const OTHER_MOD_WSGI: &str = "HTTPD_LINT_MOD_WSGI";

/// What surrounds a line.
#[derive(Debug, Clone, Default)]
struct Setting {
    inside: Option<String>,
    before: Option<String>,
    mod_wsgi: Option<Version>,
}

/// One directive line of a document.
#[derive(Debug, Clone)]
struct Case {
    number: usize,
    line: String,
    setting: Setting,
}

impl Case {
    /// The directive's name and where its argument text begins.
    fn split(&self) -> (&str, usize) {
        let end = self
            .line
            .find(|it| words::is_blank(it) || it == '>')
            .unwrap_or(self.line.len());
        let rest = self.line[end..].trim_start_matches(words::is_blank);
        (&self.line[..end], self.line.len() - rest.len())
    }

    fn refusals(&self, server: &Server) -> Vec<Refusal> {
        let (name, start) = self.split();
        // httpd closes a section's line that ends with the name.
        let text = match &self.line[start..] {
            "" if name.starts_with('<') => ">",
            text => text,
        };
        let here = Here {
            server,
            setting: &self.setting,
        };
        let mut refusals = argument::refusals(name, text, &here);
        if name.starts_with('<') {
            refusals.extend(Section::parse(text).refusal_after_body(name));
        }
        refusals
    }

    /// The lines below the directive: carets and message for each refusal.
    fn annotations(&self, server: &Server) -> String {
        let start = self.split().1;
        let mut lines = String::new();
        for refusal in self.refusals(server) {
            let before = &self.line[..start + refusal.range.start];
            let column = before.chars().count();
            let text = self.line[start..].get(refusal.range.clone());
            let width = text.map_or(0, |it| it.chars().count()).max(1);
            let message = server.generic(&shown(&refusal));
            let _ = writeln!(lines, "{:column$}{:^>width$} {message}", "", "");
        }
        lines
    }
}

/// A refusal as httpd prints it, without the program's name.
fn shown(refusal: &Refusal) -> String {
    let message = escaped(&refusal.message);
    match refusal.manner {
        Manner::Returned => message,
        Manner::Exit { number } => format!("{number}: {message}"),
    }
}

/// As httpd's error log escapes it.
fn escaped(message: &str) -> String {
    let mut text = String::new();
    for byte in message.bytes() {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            0x20..=0x7e => text.push(char::from(byte)),
            _ => {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
    }
    text
}

/// The server of the documents, in a directory of its own.
struct Server {
    root: tempfile::TempDir,
    world: MemoryWorld,
    mutex_mechanisms: Vec<String>,
    mutex_types: Vec<String>,
    accept_mutex_mechanisms: Vec<String>,
}

impl Server {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("locks")).unwrap();
        fs::write(root.path().join("file"), "text\n").unwrap();
        let path = root.path().to_str().unwrap();
        let mut world = MemoryWorld::new().with(&format!("{path}/file"), "text\n");
        world.add_directory(&format!("{path}/locks"));
        world.add_directory("/tmp");
        world.put(&format!("{MODULES}/mod_env.so"), "");
        let owned = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
        Self {
            world,
            mutex_mechanisms: owned(&[
                "none", "default", "flock", "fcntl", "file", "pthread", "sysvsem", "posixsem",
                "sem",
            ]),
            mutex_types: owned(&["default", "mpm-accept", "watchdog-callback", "rewrite-map"]),
            accept_mutex_mechanisms: owned(&[
                "default", "flock", "fcntl", "sysvsem", "posixsem", "pthread",
            ]),
            root,
        }
    }

    fn path(&self) -> &str {
        self.root.path().to_str().unwrap()
    }

    /// A text of this server with the name of its directory taken out, and put in.
    fn generic(&self, text: &str) -> String {
        text.replace(self.path(), "ROOT")
    }

    fn configuration(&self, case: &Case, mod_wsgi: &Path) -> String {
        let mut text = format!("ServerRoot \"{}\"\n", self.path());
        for module in ["mpm_prefork", "authz_core", "alias", "rewrite"] {
            let _ = writeln!(text, "LoadModule {module}_module {MODULES}/mod_{module}.so");
        }
        let _ = writeln!(text, "LoadModule wsgi_module {}", mod_wsgi.display());
        text += "DefaultRuntimeDir .\nErrorLog error.log\nServerName localhost\n";
        text += "DocumentRoot .\nUser www-data\nGroup www-data\n";
        let setting = &case.setting;
        for line in setting.inside.iter().chain(&setting.before) {
            let _ = writeln!(text, "{line}");
        }
        let _ = writeln!(text, "{}", case.line);
        for opening in [Some(&case.line), setting.inside.as_ref()]
            .into_iter()
            .flatten()
        {
            if opening.starts_with('<') {
                let end = opening
                    .find(|it| words::is_blank(it) || it == '>')
                    .unwrap_or(opening.len());
                let _ = writeln!(text, "</{}>", &opening[1..end]);
            }
        }
        text
    }

    /// What the real httpd says of a case, nothing where it accepts it.
    fn ask(&self, case: &Case, mod_wsgi: &Path) -> Option<String> {
        let file = self.root.path().join("httpd.conf");
        fs::write(&file, self.configuration(case, mod_wsgi)).unwrap();
        let output = Command::new(HTTPD)
            .arg("-t")
            .arg("-f")
            .arg(&file)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .output()
            .unwrap();
        if output.status.success() {
            return None;
        }
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        Some(self.generic(&message(&text)))
    }
}

/// httpd's message without its place and program.
fn message(output: &str) -> String {
    let mut lines = output.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("AH00526: ") {
            return lines.next().unwrap_or_default().to_owned();
        }
        if let Some(place) = line.strip_prefix("apache2: Syntax error on line ") {
            return place.split_once(": ").unwrap_or_default().1.to_owned();
        }
        if line.starts_with("AH00543: ") || line.starts_with("AH00544: ") {
            return line.replacen("apache2: ", "", 1);
        }
    }
    output.to_owned()
}

/// A place in the configuration of a [`Server`].
struct Here<'a> {
    server: &'a Server,
    setting: &'a Setting,
}

impl Here<'_> {
    fn declared(&self) -> Option<String> {
        let line = self.setting.before.as_ref()?;
        let text = line.strip_prefix("WSGIDaemonProcess ")?;
        Some(DaemonProcess::parse(text).name.value)
    }
}

impl Surroundings for Here<'_> {
    fn kind(&self, path: &str) -> Kind {
        self.resolve(path)
            .map_or(Kind::Unknown, |it| self.server.world.kind(&it))
    }

    fn resolve(&self, path: &str) -> Option<String> {
        let mut whole: Vec<&str> = Vec::new();
        let root = if path.starts_with('/') {
            ""
        } else {
            self.server.path()
        };
        for part in root.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." => drop(whole.pop()),
                _ => whole.push(part),
            }
        }
        Some(format!("/{}", whole.join("/")))
    }

    fn user(&self, name: &str) -> Lookup<u32> {
        match name {
            "root" => Lookup::Found(0),
            "www-data" => Lookup::Found(33),
            _ => Lookup::Missing,
        }
    }

    fn group(&self, name: &str) -> Lookup<u32> {
        self.user(name)
    }

    fn has_user_id(&self, id: u32) -> Option<bool> {
        Some(matches!(id, 0 | 33))
    }

    fn has_group_id(&self, id: u32) -> Option<bool> {
        self.has_user_id(id)
    }

    fn started_as_root(&self) -> Option<bool> {
        Some(true)
    }

    fn is_loaded(&self, name: &str) -> Option<bool> {
        Some(name == "alias_module")
    }

    fn is_built_in(&self, name: &str) -> Option<bool> {
        Some(name == "so_module")
    }

    fn has_module(&self, name: &str) -> Option<bool> {
        Some(matches!(
            name,
            "core_module" | "core.c" | "rewrite_module" | "mod_rewrite.c" | "so_module"
        ))
    }

    fn mutex_mechanisms(&self) -> Option<&[String]> {
        Some(&self.server.mutex_mechanisms)
    }

    fn mutex_types(&self) -> Option<&[String]> {
        Some(&self.server.mutex_types)
    }

    fn accept_mutex_mechanisms(&self) -> Option<&[String]> {
        Some(&self.server.accept_mutex_mechanisms)
    }

    fn mod_wsgi_version(&self) -> Option<Version> {
        self.setting.mod_wsgi.or(Some((4, 9, 4)))
    }

    fn daemon_is_declared(&self, name: &str) -> Option<bool> {
        Some(self.declared().is_some_and(|it| it == name))
    }

    fn daemon_reach(&self, name: &str) -> Reach {
        if self.declared().is_some_and(|it| it == name) {
            Reach::Accessible
        } else {
            Reach::Undeclared
        }
    }
}

fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/arguments");
    let mut documents: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "conf"))
        .collect();
    documents.sort();
    documents
}

/// A line of a document.
enum Line {
    Text,
    Annotation,
    Case(Case),
}

fn read(text: &str) -> Vec<(&str, Line)> {
    let mut setting = Setting::default();
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let kind = if let Some(words) = line.strip_prefix("#! ") {
            change(&mut setting, words);
            Line::Text
        } else if line.is_empty() || line.starts_with('#') {
            Line::Text
        } else if line.trim_start().starts_with('^') {
            Line::Annotation
        } else {
            Line::Case(Case {
                number: index + 1,
                line: line.to_owned(),
                setting: setting.clone(),
            })
        };
        lines.push((line, kind));
    }
    lines
}

fn change(setting: &mut Setting, words: &str) {
    let (key, value) = words.split_once(':').unwrap();
    let value = Some(value.trim().to_owned()).filter(|it| !it.is_empty());
    match key {
        "inside" => setting.inside = value,
        "before" => setting.before = value,
        "mod_wsgi" => {
            let numbers = value.unwrap();
            let mut numbers = numbers.split('.').map(|it| it.parse().unwrap());
            let mut next = || numbers.next().unwrap();
            setting.mod_wsgi = Some((next(), next(), next()));
        }
        _ => panic!("unknown setting {key}"),
    }
}

#[test]
fn documents_say_what_is_refused() {
    let server = Server::new();
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        let mut written = String::new();
        for (line, kind) in read(&text) {
            match kind {
                Line::Annotation => {}
                Line::Text => {
                    let _ = writeln!(written, "{line}");
                }
                Line::Case(case) => {
                    let _ = write!(written, "{line}\n{}", case.annotations(&server));
                }
            }
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&document, &written).unwrap();
        } else {
            compare(&document, &text, &written);
        }
    }
}

fn compare(document: &Path, expected: &str, actual: &str) {
    for (number, (expected, actual)) in expected.lines().zip(actual.lines()).enumerate() {
        assert_eq!(expected, actual, "{}:{}", document.display(), number + 1);
    }
    assert_eq!(expected, actual, "{}", document.display());
}

#[test]
fn the_real_httpd_agrees() {
    if !Path::new(HTTPD).exists() {
        eprintln!("skipped: there is no {HTTPD}");
        return;
    }
    let agreements: Vec<Agreement> = std::thread::scope(|scope| {
        let documents: Vec<_> = documents()
            .into_iter()
            .map(|it| scope.spawn(move || agreement(&it)))
            .collect();
        documents.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let asked: usize = agreements.iter().map(|it| it.asked).sum();
    let skipped: usize = agreements.iter().map(|it| it.skipped).sum();
    let disagreements: String = agreements.into_iter().map(|it| it.disagreements).collect();
    eprintln!("httpd was asked about {asked} lines");
    if skipped > 0 {
        eprintln!("skipped: {skipped} lines about another mod_wsgi; {OTHER_MOD_WSGI} names it");
    }
    assert!(disagreements.is_empty(), "\n{disagreements}");
}

/// How far httpd agrees with a document.
#[derive(Default)]
struct Agreement {
    asked: usize,
    skipped: usize,
    disagreements: String,
}

fn agreement(document: &Path) -> Agreement {
    let server = Server::new();
    let distributed = Path::new(MODULES).join("mod_wsgi.so");
    let other = std::env::var_os(OTHER_MOD_WSGI).map(PathBuf::from);
    let text = fs::read_to_string(document).unwrap();
    let mut agreement = Agreement::default();
    for (_, kind) in read(&text) {
        let Line::Case(case) = kind else { continue };
        let module = match (case.setting.mod_wsgi, &other) {
            (None, _) => &distributed,
            (Some(_), Some(other)) => other,
            (Some(_), None) => {
                agreement.skipped += 1;
                continue;
            }
        };
        agreement.asked += 1;
        let ours = case.refusals(&server);
        let ours = ours.first().map(|it| server.generic(&shown(it)));
        let theirs = server.ask(&case, module);
        if ours != theirs {
            let _ = writeln!(
                agreement.disagreements,
                "{}:{}: {}\n  ours  {ours:?}\n  httpd {theirs:?}",
                document.display(),
                case.number,
                case.line
            );
        }
    }
    agreement
}
