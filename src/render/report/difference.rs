//! What requests meet otherwise than in another tree.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::super::visible::visible;
use super::trace::{Looks, Report, Request};
use super::{VERSION, json};

/// The requests whose outcome differs, with both stories.
#[derive(Serialize)]
pub struct Differences {
    version: u32,
    requests: Vec<Difference>,
}

#[derive(Serialize)]
struct Difference {
    url: String,
    method: String,
    /// What is another.
    changed: Vec<&'static str>,
    before: Request,
    after: Request,
}

/// The parts of a story that are its outcome.
const OUTCOME: [&str; 8] = [
    "virtual_host",
    "status",
    "location",
    "target",
    "handler",
    "access",
    "response_headers",
    "environment",
];

impl Report {
    /// What differs from this report in another one of the same requests.
    pub fn differences(self, after: Report) -> Differences {
        let pairs = self.requests.into_iter().zip(after.requests);
        let differing = pairs.filter_map(|(before, after)| {
            let (one, other) = (outcome(&before), outcome(&after));
            let pairs = OUTCOME.into_iter().zip(one.iter().zip(&other));
            let changed: Vec<&'static str> = pairs
                .filter(|(_, (one, other))| one != other)
                .map(|it| it.0)
                .collect();
            (!changed.is_empty()).then(|| Difference {
                url: after.url.clone(),
                method: after.method.clone(),
                changed,
                before,
                after,
            })
        });
        Differences {
            version: VERSION,
            requests: differing.collect(),
        }
    }
}

// Places do not count, nor in which folder the tree lies.
fn outcome(request: &Request) -> [Value; OUTCOME.len()] {
    let whole = serde_json::to_value(request).unwrap_or_default();
    let without_root = |value: &Value| match value {
        Value::String(text) if !request.root.is_empty() => {
            Value::String(text.replace(&request.root, ""))
        }
        other => other.clone(),
    };
    let is_run = matches!(
        whole["target"]["kind"].as_str(),
        Some("cgi" | "wsgi" | "proxy")
    );
    OUTCOME.map(|part| match part {
        "virtual_host" => whole[part]["name"].clone(),
        "access" => whole[part]["decision"].clone(),
        "target" => Value::Array(vec![
            whole[part]["kind"].clone(),
            without_root(&whole[part]["value"]),
        ]),
        // Only programs see them.
        "environment" if !is_run => Value::Null,
        _ => without_root(&whole[part]),
    })
}

impl Differences {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// Writes them.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn write(&self, is_json: bool, looks: Looks, out: &mut dyn Write) -> io::Result<()> {
        if is_json {
            return json(self, out);
        }
        for (index, difference) in self.requests.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            let changed = difference.changed.join(", ");
            let heading = format!("{} {}: {changed}", difference.method, difference.url);
            writeln!(out, "{}", visible(&heading))?;
            for (name, story) in [("before", &difference.before), ("after", &difference.after)] {
                write!(out, "{name}: ")?;
                story.write(looks, out)?;
            }
        }
        Ok(())
    }
}
