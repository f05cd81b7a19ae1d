#![allow(clippy::print_stderr, reason = "a test that did nothing says so")]

use super::*;
use crate::facts::{builtin, envvars};

const LIMIT: Duration = Duration::from_secs(20);

// A program that answers like an httpd. Another process writes it: while this one has it open
// for writing, a child forked by another test would keep it from being run (`ETXTBSY`).
fn program(directory: &TempDir, script: &str) -> PathBuf {
    let path = directory.path().join("httpd");
    let written = Command::new("/bin/sh")
        .args([
            "-c",
            r#"printf '#!/bin/sh\n%s\n' "$1" >"$2"; chmod 755 "$2""#,
            "sh",
        ])
        .arg(script)
        .arg(&path)
        .status();
    assert!(written.is_ok_and(|it| it.success()));
    path
}

#[test]
fn a_program_is_asked_three_times() {
    let directory = tempfile::tempdir().unwrap();
    let httpd = program(
        &directory,
        r#"case $1 in
           -V) echo "Server version: Apache/2.4.66 (Unix)"; exit 1;;
           -l) printf 'Compiled in modules:\n  core.c\n  event.c\n';;
           -t) [ "$(cat $5)" = 'Mutex xxx default' ] && [ $3 = "$(dirname $5)" ] &&
               echo "AH00526: $5 (Mutex mechanisms are: 'none', '$X$HOME')" >&2;;
           esac"#,
    );
    let environment = [("X".to_owned(), "flock".to_owned())].into();
    let answers = ask(&httpd, &environment, LIMIT);
    assert_eq!(
        answers.text.replace(&*httpd.to_string_lossy(), "httpd"),
        "$ httpd -V\nServer version: Apache/2.4.66 (Unix)\n\n\
         $ httpd -l\nCompiled in modules:\n  core.c\n  event.c\n\n\
         $ httpd -t -d /path/to -f /path/to/httpd.conf\n\
         AH00526: /path/to/httpd.conf (Mutex mechanisms are: 'none', 'flock')\n\n"
    );
}

#[test]
fn a_program_that_hangs_is_killed_with_its_children() {
    let directory = tempfile::tempdir().unwrap();
    let mark = directory.path().join("mark");
    let script = format!("(sleep 1; touch {}) & sleep 100", mark.display());
    let httpd = program(&directory, &script);
    let begin = Instant::now();
    let answers = ask(&httpd, &BTreeMap::new(), Duration::from_millis(200));
    assert_eq!(
        answers.gaps,
        [format!(
            "`{} -V` did not end within 0.2 seconds and was killed",
            httpd.display()
        )]
    );
    thread::sleep(Duration::from_millis(1200));
    assert!(!mark.exists());
    assert!(begin.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_program_that_is_not_there_is_a_gap() {
    let answers = ask(Path::new("/nowhere/httpd"), &BTreeMap::new(), LIMIT);
    assert_eq!(answers.text, "");
    assert_eq!(
        answers.gaps,
        ["`/nowhere/httpd -V` could not be run: No such file or directory"]
    );
}

#[test]
fn a_program_that_says_something_else_leaves_gaps() {
    let directory = tempfile::tempdir().unwrap();
    let httpd = program(
        &directory,
        "echo 'Compiled in modules:'; echo core.c; echo worker.c",
    );
    let answers = ask(&httpd, &BTreeMap::new(), LIMIT);
    assert_eq!(
        answers.gaps.first().map(String::as_str),
        Some("the mutex mechanisms: httpd refused something else")
    );
}

// The capture that is built in must be what a machine of that kind answers.
#[test]
fn a_real_httpd_answers() {
    let httpd = Path::new("/usr/sbin/apache2");
    if !httpd.is_file() {
        eprintln!("skipped: no {}", httpd.display());
        return;
    }
    let text = fs::read_to_string("/etc/apache2/envvars").unwrap_or_default();
    let environment = envvars::read(&text, &BTreeMap::new()).values;
    let answers = ask(httpd, &environment, LIMIT);
    assert_eq!(answers.gaps, [""; 0]);
    let (facts, problems) = Facts::read("apache2", &answers.text);
    assert_eq!(problems, []);
    assert!(facts.mpm.is_some(), "{}", answers.text);
    let debian = builtin("debian-12").unwrap();
    let same = |it: &Facts| it.version.clone().map(|it| it.value);
    if same(&facts) != same(&debian) {
        eprintln!("skipped: not the httpd of debian-12");
        return;
    }
    let values = |it: &Facts| {
        (
            it.static_modules.clone().map(|it| it.value),
            it.mutex_mechanisms.clone().map(|it| it.value),
            it.default_mutex().map(|it| it.value),
            it.built.clone().map(|it| it.value),
            it.module_magic.clone().map(|it| it.value),
            it.server_config_file().map(|it| it.value),
        )
    };
    assert_eq!(values(&facts), values(&debian));
    if let Some(accept) = facts.accept_mutex_mechanisms {
        assert_eq!(
            Some(accept.value),
            debian.accept_mutex_mechanisms.map(|it| it.value)
        );
    }
}
