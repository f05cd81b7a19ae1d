//! `httpd-lint facts show`.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use serde_json::{Value as Json, json};

use super::super::{Failure, say, written};
use super::{FactsArguments, FactsFormat, age, read};
use crate::facts::{Entry, Facts, Value};
use crate::render::visible;

// Where a value that is a list is broken.
const WIDTH: usize = 100;

pub(super) fn run(arguments: &FactsArguments, format: FactsFormat) -> Result<ExitCode, Failure> {
    let mut notes = Vec::new();
    let facts = read::of_paths(&arguments.paths, &mut notes)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    match format {
        FactsFormat::Table => {
            for note in &notes {
                say(note)?;
            }
            written(table(&facts, &mut out).and_then(|()| out.flush()))?;
        }
        FactsFormat::Json => {
            let json = json!({
                "version": 1,
                "captured": facts.captured.as_ref().map(|it| it.value.to_string()),
                "facts": facts.entries().iter().map(entry).collect::<Vec<_>>(),
                "notes": notes,
            });
            written(writeln!(out, "{json:#}").and_then(|()| out.flush()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

// Contract: `schema.json`, beside this file.
fn entry(entry: &Entry) -> Json {
    json!({
        "name": entry.name,
        "value": value(&entry.value),
        "source": { "text": &*entry.origin.text, "line": entry.origin.line },
    })
}

/// A text or a list.
pub(super) fn value(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::List(list) => json!(list),
    }
}

fn table(facts: &Facts, out: &mut dyn Write) -> std::io::Result<()> {
    let entries = facts.entries();
    let names = entries.iter().map(|it| it.name.chars().count());
    let names = names.max().unwrap_or_default();
    let origins = entries
        .iter()
        .map(|it| it.origin.to_string().chars().count());
    let origins = origins.max().unwrap_or_default();
    for entry in &entries {
        let origin = entry.origin.to_string();
        let name = &entry.name;
        let begin = format!("{origin:<origins$}  {name:<names$}  ");
        let mut lines = broken(&entry.value, names).into_iter();
        writeln!(
            out,
            "{}{}",
            visible(&begin),
            visible(&lines.next().unwrap_or_default())
        )?;
        let indent = begin.chars().count();
        for line in lines {
            writeln!(out, "{:indent$}{}", "", visible(&line))?;
        }
    }
    if let Some(age) = age(facts) {
        writeln!(out, "\n{age}")?;
    }
    Ok(())
}

// A list, as many of it on a line as fit.
fn broken(value: &Value, taken: usize) -> Vec<String> {
    let list = match value {
        Value::Text(text) => return vec![text.clone()],
        Value::List(list) => list,
    };
    let mut lines: Vec<String> = Vec::new();
    for word in list {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() + taken < WIDTH => {
                line.push_str("  ");
                line.push_str(word);
            }
            _ => lines.push(word.clone()),
        }
    }
    lines
}
