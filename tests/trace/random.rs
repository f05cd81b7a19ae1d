//! Small configurations that look random and are the same in every run, on a real server.

use std::fmt::Write as _;
use std::path::Path;

use crate::site::{Score, Site};
use crate::support::document::placed;
use crate::support::random::{Random, wanted};
use crate::support::server::{MODULES, Server, may_start_as_root};
use crate::support::workers;

const SEED: u64 = 20_261_122;

/// So many servers are started unless `CONFIGURATIONS` says how many.
const CONFIGURATIONS: u64 = 24;

const REQUESTS: usize = 10;

/// So much of what is asked may be unknown: another server answers, or what only the server knows decides.
const MOST_UNKNOWN: f64 = 0.03;

const HOSTS: &[&str] = &[
    "a.test",
    "b.test",
    "www.a.test",
    "x.b.test",
    "other.test",
    "A.Test.",
    "127.0.0.1",
];

const FILES: &[&str] = &[
    "index.html",
    "f.txt",
    "a/f.txt",
    "a/index.html",
    "a/b/f.txt",
    "a/b/index.html",
    "c/f.txt",
    "c/x.html",
    "c/y.txt.html",
];

const FOLDERS: &[&str] = &["", "/a", "/a/b", "/c"];

const PATHS: &[&str] = &[
    "/",
    "/f.txt",
    "/f",
    "/a",
    "/a/",
    "/a/f.txt",
    "/a/b/",
    "/a/b/f.txt",
    "/a/none",
    "/c/",
    "/c/f.txt",
    "/c/x.html",
    "/c/x",
    "/c/y",
    "/al/f.txt",
    "/al/a/",
    "/p/f.txt",
    "/r/x?q=1",
    "/rw/f.txt",
    "/none/deep",
    "/a/f.txt/more",
    "//a//f.txt",
    "/a/../f.txt",
    "/%61/f.txt",
    "/a/b%2fc",
    "/c",
];

const ADDRESSES: &[&str] = &[
    "*:@PORT@",
    "*:@PORT@",
    "*:@PORT@",
    "127.0.0.1:@PORT@",
    "*",
    "_default_:@PORT@",
    "127.0.0.1",
    "*:@PORT@ *:@PORT2@",
    "127.0.0.1:@PORT2@",
    "*:@PORT2@",
];

const ALIASES: &[&str] = &["*.a.test", "*.b.test", "other.test", "b.test", "*", "?.b.*"];

/// What servers say outside of sections.
const SERVER_LINES: &[&str] = &[
    "Alias /al @DIR@/other",
    "Alias /al/ @DIR@/www/",
    "AliasMatch ^/al/(.*) @DIR@/other/$1",
    "Redirect /r /c",
    "Redirect 301 /r http://o.test/",
    "Redirect gone /c/y",
    "RedirectPermanent /a/b http://o.test/b",
    "RedirectMatch gone ^/c/x",
    "RedirectMatch 303 ^/none/(.*) http://o.test/$1",
    "DirectoryIndex f.txt index.html",
    "DirectoryIndex disabled",
    "DirectoryIndex none.html /f.txt",
    "DirectorySlash Off",
    "DirectoryCheckHandler On",
    "ErrorDocument 404 /f.txt",
    "ErrorDocument 403 /c/f.txt",
    "ErrorDocument 404 \"a text\"",
    "ErrorDocument 403 http://o.test/refused",
    "ErrorDocument 405 /none",
    "FallbackResource /f.txt",
    "FallbackResource /none",
    "RewriteEngine On\nRewriteRule ^/rw/(.*) /a/$1",
    "RewriteEngine On\nRewriteRule ^/rw/(.*) /c/$1 [R,L]",
    "RewriteEngine On\nRewriteRule ^/rw/(.*) /al/$1 [PT]",
    "RewriteEngine On\nRewriteRule ^/c/x - [F]",
    "RewriteEngine On\nRewriteCond %{HTTP_HOST} ^a\\. [NC,OR]\nRewriteCond %{QUERY_STRING} q\nRewriteRule ^/a/(.*) /c/$1",
    "RewriteEngine On\nRewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI} !-f\nRewriteRule ^ /f.txt [L]",
    "RewriteEngine On\nRewriteRule ^/rw /c/x.html [QSA,E=in_a:1]\nRewriteRule x\\.html$ - [G,S=1]",
    "RewriteEngine On\nRewriteRule ^/(a|c)/f /$1/ [R=308,NE]",
    "RewriteOptions Inherit",
    "RewriteOptions InheritDown",
    "RewriteOptions InheritBefore\nRewriteEngine On",
    "SetEnvIf Request_URI /a/ in_a",
    "SetEnvIfNoCase Host ^A in_a=host",
    "SetEnvIf X-Key (.) in_a=$1",
    "SetEnvIfExpr \"%{QUERY_STRING} =~ /q/\" in_a",
    "SetEnv in_a set",
    "UnsetEnv in_a",
    "UseCanonicalName On",
    "UseCanonicalName On\nUseCanonicalPhysicalPort On",
    "UseCanonicalPhysicalPort On",
    "StrictHostCheck On",
    "MergeSlashes Off",
    "AllowEncodedSlashes NoDecode",
    "AllowEncodedSlashes On",
    "AcceptPathInfo On",
    "AcceptPathInfo Off",
    "TraceEnable Off",
];

