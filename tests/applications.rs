//! The examples with applications of Python are found as their lists say, and a real server does with
//! requests what the rules about mod_wsgi claim.
//!
//! `examples/NAME/clean` is a tree without findings, `examples/NAME/mistakes` the same as people
//! write it, with what is said of it in `mistakes.txt`. `UPDATE=1 cargo test --test applications`
//! writes these lists: read the difference before committing it.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod folder;
    pub(crate) mod running;
    pub(crate) mod server;
}

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use support::folder;
use support::running::{Running, free_port};
use support::server::{HTTPD, MODULES, Server, bare_environment, may_start_as_root};
use tempfile::TempDir;

const EXAMPLES: [&str; 3] = ["django", "flask", "tenants"];

/// How long the daemon processes take to start.
const SETTLING: Duration = Duration::from_millis(600);

#[test]
fn clean_trees_are_silent_and_mistakes_are_told() {
    for name in EXAMPLES {
        for variant in ["clean", "mistakes"] {
            let tree = Tree::copy(name, variant);
            let said = tree.findings();
            let list = project("examples").join(name).join("mistakes.txt");
            if variant == "mistakes" && std::env::var_os("UPDATE").is_some() {
                fs::write(&list, &said).unwrap();
            }
            let expected = match variant {
                "clean" => String::new(),
                _ => fs::read_to_string(&list).unwrap(),
            };
            assert_eq!(said, expected, "{name}, {variant}");
        }
    }
}

#[test]
fn the_readme_shows_what_is_said() {
    let readme = fs::read_to_string(project("README.md")).unwrap();
    let mut blocks = readme.split("```").skip(1).step_by(2);
    let commands = blocks.find(|it| it.contains("examples/flask")).unwrap();
    let shown = blocks.next().unwrap().strip_prefix("text\n").unwrap();
    let mut said = String::new();
    for command in commands.replace("\\\n", "").lines().skip(1) {
        let words = command.split_whitespace().skip_while(|it| *it != "--");
        let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
            .args(words.skip(1))
            .current_dir(project(""))
            .env_clear()
            .envs(bare_environment())
            .output()
            .unwrap();
        said.push_str(&String::from_utf8_lossy(&output.stdout));
    }
    for part in shown
        .split("…\n")
        .map(str::trim)
        .filter(|it| !it.is_empty())
    {
        assert!(said.contains(part), "{part}\n--- is not in\n{said}");
    }
}

#[test]
fn the_real_server_accepts_all_of_them() {
    let Some(server) = with_wsgi() else { return };
    for name in EXAMPLES {
        for variant in ["clean", "mistakes"] {
            let tree = Tree::copy(name, variant);
            let (accepted, stderr) = server.check(&tree.main(), &tree.root, &[], &[]);
            assert!(accepted, "{name}, {variant}: {stderr}");
        }
    }
}

#[test]
fn a_real_server_does_what_the_rules_claim() {
    if with_wsgi().is_none() || !may_start_as_root() {
        eprintln!("skipped: a server with mod_wsgi is started by root only");
        return;
    }
    let site = Site::start();
    // `variable-without-effect-on-python`
    assert!(
        site.get("/plain")
            .contains("environ=of.apache os=/of.shell")
    );
    // `python-variable-of-server`
    assert!(site.get("/plain").contains("looks in=/of.shell"));
    // `authorization-not-passed`
    assert!(site.get("/plain").contains("authorization=None"));
    for path in ["/passed", "/rewritten", "/cgi"] {
        assert!(site.get(path).contains("authorization=Bearer x"), "{path}");
    }
    // `incomplete-trusted-proxies`
    assert!(site.get("/believed").contains("client=9.9.9.9"));
    assert!(site.get("/plain").contains("client=127.0.0.1"));
    assert!(site.get("/proxies").contains("client=127.0.0.1"));
    // `shared-django-settings`: in interpreters of their own
    assert!(site.get("/one").contains("settings=one"));
    assert!(site.get("/two").contains("settings=one"));
    // `exposed-script`
    assert!(site.get("/show.wsgi").contains("def application"));
    // `late-request-timeout`
    let begun = Instant::now();
    assert!(site.get("/plain?4").starts_with("HTTP/1.1 504"));
    assert!(begun.elapsed() < Duration::from_secs(4));
    // `mount-with-slash`
    assert!(site.get("/slash/").starts_with("HTTP/1.1 200"));
    for path in ["/slash", "/slash/x"] {
        assert!(site.get(path).starts_with("HTTP/1.1 404"), "{path}");
    }
    // `rewrite-past-application`
    assert!(site.get("/past").starts_with("HTTP/1.1 404"));
    assert!(site.get("/through").starts_with("HTTP/1.1 200"));
    // `literal-group-name`: a group of its own, and one that nobody declared
    assert!(site.get("/literal").contains("application_group=%{Global}"));
    assert!(site.get("/undeclared").starts_with("HTTP/1.1 500"));
    // `daemon-process-without-threads`, `small-memory-limit`
    for path in ["/threadless", "/small"] {
        assert!(site.get(path).starts_with("HTTP/1.1 504"), "{path}");
    }
    // `denied-application`
    assert!(site.get("/denied").starts_with("HTTP/1.1 403"));
    // `unanchored-mount`
    assert!(site.get("/any/where").starts_with("HTTP/1.1 200"));
    // `restricted-application`
    assert!(site.get("/restricted").starts_with("HTTP/1.1 500"));
    // `shadowed-application`
    assert!(site.get("/alias/app").contains("def application"));
    // `application-group-of-client`
    assert!(
        site.get("/host")
            .contains("application_group=client.test:81")
    );
}

