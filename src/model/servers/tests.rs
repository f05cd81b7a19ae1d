//! What httpd makes of virtual hosts; `tests/twins.rs` and `tests/virtual_hosts.rs` ask it.

use super::{Answer, Request, Servers, requested_host};
use crate::evaluate::{Evaluation, Inputs};
use crate::facts::Facts;
use crate::httpd::Table;
use crate::world::MemoryWorld;

pub(super) fn servers(text: &str) -> Servers {
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
        fragment: Some(text.starts_with("# fragment")),
        standing: None,
        usual_standing: None,
    };
    let evaluation = Evaluation::new(inputs).expect("the file is there");
    Servers::of(evaluation.config(), Table::builtin())
}

/// Each line: an address and a port, the host that is asked for or `-`, a path, and who answers.
#[track_caller]
fn check(text: &str, requests: &str) {
    let servers = servers(text);
    for line in requests.lines().filter(|it| !it.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [address, host, path, expected] = words[..] else {
            panic!("{line}: four words");
        };
        let address: std::net::SocketAddr = address.parse().expect("an address with a port");
        let answer = servers.answer(&Request {
            address: address.ip(),
            port: address.port(),
            host: Some(host).filter(|it| *it != "-"),
            path,
        });
        let said = match answer {
            None => "unknown",
            Some(Answer::BadRequest) => "400",
            Some(Answer::Server(id)) => servers.get(id).name.as_deref().unwrap_or("nameless"),
        };
        assert_eq!(said, expected, "{line}");
    }
}

#[test]
fn an_address_comes_before_any_and_its_port_before_any() {
    check(
        "ServerName main\n\
         <VirtualHost 10.0.0.1:*>\nServerName address\n</VirtualHost>\n\
         <VirtualHost 10.0.0.1:80>\nServerName both\n</VirtualHost>\n\
         <VirtualHost *:81>\nServerName port\n</VirtualHost>\n\
         <VirtualHost [::1]:80>\nServerName six\n</VirtualHost>\n",
        "10.0.0.1:80 port / both
         [::ffff:10.0.0.1]:80 port / both
         10.0.0.1:81 port / address
         10.0.0.2:81 address / port
         [::1]:80 port / six
         [::1]:81 port / port
         10.0.0.2:80 port / main",
    );
}

#[test]
fn the_first_with_the_name_answers_and_the_first_of_all_otherwise() {
    check(
        "ServerName main\n\
         <VirtualHost *:80>\nServerName one\nServerAlias a.one *.wild\n</VirtualHost>\n\
         <VirtualHost *:80>\nServerName x.wild\nServerAlias ?.two\n</VirtualHost>\n\
         <VirtualHost *:80>\n</VirtualHost>\n",
        "10.0.0.1:80 ONE. / one
         10.0.0.1:80 a.one:99 / one
         10.0.0.1:80 x.wild / one
         10.0.0.1:80 b.two / x.wild
         10.0.0.1:80 bb.two / one
         10.0.0.1:80 main / main
         10.0.0.1:80 other / one
         10.0.0.1:80 - / one
         10.0.0.1:80 a..b / 400",
    );
}

#[test]
fn without_a_host_the_path_decides() {
    check(
        "<VirtualHost *:80>\nServerName one\n</VirtualHost>\n\
         <VirtualHost *:80>\nServerName two\nServerPath /two\n</VirtualHost>\n",
        "10.0.0.1:80 - / one
         10.0.0.1:80 - /two/x two
         10.0.0.1:80 - /twofold one
         10.0.0.1:80 other /two one",
    );
}

#[test]
fn an_address_without_a_port_has_that_of_the_main_server_at_that_point() {
    check(
        "<VirtualHost 10.0.0.1>\nServerName any\n</VirtualHost>\n\
         ServerName main:81\n\
         <VirtualHost 10.0.0.2>\nServerName of-81\n</VirtualHost>\n\
         <VirtualHost *>\nServerName star\n</VirtualHost>\n",
        "10.0.0.1:99 any / any
         10.0.0.2:81 any / of-81
         10.0.0.2:80 any / star",
    );
}

#[test]
fn the_default_of_the_address_may_insist_on_a_known_name() {
    check(
        "ServerName main\nStrictHostCheck On\n\
         <VirtualHost *:80>\nServerName one\n</VirtualHost>\n\
         <VirtualHost *:80>\nServerName two\n</VirtualHost>\n\
         <VirtualHost *:81>\nServerName lenient\nStrictHostCheck Off\n</VirtualHost>\n",
        "10.0.0.1:80 two / two
         10.0.0.1:80 other / 400
         10.0.0.1:80 - / one
         10.0.0.1:81 other / lenient
         10.0.0.1:82 main / main
         10.0.0.1:82 other / 400",
    );
}

#[test]
fn what_depends_on_an_unknown_is_unknown() {
    check(
        "ServerName main\n\
         <VirtualHost shop.example:80>\nServerName shop\n</VirtualHost>\n\
         <VirtualHost *:81>\nServerName one\n</VirtualHost>\n\
         <IfModule mod_unixd.c>\n\
         <VirtualHost *:81>\nServerName two\n</VirtualHost>\n\
         </IfModule>\n",
        "10.0.0.1:80 shop / unknown
         10.0.0.1:81 one / one
         10.0.0.1:81 two / unknown
         10.0.0.1:81 other / one",
    );
    check(
        "# fragment\n<VirtualHost 10.0.0.1>\nServerName one\n</VirtualHost>\n",
        "10.0.0.1:80 one / unknown",
    );
}

#[test]
fn sets_stand_in_the_order_of_the_table() {
    let servers = servers(
        "<VirtualHost *:80 10.0.0.9:1 10.0.0.2:2>\n</VirtualHost>\n\
         <VirtualHost 10.0.0.2:3 10.0.0.2:2 *:80 *:80 *:81>\n</VirtualHost>\n",
    );
    let sets = servers.address_sets().iter();
    let sets: Vec<String> = sets
        .map(|it| {
            let members: Vec<usize> = it.members.iter().map(|it| it.0).collect();
            format!("{}:{} {members:?}", it.host, it.port)
        })
        .collect();
    assert_eq!(
        sets,
        [
            "10.0.0.9:1 [1]",
            "10.0.0.2:2 [1, 2]",
            "10.0.0.2:3 [2]",
            "*:81 [2]",
            "*:80 [1, 2]",
        ]
    );
}

#[test]
fn a_host_is_a_name_or_an_address_with_a_port_or_none() {
    for (text, host) in [
        ("A.Example.", "a.example"),
        ("a_b", "a_b"),
        (".a", ".a"),
        ("a:0080", "a"),
        ("1a", "1a"),
        ("1.2.3.256", "1.2.3.256"),
        ("[::FFFF:1.2.3.4]:80", "::ffff:1.2.3.4"),
    ] {
        assert_eq!(requested_host(text).as_deref(), Some(host), "{text}");
    }
    let refused = [
        "",
        ".",
        "a..",
        "a..b",
        "a b",
        "a/b",
        "a,b",
        "*",
        "a:",
        "a:0",
        "a:65536",
        "a:8x",
        "a:80:80",
        "::1",
        "[::1",
        "[::1]x",
        "[::1]:",
        "[::1].",
        "[::1%lo]",
        "[1.2.3.4]",
        "80",
        "1.2.3",
        "01.2.3.4",
        "1.02.3.4",
        "a.1",
        "a.-b",
    ];
    for text in refused {
        assert_eq!(requested_host(text), None, "{text}");
    }
}
