//! What is captured of a server: by the script and by the program, of the real httpd, of machines
//! that lack tools and of programs that are no httpd.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod folder;
    pub(crate) mod server;
}

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::folder;
use support::server::{HTTPD, Server, bare_environment};

/// What nobody may read in a capture or report.
const SECRETS: [&str; 8] = [
    "hunter2",
    "s3cret",
    "opensesame",
    "tiger",
    "swordfish",
    "letmein",
    "MIIEowIB",
    "trustno1",
];

/// Runs our program; `now` is the time that it takes for the present.
fn lint(arguments: &[&str], now: Option<&str>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .args(arguments)
        .env_clear()
        .envs(bare_environment())
        .envs(now.map(|it| ("SOURCE_DATE_EPOCH", it)))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs the script under a shell.
fn script(shell: &[&str], arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let (program, words) = shell.split_first().unwrap();
    let printed = lint(&["facts", "script"], None);
    assert!(printed.status.success());
    let (_folder, path) = folder::temporary();
    let file = path.join("capture.sh");
    fs::write(&file, printed.stdout).unwrap();
    let output = Command::new(program)
        .args(words)
        .arg(&file)
        .args(arguments)
        .env_clear()
        .envs(bare_environment())
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", err(&output));
    assert_eq!(err(&output), "");
    out(&output)
}

/// The shells of this machine, of those that the script is for.
fn shells() -> Vec<Vec<&'static str>> {
    let all = [
        &["dash"][..],
        &["bash", "--posix"],
        &["busybox", "sh"],
        &["ksh"],
    ];
    let runs = |it: &&&[&str]| {
        let mut command = Command::new(it[0]);
        command.args(&it[1..]).args(["-c", ":"]);
        command
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|it| it.success())
    };
    all.iter().filter(runs).map(|it| it.to_vec()).collect()
}

/// What a text says, by the names of facts.
fn facts(text: &str) -> BTreeMap<String, Value> {
    let (_folder, path) = folder::temporary();
    let file = path.join("facts.txt");
    fs::write(&file, text).unwrap();
    let output = lint(
        &["facts", "show", file.to_str().unwrap(), "--format", "json"],
        None,
    );
    assert!(output.status.success(), "{}", err(&output));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let all = json["facts"].as_array().unwrap().iter();
    all.map(|it| {
        let name = it["name"].as_str().unwrap();
        (name.to_owned(), it["value"].clone())
    })
    .collect()
}

/// A program that answers as the script says.
fn program(folder: &Path, script: &str) -> PathBuf {
    let file = folder.join("httpd");
    // Another process writes it: while this one has it open for writing, a child forked by another
    // test would keep it from being run (`ETXTBSY`).
    let written = Command::new("/bin/sh")
        .args([
            "-c",
            r#"printf '#!/bin/sh\n%s\n' "$1" >"$2"; chmod 755 "$2""#,
            "sh",
        ])
        .arg(script)
        .arg(&file)
        .status();
    assert!(written.is_ok_and(|it| it.success()));
    file
}

fn assert_no_secret(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in:\n{text}");
    }
}

#[test]
fn script_and_program_say_the_same_of_the_real_httpd() {
    if Server::find().is_none() {
        return;
    }
    let captured = lint(&["facts", "capture", "--httpd", HTTPD], None);
    assert!(captured.status.success(), "{}", err(&captured));
    let by_program = facts(&out(&captured));
    for name in [
        "version",
        "mpm",
        "loaded_modules",
        "mutex_mechanisms",
        "run.pid_file",
    ] {
        assert!(by_program.contains_key(name), "{name}");
    }
    for shell in shells() {
        let by_script = facts(&script(&shell, &[], &[]));
        let missing: Vec<_> = by_program
            .keys()
            .filter(|it| !by_script.contains_key(*it))
            .collect();
        // Not exported by Debian's envvars, and so not known to a program that does not run it.
        assert!(
            missing.iter().all(|it| **it == "environment.SUFFIX"),
            "{shell:?}: {missing:?}"
        );
        for (name, value) in &by_script {
            let own = by_program.get(name);
            // Only the script may ask Python.
            if ["captured", "gap", "python.version"].contains(&name.as_str()) {
                continue;
            }
            assert_eq!(own, Some(value), "{shell:?}: {name}");
        }
    }
}

#[test]
fn the_script_needs_nothing_but_a_shell() {
    if Server::find().is_none() {
        return;
    }
    let text = script(&["/bin/sh"], &[], &[("PATH", "")]);
    let known = facts(&text);
    assert!(known.contains_key("version"), "{text}");
    assert!(known.contains_key("static_modules"));
    for gap in ["there is no date", "there is no uname", "there is no awk"] {
        assert!(text.contains(gap), "{gap} in:\n{text}");
    }
    assert!(text.ends_with("\n=== end ===\n"));
}

