//! Parts of a configuration, linted without their server.
//!
//! What the rest could supply is neither an error nor a warning. What is refused wherever the part
//! stands is still found.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test starts the program, and fails by panicking"
)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with files in it.
struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("the temporary folder is writable"));
        for (name, text) in files {
            let path = folder.0.path().join(name);
            let above = path.parent().expect("a file lies in a folder");
            fs::create_dir_all(above).expect("the folder is writable");
            fs::write(path, text).expect("the folder is writable");
        }
        folder
    }

    /// What `httpd-lint check` says of these arguments in this folder, line by line, without the
    /// time that it took.
    fn check(&self, arguments: &[&str], input: &str) -> Vec<String> {
        check(self.0.path(), arguments, input)
    }

    /// The same as JSON.
    fn json(&self, arguments: &[&str]) -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
            .arg("check")
            .args(arguments)
            .args(["--format", "json"])
            .current_dir(self.0.path())
            .output()
            .expect("the program starts");
        serde_json::from_slice(&output.stdout).expect("it is JSON")
    }
}

fn check(folder: &Path, arguments: &[&str], input: &str) -> Vec<String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .arg("check")
        .args(arguments)
        .args(["--format", "concise"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it is a pipe");
    // A program that does not read its input may be gone already.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let without_time = |line: &str| match (line.find(" in "), line.find(" ms")) {
        (Some(_), Some(end)) => {
            let start = line[..end].rfind(" in ").unwrap_or(end);
            format!("{}{}", &line[..start], &line[end + 3..])
        }
        _ => line.to_owned(),
    };
    text.lines().map(without_time).collect()
}

/// The same of one file of this text, with facts and without, the last line left out.
fn findings(text: &str) -> Vec<String> {
    let folder = Folder::with(&[("part.conf", text)]);
    let without = folder.check(&["part.conf"], "");
    let with = folder.check(&["part.conf", "--facts", "debian-12"], "");
    assert_eq!(without, with);
    let (summary, findings) = without.split_last().expect("there is a summary");
    assert!(summary.contains(", linted as a part "), "{summary}");
    findings.to_vec()
}

#[test]
fn what_the_rest_could_supply_is_not_missed() {
    let parts = [
        // Modules, a multi-processing module among them, and where they listen.
        "Listen 8080\n<IfModule ssl_module>\nListen 8443\n</IfModule>\n",
        "LoadModule wsgi_module modules/mod_wsgi.so\nWSGIPythonHome /srv/venv\n",
        "LoadModule mpm_event_module modules/mod_mpm_event.so\n",
        "RewriteEngine On\n",
        // The folder that paths begin at, and files out of sight.
        "<VirtualHost *:443>\nSSLCertificateFile certs/shop.pem\nDocumentRoot htdocs\n</VirtualHost>\n",
        "Include conf.d/*.conf\nInclude sites/shop.conf\n",
        "Include /elsewhere/shop.conf\n",
        // Names.
        "Use Shop shop.example.com\nUndefMacro Shop\n",
        "<IfDefine !Production>\nShopName shop\n</IfDefine>\n",
        "DocumentRoot ${SHOP}/htdocs\n",
        "WSGIProcessGroup shop\n",
        "CustomLog logs/shop.log shop\n",
        "<Location />\nAuthBasicProvider shop\nRequire shop\n</Location>\n",
        "AddOutputFilterByType SHOP text/html\n",
        // Directives of modules that are nobody else's.
        "ShopName Harbour\n",
        // The sections around.
        "Require all granted\nRequire not ip 10.0.0.1\n",
        "ServerAlias www.shop.example.com\n",
        "BalancerMember http://10.0.0.1:8000\nProxySet lbmethod=bytraffic\n",
        "ProxyPass http://10.0.0.1:8000/\n",
        "Alias /srv/shop\nAllowOverride None\n",
        "RewriteBase /shop\n",
        "MDCertificateFile /srv/shop.pem\n",
        "<Else>\n</Else>\n",
    ];
    for part in parts {
        let said: Vec<String> = findings(part)
            .into_iter()
            .filter(|it| !it.contains("would tell"))
            .collect();
        assert_eq!(said, [""; 0], "{part}");
    }
}

