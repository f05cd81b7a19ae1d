//! What the linter says of `.htaccess` files is what the real httpd answers and logs.
//!
//! Every document below `tests/htaccess` is one server; each of its cases is a folder of the
//! documents that the server serves, with lines of its configuration and `.htaccess` files. One
//! test starts the servers and asks for a page beside the last `.htaccess` file of each case, or for
//! the page of its `request`; the other asks the linter about the same file. `UPDATE=1 cargo test
//! --test htaccess` writes down what the servers say now.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

#[path = "support"]
mod support {
    pub(crate) mod document;
    pub(crate) mod folder;
    pub(crate) mod linter;
    pub(crate) mod measured;
    pub(crate) mod random;
    pub(crate) mod refusal;
    pub(crate) mod running;
    pub(crate) mod server;
    pub(crate) mod workers;
}

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::document::{Case, Document, Entry, placed};
use support::linter::Answer;
use support::measured::{self, Fixtures};
use support::random::Random;
use support::running::Running;
use support::server::{MODULES, Server};
use support::{folder, linter, workers};
use tempfile::TempDir;

/// Measured lines that the linter does not foretell yet, with the reason. The list is exact.
const LEFT_FOR_LATER: &[(u64, &str)] = &[];

/// How many mixtures of the cases are judged.
const MIXTURES: u64 = 150;

/// Where their sequence begins.
const SEED: u64 = 1;

#[test]
fn every_case_shows_what_the_real_server_answers() {
    let Some(_) = Server::find() else { return };
    let mut outdated = Vec::new();
    for document in documents() {
        let site = Site::new(&document.cases);
        let server = Running::start(&site.root, &site.main);
        let cases = document.cases.iter().enumerate();
        let answers: Vec<String> = cases.map(|(at, it)| site.ask(&server, at, it)).collect();
        drop(server);
        if updating() {
            document.update(&answers);
        } else {
            outdated.extend(document.outdated(&answers));
        }
    }
    assert!(outdated.is_empty(), "{}", outdated.join("\n"));
}

