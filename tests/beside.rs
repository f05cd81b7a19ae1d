//! Two worlds side by side: what is found in the second is what a cold run finds there, whatever the
//! two have in common.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support {
    pub(crate) mod debian_server;
    pub(crate) mod random;
    pub(crate) mod seen;
}

use std::collections::BTreeMap;

use httpd_lint::evaluate::Inputs;
use httpd_lint::facts::builtin;
use httpd_lint::lint::{Options, Session};
use httpd_lint::world::MemoryWorld;
use support::debian_server::{ROOT, facts, inputs};
use support::random::{Random, wanted};
use support::seen::seen;

const SITES: usize = 12;

/// The files of a server, by their paths below its root.
type Tree = BTreeMap<String, String>;

const MAIN: &str = "\
ServerName main.test
Define WWW /srv/www
Include mods/*.load
Include conf/*.conf
Listen 80
<Directory />
    Require all denied
</Directory>
<IfModule mod_alias.c>
    Include shared/*.conf
</IfModule>
Include sites/*.conf
";

const MODULES: [&str; 10] = [
    "alias",
    "authz_core",
    "authz_host",
    "dir",
    "env",
    "macro",
    "mpm_event",
    "rewrite",
    "ssl",
    "wsgi",
];

/// Lines of which one file says something, and another one asks for it, or speaks of the same.
const LINES: [&str; 46] = [
    "# a comment",
    "Alias /static /srv/static",
    "Alias /static/b /b",
    "AuthzSVNAccessFile /srv/access",
    "Bogus",
    "Define COLOUR red",
    "Define COLOUR blue",
    "Define COLOURS blue",
    "Define WWW /srv/other",
    "DocumentRoot ${WWW}/${COLOUR}",
    "DocumentRoot /srv/missing",
    "DocumentRoot www",
    "Alias /pages/ www",
    "SSLCertificateFile keys/pem",
    "DocumentRoot ${COLOUUR}",
    "ErrorLog ${APACHE_LOG_DIR}/error.log",
    "Include extra/*.conf",
    "IncludeOptional extra/one.conf",
    "Listen 8080",
    "LogFormat \"%h\" short",
    "CustomLog logs/short short",
    "MacroIgnoreBadNesting",
    "MaxRequestWorkers 800",
    "Mutex flock:/run default",
    "PidFile /run/missing/pid",
    "RegisterHttpMethod SHOUT",
    "Require method SHOUT",
    "RewriteEngine on",
    "ServerLimit 32",
    "ServerName other.test",
    "SetEnv STAGE ${STAGE}",
    "StartServers 0",
    "Timeout many",
    "UndefMacro m",
    "Use m",
    "WSGIAcceptMutex flock",
    "WSGIDaemonProcess harbor",
    "WSGIDaemonProcess shop processes=2",
    "WSGIProcessGroup harbor",
    "WSGIProcessGroup harbour",
    "WSGIScriptAlias / /srv/app.wsgi process-group=%{ENV:G}",
    "# httpd-lint: allow(undefined-variable) -- the template needs it",
    "LoadModule info_module modules/mod_info.so",
    "LoadModule python_module modules/mod_python.so",
    "WSGISocketPrefix run/missing/wsgi",
    "WSGIRestrictEmbedded On",
];

/// Bodies around which a file can put its lines.
const SECTIONS: [(&str, &str); 7] = [
    ("<VirtualHost *:80>", "</VirtualHost>"),
    ("<Directory /srv>", "</Directory>"),
    ("<IfModule wsgi_module>", "</IfModule>"),
    ("<IfModule info_module>", "</IfModule>"),
    ("<IfDefine COLOUR>", "</IfDefine>"),
    ("<IfFile extra/flag>", "</IfFile>"),
    ("<Macro m>", "</Macro>"),
];

fn site(number: usize) -> String {
    format!(
        "<VirtualHost *:80>\n    ServerName site{number}.test\n    DocumentRoot ${{WWW}}/{number}\n    \
         Alias /static /srv/static{number}\n</VirtualHost>\n"
    )
}

fn tree(random: &mut Random) -> Tree {
    let mut tree = Tree::from([
        ("apache2.conf".to_owned(), MAIN.to_owned()),
        ("conf/a.conf".to_owned(), "KeepAlive On\n".to_owned()),
        (
            "extra/one.conf".to_owned(),
            "Define SHAPE round\n".to_owned(),
        ),
        ("shared/a.conf".to_owned(), "Alias /icons /i\n".to_owned()),
    ]);
    for module in MODULES {
        let text = format!("LoadModule {module}_module modules/mod_{module}.so\n");
        tree.insert(format!("mods/{module}.load"), text);
    }
    for number in 0..SITES {
        tree.insert(format!("sites/{number:02}.conf"), site(number));
    }
    for _ in 0..16 {
        edit(&mut tree, random);
    }
    tree
}

// Changes one thing, of which others may know.
fn edit(tree: &mut Tree, random: &mut Random) {
    let names: Vec<String> = tree.keys().cloned().collect();
    let name = random.pick(&names).clone();
    let is_main = name == "apache2.conf";
    match random.below(12) {
        0 if !is_main => {
            tree.remove(&name);
        }
        1 if !is_main => {
            let text = tree.remove(&name).unwrap();
            tree.insert(name.replacen('.', "-renamed.", 1), text);
        }
        2 => {
            let file = random.pick(&["extra/flag", "www/index.html", "keys/pem"]);
            tree.insert((*file).to_owned(), String::new());
        }
        3 => {
            let number = random.below(100);
            tree.insert(format!("sites/{number:02}.conf"), site(number));
        }
        4 => {
            let copy = tree[&name].clone();
            tree.insert(format!("extra/{}.conf", random.below(3)), copy);
        }
        5 | 6 => {
            let (open, close) = random.pick(&SECTIONS);
            let text = tree.get_mut(&name).unwrap();
            *text = format!("{open}\n{text}{close}\n");
        }
        7 => {
            let lines: Vec<String> = tree[&name].lines().map(str::to_owned).collect();
            let gone = random.below(lines.len());
            let kept = lines.iter().enumerate().filter(|it| it.0 != gone);
            let text: String = kept.map(|it| format!("{}\n", it.1)).collect();
            tree.insert(name, text);
        }
        _ => {
            let line = random.pick(&LINES);
            let mut lines: Vec<String> = tree[&name].lines().map(str::to_owned).collect();
            lines.insert(random.below(lines.len() + 1), (*line).to_owned());
            tree.insert(name, lines.join("\n") + "\n");
        }
    }
}

fn world(tree: &Tree) -> MemoryWorld {
    let mut world = MemoryWorld::default();
    for (path, text) in tree {
        world.put(&format!("{ROOT}/{path}"), text.as_str());
    }
    world
}

fn beside(before: Inputs<'_>, after: Inputs<'_>) -> String {
    let first = Session::to_compare(before, &Options::default()).expect("there is a main file");
    let second = first.beside(after).expect("there is a main file");
    seen(&second.outcome())
}

fn cold(inputs: Inputs<'_>) -> String {
    let session = Session::new(inputs, &Options::default()).expect("there is a main file");
    seen(&session.outcome())
}

#[test]
fn whatever_is_edited_is_found_as_in_a_cold_run() {
    let facts = facts();
    let count = wanted("CASES", 1000);
    for number in 0..count {
        let random = &mut Random::of(0x5eed_0be5_1de5, number);
        let before = tree(random);
        let mut after = before.clone();
        for _ in 0..=random.below(4) {
            edit(&mut after, random);
        }
        let (one, two) = (world(&before), world(&after));
        let warm = beside(inputs(&one, &facts), inputs(&two, &facts));
        let cold = cold(inputs(&two, &facts));
        if warm != cold {
            let kept = |it: &(&String, &String)| before.get(it.0) == Some(it.1);
            let edited: Tree = pairs(after.iter().filter(|it| !kept(it)));
            let rest: Tree = pairs(after.iter().filter(kept));
            eprintln!("case {number}: {edited:#?} instead of {before:#?} beside {rest:#?}");
        }
        for (warm, cold) in warm.lines().zip(cold.lines()) {
            assert_eq!(warm, cold);
        }
        assert_eq!(warm, cold);
    }
}

fn pairs<'a>(files: impl Iterator<Item = (&'a String, &'a String)>) -> Tree {
    files.map(|it| (it.0.clone(), it.1.clone())).collect()
}

#[test]
fn another_server_is_not_taken_for_the_same() {
    let facts = facts();
    let number = &mut Random::of(7, 7);
    let (one, defines) = (world(&tree(number)), ["COLOUR".to_owned()]);
    let here = inputs(&one, &facts);
    let others = [
        Inputs {
            defines: &defines,
            ..here
        },
        Inputs {
            server_root: "/etc/other",
            ..here
        },
        Inputs {
            program: "httpd",
            ..here
        },
        Inputs {
            fragment: Some(true),
            ..here
        },
    ];
    let mut older = builtin("rhel-8").expect("a built-in build");
    older.environment = None;
    for other in others.into_iter().chain([inputs(&one, &older)]) {
        assert_eq!(beside(here, other), cold(other));
    }
}

#[test]
fn what_lies_beside_the_configuration_may_be_another() {
    let facts = facts();
    let number = &mut Random::of(7, 8);
    let mut before = tree(number);
    // What is known of the first line is not asked again for the second.
    for site in ["sites/00.conf", "sites/01.conf"] {
        before.insert(site.to_owned(), "DocumentRoot www\n".to_owned());
    }
    let (mut one, two) = (world(&before), world(&before));
    one.put(&format!("{ROOT}/www/index.html"), "");
    for (there, here) in [(&one, &two), (&two, &one)] {
        let warm = beside(inputs(there, &facts), inputs(here, &facts));
        assert_eq!(warm, cold(inputs(here, &facts)));
        assert_ne!(warm, cold(inputs(there, &facts)));
    }
}
