//! Whatever is typed, in the end an editor is told what a fresh start would tell it.
//!
//! `EDITS=10000 SEED=2 cargo test --release --test soak -- --nocapture` types more than the few edits of
//! every day, and others, and says how much memory the server has after a tenth of them and at the end.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

#[path = "support"]
mod support {
    pub(crate) mod editor;
    pub(crate) mod folder;
    pub(crate) mod random;
}
#[path = "../benches/support/tree.rs"]
#[allow(dead_code, reason = "the benches use more of it")]
mod tree;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::editor::{Editor, uri};
use support::folder;
use support::random::{Random, wanted};

fn seed() -> u64 {
    wanted("SEED", 9)
}

/// What is typed into a line, beside what a person would type.
const PIECES: &[&str] = &[
    "<",
    ">",
    "</",
    "\"",
    "'",
    "\\",
    "\n",
    "#",
    " ",
    "${",
    "}",
    "é",
    "😀",
    "\r",
    "\t",
    "Include ",
    "Define X ",
    "<IfDefine X>\n",
    "</IfDefine>\n",
    "<Macro M $a>\n",
    "</Macro>\n",
    "Use M a\n",
    "<VirtualHost *:80>\n",
    "</VirtualHost>\n",
    "WSGIDaemonProcess shop\n",
    "Listen 80\n",
    "LoadModule info_module modules/mod_info.so\n",
    "# httpd-lint: allow(surplus-words) -- x\n",
];

/// The lines of files that come and go.
const TEXTS: &[&str] = &[
    "",
    "Define X\n",
    "Listen 8443\n",
    "LoadModule info_module modules/mod_info.so\n",
    "<Macro M $a>\nTimeout $a\n</Macro>\n",
    "<VirtualHost *:80>\nServerName new.example\nWSGIProcessGroup shop\n</VirtualHost>\n",
    "<Directory /srv/shop>\nAllowOverride All\n</Directory>\n",
    "WSGIDaemonProcess shop\n",
    "Include ports.conf\n",
    "Bogus\n",
];

/// The settings of a client.
const SETTINGS: &[&str] = &[
    r#"{"facts": ["debian-12"]}"#,
    r#"{"facts": ["debian-12"], "ignore": ["unread-site"]}"#,
    r#"{"facts": ["debian-12"], "define": ["X"]}"#,
    r#"{}"#,
];

struct Tree {
    root: PathBuf,
    // The documents that are open.
    files: Vec<(PathBuf, String)>,
    // Those that were, and will be again.
    closed: Vec<(PathBuf, String)>,
    settings: Value,
}

impl Tree {
    fn of(root: &Path, names: &[&str]) -> Self {
        let files = names.iter().map(|it| {
            let path = root.join(it);
            let text = std::fs::read_to_string(&path).unwrap();
            (path, text)
        });
        Self {
            root: root.to_owned(),
            files: files.collect(),
            closed: Vec::new(),
            settings: settings(0),
        }
    }

    fn editor(&self) -> Editor {
        let parameters = json!({
            "initializationOptions": self.settings,
            "capabilities": {"textDocument": {"diagnostic": {"relatedInformation": true}}},
        });
        let mut editor = Editor::of(&self.root, &parameters);
        for (path, text) in &self.files {
            editor.open(path, text);
        }
        editor
    }

    // What an editor is told of every file.
    fn told(&self, editor: &mut Editor) -> Vec<Value> {
        let ask = |(path, _): &(PathBuf, String)| {
            let parameters = json!({"textDocument": {"uri": uri(path)}});
            let answer = editor.ask("textDocument/diagnostic", parameters);
            assert!(answer.get("error").is_none(), "{answer}");
            answer["result"]["items"].clone()
        };
        self.files.iter().map(ask).collect()
    }

    // Something other than typing.
    fn turn(&mut self, editor: &mut Editor, random: &mut Random) {
        match random.below(5) {
            0 if self.files.len() > 1 => {
                let at = random.below(self.files.len());
                let document = self.files.remove(at);
                let parameters = json!({"textDocument": {"uri": uri(&document.0)}});
                editor.tell("textDocument/didClose", parameters);
                self.closed.push(document);
            }
            1 if !self.closed.is_empty() => {
                let at = random.below(self.closed.len());
                let (path, text) = self.closed.remove(at);
                editor.open(&path, &text);
                self.files.push((path, text));
            }
            2 => {
                self.settings = settings(random.below(SETTINGS.len()));
                let parameters = json!({"settings": {"httpd-lint": self.settings}});
                editor.tell("workspace/didChangeConfiguration", parameters);
            }
            _ => self.change_disk(editor, random),
        }
    }

