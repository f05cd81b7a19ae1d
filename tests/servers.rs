//! The same configuration on another server: what is found then is what a cold run finds there.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test reads files, and fails by panicking"
)]

mod support {
    pub(crate) mod fixture;
    pub(crate) mod house;
    pub(crate) mod seen;
}

use httpd_lint::evaluate::Inputs;
use httpd_lint::facts::{Facts, builtin};
use httpd_lint::httpd::Module;
use httpd_lint::httpd::Table;
use httpd_lint::lint::{Options, Session};
use httpd_lint::rules;
use httpd_lint::world::MemoryWorld;
use support::fixture::{Part, parts};
use support::house::House;
use support::seen::seen;

const MAIN: &str = "\
ServerRoot /srv
Listen 80
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule version_module modules/mod_version.so
<IfModule !mod_rewrite.c>
    LoadModule rewrite_module modules/mod_rewrite.so
</IfModule>
Include conf.d/*.conf
Include sites/*.conf
";

// What the servers differ in, each in a file of its own.
const FILES: &[(&str, &str)] = &[
    ("conf.d/mutex.conf", "Mutex sysvsem default\n"),
    ("conf.d/mutex-again.conf", "Mutex sysvsem default\n"),
    (
        "conf.d/version.conf",
        "<IfVersion >= 2.4.30>\n    Define Young\n</IfVersion>\n",
    ),
    (
        "conf.d/young.conf",
        "<IfDefine Young>\n    Bogus on\n</IfDefine>\n",
    ),
    (
        "conf.d/static.conf",
        "<IfModule mod_ssl.c>\n    SSLEngien on\n</IfModule>\n",
    ),
    ("conf.d/since.conf", "RegexDefaultOptions +DOTALL\n"),
    ("conf.d/rewrite.conf", "RewriteEngine Maybe\n"),
    (
        "sites/one.conf",
        "<VirtualHost *:80>\n    ServerName one\n    SSLEngine maybe\n</VirtualHost>\n",
    ),
    (
        "sites/two.conf",
        "<VirtualHost *:80>\n    ServerName ${NAME}\n    KeepAlive On Off\n</VirtualHost>\n",
    ),
    (
        "sites/three.conf",
        "<VirtualHost *:80>\n    ServerName three\n    WSGIDaemonProcess three\n    \
         WSGIProcessGroup four\n</VirtualHost>\n",
    ),
];

const OLD: &str = "Server version: Apache/2.4.6 (Unix)\n";
const MIDDLE: &str = "Server version: Apache/2.4.29 (Unix)\n";
const NEW: &str = "Server version: Apache/2.4.62 (Unix)\n";
const NEXT: &str = "Server version: Apache/2.4.63 (Unix)\n";
const RED_HAT: &str = "Server version: Apache/2.4.6 (Red Hat Enterprise Linux)\n";
const FEW: &str = "Compiled in modules:\n  core.c\n  mod_so.c\n  http_core.c\n";
const MANY: &str =
    "Compiled in modules:\n  core.c\n  mod_so.c\n  http_core.c\n  mod_ssl.c\n  mod_rewrite.c\n";
const MUTEXES: &str = "Invalid Mutex argument xxx (Mutex mechanisms are: 'none', 'default', \
                       'flock:/path/to/file', 'fcntl:/path/to/file')\n";

fn servers() -> Vec<Facts> {
    let texts = [
        String::new(),
        OLD.to_owned(),
        [MIDDLE, FEW].concat(),
        [NEW, FEW].concat(),
        [NEXT, FEW].concat(),
        [NEXT, MANY, MUTEXES].concat(),
        [RED_HAT, FEW, MUTEXES].concat(),
    ];
    let mut servers: Vec<Facts> = texts.iter().map(|it| Facts::read("server", it).0).collect();
    servers.push(builtin("debian-12").expect("a built-in build"));
    servers
}

fn world() -> MemoryWorld {
    let mut world = MemoryWorld::default();
    world.put("/srv/httpd.conf", MAIN);
    for (name, text) in FILES {
        world.put(&format!("/srv/{name}"), *text);
    }
    world
}

fn inputs<'a>(world: &'a MemoryWorld, facts: &'a Facts) -> Inputs<'a> {
    Inputs {
        world,
        facts: facts.into(),
        table: Table::builtin(),
        main: "/srv/httpd.conf",
        server_root: "/srv",
        program: "httpd",
        defines: &[],
        fragment: Some(false),
        standing: None,
        usual_standing: None,
    }
}

fn session<'a>(world: &'a MemoryWorld, facts: &'a Facts) -> Session<'a> {
    Session::new(inputs(world, facts), &Options::default()).expect("there is a main file")
}

#[test]
fn moving_from_any_server_to_any_other_ends_where_a_cold_run_ends() {
    let (world, servers) = (world(), servers());
    let cold: Vec<_> = servers
        .iter()
        .map(|it| seen(&session(&world, it).outcome()))
        .collect();
    for one in &servers {
        let mut warm = session(&world, one);
        for (there, expected) in servers.iter().zip(&cold) {
            warm.move_to(inputs(&world, there))
                .expect("no file is gone");
            assert_eq!(&seen(&warm.outcome()), expected);
            warm.move_to(inputs(&world, one)).expect("no file is gone");
        }
    }
    let different: std::collections::BTreeSet<_> = cold.iter().collect();
    assert!(different.len() >= 6, "the servers hardly differ");
}

#[test]
fn only_what_asked_for_the_difference_is_looked_at_again() {
    let world = world();
    let read = |text: &[&str]| Facts::read("server", &text.concat()).0;
    let (new, next) = (read(&[NEW, FEW]), read(&[NEXT, FEW]));
    let mutexes = read(&[NEXT, FEW, MUTEXES]);
    let mut warm = session(&world, &new);
    // No directive came or went between the two versions. But what a `Mutex` may name came with
    // versions, and so did what the main file loads.
    assert_eq!(warm.move_to(inputs(&world, &next)), Ok(3));
    // Both files with a `Mutex`, though no handler read the second; and those in which a name is
    // looked for among the modules that the facts list.
    let again = warm
        .move_to(inputs(&world, &mutexes))
        .expect("no file is gone");
    assert!((2..FILES.len()).contains(&again), "{again}");
}

// Servers for a text: one has all modules, of two each has those that the other lacks, and one is
// older.
fn kinds_of_server(text: &str) -> Vec<Facts> {
    let is_even = |it: &Module| it.source.len().is_multiple_of(2);
    let wanted: [&dyn Fn(&Module) -> bool; 4] =
        [&|_| true, &is_even, &|it| !is_even(it), &|_| true];
    let versions = [NEW, NEW, NEW, MIDDLE];
    let known = wanted.iter().zip(versions).map(|(wanted, version)| {
        let mut house = House::new("/etc/httpd");
        house.compile_some_modules(text, wanted);
        house.know(version);
        house.facts
    });
    known.collect()
}

#[test]
fn every_rule_finds_on_another_server_what_it_finds_there_at_once() {
    let mut differing = 0;
    for rule in rules::all() {
        let wrong = parts(&rule.page()).into_iter().filter_map(|it| match it {
            Part::Block(it) if it.kind == "conf" => Some(it.text),
            _ => None,
        });
        let Some(text) = wrong.take(1).next() else {
            continue;
        };
        let mut house = House::new("/etc/httpd");
        house.put("httpd.conf", text.as_str());
        let options = Options::default().asking_for(rule);
        let servers = kinds_of_server(&text);
        let session = |facts| {
            let inputs = house.inputs(facts, "/etc/httpd/httpd.conf", false);
            Session::new(inputs, &options).expect("there is a main file")
        };
        let cold: Vec<_> = servers
            .iter()
            .map(|it| seen(&session(it).outcome()))
            .collect();
        differing += usize::from(cold.iter().any(|it| *it != cold[0]));
        let mut warm = session(&servers[0]);
        for at in [1, 2, 0, 3, 1, 3, 2, 3, 0] {
            let inputs = house.inputs(&servers[at], "/etc/httpd/httpd.conf", false);
            warm.move_to(inputs).expect("no file is gone");
            assert_eq!(seen(&warm.outcome()), cold[at], "{} on {at}", rule.id);
        }
    }
    assert!(
        differing >= 40,
        "only {differing} rules are asked otherwise"
    );
}
