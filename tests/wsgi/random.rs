//! Small servers with applications that look random and are the same in every run.

use std::fmt::Write as _;

use crate::support::document::Document;
use crate::support::random::{Random, wanted};
use crate::support::server::{Server, may_start_as_root};
use crate::support::workers;
use crate::{Site, documents};

const SEED: u64 = 20_261_122;

/// So many servers are started unless `CONFIGURATIONS` says how many.
const CONFIGURATIONS: u64 = 12;

const REQUESTS: usize = 10;

/// The names that requests ask for; the last one belongs to no virtual host.
const HOSTS: &[&str] = &["a.test", "b.test", "www.a.test", "other.test"];

const MPMS: &[&str] = &[
    "event",
    "event\nThreadsPerChild 1\nMaxRequestWorkers 3",
    "worker\nServerLimit 1\nMaxRequestWorkers 25",
    "prefork",
    "prefork\nMaxRequestWorkers 1",
];

/// What a group may have besides its name.
const DAEMON_OPTIONS: &[&str] = &[
    "",
    "threads=1",
    "processes=1",
    "processes=2 threads=2",
    "threads=2x",
    "display-name= processes=2",
    "threads=5 threads=1",
];

const PROCESS_GROUPS: &[&str] = &[
    "one",
    "one",
    "two",
    "two",
    "host0",
    "host1",
    "%{GLOBAL}",
    "%{ENV:PG}",
    "ONE",
    "none",
];

const APPLICATION_GROUPS: &[&str] = &[
    "%{GLOBAL}",
    "%{RESOURCE}",
    "%{SERVER}",
    "%{HOST}",
    "%{ENV:AG}",
    "%{ENV:NONE}",
    "%{global}",
    "x%{GLOBAL}",
    "mine",
];

const MOUNTS: &[&str] = &[
    "WSGIScriptAlias /m @DIR@/app/diag.wsgi",
    "WSGIScriptAlias /m/n @DIR@/app/other.wsgi",
    "WSGIScriptAlias /Cap @DIR@/app/diag.wsgi",
    "WSGIScriptAlias /s/ @DIR@/app/diag.wsgi",
    "WSGIScriptAlias /d/ @DIR@/app/",
    "WSGIScriptAlias /d @DIR@/app",
    "WSGIScriptAlias /gone @DIR@/app/gone.wsgi",
    "WSGIScriptAliasMatch ^/match/\\w+ @DIR@/app/diag.wsgi",
    "WSGIScriptAliasMatch ^/to/(\\w+) @DIR@/app/$1.wsgi",
];

const PATHS: &[&str] = &[
    "/",
    "/m",
    "/m/",
    "/m/x",
    "/m/n",
    "/m/n/y?q=1",
    "/mm",
    "//m//x",
    "/Cap/x",
    "/cap",
    "/s/",
    "/s/x",
    "/d/diag.wsgi",
    "/d/other.wsgi/x",
    "/d/",
    "/gone",
    "/match/abc/x",
    "/to/other",
    "/to/other/x",
    "/old/x",
    "/page.wsgi",
    "/page.wsgi/x",
    "/%6d/x",
];

