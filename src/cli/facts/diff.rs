//! `httpd-lint facts diff`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value as Json, json};

use super::super::{Failure, say, written};
use super::{FactsFormat, read, show};
use crate::facts::{Entry, Value};
use crate::render::visible;

// What is another on every machine or at every time, and tells nothing of how a server behaves.
const INCIDENTAL: [&str; 3] = ["captured", "gap", "system.host"];

/// A fact that is not the same on both sides; a side that does not know it is `None`.
struct Difference {
    name: String,
    before: Option<Entry>,
    after: Option<Entry>,
}

pub(super) fn run(before: &Path, after: &Path, format: FactsFormat) -> Result<ExitCode, Failure> {
    let mut notes = Vec::new();
    let mut entries = |path: &Path| -> Result<_, Failure> {
        let facts = read::of_paths(&[PathBuf::from(path)], &mut notes)?;
        let entries = facts.entries().into_iter();
        let told = entries.filter(|it| !INCIDENTAL.contains(&it.name.as_str()));
        Ok(told.map(|it| (it.name.clone(), it)).collect())
    };
    let differences = differences(entries(before)?, entries(after)?);
    for note in &notes {
        say(note)?;
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let result = match format {
        FactsFormat::Table => differences.iter().try_for_each(|it| it.write(&mut out)),
        FactsFormat::Json => {
            let all: Vec<Json> = differences.iter().map(Difference::json).collect();
            writeln!(out, "{:#}", json!({ "version": 1, "differences": all }))
        }
    };
    written(result.and_then(|()| out.flush()))?;
    Ok(ExitCode::from(u8::from(!differences.is_empty())))
}

fn differences(
    mut before: BTreeMap<String, Entry>,
    mut after: BTreeMap<String, Entry>,
) -> Vec<Difference> {
    let names: BTreeSet<String> = before.keys().chain(after.keys()).cloned().collect();
    let all = names.into_iter().map(|name| Difference {
        before: before.remove(&name),
        after: after.remove(&name),
        name,
    });
    let value = |it: &Option<Entry>| it.as_ref().map(|it| it.value.clone());
    // What is not told may be the same.
    let is_told = |it: &Option<Entry>| it.as_ref().is_none_or(Entry::is_told);
    all.filter(|it| is_told(&it.before) && is_told(&it.after))
        .filter(|it| value(&it.before) != value(&it.after))
        .collect()
}

impl Difference {
    fn json(&self) -> Json {
        let side = |it: &Option<Entry>| {
            it.as_ref().map(|it| {
                json!({
                    "value": show::value(&it.value),
                    "source": { "text": &*it.origin.text, "line": it.origin.line },
                })
            })
        };
        json!({ "name": self.name, "before": side(&self.before), "after": side(&self.after) })
    }

    // Of two lists only what one of them lacks, unless it is their order.
    fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(out, "{}", visible(&self.name))?;
        for (mark, side, other) in [
            ('-', &self.before, &self.after),
            ('+', &self.after, &self.before),
        ] {
            let Some(entry) = side else { continue };
            let text = match (&entry.value, other.as_ref().map(|it| &it.value)) {
                (Value::Text(text), _) => text.clone(),
                (Value::List(list), Some(Value::List(other))) => only_in(list, other),
                (Value::List(list), _) => list.join(" "),
            };
            if !text.is_empty() {
                writeln!(out, "  {mark} {}  ({})", visible(&text), entry.origin)?;
            }
        }
        Ok(())
    }
}

fn only_in(list: &[String], other: &[String]) -> String {
    let own: Vec<&str> = list
        .iter()
        .filter(|it| !other.contains(it))
        .map(String::as_str)
        .collect();
    let is_order = own.is_empty() && other.iter().all(|it| list.contains(it));
    if is_order {
        return list.join(" ");
    }
    own.join(" ")
}
