//! `-D DUMP_INCLUDES`: the files that are read.

use std::io::{self, Write};

use serde::Serialize;

use super::super::visible::visible;
use super::{Style, VERSION, json};
use crate::model::included_files::IncludedFile;

/// Writes the files of a configuration.
pub fn includes(files: &[IncludedFile], style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    if style.json {
        return json(&IncludesJson::of(files, style), out);
    }
    writeln!(out, "Included configuration files:")?;
    for file in files {
        let indent = 2 * (file.depth + 1);
        let path = visible(&file.path);
        match file.line {
            Some(line) => writeln!(out, "{:indent$}({line}) {path}", "")?,
            None => writeln!(out, "{:indent$}(*) {path}", "")?,
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct IncludesJson<'a> {
    version: u32,
    files: Vec<FileJson<'a>>,
}

#[derive(Serialize)]
struct FileJson<'a> {
    path: &'a str,
    file: String,
    depth: usize,
    line: Option<u32>,
    parent: Option<usize>,
    certain: bool,
}

impl<'a> IncludesJson<'a> {
    fn of(files: &'a [IncludedFile], style: &Style<'_>) -> Self {
        let file = |it: &'a IncludedFile| FileJson {
            path: &it.path,
            file: (style.display)(&it.path),
            depth: it.depth,
            line: it.line,
            parent: it.parent,
            certain: it.certain,
        };
        Self {
            version: VERSION,
            files: files.iter().map(file).collect(),
        }
    }
}
