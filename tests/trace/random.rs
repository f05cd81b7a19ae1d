//! Small configurations that look random and are the same in every run, on a real server.

use std::fmt::Write as _;
use std::path::Path;

use crate::site::Site;
use crate::support::document::placed;
use crate::support::random::Random;
use crate::support::server::{MODULES, Server};
use crate::support::workers;

const SEED: u64 = 20_261_122;

/// So many servers are started unless `CONFIGURATIONS` says how many.
const CONFIGURATIONS: u64 = 16;

const REQUESTS: usize = 10;

const HOSTS: &[&str] = &["a.test", "b.test", "www.a.test", "x.b.test", "other.test"];

const FILES: &[&str] = &[
    "index.html",
    "f.txt",
    "a/f.txt",
    "a/index.html",
    "a/b/f.txt",
    "a/b/index.html",
    "c/f.txt",
    "c/x.html",
];

const FOLDERS: &[&str] = &["", "/a", "/a/b", "/c"];

const PATHS: &[&str] = &[
    "/",
    "/f.txt",
    "/a",
    "/a/",
    "/a/f.txt",
    "/a/b/",
    "/a/b/f.txt",
    "/a/none",
    "/c/",
    "/c/f.txt",
    "/c/x.html",
    "/al/f.txt",
    "/al/a/",
    "/r/x?q=1",
    "/rw/f.txt",
    "/none/deep",
    "/a/f.txt/more",
    "//a//f.txt",
    "/a/../f.txt",
    "/%61/f.txt",
];

