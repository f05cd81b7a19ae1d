//! `tests/review/*.md`: changes, what is told of them, and what two servers answer.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::schema::assert_obeys;
use crate::site::Site;
use crate::support::document::{Case, Document, Entry};
use crate::support::repository;
use crate::support::server::{MODULES, Server, may_start_as_root};
use crate::support::tree::Tree;
use crate::support::workers;

const SCHEMA: &str = include_str!("../../src/render/review/schema.json");

#[test]
fn what_is_told_is_what_two_servers_do() {
    if Server::find().is_none() || !may_start_as_root() || !repository::is_there() {
        eprintln!("skipped: only root starts a server that changes to another user");
        return;
    }
    let mut wrong = Vec::new();
    for document in Document::all(&folder()) {
        let told = workers::map(&document.cases, told);
        let (told, mistakes): (Vec<String>, Vec<Vec<String>>) = told.into_iter().unzip();
        if std::env::var_os("UPDATE").is_some() {
            document.update(&told);
        } else {
            wrong.extend(document.outdated(&told));
        }
        wrong.extend(mistakes.concat());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review")
}

fn told(case: &Case) -> (String, Vec<String>) {
    let mut told = reviewed(case);
    let lines: Vec<&str> = case
        .request
        .as_deref()
        .unwrap_or_default()
        .lines()
        .collect();
    let (before, mut mistakes) = answers(case, &["before"], &lines);
    let (after, more) = answers(case, &["before", "after"], &lines);
    mistakes.extend(more);
    for ((line, one), other) in lines.iter().zip(&before).zip(&after) {
        let answer = match one == other {
            true => format!("{one}, before and after"),
            false => format!("{one}, and after it {other}"),
        };
        write!(told, "\n{line}\n    {answer}\n").unwrap();
    }
    if told.starts_with("no effective change") && before != after {
        mistakes.push("the servers answer differently".to_owned());
    }
    let named = mistakes.iter().map(|it| format!("{}\n{it}", case.name));
    (told, named.collect())
}

// The files of a side, without the name of its folder.
fn files<'c>(case: &'c Case, side: &str) -> impl Iterator<Item = (&'c str, String)> {
    let below = format!("{side}/");
    let shared = side == "before";
    case.entries.iter().filter_map(move |(name, entry)| {
        let Entry::File(bytes) = entry else {
            return None;
        };
        let name = match name.strip_prefix(&below) {
            None if shared && !name.contains('/') => name,
            found => found?,
        };
        let text = String::from_utf8_lossy(bytes).replace("@MODDIR@", MODULES);
        Some((name, text))
    })
}

fn set_up(case: &Case) -> impl Iterator<Item = &str> {
    let words = case
        .setup
        .iter()
        .flat_map(|it| it.split_whitespace().skip(1));
    words.chain(["www/index.html"])
}

fn reviewed(case: &Case) -> String {
    let placed = |text: &str| {
        let text = text.replace("@DIR@", "/srv/site");
        text.replace("@PORT@", "8080").replace("@PORT2@", "8081")
    };
    let tree = Tree::new(&[]);
    for name in set_up(case) {
        tree.put(name, format!("{name}\n"));
    }
    for (name, text) in files(case, "before") {
        tree.put(name, placed(&text));
    }
    repository::init(&tree);
    for (name, text) in files(case, "after") {
        tree.put(name, placed(&text));
    }
    let place = ["--map", "/srv/site=.", "--server-root", "/srv/site"];
    let known = [&place[..], &["--facts", "debian-12"]].concat();
    let arguments = [&["review", "main", "httpd.conf"], &known[..]].concat();
    let said = tree.run(&arguments);
    assert_ne!(said.code, Some(2), "{}: {}", case.name, said.err);
    let json = tree.run(&[&arguments[..], &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_obeys(SCHEMA, &json);
    let text = said.out.replace("/srv/site", "@DIR@");
    text.replace(":8080", ":@PORT@")
        .replace(":8081", ":@PORT2@")
}

fn answers(case: &Case, sides: &[&str], lines: &[&str]) -> (Vec<String>, Vec<String>) {
    let site = Site::new();
    for name in set_up(case) {
        site.write(name, &format!("{name}\n"));
    }
    for (name, text) in sides.iter().flat_map(|it| files(case, it)) {
        site.write(name, &text);
    }
    if lines.is_empty() {
        return (Vec::new(), Vec::new());
    }
    site.put_ports();
    let (shown, mistakes) = site.ask(&site.root.join("httpd.conf"), lines);
    (shown.lines().map(str::to_owned).collect(), mistakes)
}
