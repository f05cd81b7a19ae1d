//! What an editor is told of a configuration.
//!
//! The documents are `tests/lsp/*.md`. Each `##` heading is a sentence that is true and begins a
//! case. Its blocks, in their order:
//!
//! | block | what it is |
//! |---|---|
//! | ```` ```conf NAME ```` | a file; `‸` is the cursor, `⟦…⟧` what is selected. Those with either are open, or else the first |
//! | ```` ```settings ```` | what the client has settled, as JSON |
//! | ```` ```client ```` | what the client can do, as JSON, beside what this one can |
//! | ```` ```change NAME ```` | the new text of an open document |
//! | ```` ```write NAME ```` | the new text of a file on the disk, of which the client tells |
//! | ```` ```close NAME ```` | a document is closed |
//! | ```` ```ask METHOD ```` | a question at the cursor, with further parameters as JSON. `show` takes of a list what begins so; `take` applies the action of this title |
//! | ```` ```answer ```` | the answer, in few words |
//!
//! `UPDATE=1 cargo test --test lsp` writes down the answers that are given now: read the difference
//! before committing it.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

#[path = "lsp/answers.rs"]
mod answers;
#[path = "support"]
mod support {
    pub(crate) mod editor;
    pub(crate) mod fixture;
    pub(crate) mod folder;
}

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use answers::{Texts, shown};
use serde_json::{Value, json};
use support::editor::{Editor, merge, uri};
use support::fixture::{Block, Case, Fixture};
use support::folder;

const CURSOR: char = '‸';
const SELECTION: [char; 2] = ['⟦', '⟧'];

