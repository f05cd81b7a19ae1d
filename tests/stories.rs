//! The stories that `trace` tells: `tests/stories/*.conf`, whose first line is the question, and
//! beside each what is told. `UPDATE=1` writes it.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

#[path = "render/schema.rs"]
mod schema;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SCHEMA: &str = include_str!("../src/render/report/trace_schema.json");

#[test]
fn stories_are_told_as_they_are_written() {
    for question in questions() {
        let told = told(&question, &[]);
        let written = question.with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&written, told).unwrap();
            continue;
        }
        let expected = fs::read_to_string(&written).unwrap_or_default();
        assert_eq!(told, expected, "{}", question.display());
    }
}

#[test]
fn the_same_as_json_obeys_the_schema() {
    for question in questions() {
        let told = told(&question, &["--format", "json"]);
        schema::assert_obeys(SCHEMA, &serde_json::from_str(&told).unwrap());
        let is_told = self::told(&question, &[]).contains("passed over: ");
        let is_written = told.contains("\"passed_over\"");
        assert_eq!(is_told, is_written, "{}", question.display());
    }
}

fn questions() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|it| it.unwrap().path());
    let mut questions: Vec<PathBuf> = paths
        .filter(|it| it.extension().is_some_and(|it| it == "conf"))
        .collect();
    questions.sort();
    questions
}

fn told(question: &Path, more: &[&str]) -> String {
    let text = fs::read_to_string(question).unwrap();
    let first = text.lines().next().unwrap_or_default();
    let arguments = first.trim_start_matches('#').split_whitespace();
    let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .args(arguments)
        .args(more)
        .arg(question.file_name().unwrap())
        .current_dir(question.parent().unwrap())
        .env_clear()
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}
