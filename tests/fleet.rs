//! One tree on many hosts: every finding once, with the hosts on which it holds.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test runs our program, and fails by panicking"
)]

mod support {
    pub(crate) mod folder;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use support::folder;
use tempfile::TempDir;

const MAIN: &str = "\
ServerRoot /srv
Listen 127.0.0.1:80
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule version_module modules/mod_version.so
Mutex sysvsem default
KeepAlive On Off
<IfVersion >= 2.4.50>
    Timeout abc
</IfVersion>
";

/// What `httpd -V`, `-l` and the message about mutexes say on a host.
fn capture(version: &str, mechanisms: &str) -> String {
    format!(
        "Server version: Apache/{version} (Unix)\n\
         Server built:   {version}\n\
         Server MPM:     event\n\
         Compiled in modules:\n  core.c\n  mod_so.c\n  http_core.c\n\
         Invalid Mutex argument xxx (Mutex mechanisms are: 'none', 'default', {mechanisms})\n"
    )
}

struct Place {
    _folder: TempDir,
    path: PathBuf,
}

impl Place {
    // Twelve hosts: four with a new httpd, eight with an old one; of these, two without sysvsem.
    fn new() -> Self {
        let (_folder, path) = folder::temporary();
        let place = Self { _folder, path };
        fs::create_dir(place.path.join("facts")).unwrap();
        fs::write(place.path.join("httpd.conf"), MAIN).unwrap();
        for number in 1..=12 {
            let version = if number <= 4 { "2.4.62" } else { "2.4.41" };
            let mechanisms = match number {
                5 | 9 => "'flock:/path/to/file'",
                _ => "'flock:/path/to/file', 'sysvsem'",
            };
            place.put(
                &format!("facts/web{number:02}.txt"),
                &capture(version, mechanisms),
            );
        }
        place
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn check(&self, options: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
            .args(["check", "httpd.conf", "--map", "/srv=."])
            .args(options)
            .current_dir(&self.path)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }
}

fn lines(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(str::to_owned).collect()
}

#[test]
fn every_finding_says_on_how_many_hosts_it_holds_and_on_which() {
    let place = Place::new();
    let output = place.check(&["--facts", "facts/*.txt", "--format", "concise", "-q"]);
    assert_eq!(
        lines(&output),
        [
            "httpd.conf:5:7: error[unavailable-mutex-mechanism]: this httpd has no mutex mechanism \
             `sysvsem` (2 of 12: web05 web09)",
            "httpd.conf:6:14: warning[surplus-words]: `KeepAlive` reads one word and ignores what \
             follows (all 12)",
            "httpd.conf:8:13: warning[partial-number]: httpd reads `Timeout` as 0 \
             (4 of 12: web01 web02 web03 web04)",
        ]
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_folder_of_captures_is_a_fleet_as_well() {
    let place = Place::new();
    let by_pattern = place.check(&["--facts", "facts/*.txt", "--format", "concise", "-q"]);
    let by_folder = place.check(&["--facts", "facts", "--format", "concise", "-q"]);
    assert_eq!(lines(&by_folder), lines(&by_pattern));
}

#[test]
fn programs_get_all_hosts() {
    let place = Place::new();
    let output = place.check(&["--facts", "facts", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["summary"]["hosts"], 12);
    let finding = &report["diagnostics"][0];
    assert_eq!(finding["hosts"], serde_json::json!(["web05", "web09"]));
    assert_eq!(
        finding["stopped_hosts"],
        serde_json::json!(["web05", "web09"])
    );
    assert_eq!(
        report["diagnostics"][1]["hosts"].as_array().unwrap().len(),
        12
    );
}

#[test]
fn code_scanning_gets_all_hosts() {
    let output = Place::new().check(&["--facts", "facts/*.txt", "--format", "sarif"]);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let hosts = |index: usize| &log["runs"][0]["results"][index]["properties"]["hosts"];
    assert_eq!(*hosts(0), serde_json::json!(["web05", "web09"]));
    assert_eq!(hosts(1).as_array().unwrap().len(), 12);
}

#[test]
fn people_get_as_many_names_as_fit() {
    let place = Place::new();
    let output = place.check(&["--facts", "facts", "--select", "surplus-words"]);
    let text = lines(&output).join("\n");
    assert!(text.contains("hosts: 2 of 12: web05 web09"), "{text}");
    assert!(text.contains("hosts: all 12"), "{text}");
    assert!(text.contains("on 12 hosts"), "{text}");
    for number in 1..=12 {
        let text = capture("2.4.62", "'flock:/path/to/file'");
        place.put(&format!("facts/web{number:02}.txt"), &text);
    }
    place.put("facts/web07.txt", &capture("2.4.62", "'sysvsem'"));
    let text = lines(&place.check(&["--facts", "facts", "-q"])).join("\n");
    let many = "hosts: 11 of 12: web01 web02 web03 web04 (+7)";
    assert!(text.contains(many), "{text}");
}

#[test]
fn what_is_found_on_a_host_is_what_is_found_on_it_alone() {
    let place = Place::new();
    let all = place.check(&["--facts", "facts", "--format", "json"]);
    let all: Value = serde_json::from_slice(&all.stdout).unwrap();
    for host in ["web01", "web05", "web12"] {
        let file = format!("facts/{host}.txt");
        let alone = place.check(&["--facts", &file, "--format", "json"]);
        let alone: Value = serde_json::from_slice(&alone.stdout).unwrap();
        let seen = |it: &Value| {
            let place = format!("{}:{}", it["file"], it["line"]);
            format!("{place} {} {}", it["rule"], it["message"])
        };
        let of_host = all["diagnostics"].as_array().unwrap().iter();
        let of_host = of_host.filter(|it| it["hosts"].as_array().unwrap().contains(&host.into()));
        let alone = alone["diagnostics"].as_array().unwrap().iter();
        assert_eq!(
            of_host.map(seen).collect::<Vec<_>>(),
            alone.map(seen).collect::<Vec<_>>()
        );
    }
}

#[test]
fn texts_of_one_host_may_lie_in_a_folder_of_its_own() {
    let place = Place::new();
    let version = |it: &str| format!("Server version: Apache/{it} (Unix)\n");
    let mutexes = |it: &str| {
        format!("Invalid Mutex argument xxx (Mutex mechanisms are: 'none', 'default', {it})\n")
    };
    place.put("hosts/one/V.txt", &version("2.4.62"));
    place.put("hosts/one/mutex.txt", &mutexes("'sysvsem'"));
    place.put("hosts/two/V.txt", &version("2.4.62"));
    place.put("hosts/two/mutex.txt", &mutexes("'flock'"));
    let output = place.check(&["--facts", "hosts", "--format", "concise", "-q"]);
    let first = lines(&output).remove(0);
    assert!(first.ends_with("(1 of 2: hosts/two/V)"), "{first}");
}

#[test]
fn a_text_that_may_be_of_any_host_is_an_error() {
    let place = Place::new();
    place.put(
        "facts/modules.txt",
        "Loaded Modules:\n core_module (static)\n",
    );
    let output = place.check(&["--facts", "facts"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        said.lines().last(),
        Some(
            "httpd-lint: facts/modules.txt: does not say which of the servers it is about: it has \
             no output of `httpd -V`"
        )
    );
}

#[test]
fn a_fleet_and_a_local_httpd_do_not_go_together() {
    let place = Place::new();
    let httpd = Path::new("/no/httpd").display().to_string();
    let output = place.check(&["--facts", "facts", "--httpd", &httpd]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_fix_is_applied_where_it_is_right_for_every_host() {
    let place = Place::new();
    let main = "\
ServerRoot /srv
Listen 127.0.0.1:80
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule version_module modules/mod_version.so
KeepAlive On Off
<IfVersion >= 2.4.50>
    KeepAlive On Off
</IfVersion>
# httpd-lint: allow(surplus-words) -- the old hosts read nothing here
<IfVersion >= 2.4.50>
    KeepAlive On Off
</IfVersion>
<IfVersion < 2.4.50>
    # httpd-lint: allow(surplus-words) -- nothing to allow
    KeepAlive On
</IfVersion>
<IfVersion >= 2.4.50>
    LoadModule alias_module modules/mod_alias.so
</IfVersion>
LoadModule alias_module modules/mod_alias.so
";
    place.put("httpd.conf", main);
    let output = place.check(&["--facts", "facts", "--fix", "--format", "concise"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("fixes applied in 1 file"), "{said}");
    let mended = fs::read_to_string(place.path.join("httpd.conf")).unwrap();
    let expected = main
        .replacen("KeepAlive On Off", "KeepAlive On", 2)
        .replace(
            "    # httpd-lint: allow(surplus-words) -- nothing to allow\n",
            "",
        );
    assert_eq!(mended, expected);
    // On the new hosts alone the second line of the module is of no use.
    assert_eq!(
        lines(&output)[0],
        "httpd.conf:19:12: warning[duplicate-load-module]: `alias_module` is already loaded, so \
         this line is skipped (4 of 12: web01 web02 web03 web04)"
    );
    let alone = place.check(&["--facts", "facts/web01.txt", "--diff"]);
    let difference = lines(&alone).join("\n");
    assert!(
        difference.contains("-LoadModule alias_module"),
        "{difference}"
    );
}