/// What servers and sections about files and URLs may say.
const LINES: &[&str] = &[
    "DirectoryIndex f.txt",
    "DirectoryIndex disabled",
    "DirectorySlash Off",
    "ErrorDocument 404 /c/f.txt",
    "ErrorDocument 403 \"no\"",
    "ErrorDocument 403 /a/f.txt",
    "FallbackResource /a/f.txt",
    "FallbackResource disabled",
    "SetHandler default-handler",
    "SetHandler none",
    "SetHandler odd",
    "ForceType text/odd",
    "AddHandler odd .txt",
    "RemoveHandler .txt",
    "AddType text/odd .html",
    "Options -FollowSymLinks",
    "Options +MultiViews",
    "Options MultiViews FollowSymLinks",
    "Options Indexes FollowSymLinks",
    "Options None",
    "AcceptPathInfo On",
    "SetEnv in_a dir",
    "SetEnvIf Remote_Addr ^127 in_a=client",
    "RequestHeader set X-Key late",
];

/// What sections about directories, `.htaccess` files and some others may say of rewriting.
const REWRITING: &[&str] = &[
    "RewriteEngine On\nRewriteRule ^f\\.txt$ index.html [L]",
    "RewriteEngine On\nRewriteRule ^f\\.txt$ index.html [END]",
    "RewriteEngine On\nRewriteRule f\\.txt$ - [F]",
    "RewriteEngine On\nRewriteRule none$ /c/ [R=302,L]",
    "RewriteEngine On\nRewriteRule none$ f.txt [R]",
    "RewriteEngine On\nRewriteBase /c\nRewriteRule ^(f|x)\\..* y.txt.html",
    "RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteCond %{REQUEST_FILENAME} !-d\nRewriteRule ^ /f.txt [L]",
    "RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} -d [OR]\nRewriteCond %{HTTP:X-Key} .\nRewriteRule (.*) - [E=in_a:$1]",
    "RewriteEngine On\nRewriteRule ^b/(.*) $1?x=1 [QSA]",
    "RewriteEngine On\nRewriteRule F\\.TXT /a/b/ [NC,PT]",
    "RewriteEngine On\nRewriteRule ^ - [S=1]\nRewriteRule ^ - [G]\nRewriteRule x - [H=odd]",
    "RewriteOptions Inherit\nRewriteEngine On",
    "RewriteOptions InheritDownBefore",
    "RewriteEngine Off",
];

/// What grants access, or does not.
const REQUIREMENTS: &[&str] = &[
    "Require all granted",
    "Require all denied",
    "Require ip 10.0.0.0/8",
    "Require local",
    "Require method GET",
    "Require env in_a",
    "Require not env in_a",
    "Require host localhost.test",
    "Require expr \"%{REQUEST_URI} =~ /f/ || %{HTTP_HOST} == 'a.test'\"",
    "AuthMerging Or\nRequire expr \"%{QUERY_STRING} == 'q=1'\"",
    "AuthMerging And\nRequire env in_a",
    "AuthMerging And\n<RequireAll>\nRequire not ip 127.0.0.1\nRequire all granted\n</RequireAll>",
    "AuthMerging Off\nRequire method POST GET",
    "AuthType Basic\nAuthName x\nAuthUserFile /dev/null\nRequire valid-user",
    "AuthType Basic\nAuthName x\nAuthUserFile /dev/null\nRequire user a\nRequire env in_a",
    "AuthType Basic\nAuthName x",
    "AuthType None",
    "<RequireAny>\nRequire ip 192.0.2.1\nRequire local\n</RequireAny>",
    "<RequireAll>\nRequire local\nRequire method POST\n</RequireAll>",
    "<RequireAll>\n<RequireNone>\nRequire method POST\n</RequireNone>\nRequire all granted\n</RequireAll>",
    "<Limit POST>\nRequire all denied\n</Limit>",
    "<Limit GET>\nRequire env in_a\n</Limit>",
    "<LimitExcept GET>\nRequire all denied\n</LimitExcept>",
    "Require forward-dns none.test",
];

