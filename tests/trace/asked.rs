//! Requests, and what is predicted for them.
#![allow(dead_code, reason = "each test uses its part")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::schema::assert_obeys;
use crate::support::server::bare_environment;

const SCHEMA: &str = include_str!("../../src/render/report/trace_schema.json");

/// A request as it is given to `trace`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) url: String,
    /// Everything about it but its URL.
    pub(crate) options: Vec<String>,
}

/// What `trace` says of requests to a server on this machine, in their order.
pub(crate) fn predictions(
    main: &Path,
    asked: &[Asked],
    arguments: &[String],
    environment: &[(String, String)],
) -> Vec<Value> {
    let mut predicted = vec![Value::Null; asked.len()];
    for alike in groups(asked) {
        let options = [arguments, &asked[alike[0]].options].concat();
        let urls = alike.iter().map(|it| asked[*it].url.as_str());
        let answers = ask(main, urls, options, environment);
        for (index, answer) in alike.into_iter().zip(answers) {
            predicted[index] = answer;
        }
    }
    predicted
}

/// The requests, by their positions, that meet something else in another tree.
pub(crate) fn changed(before: &Path, after: &Path, asked: &[Asked]) -> Vec<usize> {
    let mut changed = Vec::new();
    for alike in groups(asked) {
        let compare = format!("--compare={}", before.display());
        let options = [&[compare], &asked[alike[0]].options[..]].concat();
        let urls = alike.iter().map(|it| asked[*it].url.as_str());
        let different = ask(after, urls, options, &[]);
        let is_among = |it: &usize| different.iter().any(|one| one["url"] == asked[*it].url);
        changed.extend(alike.into_iter().filter(is_among));
    }
    changed.sort_unstable();
    changed
}

/// What a review says of the last commit of a folder.
pub(crate) fn reviewed(folder: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .args(["review", "HEAD~1..HEAD", "httpd.conf", "--host"])
        .args(["--format", "json", "--facts", "debian-12"])
        .current_dir(folder)
        .env_clear()
        .envs(bare_environment())
        .output()
        .expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|error| {
        let stderr = String::from_utf8_lossy(&output.stderr);
        panic!("{}: {error} {stderr}", folder.display())
    })
}

// Those with the same options are asked at once.
fn groups(asked: &[Asked]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, one) in asked.iter().enumerate() {
        let is_alike = |it: &&mut Vec<usize>| asked[it[0]].options == one.options;
        match groups.iter_mut().find(is_alike) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

fn ask<'u>(
    main: &Path,
    urls: impl Iterator<Item = &'u str>,
    options: Vec<String>,
    environment: &[(String, String)],
) -> Vec<Value> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_httpd-lint"));
    command
        .args(["trace", "--host", "--format", "json"])
        .args(["--facts", "debian-12"])
        .args(&options)
        .arg("--")
        .args(urls)
        .arg(main);
    let output = command
        .env_clear()
        .envs(bare_environment())
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .output()
        .expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| {
        let stderr = String::from_utf8_lossy(&output.stderr);
        panic!("{command:?}: {error}\n{text}\n{stderr}")
    });
    if !options.iter().any(|it| it.starts_with("--compare")) {
        assert_obeys(SCHEMA, &report);
    }
    report["requests"].as_array().cloned().unwrap_or_default()
}