#[test]
fn what_is_refused_everywhere_is_found() {
    let found = |part: &str| findings(part).join("\n");
    assert_eq!(
        found("ServerName a b\n"),
        "part.conf:1:14: error[wrong-arity]: `ServerName` takes one argument"
    );
    assert_eq!(
        found("<Directory /srv>\nServerName a\n</Directory>\n"),
        "part.conf:2:1: error[misplaced-directive]: `ServerName` is not allowed in `<Directory>`"
    );
    assert_eq!(
        found("Options +Indxes\n"),
        "part.conf:1:9: error[invalid-argument]: there is no option `+Indxes`"
    );
    assert_eq!(
        found("<VirtualHost *:80>\n"),
        "part.conf:1:1: error[unclosed-section]: `<VirtualHost>` is never closed"
    );
}

#[test]
fn a_name_that_looks_like_a_mistake_is_a_warning() {
    assert_eq!(
        findings("ServerNam shop.example.com\n"),
        ["part.conf:1:1: warning[unknown-directive]: no known module has a directive `ServerNam`"]
    );
}

#[test]
fn a_name_that_looks_like_nothing_known_is_an_unknown() {
    let folder = Folder::with(&[("part.conf", "Foo bar\nFoo\n<Bar>\n</Bar>\n")]);
    let report = ["part.conf", "--output", "json:report.json"];
    let shown = folder.check(&report, "");
    assert!(shown.concat().starts_with("no findings"), "{shown:?}");
    let report = fs::read(folder.0.path().join("report.json")).expect("it is written");
    let report: Value = serde_json::from_slice(&report).expect("it is JSON");
    let unknowns = report["unknowns"].as_array().expect("it is a list");
    let what: Vec<&Value> = unknowns.iter().map(|it| &it["what"]).collect();
    let expected = ["whether a module has `Foo`", "whether a module has `<Bar>`"];
    assert_eq!(what, expected);
}

#[test]
fn a_whole_disk_is_not_searched() {
    let folder = Folder::with(&[]);
    let message = "httpd-lint: /: no main file is there, and so many folders are not searched for \
                   `.htaccess` files: name the main file, or the folder of a site";
    assert_eq!(folder.check(&["/"], ""), [message]);
}

#[test]
fn findings_are_in_the_order_of_their_places() {
    let text = "<Directory /srv>\n    Require valid-user alice\n    KeepAlive Maybe\n</Directory>\n\
                Include other.conf\nListen abc\n";
    let folder = Folder::with(&[("httpd.conf", text), ("other.conf", "KeepAlive Yes\n")]);
    let found = folder.check(&["httpd.conf", "--server-root", "."], "");
    let mut places = found
        .iter()
        .filter_map(|it| it.split_once(": "))
        .map(|it| it.0);
    let mut read: Vec<(bool, u32, u32)> = Vec::new();
    for place in places.by_ref() {
        let mut parts = place.rsplit(':').map(|it| it.parse().ok());
        let (Some(Some(column)), Some(Some(line))) = (parts.next(), parts.next()) else {
            continue;
        };
        read.push((place.contains("other.conf"), line, column));
    }
    assert!(read.len() > 4 && read.is_sorted(), "{read:?}");
}

#[test]
fn a_file_with_a_server_root_is_a_whole_server() {
    let folder = Folder::with(&[("part.conf", "ServerRoot /srv\nListen 80\n")]);
    let said = folder.check(&["part.conf", "--facts", "debian-12"], "");
    assert!(said[0].ends_with("error[mpm-count]: no multi-processing module is loaded"));
    assert!(!said.concat().contains("linted as a part"));
}

