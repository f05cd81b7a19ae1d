//! `tests/trace/*.md`: servers that are started here.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::site::Site;
use crate::support::document::{Case, Document};
use crate::support::server::{MODULES, Server, may_start_as_root};
use crate::support::workers;

#[test]
fn a_real_server_answers_what_is_predicted() {
    if Server::find().is_none() || !may_start_as_root() {
        eprintln!("skipped: only root starts a server that changes to another user");
        return;
    }
    let mut wrong = Vec::new();
    for document in Document::all(&folder()) {
        let asked = workers::map(&document.cases, answers);
        let (answers, mistakes): (Vec<String>, Vec<Vec<String>>) = asked.into_iter().unzip();
        if std::env::var_os("UPDATE").is_some() {
            document.update(&answers);
        } else {
            wrong.extend(document.outdated(&answers));
        }
        wrong.extend(mistakes.concat());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trace")
}

fn answers(case: &Case) -> (String, Vec<String>) {
    let site = Site::new();
    case.write(&site.root, Path::new(MODULES));
    site.write("www/index.html", "www/index.html\n");
    for line in &case.setup {
        set_up(&site, line);
    }
    site.put_ports();
    let requests: Vec<&str> = case
        .request
        .as_deref()
        .unwrap_or_default()
        .lines()
        .collect();
    let (shown, mistakes) = site.ask(&site.root.join(&case.main), &requests);
    let named = mistakes.iter().map(|it| format!("{}\n{it}", case.name));
    (shown, named.collect())
}

// What a line of a `setup` block does: `file NAME…`, `mode MODE NAME`, `link NAME TARGET`.
fn set_up(site: &Site, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["file", ..] => words[1..]
            .iter()
            .for_each(|it| site.write(it, &format!("{it}\n"))),
        ["mode", mode, name] => {
            let mode = u32::from_str_radix(mode, 8).unwrap();
            fs::set_permissions(site.root.join(name), PermissionsExt::from_mode(mode)).unwrap();
        }
        ["link", name, target] => symlink(target, site.root.join(name)).unwrap(),
        _ => panic!("`{line}` is no step"),
    }
}