#[test]
fn every_document_shows_what_is_answered() {
    let mut wrong = Vec::new();
    let updating = std::env::var_os("UPDATE").is_some();
    for fixture in Fixture::all(Path::new("tests/lsp")) {
        let mut texts = Vec::new();
        for case in &fixture.cases {
            let answers = answers(case);
            let blocks = case.blocks.iter().filter(|it| it.kind == "answer");
            let shown = blocks.clone().count();
            assert_eq!(shown, answers.len(), "{}: {}", fixture.rule, case.sentence);
            for (block, answer) in blocks.zip(&answers) {
                if block.text != *answer {
                    let (title, sentence, shown) = (&fixture.rule, &case.sentence, &block.text);
                    wrong.push(format!(
                        "{title}: {sentence}\n--- shown\n{shown}--- answered\n{answer}"
                    ));
                }
            }
            let mut answers = answers.into_iter();
            texts.extend(case.blocks.iter().map(|it| match it.kind.as_str() {
                "answer" => answers.next().expect("every answer has a question"),
                _ => it.text.clone(),
            }));
        }
        if updating {
            fixture.update(&texts);
        }
    }
    assert!(updating || wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where the cursor is, or what is selected: offsets in a text without the marks.
struct Place {
    file: String,
    start: usize,
    end: usize,
}

fn answers(case: &Case) -> Vec<String> {
    let (_guard, folder) = folder::temporary();
    let mut texts = Texts::new();
    let mut place = None;
    let mut opened = Vec::new();
    let files = || case.blocks.iter().filter(|it| it.kind == "conf");
    for block in files() {
        let (text, found) = without_marks(block, &folder);
        let path = folder.join(&block.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &text).unwrap();
        if found.is_some() || block.has("open") {
            opened.push(block.name.clone());
        }
        place = place.or(found);
        texts.insert(block.name.clone(), text);
    }
    if opened.is_empty() {
        opened.extend(files().next().map(|it| it.name.clone()));
    }
    let mut parameters = json!({
        "initializationOptions": {"facts": ["debian-12"]},
        "capabilities": {
            "textDocument": {
                "diagnostic": {"relatedInformation": true},
                "completion": {"completionItem": {"snippetSupport": true}},
            },
            "workspace": {"workspaceEdit": {"documentChanges": true}},
        },
    });
    for block in &case.blocks {
        let over = |key: &str| json!({key: serde_json::from_str::<Value>(&block.text).unwrap()});
        match block.kind.as_str() {
            "settings" => merge(&mut parameters, &over("initializationOptions")),
            "client" => merge(&mut parameters, &over("capabilities")),
            _ => {}
        }
    }
    let mut editor = Editor::of(&folder, &parameters);
    for name in &opened {
        editor.open(&folder.join(name), &texts[name]);
    }
    let mut session = Session {
        folder,
        texts,
        place,
        version: 1,
    };
    let asked = case.blocks.iter();
    let answers: Vec<String> = asked
        .filter_map(|block| session.step(&mut editor, block))
        .collect();
    assert_eq!(editor.leave(), Some(0), "{}", case.sentence);
    answers
}

fn without_marks(block: &Block, folder: &Path) -> (String, Option<Place>) {
    let marked = block.text.replace("@DIR@", &folder.to_string_lossy());
    let start = marked.find([CURSOR, SELECTION[0]]);
    let text = marked.replace([CURSOR, SELECTION[0], SELECTION[1]], "");
    let place = start.map(|start| {
        let end = marked.find(SELECTION[1]);
        let end = end.map_or(start, |it| it - SELECTION[0].len_utf8());
        let file = block.name.clone();
        Place { file, start, end }
    });
    (text, place)
}

struct Session {
    folder: PathBuf,
    texts: Texts,
    place: Option<Place>,
    version: i64,
}

impl Session {
    // What a block does; the answer to a question.
    fn step(&mut self, editor: &mut Editor, block: &Block) -> Option<String> {
        let path = self.folder.join(&block.name);
        match block.kind.as_str() {
            "change" => {
                self.version += 1;
                let (text, place) = without_marks(block, &self.folder);
                editor.change(&path, self.version, &text);
                self.place = place.or(self.place.take());
                self.texts.insert(block.name.clone(), text);
                None
            }
            "write" => {
                std::fs::write(&path, &block.text).unwrap();
                let changes = json!([{"uri": uri(&path), "type": 2}]);
                editor.tell(
                    "workspace/didChangeWatchedFiles",
                    json!({"changes": changes}),
                );
                self.texts.insert(block.name.clone(), block.text.clone());
                None
            }
            "close" => {
                let document = json!({"uri": uri(&path)});
                editor.tell("textDocument/didClose", json!({"textDocument": document}));
                None
            }
            "ask" => Some(self.ask(editor, block)),
            _ => None,
        }
    }

    fn ask(&self, editor: &mut Editor, block: &Block) -> String {
        let (method, mut parameters) = (&block.name, json!({}));
        let mut wishes: BTreeMap<String, Value> = BTreeMap::new();
        if !block.text.trim().is_empty() {
            let given = block.text.replace("@DIR@", &self.folder.to_string_lossy());
            let given: Value = serde_json::from_str(&given).expect("parameters are JSON");
            let (own, other) = given
                .as_object()
                .expect("parameters are an object")
                .iter()
                .partition::<Vec<_>, _>(|it| ["show", "take"].contains(&it.0.as_str()));
            wishes.extend(own.into_iter().map(|(key, it)| (key.clone(), it.clone())));
            parameters = other
                .into_iter()
                .map(|(key, it)| (key.clone(), it.clone()))
                .collect::<serde_json::Map<_, _>>()
                .into();
        }
        if !method.starts_with("workspace/") {
            let first = self.texts.keys().next().expect("there is a file");
            let file = self.place.as_ref().map_or(first, |it| &it.file);
            let text = &self.texts[file];
            let mut all = json!({"textDocument": {"uri": uri(&self.folder.join(file))}});
            if let Some(place) = &self.place {
                let at = |it| answers::position(text, it);
                let range = json!({"start": at(place.start), "end": at(place.end)});
                let position = at(place.start);
                merge(
                    &mut all,
                    &json!({"position": position, "positions": [position], "range": range}),
                );
            }
            merge(&mut all, &parameters);
            parameters = all;
        }
        if method == "textDocument/codeAction" && parameters.get("context").is_none() {
            parameters["context"] = json!({"diagnostics": []});
        }
        let mut answer = editor.ask(method, parameters);
        answer = replaced(answer, &self.folder.to_string_lossy());
        let shown = shown(method, &answer, &self.texts, &wishes);
        shown.replace(&*self.folder.to_string_lossy(), "@DIR@")
    }
}

// Names of files without the folder of the case.
fn replaced(value: Value, folder: &str) -> Value {
    let without = |it: String| {
        it.replace(&format!("file://{folder}/"), "")
            .replace(folder, "@DIR@")
    };
    match value {
        Value::String(text) => without(text).into(),
        Value::Array(all) => all.into_iter().map(|it| replaced(it, folder)).collect(),
        Value::Object(all) => all
            .into_iter()
            .map(|(key, it)| (without(key), replaced(it, folder)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other,
    }
}

fn frame(body: &str) -> Vec<u8> {
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn error_of(answer: &Value) -> i64 {
    answer["error"]["code"].as_i64().unwrap_or_default()
}

#[test]
fn nothing_is_answered_before_the_beginning_and_after_the_end() {
    let mut editor = Editor::silent();
    let early = editor.ask("textDocument/hover", json!({}));
    assert_eq!(error_of(&early), -32002);
    editor.tell("textDocument/didOpen", json!({}));
    let begun = editor.ask("initialize", json!({"capabilities": {}}));
    assert_eq!(begun["result"]["serverInfo"]["name"], "httpd-lint");
    editor.tell("initialized", json!({}));
    let again = editor.ask("initialize", json!({"capabilities": {}}));
    assert_eq!(error_of(&again), -32600);
    editor.ask("shutdown", Value::Null);
    let late = editor.ask("textDocument/hover", json!({}));
    assert_eq!(error_of(&late), -32600);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn a_client_that_goes_without_a_word_ends_the_server_with_an_error() {
    let editor = Editor::silent();
    assert_eq!(editor.end(), Some(1));
    let mut editor = Editor::silent();
    editor.tell("exit", Value::Null);
    assert_eq!(editor.end(), Some(1));
}

#[test]
fn what_is_no_message_is_answered_with_an_error_and_passed_over() {
    let (_guard, folder) = folder::temporary();
    let mut editor = Editor::of(&folder, &json!({}));
    let cases = [
        (&b"nonsense\r\n"[..], -32700),
        (b"Content-Length: many\r\n\r\n", -32700),
        (b"Content-Length: 2\r\n\r\n{]", -32700),
        (b"Content-Length: 3\r\n\r\n\xff\xfe\xfd", -32700),
    ];
    for (bytes, code) in cases {
        editor.write(bytes);
        let answer = editor.wait(|it| it["id"].is_null() && it.get("error").is_some());
        assert_eq!(error_of(&answer.unwrap()), code);
    }
    for body in ["[]", "7", "{}", r#"{"jsonrpc":"2.0","id":[],"method":"x"}"#] {
        editor.write(&frame(body));
        let answer = editor.wait(|it| it.get("error").is_some()).unwrap();
        assert_eq!(error_of(&answer), -32600, "{body}");
    }
    let unknown = editor.ask("textDocument/unheardOf", json!({}));
    assert_eq!(error_of(&unknown), -32602);
    let unknown = editor.ask("unheardOf", json!({}));
    assert_eq!(error_of(&unknown), -32601);
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn a_client_that_lies_is_told_so() {
    let (_guard, folder) = folder::temporary();
    let file = folder.join("httpd.conf");
    std::fs::write(&file, "Timeout 5\n").unwrap();
    let abilities = json!({"capabilities": {"textDocument": {"diagnostic": {}}}});
    let mut editor = Editor::of(&folder, &abilities);
    let document = json!({"textDocument": {"uri": uri(&file)}});
    // Nothing is open.
    let answer = editor.ask("textDocument/diagnostic", document.clone());
    assert_eq!(error_of(&answer), -32602);
    let logged = |editor: &mut Editor| {
        let message = editor
            .wait(|it| it["method"] == "window/logMessage")
            .unwrap();
        message["params"]["message"].as_str().unwrap().to_owned()
    };
    editor.change(&file, 2, "Timeout 6\n");
    assert!(logged(&mut editor).ends_with("is not open"));
    editor.tell("textDocument/didClose", document.clone());
    assert!(logged(&mut editor).ends_with("is not open"));
    editor.open(&file, "Timeout 5\n");
    // Far below the last line.
    let far = json!({"line": 900, "character": 0});
    let range = json!({"start": far, "end": far});
    editor.tell(
        "textDocument/didChange",
        json!({
            "textDocument": {"uri": uri(&file), "version": 3},
            "contentChanges": [{"range": range, "text": "x"}],
        }),
    );
    assert!(logged(&mut editor).ends_with("out of range"));
    editor.tell("textDocument/didChange", json!({"textDocument": 7}));
    assert!(logged(&mut editor).starts_with("textDocument/didChange"));
    // The text is what it was.
    let answer = editor.ask("textDocument/diagnostic", document.clone());
    assert_eq!(answer["result"]["items"], json!([]));
    editor.tell("textDocument/didClose", document.clone());
    editor.tell("textDocument/didClose", document.clone());
    assert!(logged(&mut editor).ends_with("is not open"));
    let answer = editor.ask("textDocument/diagnostic", document);
    assert_eq!(error_of(&answer), -32602);
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn what_nobody_waits_for_is_answered_so() {
    let (_guard, folder) = folder::temporary();
    let file = folder.join("httpd.conf");
    std::fs::write(&file, "").unwrap();
    let mut editor = Editor::of(&folder, &json!({}));
    editor.open(&file, "Timeout 5\n");
    editor.tell("$/cancelRequest", json!({"id": "later"}));
    let parameters = json!({"textDocument": {"uri": uri(&file)}});
    editor.send(&json!({
        "jsonrpc": "2.0", "id": "later", "method": "textDocument/diagnostic", "params": parameters,
    }));
    let answer = editor.wait(|it| it["id"] == "later").unwrap();
    assert_eq!(error_of(&answer), -32800);
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn findings_are_sent_where_nobody_asks_for_them() {
    let (_guard, folder) = folder::temporary();
    let (main, site) = (folder.join("httpd.conf"), folder.join("site.conf"));
    let root = folder.display();
    let text = format!("ServerRoot {root}\nInclude site.conf\nKeepAlive x\n");
    std::fs::write(&main, text).unwrap();
    std::fs::write(&site, "KeepAlive on\n").unwrap();
    let mut editor = Editor::of(&folder, &json!({}));
    editor.open(&site, "KeepAlive on\n");
    assert_eq!(editor.published(&site, 1), json!([]));
    // A file that is not open has no version.
    let of_main = editor.wait(|it| it["params"]["uri"] == uri(&main)).unwrap();
    let found = of_main["params"]["diagnostics"].as_array().unwrap();
    assert!(found.iter().any(|it| it["code"] == "invalid-argument"));
    assert!(of_main["params"].get("version").is_none());
    editor.change(&site, 2, "KeepAlive y\n");
    let found = editor.published(&site, 2);
    assert_eq!(found[0]["code"], "invalid-argument");
    editor.change(&site, 3, "Timeout 7\n");
    assert_eq!(editor.published(&site, 3), json!([]));
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn a_client_is_asked_for_its_settings_and_told_how_work_goes_on() {
    let (_guard, folder) = folder::temporary();
    let file = folder.join("httpd.conf");
    std::fs::write(&file, "").unwrap();
    let mut editor = Editor::of(
        &folder,
        &json!({"capabilities": {
            "general": {"positionEncodings": ["utf-8", "utf-16"]},
            "window": {"workDoneProgress": true},
            "workspace": {
                "configuration": true,
                "didChangeWatchedFiles": {"dynamicRegistration": true},
            },
        }}),
    );
    assert_eq!(editor.offered["capabilities"]["positionEncoding"], "utf-8");
    let watched = editor.wait(|it| it["method"] == "client/registerCapability");
    let registration = &watched.unwrap()["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    let asked = editor
        .wait(|it| it["method"] == "workspace/configuration")
        .unwrap();
    let settings = json!([{"define": ["WANTED"]}]);
    editor.send(&json!({"jsonrpc": "2.0", "id": asked["id"], "result": settings}));
    let text = "<IfDefine WANTED>\nKeepAlive x\n</IfDefine>\n";
    editor.open(&file, text);
    let progress = |editor: &mut Editor, kind: &str| {
        let said = editor.wait(|it| it["params"]["value"]["kind"] == kind);
        said.unwrap()["params"]["token"].clone()
    };
    let token = progress(&mut editor, "begin");
    assert_eq!(progress(&mut editor, "end"), token);
    // The first findings may be those from before the settings came.
    let found = loop {
        let found = editor.published(&file, 1);
        if found != json!([]) {
            break found;
        }
    };
    assert_eq!(found[0]["code"], "invalid-argument");
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn a_file_that_no_main_file_reads_is_a_part_until_one_does() {
    let (_guard, folder) = folder::temporary();
    let (main, site) = (folder.join("httpd.conf"), folder.join("site.conf"));
    std::fs::write(&main, "").unwrap();
    std::fs::write(&site, "").unwrap();
    let mut editor = Editor::of(&folder, &json!({}));
    let text = "${NAME}\n";
    editor.open(&site, text);
    assert_eq!(editor.published(&site, 1), json!([]));
    let root = folder.display();
    let reads = format!("ServerRoot {root}\nDefine NAME Bogus\nInclude site.conf\n");
    editor.open(&main, &reads);
    editor.change(&site, 2, text);
    loop {
        let found = editor.published(&site, 2);
        if found[0]["code"] == "unknown-directive" {
            break;
        }
    }
    assert_eq!(editor.leave(), Some(0));
}

// The rules of what is found in a document.
fn found(editor: &mut Editor, path: &Path) -> Vec<String> {
    let parameters = json!({"textDocument": {"uri": uri(path)}});
    let answer = editor.ask("textDocument/diagnostic", parameters);
    let items = answer["result"]["items"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let codes = items.iter().filter_map(|it| it["code"].as_str());
    codes.map(str::to_owned).collect()
}

fn close(editor: &mut Editor, path: &Path) {
    let document = json!({"textDocument": {"uri": uri(path)}});
    editor.tell("textDocument/didClose", document);
}

const PULLS: &str = r#"{"capabilities": {"textDocument": {"diagnostic": {}}}}"#;

#[test]
fn a_document_that_no_main_file_reads_is_seen_by_it_as_the_editor_shows_it() {
    let (_guard, folder) = folder::temporary();
    for name in ["sites-available", "sites-enabled"] {
        std::fs::create_dir(folder.join(name)).unwrap();
    }
    let site = folder.join("sites-available/shop");
    std::fs::write(&site, "# nothing yet\n").unwrap();
    let link = folder.join("sites-enabled/shop.site");
    std::os::unix::fs::symlink(&site, link).unwrap();
    let main = folder.join("httpd.conf");
    let root = folder.display();
    let reads = format!("ServerRoot {root}\nIncludeOptional sites-enabled/*.conf\n");
    std::fs::write(&main, &reads).unwrap();
    let mut editor = Editor::of(&folder, &serde_json::from_str(PULLS).unwrap());
    editor.open(&main, &reads);
    let is_missed = |found: Vec<String>| found.contains(&"unread-site".to_owned());
    assert!(!is_missed(found(&mut editor, &main)));
    editor.open(&site, "<VirtualHost *:80>\n</VirtualHost>\n");
    assert!(is_missed(found(&mut editor, &main)));
    editor.change(&site, 2, "# nothing any more\n");
    assert!(!is_missed(found(&mut editor, &main)));
    editor.change(&site, 3, "<VirtualHost *:80>\n</VirtualHost>\n");
    close(&mut editor, &site);
    assert!(!is_missed(found(&mut editor, &main)));
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn a_file_that_is_only_in_the_editor_is_there_as_long_as_it_is_open() {
    let (_guard, folder) = folder::temporary();
    let (main, new) = (folder.join("httpd.conf"), folder.join("new.conf"));
    let root = folder.display();
    let reads = format!("ServerRoot {root}\nInclude new.conf\n");
    std::fs::write(&main, &reads).unwrap();
    let mut editor = Editor::of(&folder, &serde_json::from_str(PULLS).unwrap());
    editor.open(&main, &reads);
    let is_missed = |found: Vec<String>| found.contains(&"unreadable-include".to_owned());
    assert!(is_missed(found(&mut editor, &main)));
    editor.open(&new, "Bogus\n");
    assert!(!is_missed(found(&mut editor, &main)));
    assert_eq!(found(&mut editor, &new), ["unknown-directive"]);
    close(&mut editor, &new);
    assert!(is_missed(found(&mut editor, &main)));
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn of_a_wide_change_what_is_open_is_told_first_and_the_rest_in_the_background() {
    let (_guard, folder) = folder::temporary();
    let sites = 100;
    let site = |number: usize| folder.join(format!("sites/{number:03}.conf"));
    std::fs::create_dir(folder.join("sites")).unwrap();
    for number in 0..sites {
        std::fs::write(site(number), "KeepAlive ${SPAN}\n").unwrap();
    }
    let main = folder.join("httpd.conf");
    let text = |span: &str| {
        let root = folder.display();
        format!("ServerRoot {root}\nDefine SPAN {span}\nInclude sites/*.conf\n")
    };
    std::fs::write(&main, text("on")).unwrap();
    let mut editor = Editor::of(&folder, &json!({}));
    editor.open(&site(70), "KeepAlive ${SPAN}\n");
    assert_eq!(editor.published(&site(70), 1), json!([]));
    editor.open(&main, &text("on"));
    editor.published(&main, 1);
    // What is known of the whole by now is told before anything is changed.
    std::thread::sleep(std::time::Duration::from_millis(500));
    editor.ask("workspace/symbol", json!({"query": ""}));
    while editor.come(|_| true).is_some() {}

    editor.change(&main, 2, &text("maybe"));
    let document = json!({"textDocument": {"uri": uri(&site(70))}});
    editor.send(&json!({
        "jsonrpc": "2.0", "id": "symbols", "method": "textDocument/documentSymbol",
        "params": document,
    }));
    let mut told = Vec::new();
    while told.iter().filter(|it| **it == "a closed site").count() < sites - 1 {
        let message = editor.wait(|_| true).unwrap();
        let is_refused = message["params"]["diagnostics"][0]["code"] == "invalid-argument";
        let of = &message["params"]["uri"];
        told.push(match () {
            () if message["id"] == "symbols" => "an answer",
            () if *of == uri(&site(70)) && is_refused => "the open site",
            () if *of == uri(&main) => "the open main file",
            () if is_refused => "a closed site",
            () => continue,
        });
    }
    let first = |what: &str| told.iter().position(|it| *it == what);
    for what in ["the open site", "the open main file", "an answer"] {
        assert!(first(what) < first("a closed site"), "{what}: {told:?}");
        assert!(first(what).is_some(), "{what}");
    }
    assert_eq!(editor.leave(), Some(0));
}
