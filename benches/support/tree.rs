//! A generated server of any number of sites, the same bytes for the same number.
//!
//! Of ten sites, three are PHP behind a front controller, two are reverse proxies, two are Python
//! daemons, two came along from httpd 2.2, and one only redirects. Each is a file of about forty
//! lines. The real `apache2 -t` says `Syntax OK` about all of them.

use std::fs;
use std::io;
use std::path::Path;

const MODULES: &[&str] = &[
    "access_compat",
    "alias",
    "auth_basic",
    "authn_core",
    "authn_file",
    "authz_core",
    "authz_host",
    "authz_user",
    "autoindex",
    "deflate",
    "dir",
    "env",
    "expires",
    "filter",
    "headers",
    "mime",
    "mpm_event",
    "negotiation",
    "proxy",
    "proxy_fcgi",
    "proxy_http",
    "proxy_wstunnel",
    "reqtimeout",
    "rewrite",
    "setenvif",
    "socache_shmcb",
    "ssl",
    "status",
    "wsgi",
];

/// The kinds of ten sites in a row.
const KINDS: [&str; 10] = [
    PHP, PROXY, PYTHON, PHP, LEGACY, REDIRECT, PHP, PROXY, PYTHON, LEGACY,
];

/// How large a tree is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Size {
    /// Physical lines of all files.
    pub(crate) lines: usize,
    /// Bytes of all files.
    pub(crate) bytes: usize,
}

/// Every configuration file of a server with that many sites, by its path below `root`. The main
/// file is `apache2.conf`.
pub(crate) fn files(root: &str, sites: usize) -> impl Iterator<Item = (String, String)> {
    let server = [
        ("apache2.conf", MAIN),
        ("ports.conf", "Listen 127.0.0.1:80\nListen 127.0.0.1:443\n"),
        ("conf.d/hardening.conf", HARDENING),
        ("conf.d/logs.conf", LOGS),
        ("conf.d/mime.conf", MIME),
        ("conf.d/tls.conf", TLS),
        ("snippets/limits.inc", LIMITS),
    ]
    .map(|(path, text)| (path.to_owned(), text.replace("@ROOT@", root)));
    let modules = MODULES.iter().map(|it| {
        let text = format!("LoadModule {it}_module /usr/lib/apache2/modules/mod_{it}.so\n");
        (format!("mods-enabled/{it}.load"), text)
    });
    server
        .into_iter()
        .chain(modules)
        .chain((0..sites).map(site))
}

/// The path and the text of one site.
pub(crate) fn site(number: usize) -> (String, String) {
    let name = host(number);
    let text = KINDS[number % KINDS.len()]
        .replace("@TLS@\n", SITE_TLS)
        .replace("@HOST@", &name)
        .replace("@PATTERN@", &name.replace('.', "\\."))
        .replace("@FOLDER@", &folder(number))
        .replace("@ADDRESS@", &address(number))
        .replace("@N@", &number.to_string());
    (format!("sites-enabled/{number:06}-{name}.conf"), text)
}

/// Writes the whole tree, with the folders and certificates that `apache2 -t` looks for.
pub(crate) fn write(root: &Path, sites: usize) -> io::Result<Size> {
    let name = root
        .to_str()
        .ok_or_else(|| io::Error::other("the folder's name is not UTF-8"))?;
    for it in [
        "conf.d",
        "log",
        "mods-enabled",
        "run",
        "sites-enabled",
        "snippets",
        "ssl",
    ] {
        fs::create_dir_all(root.join(it))?;
    }
    for it in ["pem", "key"] {
        fs::write(root.join("ssl/stand-in").with_extension(it), "a stand-in\n")?;
    }
    let mut size = Size::default();
    for (path, text) in files(name, sites) {
        size.lines += text.lines().count();
        size.bytes += text.len();
        fs::write(root.join(path), text)?;
    }
    for number in 0..sites {
        fs::create_dir_all(root.join("www").join(folder(number)))?;
        if KINDS[number % KINDS.len()] == PYTHON {
            write_application(&root.join(format!("apps/app{number}")))?;
        }
    }
    Ok(size)
}

