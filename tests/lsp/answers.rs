//! Answers in few words.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The texts of the files, by their names.
pub(crate) type Texts = BTreeMap<String, String>;

/// The place of an offset, in units of UTF-16.
pub(crate) fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let start = before.rfind('\n').map_or(0, |it| it + 1);
    let line = before.matches('\n').count();
    let column: usize = before[start..].chars().map(char::len_utf16).sum();
    json!({"line": line, "character": column})
}

fn offset(text: &str, position: &Value) -> usize {
    let line = position["line"].as_u64().unwrap();
    let mut left = position["character"].as_u64().unwrap();
    let mut starts = std::iter::once(0).chain(text.match_indices('\n').map(|it| it.0 + 1));
    let Some(start) = starts.nth(usize::try_from(line).unwrap()) else {
        return text.len();
    };
    for (at, character) in text[start..].char_indices() {
        if left == 0 || character == '\n' {
            return start + at;
        }
        left -= character.len_utf16() as u64;
    }
    text.len()
}

// `2:7-2:9`, both counted from 1.
fn range(range: &Value) -> String {
    let at = |it: &Value| {
        let (line, column) = (it["line"].as_u64(), it["character"].as_u64());
        format!("{}:{}", line.unwrap() + 1, column.unwrap() + 1)
    };
    format!("{}-{}", at(&range["start"]), at(&range["end"]))
}

/// An answer, as a document shows it.
pub(crate) fn shown(
    method: &str,
    answer: &Value,
    texts: &Texts,
    wishes: &BTreeMap<String, Value>,
) -> String {
    if let Some(error) = answer.get("error") {
        let (code, message) = (&error["code"], error["message"].as_str().unwrap());
        return format!("error {code}: {message}\n");
    }
    let result = &answer["result"];
    if result.is_null() || *result == json!([]) {
        return "nothing\n".to_owned();
    }
    let wish = |key: &str| wishes.get(key).and_then(Value::as_str);
    let mut lines = match method {
        "textDocument/diagnostic" => diagnostics(&result["items"]),
        "textDocument/hover" => hover(result),
        "textDocument/completion" => completions(result, texts, wish("take")),
        "textDocument/codeAction" => actions(result, texts, wish("take")),
        "textDocument/rename" => edited(result, texts),
        "textDocument/formatting" | "textDocument/rangeFormatting" => {
            let name = texts.keys().next().unwrap();
            vec![applied(&texts[name], result.as_array().unwrap())]
        }
        "textDocument/semanticTokens/full" | "textDocument/semanticTokens/range" => {
            tokens(result, &texts[texts.keys().next().unwrap()])
        }
        "textDocument/documentSymbol" => symbols(result, 0),
        "textDocument/selectionRange" => {
            let first = Some(&result[0]);
            let all = std::iter::successors(first, |it| it.get("parent"));
            all.map(|it| range(&it["range"])).collect()
        }
        "workspace/executeCommand" => vec![result.as_str().unwrap().to_owned()],
        _ => listed(result),
    };
    if let Some(beginning) = wish("show") {
        lines.retain(|it| it.starts_with(beginning));
    }
    let mut text = lines.join("\n");
    if text.trim().is_empty() {
        return "nothing of it\n".to_owned();
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn diagnostics(items: &Value) -> Vec<String> {
    const LEVELS: [&str; 5] = ["", "error", "warning", "information", "hint"];
    let mut lines = Vec::new();
    for it in items.as_array().unwrap() {
        let level = LEVELS[usize::try_from(it["severity"].as_u64().unwrap()).unwrap()];
        let message = it["message"].as_str().unwrap().replace('\n', "\n  ");
        let (place, rule) = (range(&it["range"]), it["code"].as_str().unwrap());
        let tags: Vec<&str> = it["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| {
                if *it == 1 {
                    " (unnecessary)"
                } else {
                    " (deprecated)"
                }
            })
            .collect();
        lines.push(format!(
            "{place} {level} {rule}{}: {message}",
            tags.concat()
        ));
        if let Some(page) = it["codeDescription"]["href"].as_str() {
            lines.push(format!("  page {page}"));
        }
        for other in it["relatedInformation"].as_array().into_iter().flatten() {
            let message = other["message"].as_str().unwrap();
            lines.push(format!("  {} {message}", location(&other["location"])));
        }
    }
    if lines.is_empty() {
        lines.push("nothing".to_owned());
    }
    lines
}

fn location(location: &Value) -> String {
    format!(
        "{} {}",
        location["uri"].as_str().unwrap(),
        range(&location["range"])
    )
}

fn completions(result: &Value, texts: &Texts, taken: Option<&str>) -> Vec<String> {
    let items = result.get("items").unwrap_or(result).as_array().unwrap();
    if let Some(label) = taken {
        let item = items.iter().find(|it| it["label"] == label);
        let item = item.unwrap_or_else(|| panic!("{label} is not offered"));
        let mut edits = vec![item["textEdit"].clone()];
        edits.extend(
            item["additionalTextEdits"]
                .as_array()
                .into_iter()
                .flatten()
                .cloned(),
        );
        return vec![applied(&texts[texts.keys().next().unwrap()], &edits)];
    }
    let mut sorted: Vec<&Value> = items.iter().collect();
    sorted.sort_by_key(|it| it["sortText"].as_str().unwrap_or_default().to_owned());
    let line = |it: &&Value| {
        let detail = it["detail"].as_str().map(|it| format!(": {it}"));
        format!(
            "{}{}",
            it["label"].as_str().unwrap(),
            detail.unwrap_or_default()
        )
    };
    sorted.iter().map(line).collect()
}

fn actions(result: &Value, texts: &Texts, taken: Option<&str>) -> Vec<String> {
    let actions = result.as_array().unwrap();
    if let Some(title) = taken {
        let action = actions.iter().find(|it| it["title"] == title);
        let action = action.unwrap_or_else(|| panic!("{title} is not offered in {result:#}"));
        return edited(&action["edit"], texts);
    }
    let line = |it: &Value| {
        let preferred = if it["isPreferred"] == true {
            ", preferred"
        } else {
            ""
        };
        let (title, kind) = (it["title"].as_str().unwrap(), it["kind"].as_str().unwrap());
        format!("{title} ({kind}{preferred})")
    };
    actions.iter().map(line).collect()
}

// The files that an edit of the workspace changes, with their new texts.
fn edited(edit: &Value, texts: &Texts) -> Vec<String> {
    let changed = edit["documentChanges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let name = it["textDocument"]["uri"].as_str().unwrap();
            let text = applied(&texts[name], it["edits"].as_array().unwrap());
            format!("{name}:\n{text}")
        });
    changed.collect()
}