#[test]
fn every_tool_that_is_missing_costs_its_own_facts_only() {
    if Server::find().is_none() {
        return;
    }
    let whole = facts(&script(&["/bin/sh"], &[], &[]));
    let tools = [
        "awk", "date", "env", "ldd", "mktemp", "mkdir", "readelf", "readlink", "rm",
    ];
    let tools = tools.iter().chain(&["sleep", "sort", "uname"]);
    for absent in tools.clone() {
        let (_folder, path) = folder::temporary();
        for tool in tools.clone().filter(|it| *it != absent) {
            let file = ["/usr/bin", "/bin"].map(|it| Path::new(it).join(tool));
            if let Some(file) = file.iter().find(|it| it.exists()) {
                symlink(file, path.join(tool)).unwrap();
            }
        }
        let text = script(&["/bin/sh"], &[], &[("PATH", path.to_str().unwrap())]);
        for (name, value) in facts(&text) {
            let may_differ = ["captured", "gap"].contains(&name.as_str())
                || *absent == "readlink" && name.starts_with("modules.")
                || *absent == "env" && name.starts_with("environment.");
            assert!(
                may_differ || whole.get(&name) == Some(&value),
                "{absent}: {name}"
            );
        }
        assert!(text.ends_with("\n=== end ===\n"), "{absent}");
    }
}

#[test]
fn the_script_is_clean() {
    let printed = lint(&["facts", "script"], None);
    let (_folder, path) = folder::temporary();
    let file = path.join("capture.sh");
    fs::write(&file, printed.stdout).unwrap();
    let checked = Command::new("shellcheck").arg(&file).output();
    match checked {
        Ok(output) => assert!(output.status.success(), "{}", out(&output)),
        Err(_) => eprintln!("skipped: there is no shellcheck"),
    }
    for shell in shells() {
        let (program, words) = shell.split_first().unwrap();
        let status = Command::new(program)
            .args(words)
            .arg("-n")
            .arg(&file)
            .status();
        assert!(status.unwrap().success(), "{shell:?}");
    }
}

#[test]
fn an_httpd_that_hangs_is_killed_and_leaves_a_gap() {
    let (_folder, path) = folder::temporary();
    let httpd = program(
        &path,
        r#"case $1 in
           -V) echo 'Server version: Apache/2.4.66 (Unix)'; echo 'Server MPM:     event'
               echo 'Server compiled with....';;
           -l) printf 'Compiled in modules:\n  core.c\n';;
           *) exec sleep 100;;
           esac"#,
    );
    let begin = Instant::now();
    for shell in shells() {
        let arguments = [httpd.to_str().unwrap()];
        let text = script(&shell, &arguments, &[("HTTPD_LINT_LIMIT", "1")]);
        let gap = format!(
            "`{} -M` did not end within 1 seconds and was killed",
            httpd.display()
        );
        assert!(text.contains(&gap), "{shell:?}:\n{text}");
        let known = facts(&text);
        assert_eq!(known["version"], "2.4.66 (Unix)");
        assert_eq!(known["static_modules"][0], "core.c");
        assert!(!known.contains_key("loaded_modules"));
    }
    assert!(begin.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_program_that_is_no_httpd_is_an_error() {
    let (_folder, path) = folder::temporary();
    for (answer, code) in [
        ("echo 'nginx version: nginx/1.26.0'; exit 0", 2),
        ("exit 1", 2),
        ("head -c 300000 /dev/urandom", 2),
        ("echo 'Server version: Apache/2.4.66 (Unix)'; exit 3", 0),
    ] {
        let httpd = program(&path, answer);
        let output = lint(
            &["facts", "capture", "--httpd", httpd.to_str().unwrap()],
            None,
        );
        assert_eq!(
            output.status.code(),
            Some(code),
            "{answer}: {}",
            err(&output)
        );
        let says = err(&output).contains("answers nothing that httpd would");
        assert_eq!(says, code == 2, "{answer}: {}", err(&output));
        let text = script(&["/bin/sh"], &[httpd.to_str().unwrap()], &[]);
        assert_eq!(
            facts_or_none(&text).contains_key("version"),
            code == 0,
            "{text}"
        );
    }
}

// A capture of a machine without httpd says what the machine is.
fn facts_or_none(text: &str) -> BTreeMap<String, Value> {
    let known = facts(text);
    assert!(known.contains_key("system.kernel"));
    known
}

#[test]
fn a_server_that_refuses_its_configuration_says_where_and_not_what() {
    let (_folder, path) = folder::temporary();
    let httpd = program(
        &path,
        r#"case $1 in
           -V) echo 'Server version: Apache/2.4.66 (Unix)'; echo 'Server MPM:     event'
               echo 'Server compiled with....';;
           *) echo 'AH00526: Syntax error on line 7 of /etc/httpd/secret.conf:' >&2
              echo "Invalid command 'hunter2', perhaps misspelled" >&2; exit 1;;
           esac"#,
    );
    let by_program = lint(
        &["facts", "capture", "--httpd", httpd.to_str().unwrap()],
        None,
    );
    for text in [
        script(&["/bin/sh"], &[httpd.to_str().unwrap()], &[]),
        out(&by_program) + &err(&by_program),
    ] {
        assert_no_secret(&text);
        assert!(
            text.contains("`httpd -M`: syntax error on line 7 of /etc/httpd/secret.conf"),
            "{text}"
        );
    }
}