#[test]
fn every_case_is_foretold() {
    // The linter looks whether the files of the modules are there.
    let Some(_) = Server::find() else { return };
    for document in documents().iter().filter(|_| !updating()) {
        let site = Site::new(&document.cases);
        let cases: Vec<_> = document.cases.iter().enumerate().collect();
        let wrong = workers::map(&cases, |(at, case)| site.mistake(*at, case));
        let wrong: Vec<String> = wrong.into_iter().flatten().collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn mixtures_of_the_cases_are_judged_alike() {
    let Some(_) = Server::find() else { return };
    let cases: Vec<Case> = documents().into_iter().flat_map(|it| it.cases).collect();
    let mut mixtures: Vec<Case> = (0..MIXTURES).filter_map(|it| mixture(&cases, it)).collect();
    let site = Site::new(&mixtures);
    let server = Running::start(&site.root, &site.main);
    for (at, case) in mixtures.iter_mut().enumerate() {
        case.expected = site.ask(&server, at, case);
    }
    drop(server);
    let cases: Vec<_> = mixtures.iter().enumerate().collect();
    let wrong = workers::map(&cases, |(at, case)| site.mistake(*at, case));
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The server of one case with the `.htaccess` texts of some others; not always there is one.
fn mixture(cases: &[Case], number: u64) -> Option<Case> {
    let mut random = Random::of(SEED, number);
    let mut mixture = random.pick(cases).clone();
    let mut text = Vec::new();
    let mut names = vec![mixture.name.clone()];
    for _ in 0..=random.below(3) {
        let other = random.pick(cases);
        names.push(other.name.clone());
        text.extend(other.entries.iter().filter_map(access_file).next_back()?.1);
    }
    mixture.name = names.join(" + ");
    // Names of hosts are given once; and a macro outlives the request that defined it.
    let is_possible = mixture.request.is_none() && memchr::memmem::find(&text, b"Macro").is_none();
    let at = mixture
        .entries
        .iter()
        .rposition(|it| access_file(it).is_some());
    mixture.entries.get_mut(at?)?.1 = Entry::File(text);
    is_possible.then_some(mixture)
}

/// The name and the text of what stands in a case's folder, if it is no part of the server's
/// configuration.
fn access_file((name, entry): &(String, Entry)) -> Option<(&str, &[u8])> {
    match entry {
        Entry::File(text) if !name.ends_with(".conf") => Some((name, text)),
        _ => None,
    }
}

#[test]
fn the_measured_lines_are_foretold() {
    let Some((fixtures, cases)) = Fixtures::find("htaccess.jsonl") else {
        return;
    };
    let mistakes = workers::map(&cases, |it| mistake(&fixtures, it));
    let mut wrong = String::new();
    for (case, mistake) in cases.iter().zip(mistakes) {
        let (id, directive) = (case.id, &case.directive);
        match (mistake, LEFT_FOR_LATER.iter().any(|it| it.0 == id)) {
            (Some(mistake), false) => wrong += &format!("{id} {directive}: {mistake}\n"),
            (None, true) => wrong += &format!("{id} {directive} is foretold now\n"),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Why the linter is wrong about a measured line.
fn mistake(fixtures: &Fixtures, case: &measured::Case) -> Option<String> {
    let directory = fixtures.root().join(case.id.to_string());
    fs::create_dir(&directory).unwrap();
    let file = directory.join(".htaccess");
    fs::write(&file, fixtures.specific(&case.text)).unwrap();
    let main = directory.join("main.conf");
    let (prelude, allowed) = (fixtures.prelude(case)?, &case.allow_override);
    let directory = directory.display();
    let section = format!("<Directory {directory}>\nAllowOverride {allowed}\n</Directory>\n");
    fs::write(&main, format!("{prelude}\n{section}")).unwrap();
    match judge(&main, &fixtures.root(), &file) {
        Ok(answer) => case.mistake(fixtures, &file, answer),
        Err(problem) => Some(problem),
    }
}

#[test]
fn a_folder_without_a_server_is_searched() {
    let folder = Folder::with(&[
        ("www/.htaccess", "Header set A b\n"),
        ("www/shop/.htaccess", "ServerName shop.example\n"),
        ("www/vendor/old/.htaccess", "Options Index\n"),
    ]);
    let output = folder.check(&["www"]);
    let found = "www/shop/.htaccess:1:1: error[misplaced-directive]: `ServerName` is not allowed in \
                 `.htaccess`\n\
                 www/vendor/old/.htaccess:1:9: error[invalid-argument]: there is no option `Index`\n";
    assert_eq!(text(&output.stdout), found);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_is_excluded_is_not_searched() {
    let folder = Folder::with(&[
        ("www/.htaccess", "Header set A b\n"),
        ("www/shop/.htaccess", "ServerName shop.example\n"),
        ("www/vendor/old/.htaccess", "Options Index\n"),
    ]);
    for patterns in [
        "shop,vendor",
        "shop/,vendor/*",
        "www/shop,**/old",
        "s*/.htaccess,vendor/old/.htaccess",
    ] {
        let output = folder.check(&["www", "--exclude", patterns]);
        assert_eq!(text(&output.stdout), "", "{patterns}");
        assert_eq!(output.status.code(), Some(0));
    }
    let output = folder.check(&["www", "--exclude", "sho,ww,vend?r/ol"]);
    assert_eq!(
        output.status.code(),
        Some(1),
        "a name is matched as a whole"
    );
}

#[test]
fn a_file_alone_is_judged_by_what_no_server_permits() {
    let folder = Folder::with(&[(
        "shop/.htaccess",
        "php_flag display_errors on\nRewriteRule ^ index.php\nOptions Index\nServerName x\n",
    )]);
    let output = folder.check(&["shop/.htaccess"]);
    let found = "shop/.htaccess:3:9: error[invalid-argument]: there is no option `Index`\n\
                 shop/.htaccess:4:1: error[misplaced-directive]: `ServerName` is not allowed in \
                 `.htaccess`\n";
    assert_eq!(text(&output.stdout), found);
}

#[test]
fn a_search_says_what_httpd_does_not_read() {
    let Some(_) = Server::find() else { return };
    let folder = Folder::with(&[
        ("www/.htaccess", "Listen 80\n"),
        ("www/shop/.htaccess", "Listen 80\n"),
        ("www/shop/deep/.acl", "Listen 81\n"),
        ("www/shop/deep/.htaccess", "Listen 80\n"),
    ]);
    folder.serve(
        "AccessFileName .acl .htaccess\n\
         <Directory @DIR@>\nAllowOverride None\n</Directory>\n\
         <Directory @DIR@/www/shop>\nAllowOverride All\n</Directory>\n",
    );
    let output = folder.check(&["httpd.conf", "--host", "--htaccess", "www"]);
    let said = text(&output.stdout);
    let found: Vec<&str> = said
        .lines()
        .filter_map(|it| it.split_once(':'))
        .map(|it| it.0)
        .collect();
    assert_eq!(found, ["www/shop/.htaccess", "www/shop/deep/.acl"]);
    assert_eq!(
        text(&output.stderr),
        "httpd-lint: www: httpd does not read 1 of 3 `.htaccess` files (`AllowOverride None`)\n"
    );
    let output = folder.check(&["httpd.conf", "--host", "--htaccess", "www/.htaccess"]);
    assert_eq!(
        text(&output.stderr),
        "httpd-lint: www/.htaccess: httpd does not read it (`AllowOverride None`)\n"
    );
    let output = folder.check(&["httpd.conf", "--host", "--htaccess", "www/none"]);
    assert_eq!(text(&output.stderr), "httpd-lint: www/none: no such file\n");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_finding_shows_what_counts_and_what_requests_are_answered() {
    let Some(_) = Server::find() else { return };
    let folder = Folder::with(&[("www/shop/.htaccess", "Options +Indexes\nHeader set A b\n")]);
    folder.serve("<Directory @DIR@/www>\n    AllowOverride Options=Indexes\n</Directory>\n");
    let arguments = ["httpd.conf", "--host", "--htaccess", "www"];
    let output = folder.check_in("full", &arguments);
    let shown = text(&output.stdout).replace(&*folder.path().to_string_lossy(), "@DIR@");
    let expected = "\
error[misplaced-directive]: `AllowOverride` does not permit `Header` here
   ┌─ www/shop/.htaccess:2:1
   │
 2 │ Header set A b
   │ ^^^^^^
   │
   ┌─ httpd.conf:18:5
   │
18 │     AllowOverride Options=Indexes
   │     ----------------------------- this counts here
   │
   = httpd stops here: Header not allowed here
   = note: `AllowOverride FileInfo` permits it
   = note: httpd logs this for every request below `@DIR@/www/shop`, and answers it with 500

";
    assert_eq!(shown, expected);
}

#[test]
fn a_folder_that_cannot_be_read_is_one_line() {
    let folder = Folder::with(&[
        ("www/shop/.htaccess", "Listen 80\n"),
        ("www/secret/.htaccess", "Listen 80\n"),
    ]);
    let secret = folder.path().join("www/secret");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&secret).is_ok() {
        eprintln!("skipped: root may read everything");
        return;
    }
    let output = folder.check(&["www"]);
    assert_eq!(
        text(&output.stderr),
        "httpd-lint: www/secret: permission denied\n"
    );
    assert!(text(&output.stdout).starts_with("www/shop/.htaccess:1:1: error"));
}

/// The documents of a server: a folder for each case, and one configuration for all.
struct Site {
    root: PathBuf,
    main: PathBuf,
    _guard: TempDir,
}

impl Site {
    fn new(cases: &[Case]) -> Self {
        let (guard, root) = folder::temporary();
        // The server runs as another user.
        fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).unwrap();
        let base = fs::read(folder_of_documents().join("server.conf")).unwrap();
        let mut main = placed(&base, &root, Path::new(MODULES));
        let site = Self {
            main: root.join("httpd.conf"),
            root,
            _guard: guard,
        };
        for (at, case) in cases.iter().enumerate() {
            let folder = site.folder(at);
            case.write(&folder, Path::new(MODULES));
            let page = site.file(at, case).with_file_name("page.txt");
            fs::write(page, "a page\n").unwrap();
            let lines = folder.join(&case.main);
            main.extend(format!("Include {}\n", lines.display()).bytes());
        }
        fs::write(&site.main, main).unwrap();
        site
    }

    fn folder(&self, at: usize) -> PathBuf {
        self.root.join("www").join(at.to_string())
    }

    /// The file that a case is about, by the name under which it is reached.
    fn file(&self, at: usize, case: &Case) -> PathBuf {
        if let Some(page) = case.request.as_deref()
            && !page.starts_with("http")
        {
            return self.folder(at).join(page).with_file_name(".htaccess");
        }
        let last = case.entries.iter().filter_map(access_file).next_back();
        let (name, _) = last.expect("a case has a `.htaccess` file");
        self.folder(at).join(name)
    }

    /// The host and the path that are asked for.
    fn request(&self, at: usize, case: &Case) -> (String, String) {
        let url = case
            .request
            .as_deref()
            .and_then(|it| it.strip_prefix("http://"));
        if let Some((host, path)) = url.and_then(|it| it.split_once('/')) {
            return (host.to_owned(), format!("/{path}"));
        }
        let page = self.file(at, case).with_file_name("page.txt");
        let path = page.strip_prefix(self.root.join("www")).unwrap();
        ("localhost".to_owned(), format!("/{}", path.display()))
    }

    /// What the server answers and logs, with names for the places.
    fn ask(&self, server: &Running, at: usize, case: &Case) -> String {
        let (host, path) = self.request(at, case);
        let (status, log) = server.get(&host, &path);
        let log: String = log.iter().map(|it| format!("{it}\n")).collect();
        let answer = format!("{status}\n{log}");
        answer.replace(&*self.folder(at).to_string_lossy(), "@DIR@")
    }

    /// Why the linter is wrong about a case.
    fn mistake(&self, at: usize, case: &Case) -> Option<String> {
        let file = self.file(at, case);
        let answer = judge(&self.main, &self.root, &file);
        let refused = case.expected.starts_with("500\n");
        // The message of a refusal is the last that is logged, behind the name of the file.
        let message = case.expected.lines().last().unwrap_or_default();
        let message = message.replace("@DIR@", &self.folder(at).to_string_lossy());
        let theirs = message.strip_prefix(&format!("{}: ", file.display()));
        let is_foretold = match (&answer, theirs.filter(|_| refused)) {
            (Ok(answer), Some(theirs)) => answer.refusal.as_ref().is_some_and(|ours| {
                // Ours may leave out the help sentence.
                let message = ours.message.replace('\n', "\\n");
                theirs == message || theirs.starts_with(&format!("{message}, "))
            }),
            (Ok(answer), None) => answer.refusal.is_none() && !refused,
            (Err(_), _) => false,
        };
        let ours = match answer {
            Ok(answer) => answer
                .refusal
                .map_or("nothing".to_owned(), |it| it.to_string()),
            Err(problem) => problem,
        };
        let (name, expected) = (&case.name, &case.expected);
        (!is_foretold).then(|| format!("{name}\n--- httpd\n{expected}--- lint\n{ours}"))
    }
}

fn judge(main: &Path, root: &Path, file: &Path) -> Result<Answer, String> {
    let file = file.to_str().unwrap().to_owned();
    linter::check(main, root, &["--htaccess".to_owned(), file])
}

/// A folder of files that is linted from inside.
struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::with_prefix("httpd-lint-").unwrap());
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Adds the configuration of a server with these lines.
    fn serve(&self, lines: &str) {
        let base = fs::read(folder_of_documents().join("server.conf")).unwrap();
        let main = [&base[..], lines.as_bytes()].concat();
        let main = placed(&main, self.path(), Path::new(MODULES));
        fs::write(self.path().join("httpd.conf"), main).unwrap();
    }

    fn check(&self, arguments: &[&str]) -> Output {
        self.check_in("concise", arguments)
    }

    fn check_in(&self, format: &str, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
            .arg("check")
            .args(arguments)
            .args(["--format", format, "--quiet"])
            .current_dir(self.path())
            .output()
            .unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn folder_of_documents() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/htaccess")
}

fn documents() -> Vec<Document> {
    Document::all(&folder_of_documents())
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}
