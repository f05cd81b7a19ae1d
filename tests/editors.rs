//! Real editors, with the snippets of `examples/editors`, and the extension for Visual Studio Code.
//!
//! What is not installed is not asked; `tests/setup` installs it.
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

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::folder;

/// No editor takes longer, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(120);

fn is_installed(program: &str) -> bool {
    let asked = Command::new(program).arg("--version").output();
    asked.is_ok_and(|it| it.status.success())
}

/// Opens a file in an editor that follows a script, with one of our snippets. What it says that it
/// saw.
fn session(editor: &mut Command, snippet: &str) -> String {
    played(
        editor.env("SNIPPET", root("examples/editors").join(snippet)),
        "ServerNmae shop.example\n",
    )
}

/// Has an editor open a file as its script says. What it says that it saw, without the folder.
fn played(editor: &mut Command, text: &str) -> String {
    let (_guard, folder) = folder::temporary();
    let file = folder.join("httpd.conf");
    std::fs::write(&file, text).unwrap();
    let output = folder.join("output");
    let program = Path::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .parent()
        .unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut editor = editor
        .env("PATH", format!("{}:{path}", program.display()))
        .env("FILE", &file)
        .env("OUTPUT", &output)
        // Where an editor would keep its state.
        .env("HOME", &folder)
        .env("XDG_STATE_HOME", &folder)
        .env("XDG_CACHE_HOME", &folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // An editor that asks something waits for ever.
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        match editor.try_wait().unwrap() {
            Some(status) => break Some(status),
            None if Instant::now() > deadline => break None,
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    if status.is_none() {
        editor.kill().unwrap();
        editor.wait().unwrap();
    }
    let said = std::fs::read_to_string(&output).unwrap_or_default();
    assert!(status.is_some_and(|it| it.success()), "{said}");
    said.replace(&*folder.to_string_lossy(), "@DIR@")
}

fn script(name: &str) -> String {
    let path = root("tests/editors").join(name);
    path.to_str().unwrap().to_owned()
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn neovim_shows_what_is_found_and_applies_a_fix() {
    if !is_installed("nvim") {
        eprintln!("skipped: nvim is not installed");
        return;
    }
    let mut neovim = Command::new("nvim");
    neovim.args(["--clean", "--headless", "-c"]);
    neovim.arg(format!("luafile {}", script("session.lua")));
    neovim.env("OLDER", script("older.lua"));
    assert_eq!(
        session(&mut neovim, "neovim.lua"),
        "1:1 no known module has a directive `ServerNmae`\n\
         Write `ServerName`\n\
         nothing is found any more\n\
         ServerName shop.example\n"
    );
}

#[test]
fn emacs_shows_what_is_found_and_applies_a_fix() {
    let asks =
        "(unless (and (locate-library \"eglot\") (locate-library \"apache-mode\")) (kill-emacs 1))";
    let asked = Command::new("emacs")
        .args(["--batch", "--eval", asks])
        .output();
    if !asked.is_ok_and(|it| it.status.success()) {
        eprintln!("skipped: emacs with eglot and apache-mode is not installed");
        return;
    }
    let mut emacs = Command::new("emacs");
    emacs.args(["--batch", "-l", &script("session.el")]);
    assert_eq!(
        session(&mut emacs, "emacs.el"),
        "1:1 httpd-lint [unknown-directive]: no known module has a directive `ServerNmae`\n\
         Write `ServerName`\n\
         nothing is found any more\n\
         ServerName shop.example\n"
    );
}

#[test]
fn kakoune_counts_what_is_found() {
    let there = Command::new("kak").arg("-version").output();
    if !there.is_ok_and(|it| it.status.success()) || !is_installed("kak-lsp") {
        eprintln!("skipped: kakoune with kakoune-lsp is not installed");
        return;
    }
    let mut kakoune = Command::new("kak");
    let source = format!("source '{}'", script("session.kak"));
    kakoune.args(["-n", "-ui", "dummy", "-e", &source]);
    let said = session(&mut kakoune, "kakoune.kak");
    assert_eq!(said, "0 errors, 1 warning\n");
}

fn json(path: &str) -> Value {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn the_extension_names_what_is_there() {
    let package = json("editors/vscode/package.json");
    let contributed = &package["contributes"];
    for file in [
        &package["main"],
        &contributed["languages"][0]["configuration"],
        &contributed["grammars"][0]["path"],
    ] {
        let path = Path::new("editors/vscode").join(file.as_str().unwrap());
        assert!(path.is_file(), "{}", path.display());
    }
    let grammar = json("editors/vscode/syntaxes/apacheconf.tmLanguage.json");
    assert_eq!(
        grammar["scopeName"],
        contributed["grammars"][0]["scopeName"]
    );
    json("editors/vscode/language-configuration.json");
    let sublime = json("examples/editors/sublime.json");
    let server = &sublime["clients"]["httpd-lint"];
    assert_eq!(server["command"][1], "lsp");
    let helix = std::fs::read_to_string("examples/editors/helix.toml").unwrap();
    let helix: toml::Table = helix.parse().expect("it is TOML");
    assert_eq!(
        helix["language-server"]["httpd-lint"]["args"][0].as_str(),
        Some("lsp")
    );
    // Every command of the extension has code, and every setting is one of the server's.
    let code = std::fs::read_to_string("editors/vscode/extension.js").unwrap();
    for command in contributed["commands"].as_array().unwrap() {
        let name = command["command"].as_str().unwrap();
        assert!(code.contains(&format!("'{name}'")), "{name}");
    }
    let server = std::fs::read_to_string("src/lsp/settings.rs").unwrap();
    let settings = contributed["configuration"]["properties"]
        .as_object()
        .unwrap();
    for name in settings
        .keys()
        .filter_map(|it| it.strip_prefix("httpd-lint."))
    {
        let is_read = server.contains(&format!("\"{name}\""));
        assert!(is_read || name == "path", "{name}");
    }
}

#[test]
fn the_extension_is_javascript() {
    if !is_installed("node") {
        eprintln!("skipped: node is not installed");
        return;
    }
    let checked = Command::new("node")
        .args(["--check", "editors/vscode/extension.js"])
        .output()
        .unwrap();
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
}

#[test]
fn the_commands_of_the_extension_show_what_the_server_says() {
    if !is_installed("node") {
        eprintln!("skipped: node is not installed");
        return;
    }
    let mut node = Command::new("node");
    node.arg(script("extension.js"));
    node.env("EXTENSION", root("editors/vscode/extension.js"));
    let text = "Listen 80\nServerName shop.example\nRedirect /old /new\n";
    let request = "GET http://shop.example/old\n  \
                   connection     httpd listens\n                 \
                   @DIR@/httpd.conf:1: Listen 80\n  \
                   answer         unknown\n  \
                   virtual-host, target, access, handler, status, location and headers are not \
                   known: it is not known whether `ssl_module` is loaded";
    let includes = "shown as plaintext:\n@DIR@/httpd.conf\n";
    assert_eq!(
        played(&mut node, text),
        format!(
            "the server is started\n\
             {includes}\
             shown as plaintext:\n\
             {request}\n\
             the server ended with 0\n\
             the server is started\n\
             {includes}\
             the server ended with 0\n"
        )
    );
}
