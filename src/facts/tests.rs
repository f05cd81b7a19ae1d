use super::*;

// The whole of mod_wsgi's page "Checking Your Installation".
const HOMEBREW: &str = include_str!("../../examples/homebrew/facts.txt");

fn read(text: &str) -> Facts {
    let (facts, problems) = Facts::read("a.txt", text);
    assert_eq!(problems, []);
    facts
}

fn problems(text: &str) -> Vec<String> {
    let (_, problems) = Facts::read("a.txt", text);
    problems.iter().map(ToString::to_string).collect()
}

fn show<T: fmt::Display>(fact: Option<Fact<T>>) -> String {
    fact.map_or("nothing".to_owned(), |it| {
        format!("{} ({})", it.value, it.origin)
    })
}

#[test]
fn the_homebrew_transcript_is_understood_whole() {
    let facts = read(HOMEBREW);
    assert_eq!(show(facts.version.clone()), "2.4.66 (Unix) (a.txt:2)");
    assert_eq!(show(facts.built.clone()), "Dec 1 2025 12:44:02 (a.txt:3)");
    assert_eq!(show(facts.module_magic.clone()), "20120211:141 (a.txt:4)");
    assert_eq!(show(facts.loaded.apr.clone()), "1.7.6 (a.txt:5)");
    assert_eq!(show(facts.loaded.apr_util.clone()), "1.6.3 (a.txt:5)");
    assert_eq!(
        show(facts.compiled.pcre.clone()),
        "10.47 2025-10-21 (a.txt:6)"
    );
    assert_eq!(show(facts.architecture.clone()), "64 (a.txt:7)");
    assert_eq!(show(facts.mpm_name()), "prefork (a.txt:8)");
    let mpm = facts
        .mpm
        .as_ref()
        .map(|it| (it.value.threaded, it.value.forked));
    assert_eq!(mpm, Some((Some(Pool::None), Some(Pool::Variable))));
    assert_eq!(show(facts.default_mutex()), "sysvsem (a.txt:15)");
    assert_eq!(
        show(facts.httpd_root()),
        "/opt/homebrew/Cellar/httpd/2.4.66 (a.txt:21)"
    );
    assert_eq!(
        show(facts.server_config_file()),
        "/opt/homebrew/etc/httpd/httpd.conf (a.txt:27)"
    );
    assert_eq!(show(facts.dynamic_module_limit()), "256 (a.txt:20)");
    let defines = facts.defines.clone().unwrap_or_default();
    assert_eq!(defines.entries.len(), 16);
    assert_eq!(defines.has("APR_HAS_MMAP"), Some(true));
    assert_eq!(defines.has("BIG_SECURITY_HOLE"), Some(false));
    assert_eq!(
        defines.get("APR_HAVE_IPV6").map(|it| &it.value),
        Some(&DefineValue::Flag(Some(
            "IPv4-mapped addresses enabled".to_owned()
        )))
    );
    let sources = facts.static_modules.clone().map(|it| it.value);
    assert_eq!(
        sources.unwrap_or_default(),
        ["core.c", "mod_so.c", "http_core.c"]
    );
    let identifiers = facts.static_identifiers().map(|it| it.value);
    assert_eq!(
        identifiers.unwrap_or_default(),
        ["core_module", "so_module", "http_module"]
    );
    let loaded = facts
        .loaded_modules
        .clone()
        .map(|it| it.value)
        .unwrap_or_default();
    assert_eq!(loaded.len(), 26);
    let mutex = facts.mutex_mechanisms.clone().map(|it| it.value);
    assert_eq!(
        mutex.unwrap_or_default().join(" "),
        "none default flock fcntl file sysvsem posixsem sem"
    );
    let accept = facts.accept_mutex_mechanisms.map(|it| it.value);
    assert_eq!(
        accept.unwrap_or_default().join(" "),
        "default flock fcntl sysvsem posixsem"
    );
}