// What mod_wsgi looks for when it starts an application.
fn write_application(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::create_dir_all(folder.join("venv/lib/python3.11"))?;
    fs::write(
        folder.join("src/wsgi.py"),
        "def application(environ, start_response): ...\n",
    )?;
    fs::write(folder.join("venv/pyvenv.cfg"), "home = /usr/bin\n")
}

/// A host name that says nothing about its neighbours' names.
fn host(number: usize) -> String {
    const FIRST: [&str; 12] = [
        "amber", "birch", "coral", "dune", "elm", "fern", "gorse", "heath", "iris", "jade", "kelp",
        "larch",
    ];
    const SECOND: [&str; 11] = [
        "bay", "cove", "dale", "field", "gate", "hill", "lane", "mill", "pond", "quay", "ridge",
    ];
    const LAST: [&str; 7] = ["com", "org", "net", "example", "co.uk", "de", "se"];
    // Knuth's multiplier spreads neighbours over all the words.
    let spread = number.wrapping_mul(2_654_435_761) & 0xffff_ffff;
    format!(
        "{}-{}-{number}.{}",
        FIRST[spread % FIRST.len()],
        SECOND[(spread >> 8) % SECOND.len()],
        LAST[(spread >> 16) % LAST.len()],
    )
}

/// A thousand document roots to a folder.
fn folder(number: usize) -> String {
    format!("{:03}/{number:06}", number / 1000)
}

fn address(number: usize) -> String {
    let [_, high, middle, low] = u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes();
    format!("10.{high}.{middle}.{low}:{}", 8000 + number % 1000)
}

const MAIN: &str = r#"# Generated: the main file of a server with many sites.
Define CONFROOT @ROOT@
Define WWWROOT @ROOT@/www
Define APPROOT @ROOT@/apps
Define LOGROOT @ROOT@/log
Define TLSROOT @ROOT@/ssl

ServerRoot "@ROOT@"
ServerName bench.example.net
DefaultRuntimeDir @ROOT@/run
PidFile @ROOT@/run/apache2.pid
ErrorLog ${LOGROOT}/error.log
LogLevel warn
Timeout 120

