//! A mistake of ours in one request ends neither the server nor what else is asked.
//!
//! Files are read through a world, and trees are set up by somebody else: a world that panics is a
//! mistake wherever it is wanted.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test reads files, and panics on purpose"
)]

#[path = "support"]
mod support {
    pub(crate) mod editor;
    pub(crate) mod folder;
}

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use httpd_lint::diagnostic::{Diagnostic, Level};
use httpd_lint::evaluate::Inputs;
use httpd_lint::facts::Facts;
use httpd_lint::httpd::Table;
use httpd_lint::lint::{Options, Outcome, Session};
use httpd_lint::lsp::{Open, Tree};
use httpd_lint::world::{Entry, Kind, MemoryWorld, ReadError, World};
use serde_json::{Value, json};
use support::editor::{Editor, uri};
use support::folder;

/// What the protocol calls a mistake of the server.
const INTERNAL_ERROR: i64 = -32603;

/// Files of which the folder `odd` cannot be listed.
struct OddWorld(MemoryWorld);

impl World for OddWorld {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.read(path)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        assert!(!path.contains("/odd"), "the world panics");
        self.0.list(path)
    }

    fn kind(&self, path: &str) -> Kind {
        self.0.kind(path)
    }
}

struct OddTree {
    main: String,
    world: OddWorld,
    facts: Facts,
    is_broken: Arc<AtomicBool>,
}

impl Tree for OddTree {
    fn world(&self) -> &dyn World {
        &self.world
    }

    fn lint<'w>(&'w self, world: &'w dyn World) -> Result<Session<'w>, String> {
        let inputs = Inputs {
            world,
            facts: (&self.facts).into(),
            table: Table::builtin(),
            main: &self.main,
            server_root: "/etc/apache2",
            program: "apache2",
            defines: &[],
            fragment: None,
            standing: None,
            usual_standing: None,
        };
        Session::new(inputs, &Options::default()).map_err(|it| format!("{it:?}"))
    }

    fn shape(&self, outcome: Outcome) -> Outcome {
        assert!(!self.is_broken.load(Ordering::Acquire), "the tree panics");
        outcome
    }

    fn knows_findings(&self) -> bool {
        false
    }

    fn level(&self, finding: &Diagnostic, _: &str) -> Option<Level> {
        Some(finding.level)
    }

    fn local(&self, server: &str) -> Option<PathBuf> {
        Some(server.into())
    }
}

#[derive(Default)]
struct Odd {
    is_broken: Arc<AtomicBool>,
}

impl Open for Odd {
    fn open(&self, main: &Path, _: &[String]) -> Result<Box<dyn Tree>, String> {
        let main = main.to_str().unwrap().to_owned();
        let world = OddWorld(MemoryWorld::new().with(&main, "Timeout 5\n"));
        let is_broken = Arc::clone(&self.is_broken);
        Ok(Box::new(OddTree {
            main,
            world,
            facts: Facts::default(),
            is_broken,
        }))
    }

    fn main_of(&self, file: &Path) -> Option<PathBuf> {
        assert!(!file.ends_with("unfindable.conf"), "looking for it panics");
        None
    }
}

fn error_of(answer: &Value) -> i64 {
    answer["error"]["code"].as_i64().unwrap_or_default()
}

fn begun(open: Odd, folder: &Path) -> Editor {
    let mut editor = Editor::within(Arc::new(open));
    let abilities = json!({"capabilities": {"textDocument": {"diagnostic": {}}}});
    editor.begin(folder, &abilities);
    editor
}

fn codes(editor: &mut Editor, file: &Path) -> Vec<String> {
    let document = json!({"textDocument": {"uri": uri(file)}});
    let answer = editor.ask("textDocument/diagnostic", document);
    let items = answer["result"]["items"]
        .as_array()
        .expect("it is answered");
    let codes = items
        .iter()
        .map(|it| it["code"].as_str().unwrap().to_owned());
    codes.collect()
}

#[test]
fn a_request_that_fails_is_answered_so_and_the_next_one_as_ever() {
    let (_guard, folder) = folder::temporary();
    let file = folder.join("site.conf");
    let mut editor = begun(Odd::default(), &folder);
    let text = "KeepAlive maybe\nInclude /odd/";
    editor.open(&file, text);
    let at_end = json!({
        "textDocument": {"uri": uri(&file)},
        "position": {"line": 1, "character": 13},
    });
    let answer = editor.ask("textDocument/completion", at_end);
    assert_eq!(error_of(&answer), INTERNAL_ERROR, "{answer}");
    let message = answer["error"]["message"].as_str().unwrap();
    assert_eq!(message, "textDocument/completion: httpd-lint failed");
    editor.change(&file, 2, "KeepAlive maybe\n");
    assert_eq!(codes(&mut editor, &file), ["invalid-argument"]);
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn a_tree_that_fails_is_read_again_after_the_next_change() {
    let (_guard, folder) = folder::temporary();
    let file = folder.join("site.conf");
    let open = Odd::default();
    let is_broken = Arc::clone(&open.is_broken);
    let mut editor = begun(open, &folder);
    editor.open(&file, "KeepAlive maybe\n");
    assert_eq!(codes(&mut editor, &file), ["invalid-argument"]);
    is_broken.store(true, Ordering::Release);
    editor.change(&file, 2, "KeepAlive perhaps\n");
    let document = json!({"textDocument": {"uri": uri(&file)}});
    let answer = editor.ask("textDocument/diagnostic", document.clone());
    assert_eq!(error_of(&answer), INTERNAL_ERROR, "{answer}");
    let logged = editor
        .wait(|it| it["method"] == "window/logMessage")
        .unwrap();
    let logged = logged["params"]["message"].as_str().unwrap().to_owned();
    assert!(
        logged.ends_with("httpd-lint failed; it is read again"),
        "{logged}"
    );
    is_broken.store(false, Ordering::Release);
    editor.change(&file, 3, "KeepAlive on\n");
    assert_eq!(codes(&mut editor, &file), [] as [&str; 0]);
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn a_document_that_cannot_be_placed_harms_no_other() {
    let (_guard, folder) = folder::temporary();
    let (odd, file) = (folder.join("unfindable.conf"), folder.join("site.conf"));
    let mut editor = begun(Odd::default(), &folder);
    editor.open(&odd, "Timeout 5\n");
    let logged = editor.wait(|it| it["method"] == "window/logMessage");
    assert!(logged.is_some());
    editor.open(&file, "KeepAlive maybe\n");
    assert_eq!(codes(&mut editor, &file), ["invalid-argument"]);
    let document = json!({"textDocument": {"uri": uri(&odd)}});
    let answer = editor.ask("textDocument/diagnostic", document);
    assert_eq!(answer["result"], Value::Null, "{answer}");
    assert_eq!(editor.leave(), Some(0));
}
