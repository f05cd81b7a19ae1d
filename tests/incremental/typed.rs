//! Whatever is typed into a small server whose files all depend on each other, a warm session finds
//! in the end what a cold one finds.
//!
//! `EDITS=10000 SEED=2 cargo test --test incremental typed` types more, and other things.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use httpd_lint::evaluate::Inputs;
use httpd_lint::facts::Facts;
use httpd_lint::lint::{Options, Session};
use httpd_lint::rules;
use httpd_lint::world::{MemoryWorld, Overlay, Texts, World};

use crate::support::debian_server::{facts, inputs};
use crate::support::random::{Random, wanted};
use crate::support::seen::seen;

const MAIN: &str = "/etc/apache2/apache2.conf";
const ACCESS_FILE: &str = "/srv/www/.htaccess";

/// The files, by name.
const FILES: &[(&str, &str)] = &[
    (
        MAIN,
        "ServerRoot /etc/apache2\n\
         ServerName example.net\n\
         ErrorLog /var/log/error.log\n\
         Include modules.conf\n\
         Include ports.conf\n\
         Include macros.conf\n\
         Define TOP /srv\n\
         <Directory ${TOP}/www>\n\
         AllowOverride All\n\
         Require all granted\n\
         </Directory>\n\
         Include groups/all.conf\n\
         IncludeOptional sites/*.conf\n",
    ),
    (
        "/etc/apache2/modules.conf",
        "LoadModule mpm_event_module modules/mod_mpm_event.so\n\
         LoadModule macro_module modules/mod_macro.so\n\
         LoadModule alias_module modules/mod_alias.so\n\
         LoadModule wsgi_module modules/mod_wsgi.so\n\
         LoadModule authz_core_module modules/mod_authz_core.so\n\
         LoadModule rewrite_module modules/mod_rewrite.so\n",
    ),
    ("/etc/apache2/ports.conf", "Listen 80\n"),
    (
        "/etc/apache2/macros.conf",
        "<Macro Site $name>\n\
         ServerName $name\n\
         DocumentRoot /srv/$name\n\
         </Macro>\n",
    ),
    (
        "/etc/apache2/groups/all.conf",
        "Define GROUP one\n\
         Include groups/one.inc\n\
         Define GROUP two\n\
         Include groups/two.inc\n\
         UnDefine GROUP\n",
    ),
    (
        "/etc/apache2/groups/one.inc",
        "WSGIDaemonProcess ${GROUP}\n\
         <IfDefine GROUP>\n\
         Include groups/deep.inc\n\
         </IfDefine>\n",
    ),
    (
        "/etc/apache2/groups/two.inc",
        "WSGIDaemonProcess ${GROUP} processes=2\n",
    ),
    ("/etc/apache2/groups/deep.inc", "# ${GROUP}\nTimeout 7\n"),
    (
        "/etc/apache2/sites/a.conf",
        "<VirtualHost *:80>\n\
         Use Site a.example.net\n\
         Include common.inc\n\
         WSGIProcessGroup one\n\
         Alias /static /srv/a/static\n\
         </VirtualHost>\n",
    ),
    (
        "/etc/apache2/sites/b.conf",
        "<VirtualHost *:80>\n\
         ServerName b.example.net\n\
         Include common.inc\n\
         WSGIScriptAlias / /srv/b/wsgi.py process-group=two\n\
         <Directory /srv/b>\n\
         AllowOverride None\n\
         </Directory>\n\
         </VirtualHost>\n",
    ),
    ("/etc/apache2/common.inc", "ErrorLog /var/log/site.log\n"),
    (ACCESS_FILE, "RewriteEngine on\nRewriteRule ^a$ b\n"),
    // Read only where somebody includes it.
    ("/etc/apache2/aside.conf", "Define ASIDE\nListen 8080\n"),
    (
        "/etc/apache2/sites/c.other",
        "<VirtualHost *:80>\nServerName c.example.net\n</VirtualHost>\n",
    ),
];

