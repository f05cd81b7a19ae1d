use std::fmt::Display;

use crate::facts::{Fact, Facts, MutexSetting, RunValue, Variable, Version};

const CAPTURE: &str = "\
=== httpd-lint capture 1 ===
What follows was asked of one httpd.

=== date ===
2026-11-22T14:54:05Z

=== uname ===
sysname=Linux
nodename=web01
release=6.1.0-41-amd64
machine=x86_64

=== os-release ===
ID=debian
VERSION_ID=12

=== program ===
/usr/sbin/apache2

=== environment ===
APACHE_LOG_DIR=/var/log/apache2
DB_PASSWORD

=== httpd -V ===
Server version: Apache/2.4.71 (Debian)
Server MPM:     event

=== httpd -l ===
Compiled in modules:
  core.c
  mod_so.c

=== httpd -M ===
Loaded Modules:
 core_module (static)
 mpm_event_module (shared)

=== httpd -t -D DUMP_RUN_CFG ===
ServerRoot: \"/etc/apache2\"
Main ErrorLog: \"|/bin/log --token x\"
Mutex default: dir=\"/run/apache2\" mechanism=sysvsem [OmitPid]
Mutex rewrite-map: using_defaults
Define: DUMP_RUN_CFG
Define: ENABLE_X
Define: SITE_ROOT=/srv/www
Define: DSN (value withheld)
User: name=\"www-data\" id=33 not_used
Group: name=\"www-data\" id=33

=== httpd -t ===
Invalid Mutex argument xxx (Mutex mechanisms are: 'none', 'sem')

=== apxs -q ===
exp_installbuilddir=/usr/share/apache2/build
HTTPD_MMN=20120211
LIBS=

=== config.nice ===
#! /bin/sh
CFLAGS=\"-g -O2\"; export CFLAGS
\"./configure\" \\
\"--prefix=/opt/httpd\" \\
'--with-mpm=event' \\
\"$@\"

=== modules ===
/usr/lib/apache2/modules:
httpd.exp
mod_wsgi.so -> mod_wsgi.so-3.11

=== mod_wsgi ===
file=/usr/lib/apache2/modules/mod_wsgi.so
needed=libpython3.11.so.1.0
needed=libc.so.6
libpython=/lib/x86_64-linux-gnu/libpython3.11.so.1.0

=== python ===
executable=/usr/bin/python3.11
version=3.11.2
prefix=/usr

=== gaps ===
no `apxs` was found

=== end ===
";

fn read(text: &str) -> Facts {
    let (facts, problems) = Facts::read("a.txt", text);
    assert_eq!(problems, []);
    facts
}

fn problems(text: &str) -> Vec<String> {
    let (_, problems) = Facts::read("a.txt", text);
    problems.iter().map(ToString::to_string).collect()
}

fn show<T: Display>(fact: Option<Fact<T>>) -> String {
    fact.map_or("nothing".to_owned(), |it| {
        format!("{} ({})", it.value, it.origin)
    })
}

#[test]
fn every_section_is_read_with_its_lines() {
    let facts = read(CAPTURE);
    assert_eq!(show(facts.captured), "2026-11-22T14:54:05Z (a.txt:5)");
    assert_eq!(show(facts.system.host), "web01 (a.txt:9)");
    assert_eq!(show(facts.system.distribution_version), "12 (a.txt:15)");
    assert_eq!(show(facts.program), "/usr/sbin/apache2 (a.txt:18)");
    assert_eq!(show(facts.version), "2.4.71 (Debian) (a.txt:25)");
    assert_eq!(
        show(facts.mpm.map(|it| it.map(|it| it.name.clone()))),
        "event (a.txt:26)"
    );
    let lines = [
        facts.static_modules.map(|it| it.origin.line),
        facts.loaded_modules.map(|it| it.origin.line),
        facts.mutex_mechanisms.map(|it| it.origin.line),
    ];
    assert_eq!(lines, [Some(29), Some(34), Some(51)]);
    let apxs: Vec<_> = facts
        .apxs
        .iter()
        .map(|it| (it.0.as_str(), it.1.origin.line))
        .collect();
    assert_eq!(apxs, [("exp_installbuilddir", 54), ("HTTPD_MMN", 55)]);
    assert_eq!(
        facts.configure.map(|it| it.value).unwrap_or_default(),
        [
            "CFLAGS=\"-g -O2\"",
            "./configure",
            "--prefix=/opt/httpd",
            "--with-mpm=event"
        ]
    );
    let directory = &facts.module_directories[0].value;
    assert_eq!(directory.path, "/usr/lib/apache2/modules");
    assert_eq!(directory.files[0].name, "httpd.exp");
    assert_eq!(
        directory.files[1].target.as_deref(),
        Some("mod_wsgi.so-3.11")
    );
    assert_eq!(
        facts.wsgi_module.python().map(|it| it.value),
        Some(Version::new(3, 11, 0))
    );
    assert_eq!(
        show(facts.wsgi_module.libpython),
        "/lib/x86_64-linux-gnu/libpython3.11.so.1.0 (a.txt:75)"
    );
    assert_eq!(show(facts.python.prefix), "/usr (a.txt:80)");
    assert_eq!(
        show(facts.gaps.into_iter().next()),
        "no `apxs` was found (a.txt:83)"
    );
}