    // A file comes, goes or changes on the disk.
    fn change_disk(&self, editor: &mut Editor, random: &mut Random) {
        let names = [
            "conf-enabled/new.conf",
            "sites-enabled/new.conf",
            "sites-enabled/new.site",
            "ports.conf",
        ];
        let path = self.root.join(random.pick(&names));
        let is_new = !path.exists();
        let goes = !is_new && random.below(3) == 0 && !path.ends_with("ports.conf");
        match goes {
            true => std::fs::remove_file(&path).unwrap(),
            false => std::fs::write(&path, random.pick(TEXTS)).unwrap(),
        }
        // Created, changed or gone, in the numbers of the protocol.
        let kind = match (is_new, goes) {
            (true, _) => 1,
            (_, true) => 3,
            _ => 2,
        };
        let parameters = json!({"changes": [{"uri": uri(&path), "type": kind}]});
        editor.tell("workspace/didChangeWatchedFiles", parameters);
    }

    // Types or takes away something; returns the change as an editor tells it.
    fn edit(&mut self, random: &mut Random) -> (PathBuf, Value) {
        let at = random.below(self.files.len());
        let (path, text) = &mut self.files[at];
        let places: Vec<usize> = text.char_indices().map(|it| it.0).collect();
        let start = places.get(random.below(places.len() + 1)).copied();
        let start = start.unwrap_or(text.len());
        let length = [0, 0, 1, 1, 12, 80][random.below(6)];
        let mut end = (start + length).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let typed = match random.below(3) {
            0 => "",
            _ => random.pick(PIECES),
        };
        let range = json!({"start": position(text, start), "end": position(text, end)});
        // The middle of a line end is no place.
        let is_split = |it: usize| text[..it].ends_with('\r') && text[it..].starts_with('\n');
        let change = match is_split(start) || is_split(end) {
            true => {
                text.replace_range(start..end, typed);
                json!({"text": text.clone()})
            }
            false => {
                text.replace_range(start..end, typed);
                json!({"range": range, "text": typed})
            }
        };
        (path.clone(), change)
    }
}

fn settings(number: usize) -> Value {
    serde_json::from_str(SETTINGS[number]).unwrap()
}

fn position(text: &str, offset: usize) -> Value {
    let mut line = 0;
    let mut start = 0;
    let bytes = text.as_bytes();
    for at in 0..offset {
        let ends = bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        if ends {
            line += 1;
            start = at + 1;
        }
    }
    let column: usize = text[start..offset].chars().map(char::len_utf16).sum();
    json!({"line": line, "character": column})
}

fn edits(usual: usize) -> usize {
    let wanted = std::env::var("EDITS").ok().and_then(|it| it.parse().ok());
    wanted.unwrap_or(usual)
}

/// Watches that the memory of a server does not grow with what is typed.
struct Watch {
    title: &'static str,
    // After a tenth of all edits the server knows all that it ever will.
    from: usize,
    early: Option<u64>,
}

/// What a server may have more in the end, in KiB: what was typed stays until the tree is read again,
/// and the system takes memory back late.
const SLACK: u64 = 64 * 1024;

impl Watch {
    fn of(title: &'static str, edits: usize) -> Self {
        Self {
            title,
            from: edits / 10,
            early: None,
        }
    }

    fn look(&mut self, editor: &Editor, edits: usize) {
        if self.early.is_none() && edits >= self.from {
            self.early = editor.memory();
        }
    }

    fn end(self, editor: &Editor, edits: usize) {
        let (Some(early), Some(late)) = (self.early, editor.memory()) else {
            return;
        };
        let (title, from) = (self.title, self.from);
        let grown = format!("{title}: {early} KiB after {from} edits, {late} KiB after {edits}");
        eprintln!("{grown}");
        assert!(late <= early + SLACK, "{grown}");
    }
}