IncludeOptional mods-enabled/*.load
Include ports.conf

<Directory />
    Options FollowSymLinks
    AllowOverride None
    Require all denied
</Directory>

AccessFileName .htaccess
<FilesMatch "^\.ht">
    Require all denied
</FilesMatch>

IncludeOptional conf.d/*.conf
IncludeOptional sites-enabled/*.conf
"#;

const HARDENING: &str = r#"# Nobody needs to know more than necessary.
ServerTokens Prod
ServerSignature Off
TraceEnable Off
<DirectoryMatch "/\.(git|svn|hg)(/|$)">
    Require all denied
</DirectoryMatch>
Header setifempty X-Frame-Options "SAMEORIGIN"
RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500
"#;

const LOGS: &str = r#"LogFormat "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"" vhost_combined
LogFormat "%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"" combined
LogFormat "%h %l %u %t \"%r\" %>s %O" common
"#;

const MIME: &str = "\
<IfModule mime_module>
    TypesConfig /etc/mime.types
    AddType application/x-gzip .gz .tgz
</IfModule>
AddDefaultCharset UTF-8
";

const TLS: &str = "\
<IfModule ssl_module>
    SSLCipherSuite HIGH:!aNULL
    SSLSessionCache shmcb:@ROOT@/run/ssl_scache(512000)
    SSLSessionTickets Off
</IfModule>
";

const LIMITS: &str = "\
UseCanonicalName Off
LimitRequestBody 10485760
LimitRequestFields 60
";

const SITE_TLS: &str = "    SSLEngine on
    SSLCertificateFile    ${TLSROOT}/stand-in.pem
    SSLCertificateKeyFile ${TLSROOT}/stand-in.key
    SSLProtocol -all +TLSv1.2 +TLSv1.3
";

const PHP: &str = r#"# @HOST@: PHP behind a front controller
<VirtualHost *:443>
    ServerName @HOST@
    ServerAlias www.@HOST@ img.@HOST@
    ServerAdmin webmaster@@HOST@
    DocumentRoot "${WWWROOT}/@FOLDER@"

@TLS@

    # one name for everybody
    RewriteEngine On
    RewriteCond %{HTTP_HOST} !^www\.@PATTERN@$ [NC]
    RewriteRule ^/?(.*)$ https://www.@HOST@/$1 [R=301,L]
    RewriteRule ^/?archive/(.*)$ /stories/$1 [R=301,L]
    RewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI} !-f
    RewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI} !-d
    RewriteRule ^ /index.php [QSA,L]

    <Directory "${WWWROOT}/@FOLDER@">
        Options -Indexes +FollowSymLinks
        AllowOverride None
        Require all granted
    </Directory>

    <FilesMatch "\.php$">
        SetHandler "proxy:unix:/run/php/pool-@N@.sock|fcgi://localhost"
    </FilesMatch>

    <IfModule mod_headers.c>
        Header always set Strict-Transport-Security "max-age=31536000"
        Header always set X-Content-Type-Options nosniff
        Header set Content-Security-Policy \
            "default-src 'self'; \
             img-src 'self' data:; \
             script-src 'self' https://img.@HOST@"
    </IfModule>

    ErrorLog  ${LOGROOT}/@HOST@.error.log
    CustomLog ${LOGROOT}/@HOST@.access.log vhost_combined
</VirtualHost>
"#;

const PROXY: &str = r#"# @HOST@: a reverse proxy
Define BACKEND_@N@ http://@ADDRESS@

<VirtualHost *:443>
    ServerName @HOST@
    ServerAlias api.@HOST@
    DocumentRoot "${WWWROOT}/@FOLDER@"

@TLS@

    ProxyRequests Off
    ProxyPreserveHost On
    ProxyTimeout 45
    ProxyPass        /assets/ !
    ProxyPass        /live ws://@ADDRESS@/live
    ProxyPass        /api/ ${BACKEND_@N@}/v2/ retry=5 timeout=30
    ProxyPassReverse /api/ ${BACKEND_@N@}/v2/
    ProxyPass        / ${BACKEND_@N@}/
    ProxyPassReverse / ${BACKEND_@N@}/

    RequestHeader set X-Forwarded-Proto "https"
    RequestHeader unset Proxy early

    <Location "/office">
        AuthType Basic
        AuthName "The office of @HOST@"
        AuthUserFile ${CONFROOT}/office.users
        <RequireAny>
            Require ip 192.0.2.0/24
            Require valid-user
        </RequireAny>
    </Location>

    <LocationMatch "^/status/(?<part>[a-z]+)$">
        Require local
    </LocationMatch>

    LogLevel warn proxy:info
    ErrorLog  ${LOGROOT}/@HOST@.error.log
    CustomLog ${LOGROOT}/@HOST@.access.log combined
</VirtualHost>
"#;

const PYTHON: &str = r#"# @HOST@: a Python application with a daemon of its own
<VirtualHost *:443>
    ServerName @HOST@
    ServerAlias www.@HOST@
    ServerAdmin ops@@HOST@
    DocumentRoot "${WWWROOT}/@FOLDER@"

@TLS@

    WSGIDaemonProcess app@N@ processes=2 threads=15 \
        python-home=${APPROOT}/app@N@/venv python-path=${APPROOT}/app@N@/src \
        display-name=%{GROUP} locale='C.UTF-8' maximum-requests=5000
    WSGIProcessGroup app@N@
    WSGIApplicationGroup %{GLOBAL}
    WSGIPassAuthorization On
    WSGIScriptAlias / ${APPROOT}/app@N@/src/wsgi.py

    Alias /static/ ${APPROOT}/app@N@/static/
    Alias /uploads/ ${APPROOT}/app@N@/uploads/
    Alias /favicon.ico ${APPROOT}/app@N@/static/favicon.ico

    <Directory ${APPROOT}/app@N@/src>
        <Files wsgi.py>
            Require all granted
        </Files>
    </Directory>

    <Directory ${APPROOT}/app@N@/static>
        Require all granted
        ExpiresActive On
        ExpiresDefault "access plus 2 weeks"
        Header append Cache-Control "public"
    </Directory>

    <Directory ${APPROOT}/app@N@/uploads>
        Require all granted
        Header set Content-Disposition attachment
    </Directory>

    ErrorLog  ${LOGROOT}/@HOST@.error.log
    CustomLog ${LOGROOT}/@HOST@.access.log combined
</VirtualHost>
"#;

const LEGACY: &str = r#"# @HOST@: as it was with httpd 2.2, until somebody has time
Define SITE_@N@ ${WWWROOT}/@FOLDER@
<IfDefine !RETIRED>
<VirtualHost *:80>
    ServerName @HOST@
    ServerAlias *.@HOST@ \
                old.@HOST@ \
                site-@N@.example.net
    DocumentRoot "${SITE_@N@}"
    DirectoryIndex index.html index.htm home.htm
    AddDefaultCharset iso-8859-1
    AddType application/x-tar .tar
    ErrorDocument 404 "/errors/missing.html"
    ErrorDocument 500 "Something went wrong at @HOST@"

    <Directory "${SITE_@N@}">
        Options Indexes FollowSymLinks MultiViews
        AllowOverride AuthConfig FileInfo Limit
        Order allow,deny
        Allow from all
    </Directory>

    <IfModule mod_deflate.c>
        AddOutputFilterByType DEFLATE text/html text/plain text/css
        <IfModule mod_setenvif.c>
            BrowserMatch ^Mozilla/4 gzip-only-text/html
            BrowserMatch \bMSIE !no-gzip !gzip-only-text/html
        </IfModule>
    </IfModule>

    ScriptAlias /cgi-bin/ "/usr/lib/cgi-bin/"
    Redirect permanent /orders https://orders.@HOST@/
    RedirectMatch 302 ^/offer/([0-9]+)$ /offers?number=$1
    SetEnvIf Request_URI "\.(gif|jpe?g|png)$" quiet
    SetEnv SITE_STAGE production

    ErrorLog  ${LOGROOT}/@HOST@.error.log
    CustomLog ${LOGROOT}/@HOST@.access.log common env=!quiet
</VirtualHost>
</IfDefine>
"#;

const REDIRECT: &str = r#"# @HOST@: plain HTTP, which only points to the other one
<VirtualHost *:80>
    ServerName @HOST@
    ServerAlias www.@HOST@
    DocumentRoot "${WWWROOT}/@FOLDER@"

    Include "${CONFROOT}/snippets/limits.inc"

    RewriteEngine On
    RewriteCond %{REQUEST_URI} !^/\.well-known/acme-challenge/
    RewriteCond %{HTTPS} =off
    RewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L,NE]

    Alias "/.well-known/acme-challenge/" "/var/lib/acme/@N@/"
    <Directory "/var/lib/acme/@N@/">
        AllowOverride None
        Options None
        ForceType text/plain
        Require all granted
    </Directory>

    <If "%{HTTP_USER_AGENT} =~ /Harvester/ || %{QUERY_STRING} =~ /select.*from/i">
        Require all denied
    </If>

    <Location "/upload">
        <LimitExcept GET HEAD>
            Require all denied
        </LimitExcept>
    </Location>

    # a file for each day
    ErrorLog ${LOGROOT}/@HOST@.error.log
    CustomLog "|/usr/bin/rotatelogs ${LOGROOT}/@HOST@.%Y%m%d.log 86400" combined
</VirtualHost>
"#;
