//! What rules' documents claim of ciphers is what a client gets from the real httpd.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod folder;
    pub(crate) mod running;
    pub(crate) mod server;
}

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use support::folder;
use support::running::{Running, free_port};
use support::server::{MODULES, Server};

/// The lists of a server, the ciphers that a client has, and what they agree on.
const CASES: &[(&str, &str, Option<&str>)] = &[
    // ciphers-without-forward-secrecy
    (
        "ECDHE-RSA-AES128-GCM-SHA256:AES128-GCM-SHA256",
        "AES128-GCM-SHA256",
        Some("AES128-GCM-SHA256"),
    ),
    ("HIGH:!kRSA", "AES128-GCM-SHA256", None),
    // weak-cipher
    ("ALL:aNULL:@SECLEVEL=0", "aNULL:@SECLEVEL=0", None),
    ("ALL:eNULL:@SECLEVEL=0", "eNULL:@SECLEVEL=0", None),
];

#[test]
fn a_client_gets_the_ciphers_that_the_pages_speak_of() {
    let has_client = openssl(Path::new("."), &["version"]).is_some();
    if Server::find().is_none() || !has_client {
        eprintln!("skipped: without httpd and openssl nothing is known of ciphers");
        return;
    }
    for (list, offered, agreed) in CASES {
        assert_eq!(agreement(list, offered).as_deref(), *agreed, "{list}");
    }
}

// The cipher of TLS 1.2 on which a client agrees with a server.
fn agreement(list: &str, offered: &str) -> Option<String> {
    let (_folder, root) = folder::temporary();
    let request = "req -x509 -newkey rsa:2048 -nodes -keyout shop.key -out shop.pem -days 1";
    let mut arguments: Vec<&str> = request.split(' ').collect();
    arguments.extend(["-subj", "/CN=localhost"]);
    openssl(&root, &arguments).expect("openssl makes a certificate");
    let load = ["mpm_event", "authz_core", "ssl"];
    let load = load.map(|it| format!("LoadModule {it}_module {MODULES}/mod_{it}.so\n"));
    let main = format!(
        "{}ServerName localhost\nDefaultRuntimeDir .\nPidFile httpd.pid\nErrorLog error.log\n\
         SSLEngine on\nSSLCertificateFile shop.pem\nSSLCertificateKeyFile shop.key\n\
         SSLCipherSuite {list}\n",
        load.concat()
    );
    let path = root.join("httpd.conf");
    fs::write(&path, main).unwrap();
    let port = free_port();
    let listen = format!("Listen 127.0.0.1:{port}");
    let options = ["-X", "-C", &listen].map(str::to_owned);
    let _server = Running::start_with(&root, &path, port, &options, &[]);
    let server = format!("127.0.0.1:{port}");
    let client = [
        "s_client", "-connect", &server, "-tls1_2", "-cipher", offered,
    ];
    let said = openssl(&root, &client).expect("openssl is there");
    let (_, cipher) = said.split_once("Cipher is ").expect("it says so");
    let cipher = cipher.lines().next().unwrap_or_default();
    (cipher != "(NONE)").then(|| cipher.to_owned())
}

// What it prints; a client that gets nothing fails.
fn openssl(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
