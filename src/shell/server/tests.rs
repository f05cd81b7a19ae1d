#![allow(clippy::print_stderr, reason = "a test that did nothing says so")]

use super::*;
use crate::facts::{Facts, builtin};
use std::process::Command;
use std::thread;
use std::time::Instant;

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

fn ask_plainly(httpd: &Path, limit: Duration) -> Facts {
    ask(&Questions {
        httpd,
        environment: None,
        only_if_active: None,
        limit,
        now: Moment { seconds: 0 },
    })
}

fn gaps(facts: &Facts, httpd: &Path) -> Vec<String> {
    let name = httpd.display().to_string();
    let gaps = facts.gaps.iter().chain(&facts.asides);
    gaps.map(|it| it.value.replace(&name, "httpd")).collect()
}

#[test]
fn a_program_is_asked_what_it_is_and_what_it_refuses() {
    let directory = tempfile::tempdir().unwrap();
    let httpd = program(
        &directory,
        r#"case $1$2 in
           -V) echo "Server version: Apache/2.4.66 (Unix)"; exit 1;;
           -l) printf 'Compiled in modules:\n  core.c\n  event.c\n';;
           -M) printf 'Loaded Modules:\n core_module (static)\n';;
           -t-D) printf 'ServerRoot: "/x"\nMain DocumentRoot: "/y"\n';;
           -t-d) [ "$(cat $5)" = 'Mutex xxx default' ] && [ $3 = "$(dirname $5)" ] &&
               echo "AH00526: $5 (Mutex mechanisms are: 'none', '$X$HOME')" >&2;;
           esac"#,
    );
    let environment = Fact {
        value: Environment {
            values: [("X".to_owned(), "flock".to_owned())].into(),
            ..Environment::default()
        },
        origin: origin("here"),
    };
    let facts = ask(&Questions {
        httpd: &httpd,
        environment: Some(&environment),
        only_if_active: None,
        limit: LIMIT,
        now: Moment { seconds: 0 },
    });
    let name = httpd.display();
    let version = facts.version.as_ref().map(|it| it.origin.to_string());
    assert_eq!(version, Some(format!("{name} -V:1")));
    assert_eq!(
        facts.static_mpm().map(|it| it.value).as_deref(),
        Some("event")
    );
    assert_eq!(facts.loaded_modules.map(|it| it.value.len()), Some(1));
    let run = facts.run.unwrap();
    assert_eq!(run.document_root.map(|it| it.value).as_deref(), Some("/y"));
    assert_eq!(
        facts
            .mutex_mechanisms
            .map(|it| (it.value, it.origin.to_string())),
        Some((
            vec!["none".to_owned(), "flock".to_owned()],
            format!("{name} -t -d /path/to -f /path/to/httpd.conf:1")
        ))
    );
}

#[test]
fn a_program_that_hangs_is_killed_with_its_children() {
    let directory = tempfile::tempdir().unwrap();
    let mark = directory.path().join("mark");
    let script = format!("(sleep 1; touch {}) & sleep 100", mark.display());
    let httpd = program(&directory, &script);
    let begin = Instant::now();
    let facts = ask_plainly(&httpd, Duration::from_millis(200));
    assert_eq!(
        gaps(&facts, &httpd),
        ["`httpd -V` did not end within 0.2 seconds and was killed"]
    );
    thread::sleep(Duration::from_millis(1200));
    assert!(!mark.exists());
    assert!(begin.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_program_that_writes_without_end_is_killed_before_the_disk_is_full() {
    let directory = tempfile::tempdir().unwrap();
    let httpd = program(&directory, "while :; do head -c 1000000 /dev/zero; done");
    let begin = Instant::now();
    let facts = ask_plainly(&httpd, Duration::from_secs(60));
    assert_eq!(facts.version, None);
    assert_eq!(
        gaps(&facts, &httpd),
        ["`httpd -V` did not stop to write and was killed"]
    );
    assert!(begin.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_program_that_is_not_there_is_a_gap() {
    let httpd = Path::new("/nowhere/httpd");
    let facts = ask_plainly(httpd, LIMIT);
    assert_eq!(facts.version, None);
    assert_eq!(
        gaps(&facts, httpd),
        ["`httpd -V` could not be run: No such file or directory"]
    );
}

#[test]
fn a_program_that_says_something_else_leaves_gaps() {
    let directory = tempfile::tempdir().unwrap();
    let httpd = program(
        &directory,
        "echo 'Server version: Apache/2.4.66 (Unix)'; echo 'Compiled in modules:'; echo core.c; \
         echo worker.c; echo 'Syntax error on line 5 of /a.conf: hunter2'",
    );
    let facts = ask_plainly(&httpd, LIMIT);
    assert_eq!(
        gaps(&facts, &httpd),
        [
            "`httpd -M`: syntax error on line 5 of /a.conf",
            "`httpd -t -D DUMP_RUN_CFG`: syntax error on line 5 of /a.conf",
            "the mutex mechanisms: httpd refused something else",
            "config.nice: this build has none",
        ]
    );
}

#[test]
fn the_active_configuration_is_asked_for_only_if_it_is_the_one_that_matters() {
    let directory = tempfile::tempdir().unwrap();
    let httpd = program(
        &directory,
        r#"case $1 in
           -V) printf 'Server version: Apache/2.4.66 (Unix)\n -D SERVER_CONFIG_FILE="%s"\n' "$0";;
           -M) printf 'Loaded Modules:\n core_module (static)\n';;
           esac"#,
    );
    for (main, is_asked) in [(httpd.as_path(), true), (directory.path(), false)] {
        let facts = ask(&Questions {
            httpd: &httpd,
            environment: None,
            only_if_active: Some(main),
            limit: LIMIT,
            now: Moment { seconds: 0 },
        });
        assert_eq!(facts.loaded_modules.is_some(), is_asked);
    }
}

// The capture that is built in must be what a machine of that kind answers.
#[test]
fn a_real_httpd_answers() {
    let httpd = Path::new("/usr/sbin/apache2");
    if !httpd.is_file() {
        eprintln!("skipped: no {}", httpd.display());
        return;
    }
    let facts = ask_plainly(httpd, LIMIT);
    assert!(facts.mpm.is_some(), "{:?}", facts.gaps);
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