// A ServerRoot with secrets in every place where they usually stand, and a stand-in for Debian's
// httpd: the real one, that reads it.
fn server_with_secrets(folder: &Path) -> (PathBuf, PathBuf) {
    let main = folder.join("httpd.conf");
    fs::create_dir_all(folder.join("logs")).unwrap();
    let modules = "/usr/lib/apache2/modules";
    let load = [
        "mpm_event",
        "env",
        "proxy",
        "proxy_http",
        "authz_core",
        "alias",
        "ssl",
    ];
    let load: String = load
        .iter()
        .map(|it| format!("LoadModule {it}_module {modules}/mod_{it}.so\n"))
        .collect();
    let text = format!(
        "{load}ServerName www.example.com\nDefaultRuntimeDir {0}\nPidFile {0}/pid\n\
         Define DB_PASSWORD hunter2\nDefine DSN mysql:tiger\nDefine SITE_ROOT /srv/www\n\
         SetEnv API_TOKEN s3cret\n\
         ProxyPass /a http://admin:opensesame@127.0.0.1:9000/\n\
         ProxyPass /b http://admin:opensesame@127.0.0.1:9000/ trustno1\n\
         ErrorLog \"|/usr/bin/logger --password=swordfish\"\n",
        folder.display()
    );
    fs::write(&main, text).unwrap();
    fs::write(
        folder.join("envvars"),
        "export APACHE_RUN_USER=www-data\nexport DB_PASSWORD=letmein\n\
         export DATABASE_URL=postgres://u:letmein@db/x\n\
         export TLS_KEY='-----BEGIN RSA PRIVATE KEY-----\nMIIEowIB=\n'\n",
    )
    .unwrap();
    let httpd = folder.join("bin");
    fs::create_dir_all(&httpd).unwrap();
    fs::copy(folder.join("envvars"), httpd.join("envvars")).unwrap();
    let script = format!(
        r#"case $* in *' -d '*) exec {HTTPD} "$@";; *) exec {HTTPD} -d {0} -f {1} "$@";; esac"#,
        folder.display(),
        main.display()
    );
    // The real one names /etc/apache2, where other variables are.
    let script = format!(
        "run() {{ {script}; }}\ncase $1 in -V) (run \"$@\") 2>&1 | \
         sed 's|HTTPD_ROOT=.*|HTTPD_ROOT=\"{}\"|';; *) run \"$@\";; esac",
        folder.display()
    );
    (program(&httpd, &script), main)
}

#[test]
fn no_secret_enters_a_capture() {
    if Server::find().is_none() {
        return;
    }
    let (_folder, path) = folder::temporary();
    let (httpd, main) = server_with_secrets(&path);
    // With the line that httpd refuses, and without it.
    for is_refused in [true, false] {
        if !is_refused {
            let text = fs::read_to_string(&main).unwrap();
            let kept: Vec<&str> = text.lines().filter(|it| !it.contains("trustno1")).collect();
            fs::write(&main, kept.join("\n")).unwrap();
        }
        let captured = lint(
            &["facts", "capture", "--httpd", httpd.to_str().unwrap()],
            None,
        );
        for text in [
            script(&["/bin/sh"], &[httpd.to_str().unwrap()], &[]),
            out(&captured),
        ] {
            assert_no_secret(&text);
            let known = facts(&text);
            assert_eq!(known["environment.APACHE_RUN_USER"], "www-data", "{text}");
            assert_eq!(known["environment.DB_PASSWORD"], "…");
            if !is_refused {
                assert_eq!(known["run.define.SITE_ROOT"], "/srv/www", "{text}");
                assert_eq!(known["run.define.DB_PASSWORD"], "…");
                assert_eq!(known["run.error_log"], "|…");
            }
        }
        assert_no_secret(&err(&captured));
    }
}