#[test]
fn random_servers_answer_what_is_predicted() {
    if !Server::find().is_some_and(|it| it.has_wsgi()) || !may_start_as_root() {
        eprintln!("skipped: a server with mod_wsgi is started by root only");
        return;
    }
    let seed = wanted("SEED", SEED);
    let numbers: Vec<u64> = (0..wanted("CONFIGURATIONS", CONFIGURATIONS)).collect();
    let wrong: Vec<String> = workers::map(&numbers, |it| mistakes(seed, *it)).concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn mistakes(seed: u64, number: u64) -> Vec<String> {
    let mut making = Making {
        random: Random::of(seed, number),
    };
    let text = making.document(number);
    let case = Document::case(&documents(), &text);
    let (_, mistakes) = Site::new(&case, None).answers();
    let with_text = mistakes.into_iter().map(|it| format!("{text}\n{it}"));
    with_text.collect()
}

struct Making {
    random: Random,
}

impl Making {
    fn one_in(&mut self, count: usize) -> bool {
        self.random.below(count) == 0
    }

    fn pick(&mut self, items: &[&'static str]) -> &'static str {
        self.random.pick::<&'static str>(items)
    }

    // A server, its `.htaccess` files and what is asked.
    fn document(&mut self, number: u64) -> String {
        let mut text = format!(
            "## Configuration {number}\n\n```conf httpd.conf\n{}```\n\n",
            self.main()
        );
        for folder in ["app", "www"] {
            if self.one_in(3) {
                let lines = self.access_file();
                write!(text, "```conf {folder}/.htaccess\n{lines}```\n\n").unwrap();
            }
        }
        text.push_str("```setup\nscript app/other.wsgi\nscript www/page.wsgi\n```\n\n");
        text.push_str("```request\n");
        for _ in 0..REQUESTS {
            writeln!(text, "{}", self.request()).unwrap();
        }
        text.push_str("```\n\n```httpd\n```\n");
        text
    }

    fn main(&mut self) -> String {
        let (mpm, numbers) = {
            let mpm = self.pick(MPMS);
            mpm.split_once('\n').unwrap_or((mpm, ""))
        };
        let mut text = format!(
            "Include server.conf\nLoadModule mpm_{mpm}_module @MODDIR@/mod_mpm_{mpm}.so\n{numbers}\n"
        );
        for name in ["one", "two"] {
            writeln!(
                text,
                "WSGIDaemonProcess {name} {}",
                self.pick(DAEMON_OPTIONS)
            )
            .unwrap();
        }
        if self.one_in(2) {
            text.push_str("<Directory />\nAllowOverride All\n</Directory>\n");
        }
        text.push_str(&self.server());
        let hosts = self.random.below(4);
        for (index, name) in HOSTS[..hosts].iter().enumerate() {
            let address =
                self.pick(&["*:@PORT@", "*:@PORT@", "*:@PORT2@", "127.0.0.1:@PORT@", "*"]);
            writeln!(text, "<VirtualHost {address}>").unwrap();
            let name = match self.random.below(6) {
                0 => format!("{name}:@PORT2@"),
                1 => "b.test".to_owned(),
                _ => (*name).to_owned(),
            };
            writeln!(text, "ServerName {name}").unwrap();
            if self.one_in(3) {
                let alias = self.pick(&["*.a.test", "other.test", "b.test"]);
                writeln!(text, "ServerAlias {alias}").unwrap();
            }
            if self.one_in(2) {
                let options = self.pick(DAEMON_OPTIONS);
                writeln!(text, "WSGIDaemonProcess host{index} {options}").unwrap();
            }
            text.push_str(&self.server());
            text.push_str("</VirtualHost>\n");
        }
        text
    }

    // What stands in a server.
    fn server(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.random.below(4) {
            text.push_str(&self.setting());
        }
        for _ in 0..self.random.below(5) {
            let mount = self.pick(MOUNTS);
            writeln!(text, "{mount}{}", self.options()).unwrap();
        }
        if self.one_in(6) {
            let options = self.options();
            writeln!(text, "WSGIScriptAlias / @DIR@/app/diag.wsgi{options}").unwrap();
        }
        if self.one_in(2) {
            let line = self.pick(&[
                "Alias /m/static @DIR@/www",
                "Alias /d @DIR@/app\nAddHandler wsgi-script .wsgi",
                "Redirect /old /m",
                "RewriteEngine On\nRewriteRule ^/old/(.*) /m/$1 [PT]",
                "RewriteEngine On\nRewriteRule ^/old/(.*) /m/$1",
                "RewriteEngine On\nRewriteRule ^/m - [E=AG:rewritten]",
                "ErrorDocument 404 /m/missing",
                "ErrorDocument 500 /m/failed",
                "ErrorDocument 500 /index.html",
                "ErrorDocument 403 http://o.test/",
                "FallbackResource /m/fallen",
            ]);
            writeln!(text, "{line}").unwrap();
        }
        for _ in 0..self.random.below(4) {
            text.push_str(&self.section());
        }
        text
    }

    // The options of a mount. Groups that are both named literally have to be there already.
    fn options(&mut self) -> String {
        let mut text = String::new();
        let process_group = self.one_in(3).then(|| self.pick(PROCESS_GROUPS));
        if let Some(name) = process_group {
            write!(text, " process-group={name}").unwrap();
        }
        let is_declared = process_group.is_none_or(|it| it == "one" || it.starts_with('%'));
        if is_declared && self.one_in(3) {
            write!(text, " application-group={}", self.pick(APPLICATION_GROUPS)).unwrap();
        }
        text
    }

    fn section(&mut self) -> String {
        let section = self.pick(&[
            "Location /",
            "Location /m",
            "Location /m/",
            "Location /m/n",
            "LocationMatch \"^/(m|d)/\"",
            "LocationMatch \"x$\"",
            "Directory \"@DIR@/app\"",
            "Directory \"@DIR@\"",
            "Directory \"@DIR@/www\"",
            "DirectoryMatch \"/app\"",
            "Files diag.wsgi",
            "FilesMatch \"^o.*\\.wsgi$\"",
            "If \"%{HTTP_HOST} =~ /^b/\"",
            "If \"%{QUERY_STRING} == 'q=1'\"",
        ]);
        let mut text = format!("<{section}>\n");
        for _ in 0..=self.random.below(2) {
            text.push_str(&self.setting());
        }
        if self.one_in(4) {
            let line = self.pick(&[
                "Require all denied",
                "SetHandler wsgi-script\nOptions +ExecCGI",
                "SetHandler wsgi-script",
                "SetHandler default-handler",
                "AddHandler wsgi-script .wsgi\nOptions +ExecCGI",
                "AcceptPathInfo Off",
            ]);
            writeln!(text, "{line}").unwrap();
        }
        let kind = section.split(' ').next().unwrap_or_default();
        writeln!(text, "</{kind}>").unwrap();
        text
    }

    // What may stand in servers and in sections.
    fn setting(&mut self) -> String {
        let line = match self.random.below(8) {
            0 | 1 => format!("WSGIProcessGroup {}", self.pick(PROCESS_GROUPS)),
            2 | 3 => format!("WSGIApplicationGroup {}", self.pick(APPLICATION_GROUPS)),
            4 => format!(
                "SetEnv PG {}",
                self.pick(&["one", "two", "none", "%{GLOBAL}"])
            ),
            5 => format!(
                "SetEnv AG {}",
                self.pick(&["ag", "%{SERVER}", "%{ENV:PG}", "\"\""])
            ),
            _ => self
                .pick(&[
                    "SetEnvIf Request_URI \"^/m/(.)\" AG=uri.$1",
                    "SetEnvIf X-Key (.+) AG=$1",
                    "SetEnvIf Host ^b PG=two",
                    "UnsetEnv PG",
                    "UseCanonicalName On",
                    "UseCanonicalPhysicalPort On",
                    "WSGIRestrictProcess one %{GLOBAL}",
                    "WSGIRestrictProcess ONE two",
                    "WSGICallableObject nothing",
                    "WSGICallableObject application",
                ])
                .to_owned(),
        };
        line + "\n"
    }

    fn access_file(&mut self) -> String {
        let line = self.pick(&[
            "SetEnv AG accessed",
            "SetEnv PG two",
            "WSGICallableObject nothing",
            "WSGICallableObject application",
            "Require all denied",
            "AcceptPathInfo Off",
            "Options +ExecCGI",
            "SetHandler wsgi-script",
            "SetEnvIf X-Key (.+) AG=of.$1",
            "WSGIProcessGroup one",
        ]);
        format!("{line}\n")
    }

    fn request(&mut self) -> String {
        let host = self.pick(HOSTS);
        let port = self.pick(&["@PORT@", "@PORT@", "@PORT@", "@PORT2@"]);
        let path = self.pick(PATHS);
        let header = self.pick(&[
            "",
            "",
            "",
            "",
            " | X-Key: k",
            " | Host: b.test:81",
            " | Host: A.Test.",
            " | Host:",
        ]);
        let method = self.pick(&["GET", "GET", "GET", "GET", "HEAD", "POST"]);
        format!("{method} http://{host}:{port}{path}{header}")
    }
}
