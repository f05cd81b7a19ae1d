//! Edits that mean nothing are never told of, and edits that mean something always are, whatever
//! else is edited.

use crate::support::random::Random;
use crate::support::repository;
use crate::support::tree::Tree;
use crate::support::workers;

const MAIN: &str = "\
ServerRoot /etc/httpd
LoadModule alias_module modules/mod_alias.so
LoadModule rewrite_module modules/mod_rewrite.so
LoadModule proxy_module modules/mod_proxy.so
LoadModule proxy_http_module modules/mod_proxy_http.so
LoadModule headers_module modules/mod_headers.so
LoadModule env_module modules/mod_env.so
LoadModule mime_module modules/mod_mime.so
LoadModule ssl_module modules/mod_ssl.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule authz_host_module modules/mod_authz_host.so
LoadModule mpm_event_module modules/mod_mpm_event.so
ServerName main.test
Listen 80
Listen 443
KeepAlive On
Define ROOT /srv
<Directory />
    Require all denied
    AllowOverride None
    Options None
</Directory>
Include sites/*.conf
";

const SHOP: &str = "\
<VirtualHost *:80>
    ServerName shop.test
    ServerAlias www.shop.test
    DocumentRoot ${ROOT}/shop
    Redirect /old http://shop.test/new
    Alias /icons /usr/share/icons
    ProxyPass /api http://10.0.0.9:8000/ timeout=60
    RewriteEngine On
    RewriteRule ^/go/(.*)$ /gone/$1 [R=301,L]
    Header set X-Frame-Options DENY
    SetEnv STAGE live
    AddType text/x-a .a
    ErrorDocument 404 /missing.html
    CustomLog logs/shop.log common
    <Directory ${ROOT}/shop>
        Require all granted
        Options FollowSymLinks
    </Directory>
    <Location /admin>
        Require ip 10.0.0.0/8
    </Location>
    <FilesMatch \"\\.bak$\">
        Require all denied
    </FilesMatch>
</VirtualHost>
<VirtualHost *:443>
    ServerName shop.test
    SSLEngine On
    SSLProtocol all -SSLv3
    SSLCertificateFile /etc/ssl/shop.pem
</VirtualHost>
";

/// What is written, what is written instead, and the kind of change that this is.
const SEEDS: [(&str, &str, &str); 30] = [
    (
        "shop.test\n    ServerAlias",
        "store.test\n    ServerAlias",
        "hosts",
    ),
    ("www.shop.test", "web.shop.test", "hosts"),
    ("<VirtualHost *:80>", "<VirtualHost *:81>", "hosts"),
    (
        "${ROOT}/shop\n    Redirect",
        "${ROOT}/store\n    Redirect",
        "mapping",
    ),
    ("Define ROOT /srv", "Define ROOT /data", "mapping"),
    ("http://shop.test/new", "http://shop.test/newer", "mapping"),
    ("Redirect /old", "Redirect permanent /old", "mapping"),
    ("/usr/share/icons", "/usr/local/icons", "mapping"),
    ("    Alias /icons /usr/share/icons\n", "", "access"),
    ("10.0.0.9:8000", "10.0.0.10:8000", "mapping"),
    ("timeout=60", "timeout=300", "mapping"),
    ("/gone/$1", "/away/$1", "mapping"),
    ("R=301,L", "R=302,L", "mapping"),
    ("RewriteEngine On", "RewriteEngine Off", "mapping"),
    (
        "X-Frame-Options DENY",
        "X-Frame-Options SAMEORIGIN",
        "headers",
    ),
    ("    Header set X-Frame-Options DENY\n", "", "headers"),
    ("STAGE live", "STAGE test", "settings"),
    ("text/x-a .a", "text/x-b .a", "handlers"),
    ("404 /missing.html", "404 /lost.html", "settings"),
    ("logs/shop.log common", "logs/shop.log combined", "logs"),
    (
        "Options FollowSymLinks",
        "Options FollowSymLinks Indexes",
        "permissions",
    ),
    ("AllowOverride None", "AllowOverride All", "permissions"),
    ("Require ip 10.0.0.0/8", "Require ip 10.0.0.0/16", "access"),
    ("Require ip 10.0.0.0/8", "Require all granted", "access"),
    ("<Location /admin>", "<Location /administration>", "access"),
    (
        "    <FilesMatch \"\\.bak$\">",
        "    <FilesMatch \"\\.old$\">",
        "access",
    ),
    ("all -SSLv3\n", "all -SSLv3 -TLSv1\n", "tls"),
    ("/etc/ssl/shop.pem", "/etc/ssl/other.pem", "tls"),
    ("Listen 443\n", "", "listeners"),
    ("KeepAlive On", "KeepAlive Off", "processes"),
];

const NOTHING: &str = "no effective change; ";

fn tree() -> Tree {
    let tree = Tree::new(&[("httpd.conf", MAIN), ("sites/shop.conf", SHOP)]);
    repository::init(&tree);
    tree
}

fn review(tree: &Tree) -> (String, serde_json::Value) {
    let arguments = ["review", "main", "httpd.conf", "--facts", "debian-12"];
    let full = tree.run(&arguments).out;
    let json = tree.run(&[&arguments[..], &["--format", "json"]].concat());
    (full, serde_json::from_str(&json.out).unwrap_or_default())
}

#[test]
fn edits_that_mean_nothing_are_not_told_of() {
    if !repository::is_there() {
        return;
    }
    let wrong = workers::map(&(0..12).collect::<Vec<u64>>(), |seed| {
        let tree = tree();
        edit(&tree, *seed, MAIN, SHOP);
        let (told, _) = review(&tree);
        (!told.contains(NOTHING)).then(|| format!("{seed}: {told}\n{}", tree.text("httpd.conf")))
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn edits_that_mean_something_are_told_of() {
    if !repository::is_there() {
        return;
    }
    let seeds: Vec<usize> = (0..SEEDS.len()).collect();
    let wrong = workers::map(&seeds, |at| {
        let (old, new, kind) = SEEDS[*at];
        let tree = tree();
        let (main, shop) = (MAIN.replacen(old, new, 1), SHOP.replacen(old, new, 1));
        assert!(
            (&main, &shop) != (&MAIN.to_owned(), &SHOP.to_owned()),
            "{old}"
        );
        edit(&tree, *at as u64, &main, &shop);
        let (told, json) = review(&tree);
        let changes = json["changes"].as_array().cloned().unwrap_or_default();
        let is_told = changes.iter().any(|it| it["kind"] == kind);
        (!is_told).then(|| format!("{old} is {new}, {kind}:\n{told}"))
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// Writes the files with edits that mean nothing.
fn edit(tree: &Tree, seed: u64, main: &str, shop: &str) {
    let mut random = Random::of(8, seed);
    let mut moved = Vec::new();
    let mut shop = disguised(&mut random, shop);
    if random.below(2) == 0 {
        // The second virtual host becomes a file of its own, which is read right after.
        let at = shop.to_lowercase().rfind("<virtualhost").unwrap();
        moved.push(("sites/shop2.conf", shop.split_off(at)));
    }
    tree.put("sites/shop.conf", shop);
    for (name, text) in moved {
        tree.put(name, text);
    }
    tree.put("httpd.conf", disguised(&mut random, main));
}

// Comments, blanks, quotes, continued lines and other spellings of names.
fn disguised(random: &mut Random, text: &str) -> String {
    let mut written = String::new();
    for line in text.lines() {
        if random.below(5) == 0 {
            written.push_str("# a remark\n\n");
        }
        let indented = line.trim_start();
        let is_plain = !indented.starts_with('<') && !indented.contains(['"', '$']);
        let line = match random.below(6) {
            0 if is_plain => indented.replacen(' ', " \\\n    ", 1),
            1 if is_plain => {
                let (name, rest) = indented.split_once(' ').unwrap_or((indented, ""));
                format!("{} {rest}", name.to_uppercase())
            }
            2 if is_plain && indented.split(' ').count() == 2 => {
                let (name, rest) = indented.split_once(' ').unwrap_or_default();
                format!("{name}\t\"{rest}\"  ")
            }
            3 => format!("\t{indented}"),
            _ => line.to_owned(),
        };
        written.push_str(&line);
        written.push('\n');
    }
    written
}