// What was told of files, where the two differ.
fn difference(warm: &[Value], cold: &[Value]) -> String {
    let lines = |told: &[Value]| -> BTreeSet<String> {
        let items = told.iter().enumerate().flat_map(|(file, it)| {
            let items = it.as_array().into_iter().flatten();
            items.map(move |it| format!("file {file}: {it}"))
        });
        items.collect()
    };
    let (warm, cold) = (lines(warm), lines(cold));
    let only_warm = warm.difference(&cold).map(|it| format!("warm {it}"));
    let only_cold = cold.difference(&warm).map(|it| format!("cold {it}"));
    only_warm.chain(only_cold).collect::<Vec<_>>().join("\n")
}

fn type_into(editor: &mut Editor, tree: &mut Tree, random: &mut Random, version: usize) {
    let (path, change) = tree.edit(random);
    editor.tell(
        "textDocument/didChange",
        json!({
            "textDocument": {"uri": uri(&path), "version": version},
            "contentChanges": [change],
        }),
    );
}

#[test]
fn an_example_is_seen_as_by_a_fresh_start() {
    let (_guard, root) = folder::temporary();
    let mut copy = std::process::Command::new("cp");
    copy.args(["-a", "examples/debian-wsgi/etc/apache2"]);
    assert!(copy.arg(&root).status().unwrap().success());
    let example = root.join("apache2");
    let names = ["apache2.conf", "ports.conf"];
    let mut tree = Tree::of(&example, &names);
    let sites = std::fs::read_dir(example.join("sites-enabled")).unwrap();
    for site in sites.take(2) {
        let path = site.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        tree.files.push((path, text));
    }
    let original: HashMap<PathBuf, String> = tree.files.iter().cloned().collect();
    let mut editor = tree.editor();
    let edits = edits(60);
    let mut watch = Watch::of("an example", edits);
    for number in 0..edits {
        watch.look(&editor, number);
        let mut random = Random::of(seed(), number as u64);
        match random.below(6) {
            0 => tree.turn(&mut editor, &mut random),
            _ => type_into(&mut editor, &mut tree, &mut random, number + 2),
        }
        let mut fresh = tree.editor();
        let cold = tree.told(&mut fresh);
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let warm = tree.told(&mut editor);
            if warm == cold {
                break;
            }
            // Where a document belongs may be found out a moment later.
            assert!(
                Instant::now() < deadline,
                "after edit {number} of seed {}:\n{}",
                seed(),
                difference(&warm, &cold)
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(fresh.leave(), Some(0));
        // From time to time everything is as it was, so that not all ends in rubble.
        if number % 20 == 19 {
            for (path, text) in tree.files.iter_mut().chain(&mut tree.closed) {
                text.clone_from(&original[path]);
            }
            for (path, text) in &tree.files {
                editor.change(path, number as i64 + 2, text);
            }
        }
    }
    watch.end(&editor, edits);
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn a_large_server_is_seen_so_when_nobody_types() {
    let (_guard, root) = folder::temporary();
    let root = root.join("tree");
    tree::write(&root, 120).unwrap();
    let names = ["apache2.conf".to_owned(), tree::site(3).0, tree::site(40).0];
    let mut tree = Tree::of(&root, &names.each_ref().map(String::as_str));
    let original = tree.files.clone();
    let mut editor = tree.editor();
    let edits = edits(60);
    let mut watch = Watch::of("a large server", edits);
    for round in 0..edits.div_ceil(20) {
        watch.look(&editor, round * 20);
        for number in 0..20 {
            let mut random = Random::of(seed(), (round * 20 + number) as u64 + 1_000_000);
            type_into(&mut editor, &mut tree, &mut random, round * 21 + number + 2);
        }
        let mut fresh = tree.editor();
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            // What concerns the server as a whole follows in a pause.
            std::thread::sleep(Duration::from_millis(400));
            let (warm, cold) = (tree.told(&mut editor), tree.told(&mut fresh));
            if warm == cold {
                break;
            }
            if Instant::now() > deadline {
                panic!("after round {round}:\n{}", difference(&warm, &cold));
            }
        }
        assert_eq!(fresh.leave(), Some(0));
        tree.files.clone_from(&original);
        for (path, text) in &tree.files {
            editor.change(path, (round * 21 + 22) as i64, text);
        }
    }
    watch.end(&editor, edits);
    assert_eq!(editor.leave(), Some(0));
}
