//! Requests as documents write them, and where the server that they are for lies.
#![allow(dead_code, reason = "each test uses its part")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A request: `[METHOD] URL [| NAME: VALUE]…`; `| Host:` sends none.
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<String>,
    pub(crate) port: u16,
}

impl Request {
    /// Reads a line. Where its URL does not name the second port, the first one is meant.
    pub(crate) fn parse(line: &str, ports: [u16; 2]) -> Self {
        let mut parts = line.split(" | ").map(str::trim);
        let first = parts.next().unwrap_or_default();
        let (method, url) = first.split_once(' ').unwrap_or(("GET", first));
        let second = format!(":{}", ports[1]);
        Self {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: parts.map(str::to_owned).collect(),
            port: ports[usize::from(url.contains(&second))],
        }
    }

    /// The request as it is sent.
    pub(crate) fn text(&self) -> String {
        let rest = self.url.strip_prefix("http://").unwrap_or(&self.url);
        let (host, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, "/"),
        };
        let own = self.headers.iter().find(|it| it.starts_with("Host:"));
        let version = match own {
            Some(own) if own == "Host:" => "1.0",
            _ => "1.1",
        };
        let mut text = format!("{} {path} HTTP/{version}\r\n", self.method);
        if own.is_none() {
            write!(text, "Host: {host}\r\n").unwrap();
        }
        for header in self.headers.iter().filter(|it| *it != "Host:") {
            write!(text, "{header}\r\n").unwrap();
        }
        text.push_str("Connection: close\r\n\r\n");
        if self.headers.iter().any(|it| it.ends_with("chunked")) {
            text.push_str("1\r\na\r\n0\r\n\r\n");
        }
        text
    }
}

/// The folder and the ports of a server, which documents call `@DIR@`, `@PORT@` and `@PORT2@`.
pub(crate) struct Place {
    pub(crate) root: PathBuf,
    pub(crate) ports: [u16; 2],
}

impl Place {
    /// A text of a document with the names of the place.
    pub(crate) fn place(&self, text: &str) -> String {
        text.replace("@PORT@", &self.ports[0].to_string())
            .replace("@PORT2@", &self.ports[1].to_string())
            .replace("@DIR@", &self.root.display().to_string())
    }

    /// A text of the server as documents write it.
    pub(crate) fn unplace(&self, text: &str) -> String {
        text.replace(&self.root.display().to_string(), "@DIR@")
            .replace(&self.ports[0].to_string(), "@PORT@")
            .replace(&self.ports[1].to_string(), "@PORT2@")
    }

    /// Changes all files of the folder that are texts.
    pub(crate) fn rewrite(&self, change: impl Fn(&str) -> String) {
        for entry in walkdir::WalkDir::new(&self.root) {
            let path: &Path = &entry.unwrap().into_path();
            if let Ok(text) = fs::read_to_string(path) {
                let changed = change(&text);
                if changed != text {
                    fs::write(path, changed).unwrap();
                }
            }
        }
    }
}
