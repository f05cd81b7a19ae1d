//! The server that answers a request is the one that the model names: real servers are asked, with
//! virtual hosts that are made up, the same in every run.
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
    pub(crate) mod random;
    pub(crate) mod running;
    pub(crate) mod server;
}

use std::fs;
use std::net::{IpAddr, SocketAddr};

use httpd_lint::evaluate::{Evaluation, Inputs};
use httpd_lint::facts::Facts;
use httpd_lint::httpd::Table;
use httpd_lint::model::servers::{Answer, Request, Servers};
use httpd_lint::world::MemoryWorld;
use support::folder;
use support::random::Random;
use support::running::{Running, free_port};
use support::server::{MODULES, Server};

const SEED: u64 = 23;
const TREES: u64 = 40;
const REQUESTS: usize = 60;

/// Addresses of virtual hosts; `P` and `Q` are the ports of the server.
const ADDRESSES: &[&str] = &[
    "*:P",
    "*:P",
    "*:Q",
    "*:*",
    "*",
    "_default_:Q",
    "0.0.0.0",
    "127.0.0.1:P",
    "127.0.0.1:P",
    "127.0.0.1:*",
    "127.1:Q",
    "127.0.0.2",
    "127.0.0.2:P",
    "127.0.0.3:P",
    "[::ffff:127.0.0.2]:P",
];
const NAMES: &[&str] = &[
    "one.test",
    "Two.test",
    "three.test:99",
    "https://four.test",
    "four.test.",
];
const ALIASES: &[&str] = &[
    "five",
    "*.test",
    "f?ve",
    "t*e*.te?t",
    "one.test",
    "*",
    "127.0.0.3",
    "::1",
];
const OTHERS: &[&str] = &[
    "",
    "",
    "ServerPath /path\n",
    "ServerPath /path/\n",
    "StrictHostCheck On\n",
    "StrictHostCheck off\n",
];
const HOSTS: &[&str] = &[
    "one.test",
    "TWO.test",
    "three.test",
    "three.test:99",
    "four.test",
    "four.test.",
    "five",
    "five:1",
    "fave",
    "other",
    "127.0.0.1",
    "127.0.0.2",
    "127.0.0.3",
    "127.1",
    "[::1]",
    "*",
    "bad..host",
    "five:x",
    "",
    "main.test",
];
const PATHS: &[&str] = &["/", "/path", "/path/", "/pathology", "/path/x"];

#[test]
fn the_server_that_answers_is_foretold() {
    if Server::find().is_none() {
        return;
    }
    for number in 0..TREES {
        check(&mut Random::of(SEED, number), number);
    }
}

fn check(random: &mut Random, number: u64) {
    let (_guard, root) = folder::temporary();
    let ports = [free_port(), free_port()];
    let text = configuration(random, root.to_str().unwrap(), ports);
    let main = root.join("httpd.conf");
    fs::write(&main, &text).unwrap();
    let servers = servers(&text);
    let running = Running::start(&root, &main);
    for _ in 0..REQUESTS {
        let address: IpAddr = format!("127.0.0.{}", 1 + random.below(3)).parse().unwrap();
        let port = *random.pick(&ports);
        let host = (random.below(5) > 0).then(|| *random.pick(HOSTS));
        let path = *random.pick(PATHS);
        let head = match host {
            Some(host) => format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close"),
            None => format!("GET {path} HTTP/1.0"),
        };
        let answer = running.ask(SocketAddr::new(address, port), &format!("{head}\r\n\r\n"));
        let foretold = servers.answer(&Request {
            address,
            port,
            host,
            path,
        });
        let foretold = match foretold {
            None => "unknown".to_owned(),
            Some(Answer::BadRequest) => "400".to_owned(),
            Some(Answer::Server(id)) => format!("server-{}", id.0),
        };
        assert_eq!(
            said(&answer),
            foretold,
            "tree {number}, {address}:{port}: {head}\n{text}"
        );
    }
}

/// Every server redirects to a name of its own.
fn said(answer: &str) -> String {
    let location = answer
        .lines()
        .find_map(|it| it.strip_prefix("Location: http://"));
    match location {
        Some(location) => location.split('/').next().unwrap_or_default().to_owned(),
        None => answer.split(' ').nth(1).unwrap_or_default().to_owned(),
    }
}

fn configuration(random: &mut Random, root: &str, [one, other]: [u16; 2]) -> String {
    let mut text = String::new();
    for module in ["mpm_event", "authz_core", "alias"] {
        text += &format!("LoadModule {module}_module {MODULES}/mod_{module}.so\n");
    }
    text += &format!("DefaultRuntimeDir {root}\nPidFile {root}/pid\nErrorLog {root}/error.log\n");
    for address in ["127.0.0.1", "127.0.0.2", "127.0.0.3"] {
        text += &format!("Listen {address}:{one}\nListen {address}:{other}\n");
    }
    let main = [
        "ServerName main.test\n".to_owned(),
        format!("ServerName main.test:{one}\n"),
    ];
    text += random.pick(&main).as_str();
    text += "Redirect / http://server-0/\n";
    text += *random.pick(&["", "", "StrictHostCheck On\n"]);
    for number in 1..=1 + random.below(7) {
        let addresses: Vec<String> = (0..1 + random.below(3))
            .map(|_| random.pick(ADDRESSES).replace('P', &one.to_string()))
            .map(|it| it.replace('Q', &other.to_string()))
            .collect();
        text += &format!("<VirtualHost {}>\n", addresses.join(" "));
        text += &format!("ServerName {}\n", random.pick(NAMES));
        for _ in 0..random.below(3) {
            text += &format!("ServerAlias {}\n", random.pick(ALIASES));
        }
        text += *random.pick(OTHERS);
        text += &format!("Redirect / http://server-{number}/\n</VirtualHost>\n");
    }
    text
}

fn servers(text: &str) -> Servers {
    let world = MemoryWorld::new().with("/etc/httpd.conf", text);
    let facts = Facts::default();
    let inputs = Inputs {
        world: &world,
        facts: (&facts).into(),
        table: Table::builtin(),
        main: "/etc/httpd.conf",
        server_root: "/etc",
        program: "httpd",
        defines: &[],
        fragment: Some(false),
        standing: None,
        usual_standing: None,
    };
    let evaluation = Evaluation::new(inputs).expect("the file is there");
    Servers::of(evaluation.config(), Table::builtin())
}
