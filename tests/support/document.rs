//! A document of cases: what one reads is what is run.
//!
//! Each `##` heading is a sentence that is true and begins a case. The fenced blocks below it are
//! its files; the first ```` ```conf NAME ```` is the main one. Blocks before the first `##` belong
//! to every case of the document, and `tests/cases/server.conf` to every case at all. What the real
//! server says stands last:
//!
//! | block | what it is |
//! |---|---|
//! | ```` ```conf NAME ```` | a file; `@DIR@` is the case's folder, `@MODDIR@` the server's modules, `@THIRDPARTY@` those of packages that are only unpacked |
//! | ```` ```conf NAME escaped ```` | the same, with `\0`, `\r`, `\t`, `\xNN` and `\\` for bytes that a page cannot show |
//! | ```` ```conf NAME no-newline ```` | the same, without the last newline |
//! | ```` ```conf NAME filled=N ```` | the same, the last line filled up to `N` bytes with its newline |
//! | ```` ```link NAME ```` | a symbolic link to the path in the block |
//! | ```` ```folder NAME ```` | an empty folder |
//! | ```` ```arguments ```` | options for the command line, such as `-D NAME` |
//! | ```` ```setup ```` | what is done before the server starts, for tests that start it |
//! | ```` ```request ```` | what a browser asks for, for tests that start the server |
//! | ```` ```httpd ```` | what `httpd -t` prints: the refusal, or `Syntax OK`; or what the server answers and logs |
#![allow(dead_code, reason = "each test uses its part")]

use std::ffi::OsStr;
use std::fs;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::server::{MODULES, third_party};

/// What stands in a case's folder under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    File(Vec<u8>),
    Link(String),
    Folder,
}

#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// Topic, document and sentence: `lines/continuations: A backslash joins two lines`.
    pub(crate) name: String,
    /// The name of the main file.
    pub(crate) main: String,
    /// Everything in the folder, by name; the main file too.
    pub(crate) entries: Vec<(String, Entry)>,
    /// Options for the command line.
    pub(crate) arguments: Vec<String>,
    /// The lines of the `setup` block.
    pub(crate) setup: Vec<String>,
    /// The text of the `request` block.
    pub(crate) request: Option<String>,
    /// The text of the `httpd` block; empty while nobody has asked the server.
    pub(crate) expected: String,
    /// The block in the document, or the empty place where it would stand.
    expected_range: Range<usize>,
}

#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) path: PathBuf,
    pub(crate) cases: Vec<Case>,
    text: String,
}

impl Document {
    /// Every document below a folder, in order of their paths.
    pub(crate) fn all(folder: &Path) -> Vec<Self> {
        let mut paths: Vec<PathBuf> = walkdir::WalkDir::new(folder)
            .into_iter()
            .map(|it| it.expect("the folder of cases is readable").into_path())
            .filter(|it| it.extension().is_some_and(|it| it == "md"))
            .collect();
        paths.sort();
        let server = fs::read(folder.join("server.conf")).expect("the cases have a server.conf");
        let everywhere = [("server.conf".to_owned(), Entry::File(server))];
        paths
            .into_iter()
            .map(|path| {
                let text = fs::read_to_string(&path).expect("a document is UTF-8");
                let title = path.with_extension("");
                let title = title.strip_prefix(folder).unwrap_or(&title);
                Self::parse(path.clone(), &title.to_string_lossy(), text, &everywhere)
            })
            .collect()
    }

    /// The only case of a text that is written like a document of a folder.
    pub(crate) fn case(folder: &Path, text: &str) -> Case {
        let server = fs::read(folder.join("server.conf")).expect("the cases have a server.conf");
        let everywhere = [("server.conf".to_owned(), Entry::File(server))];
        let document = Self::parse(PathBuf::new(), "", text.to_owned(), &everywhere);
        let mut cases = document.cases.into_iter();
        cases.next().expect("the text has a heading")
    }

    fn parse(path: PathBuf, title: &str, text: String, shared: &[(String, Entry)]) -> Self {
        let mut shared = shared.to_vec();
        let mut cases: Vec<Case> = Vec::new();
        let mut rest = 0..text.len();
        while let Some((line, range)) = next_line(&text, &mut rest) {
            if let Some(sentence) = line.strip_prefix("## ") {
                cases.push(Case::new(format!("{title}: {sentence}"), &shared));
            } else if let Some(info) = line.strip_prefix("```") {
                let block = Block::read(info, range.start, &text, &mut rest);
                match cases.last_mut() {
                    Some(case) => case.add(block),
                    None => shared.extend(block.entry()),
                }
            }
        }
        for case in &cases {
            assert!(!case.main.is_empty(), "{} has no `conf` block", case.name);
        }
        Self { path, cases, text }
    }