/// Lines that somebody types.
const LINES: &[&str] = &[
    "# a comment",
    "# httpd-lint: allow(surplus-words) -- x",
    "# httpd-lint: allow-file(unknown-directive) -- x",
    "# httpd-lint: allow(unused-allowance, undeclared-daemon-process)",
    "# httpd-lint: context(vhost)",
    "AcceptMutex default",
    "AccessFileName .htaccess .other",
    "Alias /static /srv/other",
    "AliasMatch ^/static /srv/match",
    "AllowOverride All",
    "AllowOverride FileInfo Options=Indexes",
    "AllowOverride None",
    "AllowOverrideList Redirect RewriteEngine",
    "BalancerMember http://127.0.0.1",
    "Bogus",
    "CustomLog /var/log/access.log common",
    "CustomLog /no/where/access.log common",
    "Define",
    "Define ASIDE 1",
    "Define GROUP three",
    "Define TOP /srv/top",
    "Define X",
    "DocumentRoot /srv/www",
    "ErrorLog /no/where/error.log",
    "ErrorLog /var/log/other.log",
    "ErrorLog syslog",
    "GlobalLog /no/where/global.log common",
    "Include /etc/apache2/sites",
    "Include aside.conf",
    "Include common.inc",
    "Include groups/*.inc",
    "Include groups/all.conf",
    "Include missing.conf",
    "Include sites/a.conf",
    "Include sites/c.other",
    "IncludeOptional sites/*.other",
    "IncludeOptional ${UNDEFINED}/*.conf",
    "Listen 443",
    "Listen 80",
    "Listen 8080 https",
    "LoadModule info_module modules/mod_info.so",
    "LoadModule mpm_worker_module modules/mod_mpm_worker.so",
    "LoadModule php7_module modules/libphp7.so",
    "LoadModule proxy_module modules/mod_proxy.so",
    "LoadModule python_module modules/mod_python.so",
    "LoadModule ssl_module modules/mod_ssl.so",
    "LoadModule wsgi_module modules/mod_wsgi.so",
    "LogFormat \"%h\" common",
    "MacroIgnoreBadNesting",
    "MaxRequestWorkers 800",
    "NameVirtualHost *:80",
    "Options -Indexes",
    "Order allow,deny",
    "ProxyPass /x balancer://shop",
    "Redirect /a /b",
    "RegisterHttpMethod SHOUT",
    "Require all granted",
    "Require method SHOUT",
    "Require neighbours",
    "RewriteEngine on",
    "RewriteMap names txt:/srv/names",
    "RewriteRule ^x ${names:a}",
    "SSLEngine on",
    "ServerAlias a.example.net",
    "ServerLimit 32",
    "ServerName a.example.net",
    "ServerName ${TOP}",
    "ServerRoot /etc/apache2",
    "ServerRoot /srv",
    "SetHandler server-info",
    "StartServers 0",
    "Timeout 5 6",
    "UnDefine TOP",
    "UnDefine X",
    "UndefMacro Site",
    "Use M a",
    "Use Site b.example.net",
    "Use Site",
    "User nobody",
    "WSGIAcceptMutex pthread",
    "WSGIApplicationGroup %{GLOBAL}",
    "WSGIDaemonProcess one",
    "WSGIDaemonProcess onne processes=3",
    "WSGIDaemonProcess three",
    "WSGIDispatchScript /srv/d.py",
    "WSGIProcessGroup %{ENV:x}",
    "WSGIProcessGroup three",
    "WSGIProcessGroup twoo",
    "WSGIScriptAlias /x /srv/b/x.py",
    "WSGISocketPrefix /no/where/wsgi",
    "WSGIPythonHome /srv/venv",
    "\"",
    "\\",
    "</Directory>",
    "</If>",
    "</IfDefine>",
    "</IfModule>",
    "</Macro>",
    "</RequireAll>",
    "</VirtualHost>",
    "<AuthzProviderAlias ip neighbours 10.0.0.1>\n</AuthzProviderAlias>",
    "<Directory /srv/www>",
    "<Directory /srv/www>\nAllowOverride Limit\n</Directory>",
    "<Else>\nTimeout 8\n</Else>",
    "<If true>",
    "<IfDefine !X>",
    "<IfDefine ASIDE>",
    "<IfDefine X>",
    "<IfFile /etc/apache2/aside.conf>\nListen 81\n</IfFile>",
    "<IfModule info_module>",
    "<IfModule mod_info.c>\n</IfModule>",
    "<IfModule wsgi_module>",
    "<IfModule unknown_module>\nErrorLog /no/where/x.log\n</IfModule>",
    "<Limit GET SHOUT>\n</Limit>",
    "<Macro End>\n</VirtualHost>\n</Macro>",
    "<Macro M $a>",
    "<Macro M $a>\nTimeout $a\nInclude common.inc\n</Macro>",
    "<Proxy balancer://shop>\nBalancerMember http://127.0.0.1\n</Proxy>",
    "<RequireAll>",
    "<RequireAll>\nRequire not ip 10\n</RequireAll>",
    "<VirtualHost *:443>",
    "<VirtualHost *:80>",
];