/// The same with mod_access_compat.
const COMPATIBLE: &[&str] = &[
    "Order Allow,Deny\nAllow from all",
    "Order Deny,Allow\nDeny from all",
    "Order Deny,Allow\nDeny from all\nAllow from 127.0.0.1",
    "Order Allow,Deny\nAllow from env=in_a",
    "Allow from 10",
    "Deny from 127",
    "Satisfy Any",
    "Satisfy All",
    "Satisfy Any\nOrder Deny,Allow\nDeny from env=in_a\nRequire all denied",
    "<Limit POST PUT>\nDeny from all\n</Limit>",
    "<LimitExcept GET>\nOrder Deny,Allow\nDeny from all\n</LimitExcept>",
];

const CONDITIONS: &[&str] = &[
    "\"%{REQUEST_URI} =~ m#^/a#\"",
    "\"%{HTTP_HOST} == 'a.test'\"",
    "\"%{QUERY_STRING} == 'q=1'\"",
    "\"-n req('X-Key')\"",
    "\"%{REQUEST_METHOD} in {'POST', 'PUT'}\"",
    "\"-z env('in_a')\"",
    "\"reqenv('in_a') =~ /[a-z]/\"",
    "\"%{REMOTE_ADDR} -ipmatch '127.0.0.0/8' && ! %{REQUEST_URI} -strmatch '*.txt'\"",
    "\"tolower(%{HTTP_HOST}) -strcmatch 'A*'\"",
    "\"-f %{REQUEST_FILENAME}\"",
];

#[test]
fn random_servers_answer_what_is_predicted() {
    if Server::find().is_none() || !may_start_as_root() {
        eprintln!("skipped: only root starts a server that changes to another user");
        return;
    }
    let seed = wanted("SEED", SEED);
    let numbers: Vec<u64> = (0..wanted("CONFIGURATIONS", CONFIGURATIONS)).collect();
    let scores = workers::map(&numbers, |it| score(seed, *it));
    let facts: usize = scores.iter().map(|it| it.facts).sum();
    let list = |of: fn(&Score) -> &Vec<String>| -> Vec<String> {
        scores.iter().flat_map(|it| of(it).clone()).collect()
    };
    let (unknown, wrong) = (list(|it| &it.unknown), list(|it| &it.wrong));
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let share = unknown.len() as f64 / facts as f64;
    assert!(share <= MOST_UNKNOWN, "{share}: {}", unknown.join("\n\n"));
}

fn score(seed: u64, number: u64) -> Score {
    let Made {
        site,
        text,
        access_files,
        requests,
    } = made(seed, number);
    let lines: Vec<&str> = requests.iter().map(String::as_str).collect();
    let (_, score) = site.compare(&site.root.join("httpd.conf"), &lines);
    let shown = format!("{}{access_files}", behind_prelude(&text));
    let named = |list: Vec<String>| -> Vec<String> {
        let list = list.into_iter();
        list.map(|it| format!("configuration {number}:\n{shown}\n{it}"))
            .collect()
    };
    Score {
        facts: score.facts,
        unknown: named(score.unknown),
        wrong: named(score.wrong),
    }
}

/// A server that looks random.
pub(crate) struct Made {
    pub(crate) site: Site,
    /// Its main file, before it knows its ports.
    pub(crate) text: String,
    /// Its `.htaccess` files, as a reader wants them.
    pub(crate) access_files: String,
    pub(crate) requests: Vec<String>,
}