#[test]
fn modules_and_a_port_are_a_whole_server_in_whatever_file_they_stand() {
    let load = "LoadModule mpm_event_module modules/mod_mpm_event.so\n";
    let main = "Include {}/modules.conf\nListen 80\nRewriteEngine On\n";
    let folder = Folder::with(&[("modules.conf", load)]);
    let path = folder.0.path().to_string_lossy();
    fs::write(folder.0.path().join("main.conf"), main.replace("{}", &path))
        .expect("the folder is writable");
    let said = folder
        .check(&["main.conf", "--facts", "debian-12"], "")
        .concat();
    assert!(said.contains("`RewriteEngine` belongs to `mod_rewrite.c`, which is not loaded"));
    assert!(!said.contains("linted as a part"));
}

#[test]
fn a_comment_says_where_a_part_stands() {
    let text = "# The shop.\n# httpd-lint: context(directory) -- of all shops\nDocumentRoot /srv\n";
    let folder = Folder::with(&[("part.conf", text)]);
    assert_eq!(
        folder.check(&["part.conf"], ""),
        [
            "part.conf:3:1: error[misplaced-directive]: `DocumentRoot` is not allowed in \
             `<Directory>`",
            "1 error in 1 file, 1 directive, linted as a part of a `<Directory>`"
        ]
    );
    assert_eq!(
        folder.check(&["part.conf", "--context", "vhost"], ""),
        ["no findings in 1 file, 1 directive, linted as a part of a `<VirtualHost>`"]
    );
}

#[test]
fn every_place_can_be_named() {
    let folder = Folder::with(&[("part.conf", "AllowOverride None\n")]);
    for (place, is_right) in [
        ("server", false),
        ("vhost", false),
        ("directory", true),
        ("location", true),
        ("files", true),
        ("proxy", true),
        ("htaccess", false),
    ] {
        let said = folder
            .check(&["part.conf", "--context", place], "")
            .concat();
        assert_eq!(
            said.contains("error[misplaced-directive]"),
            !is_right,
            "{place}: {said}"
        );
    }
}

#[test]
fn standard_input_without_a_name_is_a_text_without_a_place() {
    let folder = Folder::with(&[]);
    assert_eq!(
        folder.check(&["-"], "Options +Indxes\nInclude other.conf\n")[0],
        "<stdin>:1:9: error[invalid-argument]: there is no option `+Indxes`"
    );
}

#[test]
fn standard_input_is_shown_by_its_name() {
    let folder = Folder::with(&[]);
    assert_eq!(
        folder.check(
            &["-", "--stdin-filename", "sites/shop.conf"],
            "Options +Indxes\n"
        )[0],
        "sites/shop.conf:1:9: error[invalid-argument]: there is no option `+Indxes`"
    );
}

#[test]
fn the_name_of_standard_input_says_where_it_stands() {
    let folder = Folder::with(&[]);
    let said = folder.check(
        &["-", "--stdin-filename", "shop/.htaccess"],
        "DocumentRoot /srv\n",
    );
    assert_eq!(
        said,
        [
            "shop/.htaccess:1:1: error[misplaced-directive]: `DocumentRoot` is not allowed in \
             `.htaccess`",
            "1 error in 1 file, 1 directive, linted as a `.htaccess` file"
        ]
    );
}

#[test]
fn standard_input_takes_the_place_of_the_file_of_its_name() {
    let folder = Folder::with(&[
        ("apache2.conf", "Bogus\n"),
        ("sites-enabled/shop.conf", "Options +Indxes\n"),
    ]);
    let main = "Listen 80\nLoadModule mpm_event_module /m.so\nInclude sites-enabled/*.conf\n";
    let said = folder.check(&["-", "--stdin-filename", "apache2.conf"], main);
    let wrong =
        "sites-enabled/shop.conf:1:9: error[invalid-argument]: there is no option `+Indxes`";
    assert!(said.iter().any(|it| it == wrong), "{said:?}");
    assert!(!said.concat().contains("Bogus"));
}