#[test]
fn indentation_quoting_fences_and_carriage_returns_change_nothing() {
    let plain = read(HOMEBREW);
    let dressed: String = HOMEBREW
        .lines()
        .map(|line| format!("> \t  {line}  \r\n"))
        .collect();
    let dressed = dressed.replace("$ httpd", "```console\r\nroot@web01:~# httpd");
    let facts = read(&dressed);
    let values = |facts: &Facts| {
        (
            facts.version.as_ref().map(|it| it.value.clone()),
            facts.loaded_modules.as_ref().map(|it| it.value.clone()),
            facts.static_modules.as_ref().map(|it| it.value.clone()),
            facts.mutex_mechanisms.as_ref().map(|it| it.value.clone()),
            facts.defines.as_ref().map(|it| it.entries.len()),
            facts.mpm.as_ref().map(|it| it.value.clone()),
            facts.built.as_ref().map(|it| it.value.clone()),
        )
    };
    assert_eq!(values(&facts), values(&plain));
}

#[test]
fn lists_may_have_blank_lines_between_their_entries() {
    let facts = read("Compiled in modules:\n\n  core.c\n\n  mod_so.c\n\nmod_late.c is not one\n");
    let sources = facts.static_modules.map(|it| it.value);
    assert_eq!(sources.unwrap_or_default(), ["core.c", "mod_so.c"]);
}

#[test]
fn an_error_before_or_after_a_list_is_skipped() {
    let facts = read(
        "AH00558: apache2: Could not reliably determine the server's fully qualified domain name\n\
         Loaded Modules:\n core_module (static)\n mpm_event_module (shared)\nSyntax OK\n",
    );
    assert_eq!(show(facts.mpm_name()), "event (a.txt:2)");
}

#[test]
fn an_older_httpd_names_no_pcre_and_apr_2_has_no_utilities() {
    let facts = read("Server loaded:  APR 1.4.8, APR-UTIL 1.5.2\nCompiled using: APR 2.0.0-dev\n");
    assert_eq!(show(facts.loaded.apr_util), "1.5.2 (a.txt:1)");
    assert_eq!(facts.loaded.pcre, None);
    assert_eq!(show(facts.compiled.apr.clone()), "2.0.0-dev (a.txt:2)");
    let number = facts.compiled.apr.map(|it| it.value.number);
    assert_eq!(number, Some(Version::new(2, 0, 0)));
    assert_eq!(facts.compiled.apr_util, None);
}

#[test]
fn an_httpd_of_windows_is_understood() {
    let facts = read(
        "C:\\Apache24\\bin> httpd -V\n\
         Server version: Apache/2.4.62 (Win64)\n\
         Apache Lounge VS17 Server built:   Jul 17 2024 12:13:45\n\
         Server’s Module Magic Number: 20120211:134\n\
         Server MPM:     WinNT\n\
         \x20 threaded:     yes (fixed thread count)\n\
         \x20   forked:     no\n\
         Server compiled with....\n\
         \x20-D HTTPD_ROOT=\"/apache\"\n\
         \x20-D SERVER_CONFIG_FILE=\"conf/httpd.conf\"\n\
         Compiled in modules:\n  core.c\n  mod_win32.c\n  mpm_winnt.c\n  http_core.c\n",
    );
    assert_eq!(show(facts.version.clone()), "2.4.62 (Win64) (a.txt:2)");
    assert_eq!(show(facts.built.clone()), "Jul 17 2024 12:13:45 (a.txt:3)");
    assert_eq!(show(facts.module_magic.clone()), "20120211:134 (a.txt:4)");
    assert_eq!(show(facts.mpm_name()), "winnt (a.txt:5)");
    assert_eq!(show(facts.static_mpm()), "winnt (a.txt:11)");
    let mpm = facts
        .mpm
        .as_ref()
        .map(|it| (it.value.threaded, it.value.forked));
    assert_eq!(mpm, Some((Some(Pool::Fixed), Some(Pool::None))));
    assert_eq!(
        show(facts.server_config_file()),
        "/apache/conf/httpd.conf (a.txt:10)"
    );
}

#[test]
fn words_after_the_version_number_are_kept() {
    let facts = read("Server version: Apache/2.5.1-dev (Red Hat Enterprise Linux)");
    assert_eq!(
        show(facts.version),
        "2.5.1-dev (Red Hat Enterprise Linux) (a.txt:1)"
    );
    let facts = read("Server version: Apache/2.4.66\n");
    assert_eq!(show(facts.version), "2.4.66 (a.txt:1)");
}