/// One of many.
pub(crate) fn made(seed: u64, number: u64) -> Made {
    let mut making = Making {
        random: Random::of(seed, number),
        names: 0,
        is_compatible: false,
    };
    making.is_compatible = making.one_in(2);
    let site = Site::new();
    for root in ["www", "other"] {
        for file in FILES {
            site.write(&format!("{root}/{file}"), &format!("{root}/{file}\n"));
        }
    }
    let server = include_bytes!("server.conf");
    let text = [server, making.main().as_bytes()].concat();
    let text = placed(&text, &site.root, Path::new(MODULES));
    let text = String::from_utf8_lossy(&text).replace("@DIR@", &site.root.display().to_string());
    site.write("httpd.conf", &text);
    let mut access_files = String::new();
    for folder in FOLDERS {
        if making.one_in(4) {
            let text = making.access_file();
            site.write(&format!("www{folder}/.htaccess"), &text);
            writeln!(access_files, "--- www{folder}/.htaccess\n{text}").unwrap();
        }
    }
    site.put_ports();
    Made {
        site,
        text,
        access_files,
        requests: (0..REQUESTS).map(|_| making.request()).collect(),
    }
}

/// What of a main file was made up.
pub(crate) fn behind_prelude(text: &str) -> &str {
    text.split_once(PRELUDE_END).unwrap_or_default().1
}

const PRELUDE_END: &str = "probe.log probe\n";

struct Making {
    random: Random,
    // How many markers there are.
    names: usize,
    is_compatible: bool,
}

impl Making {
    fn one_in(&mut self, count: usize) -> bool {
        self.random.below(count) == 0
    }

    // One of some texts, as lines.
    fn lines(&mut self, list: &[&str]) -> String {
        format!("{}\n", self.random.pick(list))
    }

    fn main(&mut self) -> String {
        let mut text = String::new();
        let mut modules = vec!["proxy", "proxy_http", "allowmethods"];
        if self.is_compatible {
            modules.push("access_compat");
        }
        for name in ["negotiation", "autoindex"] {
            if self.one_in(2) {
                modules.push(name);
            }
        }
        for name in modules {
            writeln!(text, "LoadModule {name}_module @MODDIR@/mod_{name}.so").unwrap();
        }
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
        for _ in 0..self.random.below(4) {
            text.push_str(&self.host());
        }
        text
    }

    fn host(&mut self) -> String {
        let address = *self.random.pick(ADDRESSES);
        let name = *self.random.pick(&HOSTS[..4]);
        let port = *self.random.pick(&["", "", ":81", ":@PORT@"]);
        let mut text = format!("<VirtualHost {address}>\nServerName {name}{port}\n");
        if self.one_in(3) {
            let alias = *self.random.pick(ALIASES);
            writeln!(text, "ServerAlias {alias}").unwrap();
        }
        if self.one_in(8) {
            text.push_str("ServerPath /a\n");
        }
        let root = *self.random.pick(&["www", "other"]);
        writeln!(text, "DocumentRoot {root}").unwrap();
        text.push_str(&self.server(root));
        text.push_str("</VirtualHost>\n");
        text
    }

    // What stands in a server.
    fn server(&mut self, root: &str) -> String {
        let mut text = String::new();
        for _ in 0..self.random.below(5) {
            text.push_str(&self.section(root));
        }
        for _ in 0..self.random.below(3) {
            text.push_str(&self.lines(SERVER_LINES));
        }
        if self.one_in(10) {
            text.push_str(&self.lines(&[
                "ProxyPass /p http://127.0.0.1:1/x",
                "ProxyPassMatch ^/p/(.*) http://127.0.0.1:1/$1",
                "ProxyPass /p/f.txt !\nProxyPass /p http://127.0.0.1:1/",
                "<Location /p>\nProxyPass http://127.0.0.1:1/l\n</Location>",
            ]));
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
            _ => (*self.random.pick(CONDITIONS)).to_owned(),
        };
        let mut text = format!("<{kind} {argument}>\n");
        text.push_str(&self.content(2));
        if kind == "Directory" {
            if self.one_in(3) {
                let what = self.lines(&[
                    "None",
                    "All",
                    "AuthConfig",
                    "FileInfo Indexes",
                    "Limit Options=MultiViews",
                    "None\nAllowOverrideList Redirect Header",
                    "All Nonfatal=Unknown",
                ]);
                write!(text, "AllowOverride {what}").unwrap();
            }
            if self.one_in(4) {
                text.push_str(&self.lines(REWRITING));
            }
        }
        if matches!(kind, "Location" | "If") && self.one_in(6) {
            text.push_str(&self.lines(&[
                "Redirect http://o.test/l",
                "Redirect 410",
                "RedirectMatch 307 f(.*)$ http://o.test/$1",
                "Redirect 302 \"http://o.test%{REQUEST_URI}\"",
            ]));
        }
        if kind.starts_with("Directory") && self.one_in(3) {
            let inner = self.content(1);
            write!(text, "<Files f.txt>\n{inner}</Files>\n").unwrap();
        }
        if kind != "If" && self.one_in(5) {
            text.push_str(&self.branches());
        }
        writeln!(text, "</{kind}>").unwrap();
        if kind == "If" && self.one_in(2) {
            let (other, inner) = (*self.random.pick(CONDITIONS), self.content(1));
            write!(text, "<ElseIf {other}>\n{inner}</ElseIf>\n").unwrap();
        }
        if kind == "If" && self.one_in(2) {
            write!(text, "<Else>\n{}</Else>\n", self.content(1)).unwrap();
        }
        text
    }

