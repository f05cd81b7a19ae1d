//! What `examples/ci` and `action.yml` say is what happens: their commands are run on the example of
//! a Debian server.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod folder;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A checkout with a configuration in `etc/apache2`.
fn checkout() -> (TempDir, PathBuf) {
    let (guard, folder) = support::folder::temporary();
    let example = house("examples/debian-wsgi/etc");
    for entry in walkdir::WalkDir::new(&example) {
        let entry = entry.unwrap();
        let target = folder
            .join("etc")
            .join(entry.path().strip_prefix(&example).unwrap());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
    fs::create_dir(folder.join(".git")).unwrap();
    (guard, folder)
}

fn house(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs a script in a checkout, with the program on the path.
fn run(script: &str, folder: &Path, variables: &[(String, String)]) -> Output {
    let programs = Path::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .parent()
        .unwrap();
    Command::new("bash")
        .args(["-c", script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", programs.display()))
        .envs(variables.iter().cloned())
        .stdin(Stdio::null())
        .output()
        .expect("there is a bash")
}

/// The commands of a page; one may go on in a line that begins with an option.
fn commands(page: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in page.lines() {
        let line = line.trim();
        let found = line.strip_prefix("- ").unwrap_or(line);
        if found.starts_with("httpd-lint check ") {
            commands.push(found.to_owned());
        } else if let Some(last) = commands
            .last_mut()
            .filter(|_| is_open && line.starts_with("--"))
        {
            *last = format!("{last} {line}");
        }
        is_open = found.starts_with("httpd-lint check ") || is_open && line.starts_with("--");
    }
    commands
}

#[test]
fn the_commands_of_the_pages_lint_and_write_what_they_name() {
    let mut count = 0;
    for page in fs::read_dir(house("examples/ci")).unwrap() {
        let path = page.unwrap().path();
        if path.extension().is_none_or(|it| it != "md") {
            continue;
        }
        for command in commands(&fs::read_to_string(&path).unwrap()) {
            let (_guard, folder) = checkout();
            let output = run(&command, &folder, &[]);
            let succeeds = ["never", "--write-baseline"]
                .iter()
                .any(|it| command.contains(it));
            // The example has errors, and a baseline knows none of these.
            let expected = match succeeds && !command.contains("baseline") {
                true => 0,
                false => 1,
            };
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(expected), "{command}: {said}");
            let words = command.split_whitespace();
            let named = words.filter_map(|it| it.split_once(':')).map(|it| it.1);
            for file in named.filter(|it| *it != "-") {
                let length = fs::metadata(folder.join(file)).map_or(0, |it| it.len());
                assert!(length > 100, "{command}: {file} has {length} bytes");
            }
            count += 1;
        }
    }
    assert!(count >= 6, "{count}");
}

/// A YAML file as JSON; `None` where nobody can read it.
fn yaml(path: &str) -> Option<Value> {
    let program = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let output = Command::new("python3")
        .args(["-c", program])
        .arg(house(path))
        .output();
    let text = output.ok().filter(|it| it.status.success());
    if text.is_none() {
        eprintln!("skipped: there is no python3 with yaml to read {path}");
    }
    serde_json::from_slice(&text?.stdout).ok()
}

#[test]
fn the_action_hands_its_inputs_over_as_they_are() {
    let Some(action) = yaml("action.yml") else {
        return;
    };
    let inputs = action["inputs"].as_object().unwrap();
    for step in action["runs"]["steps"].as_array().unwrap() {
        let script = step["run"].as_str().unwrap();
        assert!(!script.contains("${{"), "{script}");
        for value in step["env"].as_object().unwrap().values() {
            if let Some(name) = value.as_str().unwrap().strip_prefix("${{ inputs.") {
                let name = name.split(' ').next().unwrap();
                assert!(inputs.contains_key(name), "{name}");
            }
        }
    }
}

#[test]
fn the_action_lints() {
    let Some(action) = yaml("action.yml") else {
        return;
    };
    let step = &action["runs"]["steps"][1];
    let given = [
        ("path", "etc/apache2"),
        ("facts", "debian-12\n"),
        ("sarif", "a b.sarif"),
        ("arguments", "--max-findings\n1\n"),
        ("fail-on", "never"),
    ];
    let variables = step["env"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(variable, value)| {
            let name = value.as_str().unwrap().trim_start_matches("${{ inputs.");
            let name = name.split(' ').next().unwrap();
            let default = action["inputs"][name]["default"].as_str().unwrap();
            let value = given
                .iter()
                .find(|it| it.0 == name)
                .map_or(default, |it| it.1);
            let value = match name {
                "program" => env!("CARGO_BIN_EXE_httpd-lint"),
                _ => value,
            };
            (variable.clone(), value.to_owned())
        });
    let (_guard, folder) = checkout();
    let output = run(
        step["run"].as_str().unwrap(),
        &folder,
        &variables.collect::<Vec<_>>(),
    );
    let log = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(log.matches("::error file=etc/apache2/").count(), 1, "{log}");
    let sarif = fs::read(folder.join("a b.sarif")).unwrap();
    let sarif: Value = serde_json::from_slice(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 1);
}

#[test]
fn hooks_run_where_a_configuration_changed() {
    let Some(hooks) = yaml(".pre-commit-hooks.yaml") else {
        return;
    };
    for hook in hooks.as_array().unwrap() {
        let (_guard, folder) = checkout();
        let script = format!("{} etc/apache2", hook["entry"].as_str().unwrap());
        assert_eq!(run(&script, &folder, &[]).status.code(), Some(1));
        let files = hook["files"].as_str().unwrap();
        let program =
            "import re, sys; [print(it) for it in sys.argv[2:] if re.search(sys.argv[1], it)]";
        let matched = Command::new("python3")
            .args(["-c", program, files])
            .args([
                "etc/apache2/ports.conf",
                "www/.htaccess",
                "httpd.conf",
                "src/main.rs",
                "a.conf",
            ])
            .output()
            .unwrap();
        let matched = String::from_utf8(matched.stdout).unwrap();
        assert_eq!(
            matched,
            "etc/apache2/ports.conf\nwww/.htaccess\nhttpd.conf\n"
        );
    }
}

#[test]
fn packages_get_a_page_for_each_command_and_completions() {
    let (_guard, folder) = support::folder::temporary();
    let script = "\
httpd-lint man --output pages && ls pages
httpd-lint completions bash >complete && bash -n complete && . ./complete && complete -p httpd-lint
";
    let output = run(script, &folder, &[]);
    let said = String::from_utf8(output.stdout).unwrap();
    for page in [
        "httpd-lint.1",
        "httpd-lint-check.1",
        "httpd-lint-show-vhosts.1",
    ] {
        assert!(said.lines().any(|it| it == page), "{said}");
    }
    assert!(said.contains("-F _httpd__lint httpd-lint"), "{said}");
    let page = fs::read_to_string(folder.join("pages/httpd-lint-check.1")).unwrap();
    assert!(page.contains("max\\-findings"), "{page}");
}