const JUNK: &[&str] = &[
    "<", ">", "\"", "\\", "\n", "${", "}", "é", "\r", " ", "#", "</",
];

/// What stands in the place of files.
#[derive(Default)]
struct Typed(Mutex<BTreeMap<String, String>>);

impl Texts for Typed {
    fn text(&self, path: &str) -> Option<Cow<'_, [u8]>> {
        let texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        texts.get(path).map(|it| Cow::Owned(it.as_bytes().to_vec()))
    }
}

impl Typed {
    fn put(&self, path: &str, text: &str) {
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        texts.insert(path.to_owned(), text.to_owned());
    }
}

fn disk() -> MemoryWorld {
    let mut world = MemoryWorld::new();
    for (path, text) in FILES {
        world.put(path, *text);
    }
    for folder in ["/var/log", "/srv/a/static", "/srv/b", "/run"] {
        world.add_directory(folder);
    }
    world.hide("/etc/apache2/modules");
    world
}

fn session<'a>(world: &'a dyn World, facts: &'a Facts, main: &'a str) -> Session<'a> {
    let inputs = Inputs {
        main,
        fragment: None,
        ..inputs(world, facts)
    };
    // Those, too, that have to be asked for.
    let all: Vec<String> = rules::all().map(|it| it.id.to_owned()).collect();
    let options = Options::new(&all, &[]).expect("there are such rules");
    let mut session = Session::new(inputs, &options).expect("there is a main file");
    session.add_htaccess(ACCESS_FILE).expect("it can be read");
    session
}

// Types a line, or something else.
fn edit(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let at = random.below(lines.len() + 1);
    let other = random.below(lines.len());
    let typed = format!("{}\n", random.pick(LINES));
    match random.below(10) {
        0..5 => lines.insert(at, &typed),
        5 | 6 if other < lines.len() => drop(lines.remove(other)),
        7 if other < lines.len() => lines[other] = &typed,
        8 if at < lines.len() && other < lines.len() => lines.swap(at, other),
        _ => {
            let places: Vec<usize> = text.char_indices().map(|it| it.0).collect();
            let at = places.get(random.below(places.len() + 1)).copied();
            let (before, behind) = text.split_at(at.unwrap_or(text.len()));
            return format!("{before}{}{behind}", random.pick(JUNK));
        }
    }
    lines.concat()
}

// The lines in which two texts differ.
fn difference(one: &str, two: &str) -> String {
    let mut shown = Vec::new();
    for (sign, text, other) in [("warm", one, two), ("cold", two, one)] {
        let others: std::collections::BTreeSet<&str> = other.lines().collect();
        let only = text.lines().filter(|it| !others.contains(it));
        shown.extend(only.take(12).map(|it| format!("{sign}: {it}")));
    }
    shown.join("\n")
}

