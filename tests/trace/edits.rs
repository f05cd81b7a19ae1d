//! Edits of configurations that look random: where a real server answers otherwise, a review says
//! what changed, and an edit that means nothing is none.

use crate::asked::reviewed;
use crate::random::{behind_prelude, made};
use crate::support::random::{Random, wanted};
use crate::support::repository::{git_in, is_there};
use crate::support::server::{Server, may_start_as_root};
use crate::support::workers;

const SEED: u64 = 20_261_123;

/// So many configurations are edited unless `EDITS` says how many.
const EDITS: u64 = 24;

#[test]
fn reviews_tell_of_edits_that_change_answers() {
    let Some(server) = Server::find().filter(|_| is_there() && may_start_as_root()) else {
        eprintln!("skipped: only root starts a server that changes to another user");
        return;
    };
    let seed = wanted("SEED", SEED);
    let numbers: Vec<u64> = (0..wanted("EDITS", EDITS)).collect();
    let told = workers::map(&numbers, |it| told(&server, seed, *it));
    let wrong: Vec<String> = told.iter().filter_map(|it| it.clone().err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let changing = told.iter().filter(|it| **it == Ok(true)).count();
    assert!(changing > 0, "no edit changes any answer");
}

// Whether an edit changed an answer; an error where the review misses that, or tells of what means
// nothing.
fn told(server: &Server, seed: u64, number: u64) -> Result<bool, String> {
    let made = made(seed, number);
    let (site, root) = (&made.site, &made.site.root);
    let main = root.join("httpd.conf");
    let requests: Vec<&str> = made.requests.iter().map(String::as_str).collect();
    let (before, _) = site.compare(&main, &requests);
    commit(root, "init");

    let mut random = Random::of(seed ^ 1, number);
    let own = behind_prelude(&made.text);
    let prelude = &made.text[..made.text.len() - own.len()];
    let write = |own: &str| {
        site.write("httpd.conf", &format!("{prelude}{own}"));
        site.put_ports();
        server.check(&main, root, &[], &[]).0
    };
    let changes = || {
        reviewed(root)["changes"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    };
    assert!(write(&disguised(&mut random, own)));
    commit(root, "disguise");
    let for_nothing = changes();
    if !for_nothing.is_empty() {
        return Err(format!("{number}: no edit of\n{own}\nis {for_nothing:#?}"));
    }
    let edited = edited(&mut random, own);
    if !write(&edited) {
        return Ok(false);
    }
    commit(root, "edit");
    let (after, _) = site.compare(&main, &requests);
    match before != after && changes().is_empty() {
        true => Err(format!(
            "{number}: {requests:#?}\nwere answered\n{before}by\n{own}{}\nand are\n{after}by\n{edited}",
            made.access_files
        )),
        false => Ok(before != after),
    }
}

fn commit(root: &std::path::Path, message: &str) {
    if message == "init" {
        git_in(root, &["init", "--quiet", "--initial-branch=main"]);
    }
    git_in(root, &["add", "httpd.conf", "www"]);
    let options = ["--quiet", "--allow-empty", "--message", message];
    git_in(root, &[&["commit"], &options[..]].concat());
}

// Comments, blanks and other spellings of names.
fn disguised(random: &mut Random, text: &str) -> String {
    let disguise = |line: &str| match random.below(5) {
        0 => format!("# a remark\n\n  {line}\n"),
        1 => format!("\t{line}  \n"),
        2 => {
            let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
            let line = format!("{} {rest}", name.to_lowercase());
            format!("{}\n", line.trim_end())
        }
        3 if !line.starts_with('<') => format!("{}\n", line.replacen(' ', " \\\n ", 1)),
        _ => format!("{line}\n"),
    };
    text.lines().map(disguise).collect()
}

// A line that is gone, another one in its place, or two that change places.
fn edited(random: &mut Random, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let is_plain = |it: &usize| {
        let name = lines[*it].trim_start();
        !name.starts_with(['<', '#']) && !name.starts_with("LoadModule")
    };
    let plain: Vec<usize> = (0..lines.len()).filter(is_plain).collect();
    let Some(at) = plain.get(random.below(plain.len())).copied() else {
        return text.to_owned();
    };
    let other = *random.pick(&plain);
    match random.below(4) {
        0 | 1 => {
            lines.remove(at);
        }
        2 => lines[at] = lines[other].clone(),
        _ => lines.swap(at, other),
    }
    lines.join("\n") + "\n"
}
