//! From the options to facts.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::{Failure, ServerArguments};
use super::hosts::{Servers, merge};
use crate::facts::{
    Environment, Fact, Facts, LibraryVersion, Moment, Origin, Version, builtin, builtin_names,
};
use crate::shell::{now, server};
use crate::threads;

/// How long one question to a real httpd may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

// A longer file is no text of facts, and may have no end.
const LONGEST_TEXT: u64 = 64 << 20;

// More notes about one text tell nobody more.
const MOST_NOTES: usize = 20;

/// Files are read in parts of so many; fewer are not worth a thread of their own.
const PART: usize = 16;

/// After so many days a machine is likely to have been updated.
const OLD_DAYS: i64 = 90;

/// A text that was read, or a common build.
pub(super) struct Text {
    /// Where it lies; `None` for a common build.
    pub(super) file: Option<PathBuf>,
    /// What it says.
    pub(super) facts: Facts,
}

/// The servers that the options name. `linted` is the main file of the configuration.
pub(in super::super) fn read(
    arguments: &ServerArguments,
    environment: Option<&Fact<Environment>>,
    linted: Option<&Path>,
    gaps: &mut Vec<String>,
) -> Result<Servers, Failure> {
    let mut servers = Servers::of(texts(&arguments.facts, gaps)?, gaps)?;
    for (facts, _) in &servers.groups {
        note_age(facts, gaps);
    }
    if let Some(httpd) = &arguments.httpd {
        let [(facts, _)] = servers.groups.as_mut_slice() else {
            let message = "`--httpd` is one server, and `--facts` names several";
            return Err(Failure(message.to_owned()));
        };
        let asked = server::ask(&server::Questions {
            httpd,
            environment,
            only_if_active: linted,
            limit: PATIENCE,
            now: now(),
        });
        require_httpd(&asked, httpd)?;
        gaps.extend(asked.gaps.iter().map(|it| it.value.clone()));
        merge(facts, asked, gaps);
    }
    if let Some(version) = &arguments.mod_wsgi {
        for (facts, _) in &mut servers.groups {
            facts.mod_wsgi_version = Some(mod_wsgi(version)?);
        }
    }
    let told = gaps.len().min(MOST_NOTES);
    if servers.hosts.len() > 1 && gaps.len() > told {
        let rest = gaps.len() - told;
        gaps.truncate(told);
        gaps.push(format!("{rest} notes more about the facts of other hosts"));
    }
    Ok(servers)
}

/// Refuses a program that is no httpd.
pub(super) fn require_httpd(facts: &Facts, httpd: &Path) -> Result<(), Failure> {
    if facts.version.is_some() {
        return Ok(());
    }
    let why = facts.gaps.first().map(|it| format!(" ({})", it.value));
    Err(Failure(format!(
        "{}: answers nothing that httpd would{}",
        httpd.display(),
        why.unwrap_or_default()
    )))
}

/// The facts of files, folders, patterns and common builds, as those of one server; what a later
/// one says counts.
pub(super) fn of_paths(paths: &[PathBuf], gaps: &mut Vec<String>) -> Result<Facts, Failure> {
    let mut facts = Facts::default();
    for text in texts(paths, gaps)? {
        merge(&mut facts, text.facts, gaps);
    }
    Ok(facts)
}

fn texts(paths: &[PathBuf], gaps: &mut Vec<String>) -> Result<Vec<Text>, Failure> {
    let mut texts = Vec::new();
    for path in paths {
        if let Some(facts) = path.to_str().filter(|_| !path.exists()).and_then(builtin) {
            texts.push(Text { file: None, facts });
            continue;
        }
        let files = files_below(path)?;
        let read = threads::map_parts(
            &files,
            PART,
            || (),
            |(), files| -> Vec<_> { files.iter().map(|it| of_file(it)).collect() },
        );
        for (file, read) in files.iter().zip(read.into_iter().flatten()) {
            let (facts, notes) = read?;
            gaps.extend(notes);
            let file = Some(file.clone());
            texts.push(Text { file, facts });
        }
    }
    Ok(texts)
}