#[test]
fn an_httpd_that_could_not_read_its_configuration_names_no_mpm() {
    let text = "Server version: Apache/2.4.71 (Debian)\nServer MPM:     \nServer compiled with....\n \
                -D APR_HAS_MMAP\n";
    let (facts, _) = Facts::read("a.txt", text);
    assert_eq!(facts.mpm, None);
    assert_eq!(
        problems(text),
        [
            "a.txt:2: httpd names no MPM, because it could not read its configuration: \
             run it as it is started, on Debian `apache2ctl -V`"
        ]
    );
    let defines = facts.defines.unwrap_or_default();
    assert_eq!(defines.has("APR_HAS_MMAP"), Some(true));
    assert_eq!(defines.has("NO_WRITEV"), None, "the block lacks its end");
    read(&format!("{text}\n$ apache2ctl -V\nServer MPM:     event\n"));
}

#[test]
fn a_strings_closing_quote_is_the_last_of_its_line() {
    let facts = read("Server compiled with....\n -D HTTPD_ROOT=\"/a \"b\"\"\n -D OS=\"\"\n");
    assert_eq!(show(facts.httpd_root()), "/a \"b\" (a.txt:2)");
    let defines = facts.defines.unwrap_or_default();
    assert_eq!(show(defines.text("OS")), " (a.txt:3)");
}

#[test]
fn defines_without_their_heading_are_facts_too() {
    let facts = read("$ httpd -V | grep SERIALIZE\n -D APR_USE_FCNTL_SERIALIZE\n");
    assert_eq!(show(facts.default_mutex()), "fcntl (a.txt:2)");
}

#[test]
fn thread_mutexes_are_no_candidate_for_the_default() {
    let facts = read(" -D APR_USE_PTHREAD_SERIALIZE\n");
    assert_eq!(facts.default_mutex(), None);
    let facts = read(" -D APR_USE_PTHREAD_SERIALIZE\n -D APR_USE_PROC_PTHREAD_SERIALIZE\n");
    assert_eq!(show(facts.default_mutex()), "pthread (a.txt:2)");
    let facts = read(" -D APR_USE_POSIXSEM_SERIALIZE\n -D APR_USE_FCNTL_SERIALIZE\n");
    assert_eq!(show(facts.default_mutex()), "fcntl (a.txt:2)");
}

#[test]
fn a_banner_names_mod_wsgi_and_its_python() {
    let facts = read(
        "[mpm_event:notice] [pid 1:tid 1] AH00489: Apache/2.4.71 (Debian) OpenSSL/3.0.17 \
         mod_wsgi/4.9.4 Python/3.11 configured -- resuming normal operations",
    );
    assert_eq!(show(facts.mod_wsgi_version), "4.9.4 (a.txt:1)");
    let python = facts.python_version.map(|it| it.value.number);
    assert_eq!(python, Some(Version::new(3, 11, 0)));
    assert_eq!(facts.version, None);
}

#[test]
fn a_part_of_a_list_is_not_used() {
    let cut = "Loaded Modules:\n core_module (static)\n so_module (static)\n ...\n";
    let (facts, _) = Facts::read("a.txt", cut);
    assert_eq!(facts.loaded_modules, None);
    assert_eq!(
        problems(cut),
        ["a.txt:1: the list of `-M` is only a part, and is not used"]
    );
    assert_eq!(
        problems("x\nCompiled in modules:\n  mod_so.c\n"),
        ["a.txt:2: the list of `-l` is only a part, and is not used"]
    );
    assert_eq!(
        problems("Compiled in modules:\n"),
        ["a.txt:1: the list of `-l` is only a part, and is not used"]
    );
}

#[test]
fn a_text_that_is_cut_anywhere_tells_nothing_wrong() {
    let text = format!("{HOMEBREW}Apache/2.4.66 (Unix) mod_wsgi/5.0.2 Python/3.13 configured\n");
    let whole: Vec<_> = read(&text).entries().into_iter().collect();
    for end in (0..text.len()).filter(|it| text.is_char_boundary(*it)) {
        let (facts, _) = Facts::read("a.txt", &text[..end]);
        for entry in facts.entries() {
            // A list that ends between two lines looks whole, and the names of its entries are.
            let is_same = |it: &Entry| match (&it.value, &entry.value) {
                (Value::List(whole), Value::List(part)) => whole.starts_with(part),
                (whole, part) => whole == part,
            };
            let known = whole.iter().find(|it| it.name == entry.name);
            assert!(known.is_some_and(is_same), "{end}: {entry:?}");
        }
    }
}

