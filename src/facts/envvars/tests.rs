use super::*;

// Debian's own file, shortened to its statements.
const DEBIAN: &str = r#"# envvars - default environment variables for apache2ctl
unset HOME

if [ "${APACHE_CONFDIR##/etc/apache2-}" != "${APACHE_CONFDIR}" ] ; then
	SUFFIX="-${APACHE_CONFDIR##/etc/apache2-}"
else
	SUFFIX=
fi

export APACHE_RUN_USER=www-data
export APACHE_PID_FILE=/var/run/apache2$SUFFIX/apache2.pid
export APACHE_LOG_DIR=/var/log/apache2$SUFFIX
export LANG=C
## Uncomment the following line to use the system default locale instead:
#. /etc/default/locale

export LANG
#export APACHE_LYNX='www-browser -dump'
"#;

fn environment(text: &str) -> Environment {
    read(text, &BTreeMap::new())
}

fn values(text: &str) -> String {
    let environment = environment(text);
    assert_eq!(environment.gaps, []);
    show(&environment)
}

fn show(environment: &Environment) -> String {
    let values: Vec<_> = environment
        .values
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    values.join("|")
}

fn gaps(environment: &Environment) -> Vec<String> {
    environment
        .gaps
        .iter()
        .map(|it| format!("{}: {}", it.line, it.text))
        .collect()
}

#[test]
fn debians_file_is_understood() {
    assert_eq!(
        values(DEBIAN),
        "APACHE_LOG_DIR=/var/log/apache2|APACHE_PID_FILE=/var/run/apache2/apache2.pid|\
         APACHE_RUN_USER=www-data|LANG=C"
    );
    let environment = environment(DEBIAN);
    assert_eq!(environment.get("HOME"), Variable::Unset);
    assert_eq!(environment.get("LANG"), Variable::Set("C"));
    assert_eq!(environment.get("SHOP"), Variable::Unset);
    assert_eq!(environment.get("SUFFIX"), Variable::Unknown, "not exported");
    assert_eq!(environment.get("PATH"), Variable::Unknown);
}

#[test]
fn a_second_instance_has_its_own_directories() {
    let confdir = |path: &str| [("APACHE_CONFDIR".to_owned(), path.to_owned())].into();
    let logs = |path: &str| read(DEBIAN, &confdir(path)).values["APACHE_LOG_DIR"].clone();
    assert_eq!(logs("/etc/apache2-shop"), "/var/log/apache2-shop");
    assert_eq!(logs("/etc/apache2"), "/var/log/apache2");
}

