//! A document about one rule: what one reads is what is run.
//!
//! Each `##` heading is a sentence that is true and begins a case. Its blocks:
//!
//! | block | what it is |
//! |---|---|
//! | ```` ```conf NAME ```` | a file; the first is the main one. What is found stands under its lines |
//! | ```` ```conf NAME fragment ```` | the main file is a part of a configuration |
//! | ```` ```conf NAME no-newline ```` | a file without its last newline |
//! | ```` ```conf NAME long ```` | a file whose last line goes on for 16 MiB |
//! | ```` ```file PATH ```` | another file of the server, by its whole path |
//! | ```` ```module NAME ```` | the file of a module that nobody knows; its identifier is in the block |
//! | ```` ```facts ```` | what the server was asked for |
//! | ```` ```envvars ```` | the environment that httpd is started with, `NAME=value` lines |
//! | ```` ```diff ```` | what the first fix of every finding changes |
//! | ```` ```output ```` | the whole output for a person |
//! | ```` ```answers ```` | requests, each with what the real server answers: see `tests/answers.rs` |
//!
//! Under a line stand `^^^ level: message` for a finding and, where the case shows any of them,
//! `^^^ its label`, `--- another label`, `= note: …`, `= help: …` and `= httpd: …`.

#![allow(dead_code, reason = "each test uses its part")]

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A document.
pub(crate) struct Fixture {
    pub(crate) path: PathBuf,
    /// The id of the rule: the name of the file, and its title.
    pub(crate) rule: String,
    pub(crate) cases: Vec<Case>,
    text: String,
}

/// A case.
pub(crate) struct Case {
    pub(crate) sentence: String,
    pub(crate) blocks: Vec<Block>,
}

/// A fenced block.
pub(crate) struct Block {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) options: Vec<String>,
    pub(crate) text: String,
    range: Range<usize>,
}

impl Fixture {
    /// Every document below a folder, in order of their paths.
    pub(crate) fn all(folder: &Path) -> Vec<Self> {
        let mut paths: Vec<PathBuf> = walkdir::WalkDir::new(folder)
            .into_iter()
            .map(|it| it.expect("the fixtures are readable").into_path())
            .filter(|it| it.extension().is_some_and(|it| it == "md"))
            .collect();
        paths.sort();
        paths.into_iter().map(Self::read).collect()
    }

    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).expect("a fixture is UTF-8");
        let stem = path.file_stem().unwrap_or_default();
        let rule = stem.to_string_lossy().into_owned();
        assert_eq!(
            text.lines().next(),
            Some(&*format!("# {rule}")),
            "the title of {} is its rule",
            path.display()
        );
        let mut cases: Vec<Case> = Vec::new();
        for part in parts(&text) {
            match part {
                Part::Sentence(sentence) => cases.push(Case {
                    sentence,
                    blocks: Vec::new(),
                }),
                Part::Block(block) => {
                    let case = cases.last_mut().expect("a block stands below a sentence");
                    case.blocks.push(block);
                }
            }
        }
        Self {
            path,
            rule,
            cases,
            text,
        }
    }

    /// Writes the document with other texts in its blocks, in their order.
    pub(crate) fn update(&self, texts: &[String]) {
        let mut text = self.text.clone();
        let blocks = self.cases.iter().flat_map(|it| &it.blocks);
        for (block, new) in blocks.zip(texts).collect::<Vec<_>>().into_iter().rev() {
            text.replace_range(block.range.clone(), new);
        }
        fs::write(&self.path, text).expect("the fixture is writable");
    }
}

impl Block {
    pub(crate) fn has(&self, option: &str) -> bool {
        self.options.iter().any(|it| it == option)
    }

    /// The lines of the file, without what is said under them.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter(|it| !is_annotation(it))
    }

    /// The text of the file.
    pub(crate) fn file(&self) -> String {
        let mut text: String = self.lines().map(|it| format!("{it}\n")).collect();
        if self.has("long") {
            text.insert_str(text.trim_end().len(), &"a".repeat(16 * 1024 * 1024));
        }
        if self.has("no-newline") {
            text.pop();
        }
        text
    }

    /// Whether more than messages is shown.
    pub(crate) fn has_details(&self) -> bool {
        let mut lines = self.text.lines().filter(|it| is_annotation(it));
        lines.any(|it| it.trim_start().starts_with(['=', '-']))
    }
}

/// A line that says something of the line above it.
fn is_annotation(line: &str) -> bool {
    let text = line.trim_start();
    ["^", "--- ", "= note:", "= help:", "= httpd:"]
        .iter()
        .any(|it| text.starts_with(it))
        || (text.starts_with('-') && text.trim_start_matches('-').starts_with(' '))
}

pub(crate) enum Part {
    Sentence(String),
    Block(Block),
}

/// The headings of the second level and the blocks of a document.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        match (bare.strip_prefix("```"), open) {
            (Some(""), Some((info, start))) => {
                let mut words = info.split_whitespace().map(str::to_owned);
                let kind = words.next().unwrap_or_default();
                let mut options: Vec<String> = words.collect();
                let is_named = options.first().is_some_and(|it| it.contains(['.', '/']));
                let name = if is_named {
                    options.remove(0)
                } else {
                    String::new()
                };
                parts.push(Part::Block(Block {
                    kind,
                    name,
                    options,
                    text: text[start..at].to_owned(),
                    range: start..at,
                }));
                open = None;
            }
            (Some(info), None) => open = Some((info, at + line.len())),
            (None, None) => {
                let sentence = bare.strip_prefix("## ");
                parts.extend(sentence.map(|it| Part::Sentence(it.to_owned())));
            }
            _ => {}
        }
        at += line.len();
    }
    assert!(open.is_none(), "a block is not closed");
    parts
}