#[test]
fn only_standard_input_has_a_name_of_its_own() {
    let folder = Folder::with(&[("part.conf", "")]);
    assert_eq!(
        folder.check(&["part.conf", "--stdin-filename", "other.conf"], ""),
        ["httpd-lint: `--stdin-filename` is the name of standard input: give `-`, too"]
    );
}

#[test]
fn what_a_copy_of_a_configuration_leaves_out_may_be_on_the_server() {
    let main = "ServerRoot /etc/httpd\n\
        Listen 80\n\
        LoadModule mpm_event_module modules/mod_mpm_event.so\n\
        LoadModule ssl_module modules/mod_ssl.so\n\
        LoadModule unixd_module modules/mod_unixd.so\n\
        ErrorLog logs/error_log\n\
        DocumentRoot /etc/httpd/www\n\
        <VirtualHost *:443>\n\
        DocumentRoot /etc/httpd/www/shop\n\
        SSLEngine on\n\
        SSLCertificateFile conf/shop.pem\n\
        SSLCertificateKeyFile conf/shop.key\n\
        </VirtualHost>\n";
    let include = format!("{main}Include conf.d/ports.conf\n");
    let files = [
        ("copy/conf/httpd.conf", main),
        ("bad/conf/httpd.conf", &include),
    ];
    let folder = Folder::with(&files);
    let check = |name: &str| {
        let map = format!("/etc/httpd={name}");
        let main = format!("{name}/conf/httpd.conf");
        let arguments = [main.as_str(), "--map", &map];
        let mut said = folder.check(&arguments, "");
        said.retain(|it| it.contains(": error"));
        said
    };
    assert_eq!(check("copy"), Vec::<String>::new());
    // The files that it consists of must be there.
    let said = check("bad");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("`/etc/httpd/conf.d/ports.conf` cannot be read"));
}

#[test]
fn without_a_server_root_nobody_knows_what_lies_in_it() {
    let main = "Listen 80\n\
        LoadModule mpm_event_module modules/mod_mpm_event.so\n\
        LoadModule unixd_module modules/mod_unixd.so\n\
        CustomLog logs/access_log %h\n\
        Include conf/extra/httpd-ssl.conf\n\
        Include conf.d/*.conf\n";
    let folder = Folder::with(&[("apache/httpd.conf", main)]);
    let said = folder.check(&["apache/httpd.conf"], "");
    assert!(said.concat().starts_with("no findings"), "{said:?}");
    let said = folder.check(&["apache/httpd.conf", "--server-root", "apache"], "");
    assert!(said[0].contains("error[missing-log-directory]"), "{said:?}");
}

#[test]
fn what_a_module_refuses_is_refused_whether_it_is_there_or_not() {
    // Without mod_rewrite the line is refused as well.
    assert_eq!(
        findings("RewriteRule ^a b [L,X]\n"),
        ["part.conf:1:21: error[invalid-argument]: `RewriteRule` does not take `X`"]
    );
    // Nobody knows who loaded a module that is not in the table, and what it brings.
    let text = "LoadModule shop_module modules/mod_shop.so\nRewriteRule ^a b [L,X]\n";
    assert_eq!(findings(text), Vec::<String>::new());
}