#[test]
fn a_real_server_does_what_the_rules_about_processes_and_headers_claim() {
    if with_wsgi().is_none() || !may_start_as_root() {
        eprintln!("skipped: a server with mod_wsgi is started by root only");
        return;
    }
    let site = Site::start();
    // `frequent-restart`: the process ends, and so another one answers, some time
    let answers = std::iter::repeat_with(|| site.get("/restarting"));
    let mut answers = answers.filter(|it| it.starts_with("HTTP/1.1 200"));
    let first = answers.next().unwrap();
    let is_other = |it: &String| line(it, "process=") != line(&first, "process=");
    assert!(answers.take(20).any(|it| is_other(&it)));
    // `unusable-home`
    assert!(site.get("/homeless").starts_with("HTTP/1.1 504"));
    // `user-without-group`
    let (of_httpd, of_games) = (site.get("/plain"), site.get("/games"));
    assert_ne!(line(&of_httpd, "user="), line(&of_games, "user="));
    assert_eq!(line(&of_httpd, "group="), line(&of_games, "group="));
    // `relative-path-in-script`
    assert!(site.get("/relative").starts_with("HTTP/1.1 500"));
    assert!(site.get("/housed").starts_with("HTTP/1.1 200"));
    // `missing-callable`
    assert!(site.get("/nameless").starts_with("HTTP/1.1 500"));
    assert!(site.get("/embedded").starts_with("HTTP/1.1 404"));
    assert!(site.get("/named").starts_with("HTTP/1.1 200"));
    // `process-group-of-client`
    assert!(site.get("/pool").contains("process_group=settings"));
    // `ambiguous-trusted-headers`, `unknown-trusted-header`
    assert!(site.get("/ambiguous").contains("client=8.8.8.8"));
    assert!(site.get("/unknown").contains("client=127.0.0.1"));
    assert_eq!(site.get("/crash"), "");
    // `refused-path-info`
    assert!(site.get("/refused").starts_with("HTTP/1.1 200"));
    assert!(site.get("/refused/x").starts_with("HTTP/1.1 404"));
    // `overridden-wsgi-handler`
    assert!(site.get("/overridden").contains("def application"));
    // `handler-without-exec-cgi`
    assert!(site.get("/scripts/show.wsgi").starts_with("HTTP/1.1 403"));
    // `half-covered-application`
    assert!(site.get("/half").contains("process_group=main"));
    assert!(site.get("/half/x").contains("process_group=settings"));
    // `passed-password`
    let basic = "Basic am9lOnNlY3JldA==";
    let answer = site.get_as("/password", basic);
    assert!(answer.contains(&format!("authorization={basic}")));
}

