//! Requests, and what is predicted for them.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::server::bare_environment;

/// A request as it is given to `trace`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) url: String,
    /// Everything about it but its URL.
    pub(crate) options: Vec<String>,
}

/// What `trace` says of requests to a server on this machine, in their order.
pub(crate) fn predictions(
    root: &Path,
    main: &Path,
    asked: &[Asked],
    arguments: &[String],
    environment: &[(String, String)],
) -> Vec<Value> {
    let mut predicted = vec![Value::Null; asked.len()];
    let mut waiting: Vec<usize> = (0..asked.len()).collect();
    while let Some(first) = waiting.first().copied() {
        let options = &asked[first].options;
        let (alike, others) = waiting
            .iter()
            .partition(|it| asked[**it].options == *options);
        let alike: Vec<usize> = alike;
        let urls = alike.iter().map(|it| asked[*it].url.as_str());
        let answers = ask(root, main, urls, [arguments, options].concat(), environment);
        for (index, answer) in alike.iter().zip(answers) {
            predicted[*index] = answer;
        }
        waiting = others;
    }
    predicted
}

fn ask<'u>(
    root: &Path,
    main: &Path,
    urls: impl Iterator<Item = &'u str>,
    options: Vec<String>,
    environment: &[(String, String)],
) -> Vec<Value> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_httpd-lint"));
    command
        .args(["trace", "--host", "--format", "json"])
        .args(["--facts", "debian-12"])
        .arg("--server-root")
        .arg(root)
        .args(options)
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
    report["requests"].as_array().cloned().unwrap_or_default()
}