#[test]
fn random_servers_answer_what_is_predicted() {
    if Server::find().is_none() || !crate::may_start_as_root() {
        eprintln!("skipped: only root starts a server that changes to another user");
        return;
    }
    let wanted = std::env::var("CONFIGURATIONS").ok();
    let count = wanted
        .and_then(|it| it.parse().ok())
        .unwrap_or(CONFIGURATIONS);
    let numbers: Vec<u64> = (0..count).collect();
    let wrong: Vec<String> = workers::map(&numbers, |it| mistakes(*it)).concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn mistakes(number: u64) -> Vec<String> {
    let mut making = Making {
        random: Random::of(SEED, number),
        names: 0,
    };
    let site = Site::new();
    for root in ["www", "other"] {
        for file in FILES {
            site.write(&format!("{root}/{file}"), &format!("{root}/{file}\n"));
        }
    }
    let server = include_bytes!("server.conf");
    let server = placed(server, &site.root, Path::new(MODULES));
    let text = format!("{}{}", String::from_utf8_lossy(&server), making.main());
    let text = text.replace("@DIR@", &site.root.display().to_string());
    site.write("httpd.conf", &text);
    for folder in FOLDERS {
        if making.random.below(4) == 0 {
            let text = making.access_file();
            site.write(&format!("www{folder}/.htaccess"), &text);
        }
    }
    site.put_ports();
    let lines: Vec<String> = (0..REQUESTS).map(|_| making.request()).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let (_, mistakes) = site.ask(&site.root.join("httpd.conf"), &lines);
    let own = text.split("probe.log probe\n").nth(1).unwrap_or_default();
    mistakes
        .into_iter()
        .map(|it| format!("configuration {number}:\n{own}\n{it}"))
        .collect()
}

struct Making {
    random: Random,
    // How many markers there are.
    names: usize,
}

impl Making {
    fn one_in(&mut self, count: usize) -> bool {
        self.random.below(count) == 0
    }

    fn main(&mut self) -> String {
        let mut text = String::new();
        if self.one_in(2) {
            let what = *self
                .random
                .pick(&["None", "All", "FileInfo", "AuthConfig FileInfo"]);
            write!(text, "<Directory />\nAllowOverride {what}\n</Directory>\n").unwrap();
        }
        if self.one_in(2) {
            let options = *self
                .random
                .pick(&["None", "FollowSymLinks", "-Indexes +MultiViews"]);
            writeln!(text, "Options {options}").unwrap();
        }
        text.push_str(&self.server("www"));
        let hosts = self.random.below(4);
        for name in &HOSTS[..hosts] {
            let port = *self
                .random
                .pick(&["*:@PORT@", "*:@PORT@", "127.0.0.1:@PORT@", "*"]);
            write!(text, "<VirtualHost {port}>\nServerName {name}\n").unwrap();
            if self.one_in(3) {
                let alias = *self
                    .random
                    .pick(&["*.a.test", "*.b.test", "other.test", "b.test"]);
                writeln!(text, "ServerAlias {alias}").unwrap();
            }
            let root = *self.random.pick(&["www", "other"]);
            writeln!(text, "DocumentRoot {root}").unwrap();
            text.push_str(&self.server(root));
            text.push_str("</VirtualHost>\n");
        }
        text
    }

    // What stands in a server.
    fn server(&mut self, root: &str) -> String {
        let mut text = String::new();
        for _ in 0..self.random.below(5) {
            text.push_str(&self.section(root));
        }
        for _ in 0..self.random.below(3) {
            let line = *self.random.pick(&[
                "Alias /al @DIR@/other",
                "Alias /al/ @DIR@/www/",
                "AliasMatch ^/al/(.*) @DIR@/other/$1",
                "Redirect /r /c",
                "Redirect 301 /r http://o.test/",
                "RedirectMatch gone ^/c/x",
                "DirectoryIndex f.txt index.html",
                "DirectorySlash Off",
                "ErrorDocument 404 /f.txt",
                "ErrorDocument 403 /c/f.txt",
                "FallbackResource /f.txt",
                "RewriteEngine On\nRewriteRule ^/rw/(.*) /a/$1",
                "RewriteEngine On\nRewriteRule ^/rw/(.*) /c/$1 [R,L]",
                "RewriteEngine On\nRewriteRule ^/rw/(.*) /al/$1 [PT]",
                "RewriteEngine On\nRewriteRule ^/c/x - [F]",
                "SetEnvIf Request_URI /a/ in_a",
                "UseCanonicalName On",
            ]);
            writeln!(text, "{line}").unwrap();
        }
        text.push_str(&self.markers());
        text
    }

    fn section(&mut self, root: &str) -> String {
        let folder = *self.random.pick(FOLDERS);
        let kind = *self.random.pick(&[
            "Directory",
            "Directory",
            "Location",
            "Files",
            "DirectoryMatch",
            "LocationMatch",
            "FilesMatch",
            "If",
        ]);
        let argument = match kind {
            "Directory" if self.one_in(4) => format!("\"@DIR@/{root}/*\""),
            "Directory" => format!("\"@DIR@/{root}{folder}\""),
            "DirectoryMatch" => (*self.random.pick(&["\"/a\"", "\"/b/\"", "\"txt$\""])).to_owned(),
            "Location" if folder.is_empty() => "/".to_owned(),
            "Location" => folder.to_owned(),
            "LocationMatch" => (*self.random.pick(&["\"^/a\"", "\"txt$\"", "\"/b/\""])).to_owned(),
            "Files" => (*self.random.pick(&["f.txt", "*.html", "a"])).to_owned(),
            "FilesMatch" => "\"^[fx]\"".to_owned(),
            _ => (*self.random.pick(&[
                "\"%{REQUEST_URI} =~ m#^/a#\"",
                "\"%{HTTP_HOST} == 'a.test'\"",
                "\"%{QUERY_STRING} == 'q=1'\"",
                "\"-n req('X-Key')\"",
            ]))
            .to_owned(),
        };
        let mut text = format!("<{kind} {argument}>\n");
        text.push_str(&self.markers());
        text.push_str(&self.requirements());
        if kind == "Directory" && self.one_in(3) {
            let what = *self
                .random
                .pick(&["None", "All", "AuthConfig", "FileInfo Indexes"]);
            writeln!(text, "AllowOverride {what}").unwrap();
        }
        if kind.starts_with("Directory") && self.one_in(3) {
            text.push_str("<Files f.txt>\n");
            text.push_str(&self.markers());
            text.push_str("</Files>\n");
        }
        writeln!(text, "</{kind}>").unwrap();
        text
    }

    fn markers(&mut self) -> String {
        self.names += 1;
        let name = self.names;
        let line = match self.random.below(6) {
            0 => format!("Header set X-Set {name}"),
            1 => format!("Header always append X-Trace {name}\nSetEnv LAST {name}"),
            2 => format!("Header merge X-Set {name}"),
            3 => format!("Header always set X-Last \"%{{LAST}}e\"\nSetEnv LAST {name}"),
            4 => format!("Header append X-Env {name} env=in_a"),
            _ => format!("Header always append X-Trace {name}"),
        };
        line + "\n"
    }

    fn requirements(&mut self) -> String {
        let line = *self.random.pick(&[
            "",
            "",
            "",
            "Require all granted",
            "Require all denied",
            "Require ip 10.0.0.0/8",
            "Require local",
            "Require method GET",
            "Require env in_a",
            "AuthMerging Or\nRequire expr \"%{QUERY_STRING} == 'q=1'\"",
            "AuthMerging And\n<RequireAll>\nRequire not ip 127.0.0.1\nRequire all granted\n</RequireAll>",
            "AuthType Basic\nAuthName x\nAuthUserFile /dev/null\nRequire valid-user",
            "<RequireAny>\nRequire ip 192.0.2.1\nRequire local\n</RequireAny>",
            "<RequireAll>\nRequire local\nRequire method POST\n</RequireAll>",
            "<RequireAll>\n<RequireNone>\nRequire method POST\n</RequireNone>\nRequire all granted\n</RequireAll>",
            "<Limit POST>\nRequire all denied\n</Limit>",
            "<LimitExcept GET>\nRequire all denied\n</LimitExcept>",
        ]);
        match line {
            "" => String::new(),
            line => format!("{line}\n"),
        }
    }

    fn access_file(&mut self) -> String {
        let mut text = String::new();
        if self.one_in(2) {
            text.push_str(&self.markers());
        }
        let line = *self.random.pick(&[
            "",
            "Require all denied",
            "Require all granted",
            "DirectoryIndex f.txt",
            "RewriteEngine On\nRewriteRule ^f.txt$ index.html [L]",
            "Redirect /a/f.txt http://o.test/x",
            "ErrorDocument 404 /a/f.txt",
        ]);
        writeln!(text, "{line}").unwrap();
        text
    }

    fn request(&mut self) -> String {
        let method = *self
            .random
            .pick(&["GET", "GET", "GET", "GET", "HEAD", "POST", "OPTIONS"]);
        let host = *self.random.pick(HOSTS);
        let path = *self.random.pick(PATHS);
        let query = match path.contains('?') || !self.one_in(5) {
            true => "",
            false => "?q=1",
        };
        let header = if self.one_in(5) { " | X-Key: k" } else { "" };
        format!("{method} http://{host}:@PORT@{path}{query}{header}")
    }
}