#[test]
fn a_real_server_does_what_the_rules_about_mounts_and_scripts_claim() {
    if with_wsgi().is_none() || !may_start_as_root() {
        eprintln!("skipped: a server with mod_wsgi is started by root only");
        return;
    }
    let site = Site::start();
    // `wsgi-script-as-cgi`
    assert!(site.get("/script-alias").contains("def application"));
    // `fallback-to-application`
    assert_eq!(line(&site.get("/fallen/deep"), "path="), "path=/");
    assert_eq!(line(&site.get("/plain/deep"), "path="), "path=/deep");
    // `case-sensitive-mount`
    assert!(site.get("/Capital").starts_with("HTTP/1.1 200"));
    assert!(site.get("/capital").starts_with("HTTP/1.1 404"));
    // `application-loaded-twice`
    let (once, twice) = (site.get("/once"), site.get("/twice"));
    assert_eq!(line(&once, "process="), line(&twice, "process="));
    assert_ne!(line(&once, "loaded="), line(&twice, "loaded="));
    assert_eq!(line(&once, "loaded="), line(&site.get("/once"), "loaded="));
    // `python-in-parent`
    let parent = fs::read_to_string(site.main.with_file_name("run/pid")).unwrap();
    let started = format!("(pid={}): Initializing Python", parent.trim());
    assert!(site.running.logged().contains(&started));
    // `unusable-script`
    let said = site.said();
    for (path, status, why) in [
        ("/unreadable", 500, "the process may not read"),
        ("/broken", 500, "a bracket or a text is not closed"),
        ("/distrusted", 403, "does not trust this script"),
    ] {
        let answer = site.get(path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}");
        let mut findings = said.lines().filter(|it| it.contains("unusable-script"));
        assert!(findings.any(|it| it.contains(why)), "{why}: {said}");
    }
}

#[test]
fn a_real_server_does_not_start_with_mod_python() {
    let Some(server) = with_wsgi() else { return };
    let (_held, root) = folder::temporary();
    fs::write(root.join("mod_python.c"), MOD_PYTHON).unwrap();
    let built = Command::new("apxs")
        .args(["-c", "mod_python.c"])
        .current_dir(&root)
        .output();
    if !built.is_ok_and(|it| it.status.success()) {
        eprintln!("skipped: this machine has no httpd with apxs");
        return;
    }
    symlink(MODULES, root.join("modules")).unwrap();
    let main = root.join("httpd.conf");
    let text = "ServerName localhost\nListen 127.0.0.1:@PORT@\nPidFile pid\nErrorLog error.log\n\
                LoadModule mpm_event_module modules/mod_mpm_event.so\n\
                LoadModule authz_core_module modules/mod_authz_core.so\n\
                LoadModule wsgi_module modules/mod_wsgi.so\n\
                LoadModule python_module .libs/mod_python.so\n";
    fs::write(&main, text.replace("@PORT@", &free_port().to_string())).unwrap();
    let (accepted, stderr) = server.check(&main, &root, &[], &[]);
    assert!(accepted, "{stderr}");
    let output = Command::new(HTTPD)
        .arg("-d")
        .arg(&root)
        .arg("-f")
        .arg(&main)
        .arg("-X")
        .env_clear()
        .envs(bare_environment())
        .output()
        .unwrap();
    assert!(!output.status.success());
    let log = fs::read_to_string(root.join("error.log")).unwrap();
    assert!(log.contains("mod_python module can not be used"), "{log}");
}

/// What mod_python tells others of itself before it prepares its Python.
const MOD_PYTHON: &str = r#"
#include "httpd.h"
#include "http_config.h"

static int prepare(apr_pool_t *pool, apr_pool_t *log, apr_pool_t *temporary, server_rec *server)
{
    return apr_pool_userdata_set("", "python_init", NULL, server->process->pool);
}

static void register_hooks(apr_pool_t *pool)
{
    ap_hook_post_config(prepare, NULL, NULL, APR_HOOK_REALLY_FIRST);
}

module AP_MODULE_DECLARE_DATA python_module = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks
};
"#;

fn line<'t>(text: &'t str, start: &str) -> &'t str {
    text.lines().find(|it| it.starts_with(start)).unwrap()
}

/// A copy of an example.
struct Tree {
    root: PathBuf,
    _folder: TempDir,
}

impl Tree {
    fn copy(name: &str, variant: &str) -> Self {
        let (held, root) = folder::temporary();
        let source = project("examples").join(name).join(variant);
        for entry in walkdir::WalkDir::new(&source).min_depth(1) {
            let entry = entry.unwrap();
            let path = root.join(entry.path().strip_prefix(&source).unwrap());
            match entry.file_type().is_dir() {
                true => fs::create_dir(&path).unwrap(),
                false => drop(fs::copy(entry.path(), &path).unwrap()),
            }
        }
        Self {
            root,
            _folder: held,
        }
    }

    fn main(&self) -> PathBuf {
        self.root.join("apache2.conf")
    }

    fn findings(&self) -> String {
        let root = self.root.to_str().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
            .arg("check")
            .arg(self.main())
            .args(["--server-root", root, "--facts", "debian-12"])
            .args(["--map", &format!("/srv={root}/srv")])
            .args(["--format", "concise", "--fail-on", "never", "--quiet"])
            .env_clear()
            .envs(bare_environment())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let said = String::from_utf8(output.stdout).unwrap();
        said.replace(&format!("{root}/"), "")
    }
}