#[test]
fn the_mpm_of_the_server_decides_about_directives_of_others() {
    let report =
        "Server version: Apache/2.4.62 (Unix)\nServer MPM:     prefork\n  threaded:     no\n";
    let part = "<VirtualHost *:80>\n</VirtualHost>\nThreadsPerChild 25\n";
    let guarded = "<IfModule worker.c>\nThreadsPerChild 25\n</IfModule>\n";
    let files = [
        ("part.conf", part),
        ("guarded.conf", guarded),
        ("facts.txt", report),
    ];
    let folder = Folder::with(&files);
    let said = |file: &str, facts: &[&str]| folder.check(&[&[file], facts].concat(), "");
    let refused = "error[directive-of-missing-module]: no multi-processing module with";
    let knowing = said("part.conf", &["--facts", "facts.txt"]);
    assert!(knowing.iter().any(|it| it.contains(refused)), "{knowing:?}");
    for other in [
        said("part.conf", &[]),
        said("guarded.conf", &["--facts", "facts.txt"]),
    ] {
        assert!(!other.iter().any(|it| it.contains("error")), "{other:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_pipe_is_read_as_standard_input_is() {
    let folder = Folder::with(&[]);
    let pipe = folder.0.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("there is mkfifo").success());
    let text = "Optoins None\n";
    let writer = std::thread::spawn(move || fs::write(pipe, text));
    let read = folder.check(&["pipe"], "");
    writer
        .join()
        .expect("the writer ends")
        .expect("the pipe is writable");
    assert_eq!(read, folder.check(&["-"], text));
    assert!(read[0].contains("unknown-directive"), "{read:?}");
}

#[test]
fn what_a_condition_asks_for_is_taken_to_be_there_behind_it() {
    let part = "\
<IfModule mod_ssl.c>
    SSLEngine maybe
    Timeout 5m
</IfModule>
";
    let depends = "only if `<IfModule mod_ssl.c>` in line 1 holds, which is not known here";
    let folder = Folder::with(&[("part.conf", part)]);
    let json = folder.json(&["part.conf"]);
    let findings = json["diagnostics"].as_array().expect("it is a list");
    let said: Vec<_> = findings
        .iter()
        .map(|it| (&it["level"], &it["httpd"], &it["notes"][0]))
        .collect();
    assert_eq!(
        said,
        [
            (
                &json!("warning"),
                &Value::Null,
                &json!(format!("httpd refuses it {depends}"))
            ),
            (
                &json!("note"),
                &Value::Null,
                &json!(format!("this counts {depends}"))
            ),
        ]
    );
}

#[test]
fn of_what_another_httpd_would_read_nothing_is_said() {
    let part = "\
<IfVersion < 2.4>
    SSLEngine maybe
    Timeout 5m
</IfVersion>
<IfModule !mod_authz_core.c>
    Timeout 5m
</IfModule>
<IfModule mod_access.c>
    Timeout 5m
</IfModule>
<IfModule !mod_ssl.c>
    LoadModule ssl_module modules/mod_ssl.so
    SSLEngine on
</IfModule>
";
    let folder = Folder::with(&[("part.conf", part)]);
    let json = folder.json(&["part.conf"]);
    assert_eq!(json["diagnostics"], json!([]));
    assert_ne!(json["unknowns"], json!([]));
}

#[test]
fn what_only_the_server_can_tell_is_listed_once_for_each_kind() {
    let main = "\
ServerRoot /srv
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule unixd_module modules/mod_unixd.so
LoadModule ssl_module modules/mod_ssl.so
LoadModule log_config_module modules/mod_log_config.so
Listen shop.example:80
Listen 127.0.0.1:443
User shop
ErrorLog logs/errors
TransferLog logs/requests
<VirtualHost books.example:80 _default_:81 127.1:82>
</VirtualHost>
<VirtualHost *:443>
    SSLCertificateFile /etc/ssl/shop.pem
    SSLCertificateKeyFile /etc/ssl/shop.key
</VirtualHost>
";
    let folder = Folder::with(&[("httpd.conf", main)]);
    let json = folder.json(&["httpd.conf", "--facts", "debian-12"]);
    let unknowns = json["unknowns"].as_array().expect("it is a list");
    let said: Vec<_> = unknowns
        .iter()
        .map(|it| (it["what"].as_str().unwrap_or_default(), &it["places"]))
        .collect();
    let one = json!(1);
    // Both logs lie in one folder.
    assert_eq!(
        said,
        [
            ("what is at `/srv`", &one),
            ("whether `shop.example` resolves, and 1 other", &json!(2)),
            ("whether there is a user `shop`", &one),
            ("what is at `/etc/ssl/shop.pem`, and 2 others", &json!(3)),
        ]
    );
}
