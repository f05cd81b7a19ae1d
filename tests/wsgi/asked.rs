//! A request, what it is predicted to get, and what it gets.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::request::Request;
use crate::support::server::bare_environment;

/// What a script may say of its process: the name in its answer, and in the prediction.
const VALUES: [(&str, &str); 5] = [
    ("mod_wsgi.process_group", "process_group"),
    ("mod_wsgi.application_group", "application_group"),
    ("wsgi.multithread", "multithread"),
    ("wsgi.multiprocess", "multiprocess"),
    ("sys.prefix", "sys_prefix"),
];

/// What a server answered.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// `None` where it did not.
    pub(crate) status: Option<u64>,
    /// What the script said, by the name in the prediction.
    pub(crate) values: Vec<(&'static str, Value)>,
}

impl Measured {
    /// Reads an answer.
    pub(crate) fn read(answer: &str) -> Self {
        let status = answer.split(' ').nth(1).and_then(|it| it.parse().ok());
        let value = |line: &str, name: &str| {
            let text = line.strip_prefix(name)?.strip_prefix(" = ")?;
            Some(match text {
                "True" => Value::Bool(true),
                "False" => Value::Bool(false),
                text => Value::String(text.to_owned()),
            })
        };
        let mut values = Vec::new();
        for line in answer.lines() {
            let found = VALUES.iter();
            values.extend(found.filter_map(|it| Some((it.1, value(line, it.0)?))));
        }
        Self { status, values }
    }

    /// Whether a script answered.
    pub(crate) fn is_answered(&self) -> bool {
        !self.values.is_empty()
    }

    /// As the documents show it.
    pub(crate) fn shown(&self, log: &str) -> String {
        let mut shown = self
            .status
            .map_or("no answer".to_owned(), |it| it.to_string());
        for (name, value) in &self.values {
            let text = match value {
                Value::String(text) => format!("'{text}'"),
                value => value.to_string(),
            };
            write!(shown, " {name}={text}").unwrap();
        }
        if !log.is_empty() {
            write!(shown, " {log}").unwrap();
        }
        shown
    }
}

/// What `show wsgi` says.
#[derive(Debug)]
pub(crate) struct Predicted {
    request: Value,
    pub(crate) log: Option<String>,
}

impl Predicted {
    /// Asks about one request to the server of this machine.
    pub(crate) fn ask(
        root: &Path,
        main: &Path,
        version: &str,
        asked: &Request,
        arguments: &[String],
        environment: &[(String, String)],
    ) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_httpd-lint"));
        command
            .args(["show", "wsgi", "--host", "--format", "json"])
            .args(["--mod-wsgi", version, "--facts", "debian-12"])
            .arg("--server-root")
            .arg(root)
            .arg(main)
            .args(["--connect", &format!("127.0.0.1:{}", asked.port)])
            .args(["--method", &asked.method, "--url", &asked.url])
            .args(arguments);
        for header in &asked.headers {
            command.args(["--header", header]);
        }
        let output = command
            .env_clear()
            .envs(bare_environment())
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .output()
            .expect("the program starts");
        let text = String::from_utf8_lossy(&output.stdout);
        let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| {
            let stderr = String::from_utf8_lossy(&output.stderr);
            panic!("{}: {error}\n{text}\n{stderr}", asked.url)
        });
        let request = report["requests"][0].clone();
        Self {
            log: request["log"].as_str().map(str::to_owned),
            request,
        }
    }

    /// Whether the log says what is predicted; nothing may be.
    pub(crate) fn is_logged(&self, log: &str) -> bool {
        self.log.as_ref().is_none_or(|it| log.contains(it.as_str()))
    }

    /// The fields in which the prediction differs, and those that it does not know.
    pub(crate) fn compare(&self, measured: &Measured) -> (Vec<String>, Vec<String>) {
        let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
        let status = measured.status.map_or(Value::Null, Value::from);
        let status = std::iter::once(("status", &status));
        let values = measured.values.iter().map(|it| (it.0, &it.1));
        for (field, value) in status.chain(values) {
            let ours = &self.request[field];
            if ours == value {
                continue;
            }
            match ours {
                Value::Null => unknown.push(field.to_owned()),
                ours => wrong.push(format!("{field} is {value} and not {ours}")),
            }
        }
        (wrong, unknown)
    }
}

/// Makes a virtual environment without pip, as `python3 -m venv` does.
pub(crate) fn make_virtual_environment(folder: &Path) {
    let made = Command::new("/usr/bin/python3")
        .args(["-m", "venv", "--without-pip"])
        .arg(folder)
        .status();
    assert!(
        made.is_ok_and(|it| it.success()),
        "Python makes a virtual environment"
    );
}