#[test]
fn whatever_is_typed_is_seen_as_by_a_cold_run() {
    let seed = wanted("SEED", 1);
    let edits = usize::try_from(wanted("EDITS", 400)).unwrap();
    let mut facts = facts();
    facts.environment = None;
    let (mut at, mut rest) = (0, edits);
    while rest > 0 {
        let length = rest.min(40);
        type_some(&facts, seed, at, length);
        at += length;
        rest -= length;
    }
}

// What is found after each edit of a small server, whose main file comes first, is what a cold run
// finds then. How many findings that are in the end.
fn agrees_after(files: &[(&str, &str)], edits: &[(&str, &str)]) -> usize {
    let path = |name: &str| match name.starts_with('/') {
        true => name.to_owned(),
        false => format!("/etc/apache2/{name}"),
    };
    let world = Overlay {
        below: disk(),
        texts: Typed::default(),
    };
    for (path, _) in FILES {
        world.texts.put(path, "");
    }
    for (name, text) in files {
        world.texts.put(&path(name), text);
    }
    let mut facts = facts();
    facts.environment = None;
    let main = path(files[0].0);
    let mut warm = session(&world, &facts, &main);
    for (number, (name, text)) in edits.iter().enumerate() {
        let path = path(name);
        world.texts.put(&path, text);
        warm.replace(&path, text.as_bytes().to_vec());
        let cold = session(&world, &facts, &main);
        let (found, expected) = (seen(&warm.outcome()), seen(&cold.outcome()));
        let difference = difference(&found, &expected);
        assert!(found == expected, "after edit {number}:\n{difference}");
    }
    warm.outcome().diagnostics.len()
}

const SERVER: &str = "ServerRoot /etc/apache2\nServerName example.net\nErrorLog /var/log/error.log\n\
                      Include modules.conf\n";
const MODULES: &str = FILES[1].1;

// The main file of a server that reads others.
fn server(includes: &str) -> String {
    format!("{SERVER}{includes}")
}

#[test]
fn a_file_in_a_file_is_read_where_it_stands() {
    let main = server("Include groups/all.conf\n");
    let files = [
        ("apache2.conf", main.as_str()),
        ("modules.conf", MODULES),
        (
            "groups/all.conf",
            "Define GROUP one\nInclude groups/one.inc\nUnDefine GROUP\n",
        ),
        ("groups/one.inc", "WSGIDaemonProcess ${GROUP}\n"),
    ];
    let moved = format!("# moved\n{main}");
    // After the first, all.conf is evaluated no more; after the second, not even one.inc.
    let edits = [
        ("apache2.conf", moved.as_str()),
        ("groups/one.inc", "# moved\nWSGIDaemonProcess ${GROUP}\n"),
        ("groups/one.inc", "WSGIDaemonProcess ${GROUP} bogus=1\n"),
        ("apache2.conf", &main),
        (
            "groups/all.conf",
            "# moved\nDefine GROUP two\nInclude groups/one.inc\nUnDefine GROUP\n",
        ),
        (
            "groups/one.inc",
            "# ${GROUP}\nWSGIDaemonProcess ${GROUP} bogus=2\n",
        ),
    ];
    assert_ne!(agrees_after(&files, &edits), 0);
}

#[test]
fn a_file_that_was_read_elsewhere_before_has_its_new_text_there() {
    let main =
        server("Include groups/all.conf\n<IfDefine AGAIN>\nInclude common.inc\n</IfDefine>\n");
    let files = [
        ("apache2.conf", main.as_str()),
        ("modules.conf", MODULES),
        ("groups/all.conf", "Include groups/one.inc\n"),
        ("groups/one.inc", "Include groups/deep.inc\n"),
        ("groups/deep.inc", "Timeout 7\n"),
        ("common.inc", "Include groups/deep.inc\n"),
    ];
    let again = format!("Define AGAIN\n{main}");
    let edits = [
        ("apache2.conf", again.as_str()),
        ("apache2.conf", &main),
        ("groups/deep.inc", "Bogus\n"),
        ("apache2.conf", &again),
    ];
    assert_ne!(agrees_after(&files, &edits), 0);
}