fn applied(text: &str, edits: &[Value]) -> String {
    let mut edits: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|it| {
            let (range, new) = (&it["range"], it["newText"].as_str().unwrap());
            let at = |key: &str| offset(text, &range[key]);
            (at("start"), at("end"), new)
        })
        .collect();
    edits.sort_by_key(|it| std::cmp::Reverse(it.0));
    let mut text = text.to_owned();
    for (start, end, new) in edits {
        text.replace_range(start..end, new);
    }
    text
}

fn tokens(result: &Value, text: &str) -> Vec<String> {
    let numbers: Vec<usize> = result["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| usize::try_from(it.as_u64().unwrap()).unwrap())
        .collect();
    let lines: Vec<&str> = text.lines().collect();
    let (mut line, mut column) = (0, 0);
    let mut shown = Vec::new();
    for token in numbers.chunks(5) {
        column = if token[0] > 0 {
            token[1]
        } else {
            column + token[1]
        };
        line += token[0];
        let units: Vec<u16> = lines[line].encode_utf16().collect();
        let word = String::from_utf16_lossy(&units[column..column + token[2]]);
        shown.push(format!("{} {word} {} {}", line + 1, token[3], token[4]));
    }
    shown
}

fn symbols(result: &Value, depth: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for it in result.as_array().unwrap() {
        let detail = it["detail"].as_str().map(|it| format!(" — {it}"));
        lines.push(format!(
            "{:indent$}{} {}{}",
            "",
            range(&it["range"]),
            it["name"].as_str().unwrap(),
            detail.unwrap_or_default(),
            indent = depth * 2
        ));
        if it["children"].is_array() {
            lines.extend(symbols(&it["children"], depth + 1));
        }
    }
    lines
}

// Blocks in a block are fenced otherwise.
fn hover(result: &Value) -> Vec<String> {
    let page = result["contents"]["value"].as_str().unwrap();
    vec![page.replace("```", "~~~")]
}

// Anything else: places in short, and what else there is.
fn listed(result: &Value) -> Vec<String> {
    let items = result
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![result.clone()]);
    items.iter().map(one).collect()
}

fn one(item: &Value) -> String {
    let mut item = item.clone();
    shorten(&mut item);
    match item {
        Value::String(text) => text,
        Value::Object(all) => {
            let part = |(key, it): (&String, &Value)| match it {
                Value::String(text) => format!("{key} {text}"),
                other => format!("{key} {other}"),
            };
            all.iter().map(part).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

fn shorten(value: &mut Value) {
    if value.get("start").is_some_and(Value::is_object) && value.get("end").is_some() {
        *value = range(value).into();
        return;
    }
    if value.get("uri").is_some() && value.get("range").is_some() && value["uri"].is_string() {
        *value = location(value).into();
        return;
    }
    match value {
        Value::Array(all) => all.iter_mut().for_each(shorten),
        Value::Object(all) => all.values_mut().for_each(shorten),
        _ => {}
    }
}