#[test]
fn quotes_and_escapes_are_the_shells() {
    assert_eq!(
        values(r#"export A='x y' B="x'y" C=x\ y D='a'"b"c"#),
        "A=x y|B=x'y|C=x y|D=abc"
    );
    assert_eq!(
        values(r#"export A="a\$b\c\"" B=$ C=a$/"#),
        "A=a$b\\c\"|B=$|C=a$/"
    );
    assert_eq!(
        values("export A=a\\\nb\nexport B=a#b # not part"),
        "A=ab|B=a#b"
    );
    assert_eq!(values("export A='x\ny'"), "A=x\ny");
    assert_eq!(values("A=1; B=2 C=3; export A B"), "A=1|B=2");
}

#[test]
fn expansions_are_the_shells() {
    let set = "E=; V=a/b/c; export ";
    let of = |word: &str| values(&format!("{set}X={word}"));
    assert_eq!(of("$V-${V}x$E"), "X=a/b/c-a/b/cx");
    assert_eq!(of("${E:-x}${E-y}${N-z}${N:-}"), "X=xz");
    assert_eq!(of("${E:+x}${E+y}${N+z}${V:+v}"), "X=yv");
    assert_eq!(
        of("${V##*/}:${V#*/}:${V%/*}:${V%%/*}:${V#x}"),
        "X=c:b/c:a/b:a:a/b/c"
    );
    assert_eq!(of("${N:-\"${V} $E\"}"), "X=a/b/c ");
    assert_eq!(of("\"${N:-'x'}\""), "X='x'");
    assert_eq!(values(": ${A:=x y}; export A"), "A=x y");
    assert_eq!(values("export A=${B:=x}; export B=$B$A"), "A=x|B=xx");
}

#[test]
fn only_exported_variables_reach_httpd() {
    assert_eq!(values("A=1\nset -a\nB=2\nset +a\nC=3\n"), "B=2");
    assert_eq!(environment("A=1").get("A"), Variable::Unknown);
    assert_eq!(environment("export A=1\nunset A").get("A"), Variable::Unset);
    assert_eq!(values("export A=1\nA=2"), "A=2");
    assert_eq!(values("export A\nA=2"), "A=2");
}

#[test]
fn the_branch_that_holds_is_run() {
    let of = |test: &str| {
        values(&format!(
            "E=; V=v; if {test}; then export X=1; else export X=2; fi"
        ))
    };
    assert_eq!(of("[ -z \"$E\" ]"), "X=1");
    assert_eq!(of("[ -n \"$E\" ]"), "X=2");
    assert_eq!(of("[ \"$V\" = v ]"), "X=1");
    assert_eq!(of("test $V != v"), "X=2");
    let chain = "if [ $V = a ]; then export X=1\nelif [ $V = v ]\nthen export X=2\n\
                 elif [ $V = v ]; then export X=3; else export X=4; fi; export Y=5";
    assert_eq!(values(&format!("V=v;{chain}")), "X=2|Y=5");
    let nested = "if [ -n '' ]; then if [ -z '' ]; then export X=1; fi; fi; export Y=2";
    assert_eq!(values(nested), "Y=2");
}

#[test]
fn what_a_condition_that_nobody_knows_sets_is_unknown() {
    let environment = environment(
        "export A=1 B=2\nif [ -f /etc/x ]; then\n  export A=3 N=4\nelse\n  export N=5\nfi\nexport C=6\n",
    );
    assert_eq!(show(&environment), "B=2|C=6");
    assert_eq!(environment.get("A"), Variable::Unknown);
    assert_eq!(environment.get("N"), Variable::Unknown);
    assert_eq!(environment.get("O"), Variable::Unset);
    assert_eq!(gaps(&environment), ["2: if [ -f /etc/x ]"]);
}

#[test]
fn a_statement_that_is_not_understood_makes_its_variables_unknown() {
    let environment = environment(
        "export A=1 B=2 C=3 D=4 E=5\nexport A=$(hostname; date)\nexport B=`id`\n[ $C ] && C=x\n\
         foo ${D:=1} # don't\n# isn't\nexport F=~/x\n",
    );
    assert_eq!(show(&environment), "E=5");
    for name in ["A", "B", "C", "D", "F"] {
        assert_eq!(environment.get(name), Variable::Unknown, "{name}");
    }
    assert_eq!(environment.get("G"), Variable::Unset);
}

#[test]
fn blocks_that_are_not_looked_into_end() {
    let environment = environment(
        "for i in a b; do\n  export A=$i\ndone\ncase $x in\n  y) export B=1 ;;\nesac\n\
         f() {\n  export C=1\n}\nexport D=1\n",
    );
    assert_eq!(show(&environment), "D=1");
    for name in ["A", "B", "C"] {
        assert_eq!(environment.get(name), Variable::Unknown, "{name}");
    }
}

#[test]
fn another_file_may_set_anything_before() {
    let environment = environment("export A=1\n. /etc/sysconfig/httpd\nexport B=2\n");
    assert_eq!(show(&environment), "B=2");
    assert_eq!(environment.get("A"), Variable::Unknown);
    assert_eq!(environment.get("N"), Variable::Unknown);
    assert_eq!(gaps(&environment), ["2: . /etc/sysconfig/httpd"]);
}

#[test]
fn the_systems_locale_sets_the_locale() {
    let environment = environment("export A=1 LANG=C\n. /etc/default/locale\nexport LANG\n");
    assert_eq!(show(&environment), "A=1");
    assert_eq!(environment.get("LANG"), Variable::Unknown);
    assert_eq!(environment.get("N"), Variable::Unset);
}

#[test]
fn what_stands_behind_an_exit_or_a_here_document_may_not_run() {
    for stop in ["exit 0", "return", "cat <<END"] {
        let environment = environment(&format!("export A=1\n{stop}\nexport B=2\n"));
        assert_eq!(show(&environment), "A=1");
        assert_eq!(environment.get("B"), Variable::Unknown);
    }
}

#[test]
fn a_script_that_means_harm_does_none() {
    let growing = format!("A=xx\n{}export A B=1\n", "A=$A$A\n".repeat(60));
    let environment = environment(&growing);
    assert_eq!(show(&environment), "B=1");
    assert_eq!(environment.get("A"), Variable::Unknown);

    let slow = format!(
        "A={}; export B=${{A##{}b}}",
        "a".repeat(400),
        "*a".repeat(200)
    );
    assert_eq!(values(&slow), format!("B={}", "a".repeat(400)));

    // Each of these would take for ever if an opening were tried again after it failed.
    for opening in ["${", "$(", "`", "\"", "'", "${A:-", "export A=\"${B:-"] {
        let open = format!("export A=1\nfoo {}", opening.repeat(20_000));
        assert!(!read(&open, &BTreeMap::new()).gaps.is_empty());
    }

    for depth in [100, 1000, 2000, 4000, 100_000] {
        let deep = format!(
            "export A=1 B={}x{}",
            "${N:-".repeat(depth),
            "}".repeat(depth)
        );
        let environment = read(&deep, &BTreeMap::new());
        assert_ne!(environment.get("A"), Variable::Unset, "{depth}");
        assert_ne!(environment.get("B"), Variable::Unset, "{depth}");
    }
}

mod a_real_shell {
    #![allow(
        clippy::disallowed_methods,
        clippy::print_stderr,
        reason = "the test compares with the machine's own shell and file, or says it did not"
    )]

    use super::*;

    const CASES: u32 = 300;

    use std::process::{Command, Stdio};

    // The environment of `sh` after a script; `None` where it refuses the script or is not there.
    fn run(script: &str) -> Option<BTreeMap<String, String>> {
        let output = Command::new("/bin/sh")
            .args([
                "-c",
                "eval \"$1\" >/dev/null 2>&1\nexec /usr/bin/env -0",
                "sh",
                script,
            ])
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .ok()
            .filter(|it| it.status.success())?;
        let text = String::from_utf8(output.stdout).ok()?;
        let mut values: BTreeMap<_, _> = text
            .split_terminator('\0')
            .filter_map(|it| it.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        // The shell itself exports these.
        for name in ["PWD", "OLDPWD", "_", "SHLVL"] {
            values.remove(name);
        }
        Some(values)
    }

    #[test]
    fn agrees_on_debians_file() {
        let Ok(text) = std::fs::read_to_string("/etc/apache2/envvars") else {
            eprintln!("skipped: no /etc/apache2/envvars");
            return;
        };
        assert_eq!(environment(&text).values, run(&text).unwrap_or_default());
        assert_eq!(environment(&text).gaps, []);
    }

    // Known values must be the shell's, and what the shell sets must not be `Unset`.
    fn compare(script: &str) {
        let Some(real) = run(script) else {
            return;
        };
        let ours = environment(script);
        for (name, value) in &ours.values {
            assert_eq!(Some(value), real.get(name), "{name} in {script:?}");
        }
        for name in real.keys() {
            assert_ne!(ours.get(name), Variable::Unset, "{name} in {script:?}");
        }
    }

    #[test]
    fn never_contradicts_what_is_known() {
        let samples = [
            DEBIAN,
            "export A='x y' B=\"x'y\" C=x\\ y D='a'\"b\"c E=\"a\\$b\\c\\\"\" F=$ G=a$/",
            "E=; V=a/b/c; export X=${V##*/}:${V#*/}:${V%/*}:${V%%/*} Y=\"${N:-'x'}\" Z=${E:-${V}}",
            "export A=${B:=x} ; export B; export C=${A:+y}${N+z}; D=1; export E=`echo x` F=$(echo 1)",
            "V=v; if [ $V = a ]; then export X=1\nelif [ $V = v ]\nthen export X=2\nelse X=3; fi",
            "if [ -f /bin/sh ]; then export A=1; else export B=1; fi; [ -d / ] && export C=1",
            "for i in a b; do export A=$i; done; case x in x) export B=1;; esac; f() { export C=1; }; f",
            "export A=1; eval 'export B=1 A=2'; export C=3; unset A; export D=${D-d}",
            "export A=a#b # c\nexport B=a\\\nb\nset -a; C=1; set +a; D=2\n: ${E:=1}; export E",
            "export PATH=$PATH:/x; export P=~/x; umask 022; true && export Q=1 || export R=1",
            "{ export A=1; }; (export B=1); export C=2; export D=\"$C\"'$C'$C",
        ];
        if run("").is_none() {
            eprintln!("skipped: no /bin/sh");
            return;
        }
        for sample in samples {
            assert!(run(sample).is_some(), "{sample:?}");
            compare(sample);
        }
    }

    // Scripts of pieces that change variables and nothing else. One that the shell refuses proves nothing.
    #[test]
    fn never_contradicts_it_on_any_script() {
        use proptest::prelude::*;
        use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

        let pieces = prop::sample::select(vec![
            "A=",
            "export ",
            "B=",
            "unset A",
            "$A",
            "${B}",
            "\"",
            "'",
            "\\",
            " ",
            ";",
            "\n",
            "x",
            "y/z",
            "${A:-",
            "${B#*",
            "${A%/*}",
            "${B:+",
            "}",
            "${A:=w}",
            "if [ \"$A\" = x ]; then\n",
            "else\n",
            "fi\n",
            "if [ -z \"$B\" ]; then\n",
            "#",
            "$",
            "set -a\n",
            ":",
            "~",
            "=",
            "export A\n",
            "export B='$A'\n",
            "A=\"$B y\"\n",
            "if true; then\n",
            "[ x ] && ",
            "for A in p q; do\n",
            "done\n",
            "{ ",
            "}\n",
            "case $A in x)\n",
            ";; esac\n",
        ]);
        let scripts = prop::collection::vec(pieces, 1..14);
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let config = Config {
            cases: CASES,
            failure_persistence: None,
            ..Config::default()
        };
        let result = TestRunner::new_with_rng(config, random).run(&scripts, |pieces| {
            compare(&pieces.concat());
            Ok(())
        });
        assert_eq!(result.map_err(|it| it.to_string()), Ok(()));
    }
}
