//! `httpd-lint fmt`: what it writes, and what the real httpd says of it.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

#[path = "support"]
mod support {
    pub(crate) mod folder;
}

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use support::folder;

const MESSY: &str = "ServerRoot   /tmp\n\n\n<IfModule   none>\nBogus\n\t</IfModule>\n";
const NEAT: &str = "ServerRoot /tmp\n\n<IfModule none>\n    Bogus\n</IfModule>\n";

fn fmt(arguments: &[&str], input: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .arg("fmt")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = program.stdin.take().unwrap();
    pipe.write_all(input.as_bytes()).unwrap();
    drop(pipe);
    program.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn standard_input_goes_to_standard_output() {
    let output = fmt(&["-"], MESSY);
    assert_eq!(text(&output.stdout), NEAT);
    assert_eq!(output.status.code(), Some(0));
    let output = fmt(&["-", "--indent", "0"], MESSY);
    assert_eq!(text(&output.stdout), NEAT.replace("    ", "\t"));
}

#[test]
fn a_file_is_written_only_if_nobody_just_asks() {
    let (_guard, folder) = folder::temporary();
    let file = folder.join("a.conf");
    std::fs::write(&file, MESSY).unwrap();
    let name = file.to_str().unwrap();
    let output = fmt(&[name, "--check"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("would be laid out otherwise"));
    let output = fmt(&[name, "--diff"], "");
    assert!(text(&output.stdout).contains("\n-ServerRoot   /tmp\n+ServerRoot /tmp\n"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), MESSY);
    let output = fmt(&[name], "");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), NEAT);
    assert_eq!(fmt(&[name, "--check"], "").status.code(), Some(0));
}

#[test]
fn a_folder_stands_for_what_its_configuration_reads() {
    let (_guard, folder) = folder::temporary();
    let root = folder.display();
    let main = format!("ServerRoot   {root}\nInclude   site.conf\n");
    std::fs::write(folder.join("httpd.conf"), main).unwrap();
    std::fs::write(folder.join("site.conf"), "Timeout   5\n").unwrap();
    std::fs::write(folder.join("other.conf"), "Timeout   5\n").unwrap();
    let output = fmt(&[folder.to_str().unwrap()], "");
    assert_eq!(text(&output.stderr), "httpd-lint: 2 files laid out\n");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(read("site.conf"), "Timeout 5\n");
    assert_eq!(read("other.conf"), "Timeout   5\n");
}

#[test]
fn bytes_that_are_no_utf8_stay() {
    let (_guard, folder) = folder::temporary();
    let file = folder.join("a.conf");
    std::fs::write(&file, b"ServerAdmin   caf\xe9\n").unwrap();
    fmt(&[file.to_str().unwrap()], "");
    assert_eq!(std::fs::read(&file).unwrap(), b"ServerAdmin caf\xe9\n");
}

/// What the real httpd says of a text, without the name of the file.
fn said(folder: &Path, text: &str) -> (Option<i32>, String) {
    let file = folder.join("asked.conf");
    std::fs::write(&file, text).unwrap();
    let output = Command::new("/usr/sbin/apache2")
        .args(["-t", "-d"])
        .arg(folder)
        .arg("-f")
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // Lines move where blank ones go.
    let words = said.split_whitespace();
    let words = words.filter(|it| !it.chars().all(|it| it.is_ascii_digit()));
    (output.status.code(), words.collect::<Vec<_>>().join(" "))
}

#[test]
fn the_real_httpd_says_the_same() {
    if !Path::new("/usr/sbin/apache2").exists() {
        eprintln!("skipped: apache2 is not installed");
        return;
    }
    let (_guard, folder) = folder::temporary();
    std::fs::create_dir(folder.join("logs")).unwrap();
    let module = "LoadModule   mpm_event_module   /usr/lib/apache2/modules/mod_mpm_event.so\n";
    let bodies = [
        "Listen   127.0.0.1:8999\n  ErrorLog   /dev/null\n",
        "<Directory   /srv >\n  Options   +Indexes   +MultiViews\n\n\n</Directory>\n",
        "Define   A   \"x   y\"\n\n\n\n  ErrorLog \\\n   /dev/null\n",
        "# a \\ \n<IfModule   !none>\n\t\tBogus   x\n</IfModule>\n",
        "<IfModule none>\n <Directory   /x>\n </IfModule>\n",
        "ServerName   'a   b'\n",
        "<Location   />\n",
    ];
    for body in bodies {
        let messy = format!("{module}{body}");
        let neat = text(&fmt(&["-"], &messy).stdout);
        assert_ne!(neat, messy);
        assert_eq!(said(&folder, &neat), said(&folder, &messy), "{neat}");
    }
}
