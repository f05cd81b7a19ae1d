//! Whatever is typed, in the end an editor is told what a fresh start would tell it.
//!
//! `EDITS=10000 cargo test --release --test soak -- --nocapture` types more than the few edits of every
//! day, and says how much memory the server has after a tenth of them and at the end.
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

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::editor::{Editor, uri};
use support::folder;
use support::random::Random;

const SEED: u64 = 9;

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

struct Tree {
    root: PathBuf,
    files: Vec<(PathBuf, String)>,
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
        }
    }

    fn editor(&self) -> Editor {
        let parameters = json!({
            "initializationOptions": {"facts": ["debian-12"]},
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
    let example = Path::new("examples/debian-wsgi/etc/apache2")
        .canonicalize()
        .unwrap();
    let names = ["apache2.conf", "ports.conf"];
    let mut tree = Tree::of(&example, &names);
    let sites = std::fs::read_dir(example.join("sites-enabled")).unwrap();
    for site in sites.take(2) {
        let path = site.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        tree.files.push((path, text));
    }
    let original = tree.files.clone();
    let mut editor = tree.editor();
    let edits = edits(60);
    let mut watch = Watch::of("an example", edits);
    for number in 0..edits {
        watch.look(&editor, number);
        let mut random = Random::of(SEED, number as u64);
        type_into(&mut editor, &mut tree, &mut random, number + 2);
        let warm = tree.told(&mut editor);
        let mut fresh = tree.editor();
        let cold = tree.told(&mut fresh);
        assert_eq!(warm, cold, "after edit {number}");
        assert_eq!(fresh.leave(), Some(0));
        // From time to time everything is as it was, so that not all ends in rubble.
        if number % 20 == 19 {
            tree.files.clone_from(&original);
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
            let mut random = Random::of(SEED, (round * 20 + number) as u64 + 1_000_000);
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
                assert_eq!(warm, cold, "after round {round}");
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
