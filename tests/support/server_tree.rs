//! Made-up configurations that httpd accepts, with virtual hosts of many shapes.

use std::fs;
use std::path::Path;

use super::random::Random;
use super::server::MODULES;

/// Addresses; those of the first group stand for all.
const ANY: &[&str] = &["*", "_default_", "0.0.0.0", "[::]", "_Default_", "0.0"];
const ADDRESSES: &[&str] = &[
    "10.0.0.1",
    "10.0.0.2",
    "10.0.1.3",
    "192.168.7.9",
    "127.1",
    "0x7f.0.0.2",
    "010.0.0.1",
    "[::1]",
    "[2001:db8::9]",
    "[2001:db8:0:0:1:0:0:1]",
    "[::ffff:10.0.0.1]",
    "[::10.0.0.3]",
    "[2001:DB8::1:0]",
];
const PORTS: &[&str] = &["", "", ":80", ":80", ":443", ":*", ":8080", ":080"];
const NAMES: &[&str] = &[
    "www.example",
    "shop.example",
    "WWW.Example",
    "api.example:8443",
    "https://pay.example",
    "https://pay.example:444",
    "a_b.example",
    "10.0.0.1",
];
const ALIASES: &[&str] = &[
    "example",
    "*.example",
    "w?w.example",
    "\"quoted.example\"",
    "''",
    "old.example",
    "[a]b.example",
];
const OPTIONAL_MODULES: &[&str] = &["rewrite", "ssl", "headers", "env", "proxy", "alias", "dir"];
const SETTINGS: &[&str] = &[
    "ErrorLog logs/error.log",
    "ErrorLog \"|/bin/cat -u\"",
    "ErrorLog syslog",
    "ErrorLog SYSLOG:local1",
    "ErrorLog ./logs//../own.log",
    "DocumentRoot logs",
    "DocumentRoot logs/../logs/",
    "PidFile run/httpd.pid",
    "PidFile /run/../x.pid",
    "ScoreBoardFile run/board",
    "User www-data",
    "User #33",
    "Group www-data",
    "Group #-1",
    "ChrootDir /tmp/",
    "Define Twice",
    "Define twice 2",
    "Define TWICE",
    "Define Port 8080",
    "Define Place \"10.0.0.2\"",
    "UnDefine Twice",
    "UnDefine Port",
    "KeepAlive on",
    "servertokens  Prod",
    "Mutex flock:logs",
    "Mutex pthread default OmitPID",
];

/// Writes a tree: `httpd.conf`, and the files that it includes.
pub(crate) fn write(random: &mut Random, root: &Path) {
    for folder in ["logs", "run", "sites", "parts"] {
        fs::create_dir(root.join(folder)).unwrap();
    }
    fs::write(root.join("parts/names.conf"), "ServerAlias part.example\n").unwrap();
    fs::write(
        root.join("parts/more.conf"),
        "Include parts/names.conf\nKeepAlive Off\n",
    )
    .unwrap();
    let mut writer = Writer {
        random,
        root,
        files: 0,
    };
    let main = writer.main();
    fs::write(root.join("httpd.conf"), main).unwrap();
}

struct Writer<'a> {
    random: &'a mut Random,
    root: &'a Path,
    files: usize,
}

impl Writer<'_> {
    fn main(&mut self) -> String {
        let mpm = *self.random.pick(&["event", "worker", "prefork"]);
        let mut text = format!("LoadModule mpm_{mpm}_module {MODULES}/mod_mpm_{mpm}.so\n");
        for name in ["authz_core", "macro", "info"] {
            text += &format!("LoadModule {name}_module {MODULES}/mod_{name}.so\n");
        }
        for name in OPTIONAL_MODULES {
            if self.random.below(2) == 0 {
                text += &format!("LoadModule {name}_module {MODULES}/mod_{name}.so\n");
            }
        }
        text += "DefaultRuntimeDir run\nErrorLog logs/first.log\n";
        text += "<Macro Site $address $name>\n<VirtualHost $address>\n\n# c\nServerName $name\n\
                 </VirtualHost>\n</Macro>\n";
        let name_first = self.random.below(2) == 0;
        let names = ["main.example", "main.example:81", "Main.Example"];
        let name = format!("ServerName {}\n", self.random.pick(&names));
        if name_first {
            text += &name;
        }
        for _ in 0..self.random.below(9) {
            text += &self.piece(0);
        }
        if !name_first {
            text += &name;
        }
        text
    }

    fn piece(&mut self, depth: usize) -> String {
        match self.random.below(if depth > 3 { 7 } else { 11 }) {
            0..=4 => self.virtual_host(),
            5 => format!("{}\n", self.random.pick(SETTINGS)),
            6 => {
                let address = self.address(ADDRESSES);
                let name = self.random.pick(NAMES);
                format!("Use Site \"{address}\" {name}\n")
            }
            7 => {
                let test = ["mod_ssl.c", "!mod_ssl.c", "headers_module", "!nothing.c"];
                let test = *self.random.pick(&test);
                format!("<IfModule {test}>\n{}</IfModule>\n", self.piece(depth + 1))
            }
            8 => {
                let test = *self.random.pick(&["Twice", "!Twice", "Port"]);
                format!("<IfDefine {test}>\n{}</IfDefine>\n", self.piece(depth + 1))
            }
            _ => self.include(depth),
        }
    }

    // A folder of files, read by one line.
    fn include(&mut self, depth: usize) -> String {
        let folder = format!("sites/{}", self.files);
        fs::create_dir(self.root.join(&folder)).unwrap();
        self.files += 1;
        for name in ["b", "a", "c"].iter().take(1 + self.random.below(3)) {
            let text: String = (0..self.random.below(3))
                .map(|_| self.piece(depth + 1))
                .collect();
            let path = self.root.join(format!("{folder}/{name}.conf"));
            fs::write(path, text).unwrap();
        }
        let pattern = *self.random.pick(&["/*.conf", "", "/a*", "/[ab].conf"]);
        format!("\nIncludeOptional {folder}{pattern}\n")
    }

    fn address(&mut self, hosts: &[&str]) -> String {
        let (host, port) = (self.random.pick(hosts), self.random.pick(PORTS));
        format!("{host}{port}")
    }

    // The name of one without addresses for all is known to a resolver.
    fn virtual_host(&mut self) -> String {
        let mut addresses = Vec::new();
        for _ in 0..self.random.below(4) {
            let hosts = *self.random.pick(&[ANY, ADDRESSES, ADDRESSES]);
            addresses.push(self.address(hosts));
        }
        let is_nameless = self.random.below(4) == 0;
        if is_nameless || addresses.is_empty() {
            addresses.push(self.address(ANY));
        }
        let gap = *self.random.pick(&[" ", "  ", " \\\n    "]);
        let mut text = format!("<VirtualHost {}>\n", addresses.join(gap));
        if !is_nameless {
            text += &format!("    ServerName {}\n", self.random.pick(NAMES));
        }
        for _ in 0..self.random.below(3) {
            let more = *self.random.pick(&["", " old.example *.old"]);
            text += &format!("ServerAlias {}{more}\n", self.random.pick(ALIASES));
        }
        let others = [
            "",
            "Include parts/names.conf\n",
            "Include parts/*.conf\n",
            "ErrorLog logs/own.log\n",
            "DocumentRoot logs\n",
            "<Directory />\nOptions\n</Directory>\n<Files  x >\n</Files>\n",
            "<IfModule mod_rewrite.c>\nRewriteEngine On\n</IfModule>\n",
            "ServerName again.example\n",
        ];
        text += *self.random.pick(&others);
        text + "</VirtualHost>\n"
    }
}