#[test]
fn no_secret_enters_a_report_or_what_is_shown() {
    let (_folder, path) = folder::temporary();
    let (httpd, main) = server_with_secrets(&path);
    let more = "\nSSLPassPhraseDialog hunter2 s3cret\nSetEnv hunter2\n\
                <Location /x hunter2>\nProxyPass http://a:opensesame@x:notaport/ q=tiger\n</Location>\n\
                AuthLDAPBindPassword hunter2 s3cret\nWSGIScriptAlias / /srv/x.wsgi\n\
                WSGIDaemonProcess shop user=www-data password=swordfish\ntiger\n";
    let text = fs::read_to_string(&main).unwrap() + more;
    fs::write(&main, text).unwrap();
    // What a person pastes, without a thought.
    let pasted = path.join("facts.txt");
    fs::write(
        &pasted,
        "Server version: Apache/2.4.66 (Unix)\nServer built: by http://u:hunter2@ci/\n\
         ServerRoot: \"/x\"\nMain DocumentRoot: \"/y\"\nMain ErrorLog: \"|/bin/log s3cret\"\n\
         Define: DB_PASSWORD=opensesame\nDefine: DSN=tiger\nSetEnv API_TOKEN swordfish\n\
         export DB_PASSWORD=letmein\nMIIEowIB\n",
    )
    .unwrap();
    let pasted = pasted.to_str().unwrap();
    let report = lint(
        &["facts", "report", main.to_str().unwrap(), "--facts", pasted],
        None,
    );
    assert!(report.status.success(), "{}", err(&report));
    let text = out(&report);
    assert_no_secret(&text);
    for part in [
        "## Findings",
        "error[",
        "WSGIScriptAlias / /srv/x.wsgi",
        "Apache/2.4.66",
    ] {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
    for format in ["table", "json"] {
        let shown = lint(&["facts", "show", pasted, "--format", format], None);
        assert_no_secret(&out(&shown));
    }
    if Server::find().is_some() {
        let report = lint(
            &[
                "facts",
                "report",
                main.to_str().unwrap(),
                "--httpd",
                httpd.to_str().unwrap(),
            ],
            None,
        );
        assert!(report.status.success(), "{}", err(&report));
        assert_no_secret(&out(&report));
    }
}

#[test]
fn what_is_shown_obeys_the_schema_and_names_lines() {
    let schema: Value = serde_json::from_str(include_str!("../src/cli/facts/schema.json")).unwrap();
    let known = lint(&["facts", "show", "debian-12", "--format", "json"], None);
    let json: Value = serde_json::from_slice(&known.stdout).unwrap();
    let differences = lint(
        &["facts", "diff", "debian-12", "homebrew", "--format", "json"],
        None,
    );
    assert_eq!(differences.status.code(), Some(1));
    let differences: Value = serde_json::from_slice(&differences.stdout).unwrap();
    for value in [&json, &differences] {
        assert_obeys(&schema, &schema, value, "$");
    }
    let version = &json["facts"][0];
    assert_eq!(version["name"], "version");
    assert_eq!(version["source"]["text"], "debian-12");
    assert_eq!(version["source"]["line"], 6);
}

// As much of JSON schema as this one uses.
fn assert_obeys(root: &Value, schema: &Value, value: &Value, path: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        return assert_obeys(root, root.pointer(pointer).unwrap(), value, path);
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    match &schema["type"] {
        Value::String(name) => assert_eq!(name, kind, "{path}"),
        Value::Array(names) => assert!(names.iter().any(|it| it == kind), "{path}"),
        _ => assert_eq!(value, &schema["const"], "{path}"),
    }
    for item in value.as_array().into_iter().flatten() {
        assert_obeys(root, &schema["items"], item, path);
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        let property = &schema["properties"][key];
        assert!(property.is_object(), "{path}.{key} is not in the schema");
        assert_obeys(root, property, value, &format!("{path}.{key}"));
    }
    if value.is_object() {
        for key in schema["required"].as_array().into_iter().flatten() {
            let key = key.as_str().unwrap();
            assert!(value.get(key).is_some(), "{path} has no {key}");
        }
    }
}

#[test]
fn servers_that_are_the_same_do_not_differ() {
    let output = lint(&["facts", "diff", "debian-12", "debian-12"], None);
    assert_eq!(
        (output.status.code(), out(&output)),
        (Some(0), String::new())
    );
    let output = lint(&["facts", "diff", "debian-12", "homebrew"], None);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        out(&output).contains("default_mutex\n  - pthread  (debian-12:16)\n  + sysvsem"),
        "{}",
        out(&output)
    );
}