#[test]
fn a_text_without_any_output_says_so() {
    for text in [
        "",
        "The line `Server built:` tells nothing.",
        "\n",
        "<VirtualHost *:80>\nServerName x\n</VirtualHost>\n",
    ] {
        assert_eq!(
            problems(text),
            ["a.txt:1: holds no output of `httpd -V`, `-l`, `-M` or of the mutex messages"]
        );
    }
}

#[test]
fn of_two_outputs_the_later_one_counts_and_a_contradiction_is_said() {
    let text = "Architecture:   32-bit\nArchitecture:   64-bit\nArchitecture:   64-bit\n";
    let (facts, _) = Facts::read("a.txt", text);
    assert_eq!(show(facts.architecture), "64 (a.txt:3)");
    assert_eq!(
        problems(text),
        ["a.txt:2: `Architecture:` contradicts a.txt:1; the later one counts"]
    );
}

#[test]
fn facts_of_two_texts_are_added() {
    let (first, _) = Facts::read(
        "a.txt",
        "Server version: Apache/2.4.66 (Unix)\nArchitecture: 64-bit",
    );
    let (second, _) = Facts::read("b.txt", "\nServer version: Apache/2.4.71 (Debian)");
    let (facts, problems) = first.merge(second);
    assert_eq!(show(facts.version), "2.4.71 (Debian) (b.txt:2)");
    assert_eq!(show(facts.architecture), "64 (a.txt:2)");
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        ["b.txt:2: `Server version:` contradicts a.txt:1; the later one counts"]
    );
}

#[test]
fn the_defines_of_two_builds_do_not_mix() {
    let block = |method: &str| {
        format!(
            "Server compiled with....\n -D APR_USE_{method}_SERIALIZE\n \
             -D SERVER_CONFIG_FILE=\"/x\"\n"
        )
    };
    let (first, _) = Facts::read("a.txt", &block("FLOCK"));
    let (second, _) = Facts::read("b.txt", &block("SYSVSEM"));
    let (facts, problems) = first.merge(second);
    assert_eq!(show(facts.default_mutex()), "sysvsem (b.txt:2)");
    assert_eq!(problems, []);
}

#[test]
fn an_mpm_that_is_not_the_loaded_one_is_a_contradiction() {
    let text = "Server MPM:     prefork\nLoaded Modules:\n core_module (static)\n \
                mpm_event_module (shared)\n";
    assert_eq!(
        problems(text),
        ["a.txt:2: `-M` lists `mpm_event_module`, but the MPM is `prefork` in a.txt:1"]
    );
}

mod every_text {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

    // Pieces of the real outputs in any order, so that the lists and messages break anywhere.
    #[test]
    fn is_read_without_a_loss_of_lines() {
        let pieces = prop::sample::select(vec![
            "Server version: ",
            "Apache/",
            "2.4",
            " (",
            ")",
            "\n",
            "\r\n",
            "Server MPM:",
            "-D ",
            "X=\"",
            "\"",
            "Compiled in modules:",
            "core.c",
            "Loaded Modules:",
            "core_module",
            " (static)",
            "Mutex mechanisms are: ",
            "'none'",
            ", ",
            "99999999999",
            "é",
            "\\",
            "Server's Module Magic Number: ",
            ":",
            "Server loaded: APR ",
            "mod_wsgi/",
            "> ",
        ]);
        let texts = prop::collection::vec(pieces, 0..24);
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut runner = TestRunner::new_with_rng(
            Config {
                cases: 2000,
                failure_persistence: None,
                ..Config::default()
            },
            random,
        );
        let result = runner.run(&texts, |texts| {
            let text = format!("{}\nArchitecture: 64-bit\n", texts.concat());
            let line = text.lines().count();
            let (facts, _) = Facts::read("a.txt", &text);
            let last = facts.architecture.map(|it| it.origin.line as usize);
            prop_assert_eq!(last, Some(line));
            Ok(())
        });
        assert_eq!(result.map_err(|it| it.to_string()), Ok(()));
    }
}
