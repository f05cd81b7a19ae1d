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

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use support::folder;

fn is_installed(program: &str) -> bool {
    let asked = Command::new(program).arg("--version").output();
    asked.is_ok_and(|it| it.status.success())
}

#[test]
fn neovim_shows_what_is_found_and_applies_a_fix() {
    if !is_installed("nvim") {
        eprintln!("skipped: nvim is not installed");
        return;
    }
    let (_guard, folder) = folder::temporary();
    let file = folder.join("httpd.conf");
    std::fs::write(&file, "ServerNmae shop.example\n").unwrap();
    let output = folder.join("output");
    let program = Path::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .parent()
        .unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let status = Command::new("nvim")
        .args(["--clean", "--headless", "-c"])
        .arg(format!(
            "luafile {}",
            manifest.join("tests/editors/session.lua").display()
        ))
        .env("PATH", format!("{}:{path}", program.display()))
        .env("SNIPPET", manifest.join("examples/editors/neovim.lua"))
        .env("FILE", &file)
        .env("OUTPUT", &output)
        // Where Neovim would keep its state.
        .env("HOME", &folder)
        .env("XDG_STATE_HOME", &folder)
        .env("XDG_CACHE_HOME", &folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let said = std::fs::read_to_string(&output).unwrap_or_default();
    assert!(status.success(), "{said}");
    assert_eq!(
        said,
        "1:1 no known module has a directive `ServerNmae`\n\
         Write `ServerName`\n\
         nothing is found any more\n\
         ServerName shop.example\n"
    );
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
    json("examples/editors/sublime.json");
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