#[test]
fn an_old_capture_is_said_to_be_old() {
    let (_folder, path) = folder::temporary();
    let file = path.join("facts.txt");
    let text = "=== httpd-lint capture 1 ===\n=== date ===\n2026-01-01T00:00:00Z\n\
                === httpd -V ===\nServer version: Apache/2.4.66 (Unix)\n=== end ===\n";
    fs::write(&file, text).unwrap();
    let main = path.join("httpd.conf");
    fs::write(&main, "ServerName www.example.com\n").unwrap();
    let (file, main) = (file.to_str().unwrap(), main.to_str().unwrap());
    let day = |days: u64| (1_767_225_600 + days * 86_400).to_string();
    let shown = |days| out(&lint(&["facts", "show", file], Some(&day(days))));
    assert!(shown(3).ends_with("\ncaptured 2026-01-01T00:00:00Z, 3 days ago\n"));
    assert!(
        shown(91)
            .ends_with("\ncaptured 2026-01-01T00:00:00Z, 91 days ago: it may no longer be so\n")
    );
    let checked = |days| err(&lint(&["check", main, "--facts", file], Some(&day(days))));
    assert_eq!(checked(90), "");
    assert_eq!(
        checked(91),
        format!("httpd-lint: {file}:3: captured 91 days ago: the server may have changed\n")
    );
}

#[test]
fn what_is_no_text_of_facts_is_an_error() {
    let (_folder, path) = folder::temporary();
    let file = path.join("facts.txt");
    for text in [
        Vec::new(),
        b"nginx version: nginx/1.26.0\n".to_vec(),
        (0..3_000_000_u32)
            .map(|it| (it.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect(),
        b"=== httpd-lint capture 1 ===\n=== httpd -V ===\nServer version: Apache/2.4.66 (Un"
            .to_vec(),
    ] {
        fs::write(&file, &text).unwrap();
        for command in [&["facts", "show"][..], &["check", "-", "--facts"]] {
            let mut arguments = command.to_vec();
            arguments.push(file.to_str().unwrap());
            let output = lint(&arguments, None);
            assert_eq!(output.status.code(), Some(2), "{}", err(&output));
            assert!(err(&output).starts_with(&format!("httpd-lint: {}", file.display())));
        }
    }
}

#[test]
fn a_build_that_nobody_knows_is_told_from_those_that_are_known() {
    let output = lint(&["facts", "show", "debian-7"], None);
    assert_eq!(output.status.code(), Some(2));
    let message = "httpd-lint: debian-7: no such file or folder, nor one of the builds `alpine`, \
                   `debian-11`, `debian-12`, `debian-13`, `docker`, `homebrew`, `rhel-8`, `rhel-9`, \
                   `ubuntu-22.04`, `ubuntu-24.04`\n";
    assert_eq!(err(&output), message);
}

#[test]
fn the_environment_of_a_capture_decides_about_variables() {
    let (_folder, path) = folder::temporary();
    let file = path.join("facts.txt");
    let text = "=== httpd-lint capture 1 ===\n=== environment ===\nSITE_ROOT=/srv\nDB_PASSWORD\n\
                === end ===\n";
    fs::write(&file, text).unwrap();
    let main = path.join("httpd.conf");
    fs::write(
        &main,
        "DocumentRoot ${SITE_ROOT}\nSetEnv A ${DB_PASSWORD}\nSetEnv B ${NOBODY_SET_IT}\n",
    )
    .unwrap();
    let output = lint(
        &[
            "check",
            main.to_str().unwrap(),
            "--server-root",
            path.to_str().unwrap(),
            "--facts",
            file.to_str().unwrap(),
            "--format",
            "concise",
        ],
        None,
    );
    let text = out(&output);
    assert!(text.contains("NOBODY_SET_IT"), "{text}");
    assert!(!text.contains("SITE_ROOT"), "{text}");
    assert!(!text.contains("DB_PASSWORD"), "{text}");
}

#[test]
fn the_script_leaves_nothing_behind() {
    let (_folder, path) = folder::temporary();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    let httpd = program(&path, "echo 'Server version: Apache/2.4.66 (Unix)'");
    let before = fs::read_dir(&path).unwrap().count();
    script(
        &["/bin/sh"],
        &[httpd.to_str().unwrap()],
        &[("TMPDIR", path.to_str().unwrap())],
    );
    assert_eq!(fs::read_dir(&path).unwrap().count(), before);
}