    /// The cases whose `httpd` block is not what was answered, each as a paragraph.
    pub(crate) fn outdated(&self, answers: &[String]) -> Vec<String> {
        let cases = self.cases.iter().zip(answers);
        let outdated = cases.filter(|(case, answer)| case.expected != **answer);
        outdated
            .map(|(case, answer)| {
                let Case { name, expected, .. } = case;
                format!("{name}\n--- written\n{expected}--- said\n{answer}")
            })
            .collect()
    }

    /// Writes the document with other `httpd` blocks: one text for each case, in their order.
    pub(crate) fn update(&self, answers: &[String]) {
        let mut text = self.text.clone();
        for (case, answer) in self.cases.iter().zip(answers).rev() {
            let is_new = case.expected_range.is_empty();
            let gap = if is_new { "\n" } else { "" };
            let block = format!("{gap}```httpd\n{answer}```\n");
            text.replace_range(case.expected_range.clone(), &block);
        }
        fs::write(&self.path, text).expect("the document is writable");
    }
}

impl Case {
    fn new(name: String, shared: &[(String, Entry)]) -> Self {
        Self {
            name,
            main: String::new(),
            entries: shared.to_vec(),
            arguments: Vec::new(),
            setup: Vec::new(),
            request: None,
            expected: String::new(),
            expected_range: 0..0,
        }
    }

    /// Everything in a folder, with names for the places.
    pub(crate) fn of_folder(name: &str, folder: &Path, main: &str) -> Self {
        let mut case = Self::new(name.to_owned(), &[]);
        case.main = main.to_owned();
        let entries = walkdir::WalkDir::new(folder)
            .min_depth(1)
            .sort_by_file_name();
        for entry in entries {
            let entry = entry.expect("the folder is readable");
            let name = entry.path().strip_prefix(folder);
            let name = name.expect("it was found below").to_string_lossy();
            let kind = entry.file_type();
            let entry = if kind.is_dir() {
                Entry::Folder
            } else if kind.is_symlink() {
                let target = fs::read_link(entry.path()).expect("it is a link");
                Entry::Link(target.to_string_lossy().into_owned())
            } else {
                let bytes = fs::read(entry.path()).expect("the folder is readable");
                let bytes = replace(&bytes, folder.as_os_str().as_encoded_bytes(), b"@DIR@");
                Entry::File(replace(&bytes, MODULES.as_bytes(), b"@MODDIR@"))
            };
            case.entries.push((name.into_owned(), entry));
        }
        case
    }

    fn add(&mut self, block: Block) {
        match block.kind {
            "httpd" => {
                self.expected = block.text.to_owned();
                self.expected_range = block.range;
                return;
            }
            "arguments" => {
                self.arguments = block.text.split_whitespace().map(str::to_owned).collect()
            }
            "setup" => self.setup = block.text.lines().map(str::to_owned).collect(),
            "request" => self.request = Some(block.text.trim().to_owned()),
            "conf" if self.main.is_empty() => self.main = block.name.to_owned(),
            _ => {}
        }
        self.expected_range = block.range.end..block.range.end;
        self.entries.extend(block.entry());
    }