    fn branches(&mut self) -> String {
        let condition = *self.random.pick(CONDITIONS);
        let (one, other) = (self.content(1), self.content(1));
        format!("<If {condition}>\n{one}</If>\n<Else>\n{other}</Else>\n")
    }

    // What any section may hold.
    fn content(&mut self, most: usize) -> String {
        let mut text = self.markers();
        text.push_str(&self.requirements());
        for _ in 0..self.random.below(most) {
            text.push_str(&self.lines(LINES));
        }
        text
    }

    fn markers(&mut self) -> String {
        self.names += 1;
        let name = self.names;
        let line = match self.random.below(14) {
            0 => format!("Header set X-Set {name}"),
            1 => format!("Header always append X-Trace {name}\nSetEnv LAST {name}"),
            2 => format!("Header merge X-Set {name}"),
            3 => format!("Header always set X-Last \"%{{LAST}}e\"\nSetEnv LAST {name}"),
            4 => format!("Header append X-Env {name} env=in_a"),
            5 => format!("Header always set X-Uri \"expr=%{{REQUEST_URI}} {name}\""),
            6 => format!("Header set X-If {name} \"expr=%{{REQUEST_METHOD}} == 'GET'\""),
            7 => format!("Header edit X-Set ^. {name}-"),
            8 => "Header unset X-Set".to_owned(),
            9 => format!("Header setifempty X-Set {name}"),
            10 => format!("Header add X-Add {name} env=!in_a"),
            11 => "Header echo ^X-Key$".to_owned(),
            _ => format!("Header always append X-Trace {name}"),
        };
        line + "\n"
    }

    fn requirements(&mut self) -> String {
        match (self.random.below(5), self.is_compatible) {
            (0 | 1, _) => self.lines(REQUIREMENTS).replace(
                "Require not env in_a",
                "<RequireAll>\nRequire all granted\nRequire not env in_a\n</RequireAll>",
            ),
            (2, true) => self.lines(COMPATIBLE),
            (3, _) if self.one_in(6) => self.lines(&[
                "AllowMethods GET",
                "AllowMethods POST HEAD",
                "AllowMethods reset",
            ]),
            _ => String::new(),
        }
    }

    fn access_file(&mut self) -> String {
        let mut text = String::new();
        if self.one_in(2) {
            text.push_str(&self.markers());
        }
        if self.one_in(3) {
            text.push_str(&self.requirements());
        }
        match self.random.below(4) {
            0 => text.push_str(&self.lines(REWRITING)),
            1 => text.push_str(&self.lines(LINES)),
            2 => text.push_str(&self.branches()),
            _ => text.push_str(&self.lines(&[
                "Redirect /a/f.txt http://o.test/x",
                "RedirectMatch gone f",
                "ErrorDocument 404 /a/f.txt",
                "<Files f.txt>\nRequire all denied\n</Files>",
                "<IfModule mod_rewrite.c>\nRewriteEngine On\nRewriteRule ^none$ f.txt\n</IfModule>",
                "# nothing",
            ])),
        }
        text
    }

    fn request(&mut self) -> String {
        let method = *self.random.pick(&[
            "GET", "GET", "GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "TRACE",
        ]);
        let host = *self.random.pick(HOSTS);
        let port = match self.one_in(6) {
            true => "@PORT2@",
            false => "@PORT@",
        };
        let path = *self.random.pick(PATHS);
        let query = match path.contains('?') || !self.one_in(5) {
            true => "",
            false => "?q=1",
        };
        let header = match self.random.below(20) {
            0..4 => " | X-Key: k",
            4 => " | If-None-Match: *",
            5 => " | Range: bytes=1-2",
            6 => " | Range: bytes=900-",
            7 => " | Expect: magic",
            8 => " | Host:",
            9 => " | Accept: text/plain",
            _ => "",
        };
        format!("{method} http://{host}:{port}{path}{query}{header}")
    }
}