// What a file says, and notes about it.
fn of_file(file: &Path) -> Result<(Facts, Vec<String>), Failure> {
    let (facts, problems) = Facts::read(&file.display().to_string(), &text_of(file)?);
    if let Some(problem) = problems.first().filter(|_| facts == Facts::default()) {
        return Err(Failure(problem.to_string()));
    }
    let (told, rest) = problems.split_at(problems.len().min(MOST_NOTES));
    let mut notes: Vec<String> = told.iter().map(ToString::to_string).collect();
    if !rest.is_empty() {
        notes.push(format!("{}: {} notes more", file.display(), rest.len()));
    }
    Ok((facts, notes))
}

/// Whether a capture is so old that the machine may have changed.
pub(super) fn is_old(captured: Moment, now: Moment) -> bool {
    captured.days_until(now) > OLD_DAYS
}

fn note_age(facts: &Facts, gaps: &mut Vec<String>) {
    let Some(captured) = &facts.captured else {
        return;
    };
    let now = now();
    if let Some(ago) = captured
        .value
        .ago(now)
        .filter(|_| is_old(captured.value, now))
    {
        gaps.push(format!(
            "{}: captured {ago}: the server may have changed",
            captured.origin
        ));
    }
}

// Of `4.9` the last one is meant: it has all that any 4.9 has.
fn mod_wsgi(text: &str) -> Result<Fact<LibraryVersion>, Failure> {
    const LAST: u32 = u8::MAX as u32;
    let mut numbers = [LAST; 3];
    for (index, part) in text.split('.').enumerate() {
        let number = part.parse().ok().filter(|it| *it <= LAST);
        match (numbers.get_mut(index), number) {
            (Some(place), Some(number)) => *place = number,
            _ => {
                return Err(Failure(format!(
                    "`{text}` is no version: write `4.9` or `6.1`"
                )));
            }
        }
    }
    let [major, minor, patch] = numbers;
    Ok(Fact {
        value: LibraryVersion {
            number: Version {
                major,
                minor,
                patch,
            },
            text: text.to_owned(),
        },
        origin: Origin {
            text: "--mod-wsgi".into(),
            line: 1,
        },
    })
}

fn text_of(file: &Path) -> Result<String, Failure> {
    let failure = |it: std::io::Error| Failure(format!("{}: {it}", file.display()));
    let mut bytes = Vec::new();
    File::open(file)
        .map_err(failure)?
        .take(LONGEST_TEXT + 1)
        .read_to_end(&mut bytes)
        .map_err(failure)?;
    if bytes.len() as u64 > LONGEST_TEXT {
        return Err(Failure(format!(
            "{}: is too long for a text of facts",
            file.display()
        )));
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

// A file, all files of a folder, or those that a pattern matches.
fn files_below(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let pattern = path.to_string_lossy();
    let is_pattern = !path.exists() && pattern.contains(['*', '?', '[', '{']);
    if !path.exists() && !is_pattern {
        let builds: Vec<_> = builtin_names().map(|it| format!("`{it}`")).collect();
        let (path, builds) = (path.display(), builds.join(", "));
        return Err(Failure(format!(
            "{path}: no such file or folder, nor one of the builds {builds}"
        )));
    }
    if !path.is_dir() && !is_pattern {
        return Ok(vec![path.to_owned()]);
    }
    let (folder, matcher) = if is_pattern {
        let fixed = path.components().take_while(|it| {
            !it.as_os_str()
                .to_string_lossy()
                .contains(['*', '?', '[', '{'])
        });
        let glob = globset::GlobBuilder::new(&pattern)
            .literal_separator(true)
            .build()?;
        (fixed.collect::<PathBuf>(), Some(glob.compile_matcher()))
    } else {
        (path.to_owned(), None)
    };
    let folder = if folder.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        folder
    };
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
        let entry = entry?;
        let found = entry.path().strip_prefix(".").unwrap_or(entry.path());
        if entry.file_type().is_file() && matcher.as_ref().is_none_or(|it| it.is_match(found)) {
            files.push(found.to_owned());
        }
    }
    if files.is_empty() {
        return Err(Failure(format!("{pattern}: no file of facts is there")));
    }
    Ok(files)
}