/// A running server with what rules warn of.
struct Site {
    running: Running,
    port: u16,
    main: PathBuf,
    _folder: TempDir,
}

const SHOW: &str = r#"
import os, sys, time

LOADED = time.time()

def application(environ, start_response):
    if environ["QUERY_STRING"]:
        time.sleep(float(environ["QUERY_STRING"]))
    start_response("200 OK", [("Content-Type", "text/plain")])
    lines = [
        "environ=%s os=%s" % (environ.get("PYTHONPATH"), os.environ.get("PYTHONPATH")),
        "authorization=%s" % environ.get("HTTP_AUTHORIZATION"),
        "client=%s" % environ["REMOTE_ADDR"],
        "application_group=%s" % environ["mod_wsgi.application_group"],
        "process_group=%s" % environ["mod_wsgi.process_group"],
        "process=%s" % os.getpid(),
        "loaded=%s" % LOADED,
        "path=%s" % environ["PATH_INFO"],
        "user=%s" % os.getuid(),
        "group=%s" % os.getgid(),
        "looks in=%s" % " ".join(path for path in sys.path if path == "/of.shell"),
    ]
    return ["\n".join(lines).encode()]
"#;

fn settings(name: &str) -> String {
    format!(
        r#"
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{name}")

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"settings=" + os.environ["DJANGO_SETTINGS_MODULE"].encode()]
"#
    )
}

impl Site {
    fn start() -> Self {
        let (held, root) = folder::temporary();
        fs::set_permissions(&root, PermissionsExt::from_mode(0o755)).unwrap();
        let port = free_port();
        symlink(MODULES, root.join("modules")).unwrap();
        for name in ["www", "www/scripts", "app", "denied", "run"] {
            fs::create_dir(root.join(name)).unwrap();
        }
        for name in [
            "www/show.wsgi",
            "www/scripts/show.wsgi",
            "app/show.wsgi",
            "denied/show.wsgi",
        ] {
            fs::write(root.join(name), SHOW).unwrap();
        }
        for name in ["one", "two"] {
            fs::write(root.join(format!("app/{name}.wsgi")), settings(name)).unwrap();
        }
        let relative = format!("open('settings.json')\n{SHOW}");
        fs::write(root.join("app/relative.wsgi"), relative).unwrap();
        fs::write(root.join("app/settings.json"), "{}").unwrap();
        let nameless = SHOW.replace("def application", "def app");
        fs::write(root.join("app/nameless.wsgi"), nameless).unwrap();
        let broken = SHOW.replace("start_response):", "start_response:");
        fs::write(root.join("app/broken.wsgi"), broken).unwrap();
        let unreadable = root.join("app/unreadable.wsgi");
        fs::write(&unreadable, SHOW).unwrap();
        fs::set_permissions(&unreadable, PermissionsExt::from_mode(0o600)).unwrap();
        let users = "joe:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n";
        fs::write(root.join("app/users"), users).unwrap();
        let text = fs::read_to_string(project("tests/wsgi/claimed.conf")).unwrap();
        let text = text
            .replace("@PORT@", &port.to_string())
            .replace("@DIR@", root.to_str().unwrap());
        let main = root.join("httpd.conf");
        fs::write(&main, text).unwrap();
        let options = ["-DFOREGROUND".to_owned()];
        let environment = [("PYTHONPATH".to_owned(), "/of.shell".to_owned())];
        let running = Running::start_with(&root, &main, port, &options, &environment);
        std::thread::sleep(SETTLING);
        Self {
            running,
            port,
            main,
            _folder: held,
        }
    }

    /// What is said of the server on its own machine.
    fn said(&self) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
            .arg("check")
            .arg(&self.main)
            .arg("--server-root")
            .arg(self.main.parent().unwrap())
            .args(["--host", "--format", "concise", "--quiet"])
            .env_clear()
            .envs(bare_environment())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    fn get(&self, path: &str) -> String {
        self.get_as(path, "Bearer x")
    }

    fn get_as(&self, path: &str, authorization: &str) -> String {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: client.test:81\r\nAuthorization: {authorization}\r\n\
             X-Forwarded-For: 9.9.9.9\r\nX-Real-IP: 8.8.8.8\r\nX-Pool: settings\r\n\
             Connection: close\r\n\r\n"
        );
        let address: SocketAddr = (Ipv4Addr::LOCALHOST, self.port).into();
        self.running.ask(address, &request)
    }
}

fn with_wsgi() -> Option<Server> {
    let server = Server::find().filter(Server::has_wsgi);
    if server.is_none() {
        eprintln!("skipped: mod_wsgi is not installed; `tests/setup` does it");
    }
    server
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
