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
use support::server::{MODULES, Server, bare_environment};
use tempfile::TempDir;

const EXAMPLES: [&str; 2] = ["django", "tenants"];

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
    assert!(site.get("/plain").contains("environ=of.apache os=None"));
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
        symlink(MODULES, root.join("modules")).unwrap();
        fs::create_dir(root.join("logs")).unwrap();
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
    _folder: TempDir,
}

const SHOW: &str = r#"
import os, time

def application(environ, start_response):
    if environ["QUERY_STRING"]:
        time.sleep(float(environ["QUERY_STRING"]))
    start_response("200 OK", [("Content-Type", "text/plain")])
    lines = [
        "environ=%s os=%s" % (environ.get("PYTHONPATH"), os.environ.get("PYTHONPATH")),
        "authorization=%s" % environ.get("HTTP_AUTHORIZATION"),
        "client=%s" % environ["REMOTE_ADDR"],
        "application_group=%s" % environ["mod_wsgi.application_group"],
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
        for name in ["www", "app", "denied", "run"] {
            fs::create_dir(root.join(name)).unwrap();
        }
        for name in ["www/show.wsgi", "app/show.wsgi", "denied/show.wsgi"] {
            fs::write(root.join(name), SHOW).unwrap();
        }
        for name in ["one", "two"] {
            fs::write(root.join(format!("app/{name}.wsgi")), settings(name)).unwrap();
        }
        let text = fs::read_to_string(project("tests/wsgi/claimed.conf")).unwrap();
        let text = text
            .replace("@PORT@", &port.to_string())
            .replace("@DIR@", root.to_str().unwrap());
        let main = root.join("httpd.conf");
        fs::write(&main, text).unwrap();
        let options = ["-DFOREGROUND".to_owned()];
        let running = Running::start_with(&root, &main, port, &options, &[]);
        std::thread::sleep(SETTLING);
        Self {
            running,
            port,
            _folder: held,
        }
    }

    fn get(&self, path: &str) -> String {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: client.test:81\r\nAuthorization: Bearer x\r\n\
             X-Forwarded-For: 9.9.9.9\r\nConnection: close\r\n\r\n"
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

fn may_start_as_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|it| it.stdout.starts_with(b"0\n"))
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
