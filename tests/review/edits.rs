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
LoadModule access_compat_module modules/mod_access_compat.so
LoadModule dir_module modules/mod_dir.so
LoadModule setenvif_module modules/mod_setenvif.so
LoadModule status_module modules/mod_status.so
LoadModule wsgi_module modules/mod_wsgi.so
LoadModule mpm_event_module modules/mod_mpm_event.so
ServerName main.test
Listen 80
Listen 443
KeepAlive On
Timeout 60
MaxRequestWorkers 150
LogLevel warn
UseCanonicalName Off
Mutex file:/run default
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
    DirectoryIndex index.html
    RequestHeader set X-Forwarded-Proto http
    SetEnvIf User-Agent Robot is_robot
    RedirectMatch ^/m/(.*) http://m.shop.test/$1
    WSGIDaemonProcess shop threads=5
    WSGIScriptAlias /app /srv/shop/app.wsgi process-group=shop
    CustomLog logs/shop.log common
    <Directory ${ROOT}/shop>
        Require all granted
        Options FollowSymLinks
    </Directory>
    <Location /admin>
        Require ip 10.0.0.0/8
    </Location>
    <Location /legacy>
        Order Deny,Allow
        Deny from all
        Allow from 10.1
    </Location>
    <Location /form>
        <Limit POST>
            Require ip 10.0.0.1
        </Limit>
    </Location>
    <Location /status>
        SetHandler server-status
        Require local
    </Location>
    <Location /robots>
        <RequireAll>
            Require all granted
            Require not env is_robot
        </RequireAll>
    </Location>
    <Directory ${ROOT}/shop/upload>
        AllowOverride FileInfo
        Order Allow,Deny
        Allow from all
    </Directory>
    <If \"%{HTTP_HOST} == 'shop.test'\">
        Header set X-Shop yes
    </If>
    <FilesMatch \"\\.bak$\">
        Require all denied
    </FilesMatch>
</VirtualHost>
<VirtualHost *:443>
    ServerName shop.test
    SSLEngine On
    SSLProtocol all -SSLv3
    SSLCipherSuite HIGH
    SSLVerifyClient none
    SSLCertificateFile /etc/ssl/shop.pem
    Header always set Strict-Transport-Security max-age=60
</VirtualHost>
";

/// What is written, what is written instead, and the kind of change that this is.
const SEEDS: [(&str, &str, &str); 66] = [
    ("ServerName main.test", "ServerName root.test", "hosts"),
    ("ServerName main.test", "ServerName main.test:8080", "hosts"),
    ("Listen 443\n", "Listen 443 http\n", "listeners"),
    ("Require local", "Require host a.test", "access"),
    (
        "    ProxyPass /api",
        "    ProxyPass /api/no !\n    ProxyPass /api",
        "mapping",
    ),
    (
        "    RewriteRule",
        "    RewriteCond %{HTTPS} off\n    RewriteRule",
        "mapping",
    ),
    ("Header set X-Frame", "Header always set X-Frame", "headers"),
    (
        "AddType text/x-a .a",
        "AddHandler cgi-script .a",
        "handlers",
    ),
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
    ("Timeout 60", "Timeout 600", "processes"),
    (
        "MaxRequestWorkers 150",
        "MaxRequestWorkers 300",
        "processes",
    ),
    ("LogLevel warn", "LogLevel debug", "logs"),
    ("UseCanonicalName Off", "UseCanonicalName On", "hosts"),
    ("Mutex file:/run", "Mutex file:/var/run", "mutexes"),
    ("Include sites/*.conf", "Include sites/*.none", "hosts"),
    (
        "LoadModule status_module modules/mod_status.so\n",
        "",
        "modules",
    ),
    (
        "DirectoryIndex index.html",
        "DirectoryIndex a.html",
        "mapping",
    ),
    (
        "X-Forwarded-Proto http",
        "X-Forwarded-Proto https",
        "headers",
    ),
    ("Agent Robot", "Agent Robots", "settings"),
    ("^/m/(.*)", "^/mobile/(.*)", "mapping"),
    ("threads=5", "threads=6", "wsgi"),
    ("/srv/shop/app.wsgi", "/srv/shop/other.wsgi", "mapping"),
    (" process-group=shop", "", "wsgi"),
    ("Deny from all\n", "Deny from none\n", "access"),
    ("Order Deny,Allow", "Order Allow,Deny", "access"),
    ("Allow from 10.1", "Allow from 10.1 10.2", "access"),
    ("<Limit POST>", "<Limit PUT>", "access"),
    ("Require ip 10.0.0.1\n", "Require ip 10.0.0.2\n", "access"),
    ("SetHandler server-status", "SetHandler none", "handlers"),
    ("Require local", "Require all granted", "access"),
    (
        "Require not env is_robot",
        "Require not env robot",
        "access",
    ),
    (
        "AllowOverride FileInfo",
        "AllowOverride FileInfo AuthConfig",
        "permissions",
    ),
    ("Allow from all", "Deny from all", "access"),
    (
        "HTTP_HOST} == 'shop.test'",
        "HTTP_HOST} == 'store.test'",
        "headers",
    ),
    ("SSLCipherSuite HIGH", "SSLCipherSuite ALL", "tls"),
    ("SSLVerifyClient none", "SSLVerifyClient require", "tls"),
    ("max-age=60", "max-age=61", "headers"),
];

/// The same as what stands in the files, for who means it.
const ALIKE: [(&str, &str); 9] = [
    ("Options None", "options none"),
    ("<Directory />", "<directory \"/\">"),
    ("Require all denied", "require ALL Denied"),
    ("Order Deny,Allow", "Order deny,allow"),
    ("Allow from 10.1", "Allow From 10.1"),
    ("SSLEngine On", "sslengine on"),
    ("AllowOverride None", "AllowOverride none"),
    ("<Limit POST>", "<limit POST>"),
    ("Redirect /old http", "Redirect temp /old http"),
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
    let wrong = workers::map(&(0..27).collect::<Vec<u64>>(), |seed| {
        let tree = tree();
        let (old, new) = ALIKE[usize::try_from(*seed).unwrap() % ALIKE.len()];
        let (main, shop) = (MAIN.replacen(old, new, 1), SHOP.replacen(old, new, 1));
        assert!((&*main, &*shop) != (MAIN, SHOP), "{old}");
        edit(&tree, *seed, &main, &shop);
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
    let mut main = main.to_owned();
    if random.below(2) == 0 {
        // What is said of the root becomes a file that is read at its place.
        let start = main.to_lowercase().find("<directory").unwrap();
        let end = main.find("</Directory>\n").unwrap() + "</Directory>\n".len();
        moved.push(("root.conf", main[start..end].to_owned()));
        main.replace_range(start..end, "Include root.conf\n");
    }
    for (name, text) in moved {
        tree.put(name, text);
    }
    tree.put("httpd.conf", disguised(&mut random, &main));
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