#[test]
fn what_a_file_leaves_unread_is_unread_when_it_is_not_evaluated_again() {
    let main = server("Include groups/all.conf\nListen 80\n");
    let files = [
        ("apache2.conf", main.as_str()),
        ("groups/all.conf", "IncludeOptional ${UNKNOWN}/*.conf\n"),
    ];
    let moved = format!("# moved\n{main}");
    agrees_after(&files, &[("apache2.conf", &moved)]);
}

#[test]
fn a_log_that_a_macro_writes_is_that_of_the_server_around_its_use() {
    let main = server("Include macros.conf\nInclude sites/a.conf\n");
    let files = [
        ("apache2.conf", main.as_str()),
        ("modules.conf", MODULES),
        (
            "macros.conf",
            "<Macro Log>\nErrorLog /no/where/error.log\n</Macro>\n",
        ),
        (
            "sites/a.conf",
            "<VirtualHost *:80>\nServerName a\nUse Log\n</VirtualHost>\n",
        ),
    ];
    let edits = [
        (
            "sites/a.conf",
            "<VirtualHost *:80>\nServerName a\n</VirtualHost>\nUse Log\n",
        ),
        (
            "sites/a.conf",
            "# moved\n<VirtualHost *:80>\nServerName a\nUse Log\n</VirtualHost>\n",
        ),
    ];
    assert_ne!(agrees_after(&files, &edits), 0);
}

#[test]
fn a_server_that_nobody_lets_listen_is_none() {
    let main = "Include /etc/apache2/modules.conf\nInclude /etc/apache2/ports.conf\nInclude /etc/apache2/sites/a.conf\n";
    let files = [
        ("server.conf", main),
        ("modules.conf", MODULES),
        ("ports.conf", "Listen 80\n"),
        ("sites/a.conf", "WSGIProcessGroup nobody\n"),
    ];
    let edits = [
        ("ports.conf", "# Listen 80\n"),
        ("ports.conf", "Listen 80\n"),
    ];
    let found = agrees_after(&files, &edits);
    assert_eq!(agrees_after(&files, &[]), found);
}

#[test]
fn what_a_site_permits_counts_in_an_access_file() {
    let main = server("Include sites/a.conf\n");
    let permits =
        |word: &str| format!("<Directory /srv/www>\nAllowOverride {word}\n</Directory>\n");
    let [all, limit, none] = ["All", "Limit", "None"].map(permits);
    let files = [
        ("apache2.conf", main.as_str()),
        ("modules.conf", MODULES),
        ("sites/a.conf", &all),
        (ACCESS_FILE, "RewriteEngine on\nBogus\n"),
    ];
    let edits = [
        ("sites/a.conf", limit.as_str()),
        ("sites/a.conf", &none),
        ("sites/a.conf", &all),
    ];
    assert_ne!(agrees_after(&files, &edits), 0);
}

#[test]
fn a_variable_that_only_an_access_file_uses_is_used() {
    let main = server(
        "Define COLOUR red\n<Directory /srv/www>\nAllowOverride All\n</Directory>\n\
         Include sites/a.conf\n",
    );
    let files = |rule| {
        [
            ("apache2.conf", main.as_str()),
            ("modules.conf", MODULES),
            (ACCESS_FILE, rule),
        ]
    };
    let edits = [("sites/a.conf", "# moved\n")];
    let used = agrees_after(&files("RewriteRule ^a$ ${COLOUR}\n"), &edits);
    let unused = agrees_after(&files("RewriteRule ^a$ red\n"), &edits);
    assert_eq!(used + 1, unused);
}