    /// The file names of the modules that the case speaks of.
    pub(crate) fn modules(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (_, entry) in &self.entries {
            let Entry::File(bytes) = entry else { continue };
            let text = String::from_utf8_lossy(bytes);
            for mention in text.split("@MODDIR@/").skip(1) {
                let name = mention
                    .split(|it: char| it.is_whitespace() || it == '"')
                    .next();
                names.extend(name.map(str::to_owned));
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// Whether it needs modules of packages that are only unpacked.
    pub(crate) fn needs_third_party(&self) -> bool {
        let is_mention = |it: &Entry| match it {
            Entry::File(bytes) => memchr::memmem::find(bytes, b"@THIRDPARTY@").is_some(),
            _ => false,
        };
        self.entries.iter().any(|it| is_mention(&it.1))
    }

    /// Whether its modules are there, as far as they are only unpacked.
    pub(crate) fn is_complete(&self) -> bool {
        !self.needs_third_party() || Path::new(third_party::MODULES).exists()
    }

    /// Puts the case's files into a folder.
    pub(crate) fn write(&self, folder: &Path, modules: &Path) {
        for (name, entry) in &self.entries {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("an entry stands in a folder"))
                .expect("the folder is writable");
            match entry {
                Entry::File(bytes) => fs::write(&path, placed(bytes, folder, modules)),
                Entry::Link(target) => {
                    let target = placed(target.as_bytes(), folder, modules);
                    symlink(OsStr::from_bytes(&target), &path)
                }
                Entry::Folder => fs::create_dir_all(&path),
            }
            .expect("the folder is writable");
        }
    }
}

/// A text in which the places' names are replaced by the places.
pub(crate) fn placed(bytes: &[u8], folder: &Path, modules: &Path) -> Vec<u8> {
    let bytes = replace(bytes, b"@DIR@", folder.as_os_str().as_encoded_bytes());
    let bytes = replace(&bytes, b"@THIRDPARTY@", third_party::MODULES.as_bytes());
    replace(&bytes, b"@MODDIR@", modules.as_os_str().as_encoded_bytes())
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest, from) {
        result.extend_from_slice(&rest[..at]);
        result.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    result.extend_from_slice(rest);
    result
}

struct Block<'a> {
    kind: &'a str,
    name: &'a str,
    options: Vec<&'a str>,
    text: &'a str,
    range: Range<usize>,
}

impl<'a> Block<'a> {
    fn read(info: &'a str, start: usize, document: &'a str, rest: &mut Range<usize>) -> Self {
        let mut words = info.split_whitespace();
        let (kind, name) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let text_start = rest.start;
        while let Some((line, range)) = next_line(document, rest) {
            if line == "```" {
                return Self {
                    kind,
                    name,
                    options: words.collect(),
                    text: &document[text_start..range.start],
                    range: start..rest.start,
                };
            }
        }
        panic!("the block ```{info} is not closed");
    }

    fn entry(&self) -> Option<(String, Entry)> {
        let entry = match self.kind {
            "conf" => Entry::File(self.bytes()),
            "link" => Entry::Link(self.text.trim().to_owned()),
            "folder" => Entry::Folder,
            "arguments" | "request" | "setup" => return None,
            other => panic!("a case has no block of kind `{other}`"),
        };
        assert!(
            !self.name.is_empty(),
            "a `{}` block needs a name",
            self.kind
        );
        Some((self.name.to_owned(), entry))
    }

    fn bytes(&self) -> Vec<u8> {
        let mut text = self.text;
        let mut escaped = false;
        let mut filled = None;
        for option in &self.options {
            match option.split_once('=') {
                None if *option == "no-newline" => text = text.strip_suffix('\n').unwrap_or(text),
                None if *option == "escaped" => escaped = true,
                Some(("filled", length)) => filled = length.parse().ok(),
                _ => panic!("a file has no option `{option}`"),
            }
        }
        let mut bytes = match escaped {
            true => unescape(text),
            false => text.as_bytes().to_vec(),
        };
        if let Some(length) = filled {
            fill(&mut bytes, length);
        }
        bytes
    }
}

/// Makes the last line so long, its newline counted.
fn fill(bytes: &mut Vec<u8>, length: usize) {
    bytes.pop();
    let start = memchr::memrchr(b'\n', bytes).map_or(0, |it| it + 1);
    bytes.resize(start + length - 1, b'x');
    bytes.push(b'\n');
}

/// `\0`, `\r`, `\t`, `\xNN` and `\\` as bytes; a backslash before anything else stays.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let (byte, length) = match after.as_bytes().first() {
            Some(b'0') => (0, 1),
            Some(b'r') => (b'\r', 1),
            Some(b't') => (b'\t', 1),
            Some(b'\\') => (b'\\', 1),
            Some(b'x') => (
                u8::from_str_radix(&after[1..3], 16).expect("`\\x` is followed by two digits"),
                3,
            ),
            _ => (b'\\', 0),
        };
        bytes.push(byte);
        rest = &after[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

/// The next line without its newline, and its place; `rest` moves behind it.
fn next_line<'a>(text: &'a str, rest: &mut Range<usize>) -> Option<(&'a str, Range<usize>)> {
    if rest.start == rest.end {
        return None;
    }
    let length = text[rest.clone()]
        .find('\n')
        .map_or(rest.len(), |it| it + 1);
    let range = rest.start..rest.start + length;
    rest.start = range.end;
    Some((text[range.clone()].trim_end_matches('\n'), range))
}
