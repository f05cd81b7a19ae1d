//! The documents, line by line.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use httpd_lint::argument::{self, Manner, Refusal, Version};
use httpd_lint::diagnostic::HttpdMessage;
use httpd_lint::form::Forms;
use httpd_lint::httpd::Table;
use httpd_lint::source::Encoding;
use httpd_lint::syntax::words;

use crate::server::{Here, Server};

/// What surrounds a line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Setting {
    pub(crate) inside: Option<String>,
    pub(crate) before: Option<String>,
    pub(crate) mod_wsgi: Option<Version>,
    pub(crate) modules: Vec<String>,
}

/// One directive line of a document.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) number: usize,
    pub(crate) line: String,
    pub(crate) setting: Setting,
}

impl Case {
    /// The directive's name and where its argument text begins.
    fn split(&self) -> (&str, usize) {
        let end = self
            .line
            .find(|it| words::is_blank(it) || it == '>')
            .unwrap_or(self.line.len());
        let rest = self.line[end..].trim_start_matches(words::is_blank);
        (&self.line[..end], self.line.len() - rest.len())
    }

    pub(crate) fn refusals(&self, server: &Server) -> Vec<Refusal> {
        let (name, start) = self.split();
        // httpd closes a section's line that ends with the name.
        let text = match &self.line[start..] {
            "" if name.starts_with('<') => ">",
            text => text,
        };
        let here = Here {
            server,
            setting: &self.setting,
        };
        let mut refusals = argument::refusals(name, forms(name), text, &here);
        if name.starts_with('<') {
            refusals.extend(argument::refusal_after_body(name, text, &here));
        }
        refusals
    }

    /// The lines below the directive: carets and message for each refusal.
    pub(crate) fn annotations(&self, server: &Server) -> String {
        let start = self.split().1;
        let mut lines = String::new();
        for refusal in self.refusals(server) {
            let before = &self.line[..start + refusal.range.start];
            let column = before.chars().count();
            let text = self.line[start..].get(refusal.range.clone());
            let width = text.map_or(0, |it| it.chars().count()).max(1);
            let message = server.generic(&shown(&refusal));
            let _ = writeln!(lines, "{:column$}{:^>width$} {message}", "", "");
        }
        lines
    }
}

/// What the table says of the words of a directive.
fn forms(directive: &str) -> &'static Forms {
    let table = Table::builtin();
    let name = table.name(directive);
    let definition = name.and_then(|it| table.definitions(it).next());
    definition.map_or(&Forms::NONE, |it| &it.forms)
}

/// A refusal as httpd prints it, without the program's name.
pub(crate) fn shown(refusal: &Refusal) -> String {
    let message = HttpdMessage::escape(&refusal.message, Encoding::Utf8);
    match refusal.manner {
        Manner::Returned | Manner::Abort => message,
        Manner::Exit { number } => format!("{number}: {message}"),
    }
}

pub(crate) fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/arguments");
    let mut documents: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "conf"))
        .collect();
    documents.sort();
    documents
}

/// A line of a document.
pub(crate) enum Line {
    Text,
    Annotation,
    Case(Case),
}

pub(crate) fn read(text: &str) -> Vec<(&str, Line)> {
    let mut setting = Setting::default();
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let kind = if let Some(words) = line.strip_prefix("#! ") {
            change(&mut setting, words);
            Line::Text
        } else if line.is_empty() || line.starts_with('#') {
            Line::Text
        } else if line.trim_start().starts_with('^') {
            Line::Annotation
        } else {
            Line::Case(Case {
                number: index + 1,
                line: line.to_owned(),
                setting: setting.clone(),
            })
        };
        lines.push((line, kind));
    }
    lines
}

fn change(setting: &mut Setting, words: &str) {
    let (key, value) = words.split_once(':').unwrap();
    let value = Some(value.trim().to_owned()).filter(|it| !it.is_empty());
    match key {
        "inside" => setting.inside = value,
        "before" => setting.before = value,
        "modules" => {
            let names = value.iter().flat_map(|it| it.split_whitespace());
            setting.modules = names.map(str::to_owned).collect();
        }
        "mod_wsgi" => {
            let numbers = value.unwrap();
            let mut numbers = numbers.split('.').map(|it| it.parse().unwrap());
            let mut next = || numbers.next().unwrap();
            setting.mod_wsgi = Some((next(), next(), next()));
        }
        _ => panic!("unknown setting {key}"),
    }
}