#[test]
fn a_module_that_another_one_cannot_stand_is_shown_where_it_is() {
    let load = "LoadModule python_module modules/mod_python.so\n";
    let main = server("Include sites/a.conf\n");
    let files = [
        ("apache2.conf", main.as_str()),
        ("modules.conf", MODULES),
        ("sites/a.conf", load),
    ];
    let moved = format!("# moved\n{MODULES}");
    assert_ne!(agrees_after(&files, &[("modules.conf", &moved)]), 0);
}

#[test]
fn a_prefix_of_sockets_matters_when_there_is_a_group() {
    let main = server("WSGISocketPrefix /no/where/wsgi\nInclude sites/a.conf\n");
    let files = [("apache2.conf", main.as_str()), ("modules.conf", MODULES)];
    let edits = [
        ("sites/a.conf", "WSGIDaemonProcess shop\n"),
        ("sites/a.conf", "# none\n"),
    ];
    agrees_after(&files, &edits);
    assert_ne!(
        agrees_after(&files, &edits[..1]),
        agrees_after(&files, &edits)
    );
}

#[test]
fn a_site_is_read_when_another_file_reads_it() {
    let host = FILES[FILES.len() - 1].1;
    let main = server("IncludeOptional sites/*.conf\nInclude common.inc\n");
    let files = [
        ("apache2.conf", main.as_str()),
        ("modules.conf", MODULES),
        ("sites/c.other", host),
    ];
    let edits = [
        ("common.inc", "Include sites/c.other\n"),
        ("common.inc", "# Include sites/c.other\n"),
    ];
    assert_ne!(agrees_after(&files, &edits), 0);
}

#[test]
fn a_file_that_includes_itself_ends_where_it_would_in_a_cold_run() {
    let main = server("Include groups/all.conf\nInclude groups/one.inc\n");
    let files = [
        ("apache2.conf", main.as_str()),
        ("modules.conf", MODULES),
        (
            "groups/all.conf",
            "Include groups/one.inc\nInclude groups/two.inc\n",
        ),
        (
            "groups/one.inc",
            "Include groups/two.inc\nInclude groups/deep.inc\n",
        ),
    ];
    let edits = [
        ("groups/two.inc", "Include groups/all.conf\n"),
        ("groups/deep.inc", "Timeout 7 8\n"),
        ("groups/deep.inc", "Include groups/one.inc\n"),
        ("groups/two.inc", "# none\n"),
        ("groups/deep.inc", "Timeout 7 8\n"),
    ];
    assert_ne!(agrees_after(&files, &edits), 0);
}

// Some edits of the files as they were in the beginning.
fn type_some(facts: &Facts, seed: u64, first: usize, length: usize) {
    let world = Overlay {
        below: disk(),
        texts: Typed::default(),
    };
    let mut texts: Vec<String> = FILES.iter().map(|it| it.1.to_owned()).collect();
    let mut warm = session(&world, facts, MAIN);
    let mut history = Vec::new();
    for number in first..first + length {
        let mut random = Random::of(seed, number as u64);
        let file = random.below(FILES.len());
        let (path, original) = FILES[file];
        texts[file] = match random.below(12) {
            0 => original.to_owned(),
            _ => edit(&texts[file], &mut random),
        };
        history.push(format!("--- {path}\n{}", texts[file]));
        world.texts.put(path, &texts[file]);
        if warm.config().sources.find(path).is_some() {
            let bytes = texts[file].clone().into_bytes();
            if random.below(2) == 0 {
                warm.replace(path, bytes);
            } else {
                let wanted = random.below(FILES.len());
                let wanted = warm.config().sources.find(FILES[wanted].0);
                warm.replace_first(path, bytes, &|it| Some(it) == wanted);
                warm.finish();
            }
        } else {
            warm.look_around();
        }
        let cold = session(&world, facts, MAIN);
        let (found, expected) = (seen(&warm.outcome()), seen(&cold.outcome()));
        assert!(
            found == expected,
            "after edit {number} of seed {seed}:\n{}\n{}",
            history[history.len().saturating_sub(3)..].join("\n"),
            difference(&found, &expected)
        );
    }
}