#[test]
fn a_running_configuration_is_read() {
    let run = read(CAPTURE).run.unwrap();
    assert_eq!(show(run.server_root), "/etc/apache2 (a.txt:39)");
    assert_eq!(show(run.error_log), "|… (a.txt:40)");
    assert_eq!(
        run.mutexes[0].value.setting,
        MutexSetting::Mechanism {
            directory: "/run/apache2".to_owned(),
            mechanism: "sysvsem".to_owned(),
            omits_pid: true
        }
    );
    assert_eq!(run.mutexes[1].value.setting, MutexSetting::Defaults);
    let defines: Vec<_> = run
        .defines
        .iter()
        .map(|it| (it.value.name.as_str(), it.value.value.clone()))
        .collect();
    assert_eq!(
        defines,
        [
            ("ENABLE_X", RunValue::Nothing),
            ("SITE_ROOT", RunValue::Told("/srv/www".to_owned())),
            ("DSN", RunValue::Withheld),
        ]
    );
    let user = run.user.unwrap().value;
    assert_eq!(
        (user.name.as_str(), user.id, user.unused),
        ("www-data", 33, true)
    );
    assert!(!run.group.unwrap().value.unused);
}

#[test]
fn the_environment_of_a_capture_is_known_but_for_what_it_withholds() {
    let environment = read(CAPTURE).environment.unwrap().value;
    assert_eq!(
        environment.get("APACHE_LOG_DIR"),
        Variable::Set("/var/log/apache2")
    );
    assert_eq!(environment.get("DB_PASSWORD"), Variable::Unknown);
    assert_eq!(environment.get("APACHE_RUN_DIR"), Variable::Unset);
}

#[test]
fn quoting_and_carriage_returns_change_nothing() {
    let dressed: String = CAPTURE.lines().map(|it| format!("> {it}\r\n")).collect();
    assert_eq!(read(&dressed), read(CAPTURE));
}

#[test]
fn a_capture_that_is_cut_off_loses_its_last_part_and_says_so() {
    let end = CAPTURE.find(" mpm_event_module (shared)").unwrap();
    let (facts, _) = Facts::read("a.txt", &CAPTURE[..end]);
    assert!(facts.version.is_some());
    assert_eq!(facts.loaded_modules, None);
    assert_eq!(
        problems(&CAPTURE[..end]),
        ["a.txt:33: the capture is cut off in `httpd -M`, and this part is not used"]
    );
    for end in 0..CAPTURE.len() {
        let (facts, problems) = Facts::read("a.txt", &CAPTURE[..end]);
        let whole = CAPTURE[..end].trim_end().ends_with("=== end ===");
        assert_eq!(problems.is_empty(), whole, "{end}");
        assert!(facts.loaded_modules.is_none_or(|it| it.value.len() == 2));
        assert!(
            facts
                .version
                .is_none_or(|it| it.value.number == Version::new(2, 4, 71))
        );
    }
}

#[test]
fn a_section_of_a_later_format_is_noted_and_skipped() {
    let text = CAPTURE.replace("=== program ===", "=== weather ===");
    let (facts, _) = Facts::read("a.txt", &text);
    assert_eq!(facts.program, None);
    assert_eq!(
        problems(&text),
        [
            "a.txt:17: a section `weather` is not known and not used: a later httpd-lint may \
             know it"
        ]
    );
}

#[test]
fn two_captures_in_one_text_are_mixed_if_they_contradict_each_other() {
    let other = CAPTURE
        .replace("web01", "web02")
        .replace("2.4.71", "2.4.66");
    let (facts, problems) = Facts::read("a.txt", &format!("{CAPTURE}{other}"));
    let subjects: Vec<_> = facts
        .contradictions
        .iter()
        .map(|it| it.subject.as_str())
        .collect();
    assert_eq!(subjects, ["the name of the host", "`Server version:`"]);
    assert_eq!(
        problems[0].to_string(),
        "a.txt:94: the name of the host contradicts a.txt:9; the later one counts"
    );
    assert_eq!(problems.len(), 2);
    let (facts, problems) = Facts::read("a.txt", &format!("{CAPTURE}{CAPTURE}"));
    assert_eq!((facts.contradictions.len(), problems.len()), (0, 0));
}

#[test]
fn outputs_around_a_capture_are_read_too() {
    let facts = read(&format!(
        "Architecture:   64-bit\n{CAPTURE}Server built:   today\n"
    ));
    assert_eq!(show(facts.architecture), "64 (a.txt:1)");
    assert_eq!(show(facts.version), "2.4.71 (Debian) (a.txt:26)");
    assert_eq!(show(facts.built), "today (a.txt:87)");
}

#[test]
fn what_is_written_says_the_same_as_what_was_read() {
    let values = |facts: &Facts| {
        let all = facts.entries().into_iter();
        all.map(|it| (it.name, it.value)).collect::<Vec<_>>()
    };
    let homebrew = include_str!("../../../examples/homebrew/facts.txt");
    for text in [CAPTURE, homebrew] {
        let facts = read(text);
        assert!(!facts.entries().is_empty());
        let (again, problems) = Facts::read("b.txt", &facts.capture());
        assert_eq!(problems, []);
        assert_eq!(values(&again), values(&facts));
    }
}
