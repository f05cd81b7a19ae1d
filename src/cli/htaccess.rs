//! The `.htaccess` files that `check` is asked for.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::Failure;
use super::setup::Setup;
use crate::lint::Session;
use crate::render::counted;
use crate::shell::{MainFileError, main_file};

/// What is left out where a folder is searched.
pub(super) struct Exclusions(GlobSet);

impl Exclusions {
    /// Patterns for names, or for paths below the folder that is searched or below the working
    /// directory.
    pub(super) fn new(patterns: &[String]) -> Result<Self, Failure> {
        let mut globs = GlobSetBuilder::new();
        for pattern in patterns {
            globs.add(Glob::new(pattern.trim_end_matches('/'))?);
        }
        Ok(Self(globs.build()?))
    }

    fn has(&self, path: &Path, folder: &Path) -> bool {
        let below = |it: &Path| path.strip_prefix(it).is_ok_and(|it| self.0.is_match(it));
        let is_named = path.file_name().is_some_and(|it| self.0.is_match(it));
        let here = std::env::current_dir().unwrap_or_default();
        is_named || self.0.is_match(path) || below(folder) || below(&here)
    }
}

/// How many folders are searched before the first `.htaccess` file is found.
const PATIENCE: usize = 10_000;

/// The files below a folder.
#[derive(Default)]
pub(super) struct Found {
    pub(super) files: Vec<PathBuf>,
    /// What could not be read, one line each.
    pub(super) problems: Vec<String>,
}

impl Found {
    /// The files of a folder in which there is no server: no main file, but `.htaccess` files.
    pub(super) fn without_server(path: &Path, exclusions: &Exclusions) -> Result<Self, Failure> {
        match main_file::find(path) {
            Err(MainFileError::NoMainFile(folder)) => {
                Self::anywhere_below(&folder, exclusions, PATIENCE)
            }
            _ => Ok(Self::default()),
        }
    }

    // Nobody waits for a whole disk to be searched, where what is looked for is not nearer.
    fn anywhere_below(
        folder: &Path,
        exclusions: &Exclusions,
        patience: usize,
    ) -> Result<Self, Failure> {
        let names = [vec![".htaccess".to_owned()]];
        let is_near = || Self::searched(folder, &names, exclusions, patience);
        if !is_whole_disk(folder)
            && let Some(found) = is_near()?
        {
            return Ok(found);
        }
        let path = folder.display();
        Err(Failure(format!(
            "{path}: no main file is there, and so many folders are not searched for `.htaccess` \
             files: name the main file, or the folder of a site"
        )))
    }

    /// Looks in every directory for the first file of each list of names, as httpd does. Links to
    /// directories are not followed: httpd knows what is there by another name.
    pub(super) fn below(
        folder: &Path,
        names: &[Vec<String>],
        exclusions: &Exclusions,
    ) -> Result<Self, Failure> {
        let found = Self::searched(folder, names, exclusions, usize::MAX)?;
        Ok(found.unwrap_or_default())
    }

    // `None` where so many directories hold no file.
    fn searched(
        folder: &Path,
        names: &[Vec<String>],
        exclusions: &Exclusions,
        patience: usize,
    ) -> Result<Option<Self>, Failure> {
        let mut found = Self::default();
        let mut searched = 0;
        let is_wanted =
            |it: &walkdir::DirEntry| it.depth() == 0 || !exclusions.has(it.path(), folder);
        let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
        for entry in entries.into_iter().filter_entry(is_wanted) {
            match entry {
                Ok(entry) if entry.path().is_dir() => {
                    found.look_in(entry.path(), names);
                    searched += 1;
                    if found.files.is_empty() && searched > patience {
                        return Ok(None);
                    }
                }
                Ok(_) => {}
                Err(error) if error.depth() == 0 => return Err(Failure(problem(&error))),
                Err(error) => found.problems.push(problem(&error)),
            }
        }
        found.files.retain(|it| !exclusions.has(it, folder));
        Ok(Some(found))
    }

    fn look_in(&mut self, directory: &Path, names: &[Vec<String>]) {
        for list in names {
            let mut files = list.iter().map(|it| directory.join(it));
            let first = files.find(|it| it.is_file());
            let new = first.filter(|it| !self.files.contains(it));
            self.files.extend(new);
        }
    }
}

// The root of everything, by whatever name.
fn is_whole_disk(folder: &Path) -> bool {
    folder.canonicalize().is_ok_and(|it| it.parent().is_none())
}

fn problem(error: &walkdir::Error) -> String {
    let path = error.path().unwrap_or(Path::new("")).display();
    match error.io_error() {
        Some(error) => format!("{path}: {}", error.kind()),
        None => error.to_string(),
    }
}

/// Lints a file of the server, or those below a folder; returns what is to be said beside the
/// findings.
pub(super) fn add(
    session: &mut Session<'_>,
    setup: &Setup,
    path: &Path,
    exclusions: &Exclusions,
) -> Result<Vec<String>, Failure> {
    if !path.exists() {
        return Err(Failure(format!("{}: no such file", path.display())));
    }
    let mut remarks = Vec::new();
    if !path.is_dir() {
        if !add_file(session, setup, path)? {
            let path = path.display();
            remarks.push(format!(
                "{path}: httpd does not read it (`AllowOverride None`)"
            ));
        }
        return Ok(remarks);
    }
    // Said once, not of every file.
    setup.server_path(path)?;
    let found = Found::below(path, &session.access_file_names(), exclusions)?;
    let mut unread = 0;
    for file in &found.files {
        match add_file(session, setup, file) {
            Ok(is_read) => unread += usize::from(!is_read),
            Err(Failure(problem)) => remarks.push(problem),
        }
    }
    remarks.extend(found.problems);
    let (path, count) = (path.display(), found.files.len());
    match (count, unread) {
        (0, _) => remarks.push(format!("{path}: no `.htaccess` file is there")),
        (_, 0) => {}
        _ => remarks.push(format!(
            "{path}: httpd does not read {unread} of {} (`AllowOverride None`)",
            counted(count, "`.htaccess` file")
        )),
    }
    Ok(remarks)
}

fn add_file(session: &mut Session<'_>, setup: &Setup, file: &Path) -> Result<bool, Failure> {
    let path = setup.server_path(file)?;
    session
        .add_htaccess(&path)
        .map_err(|it| Failure(format!("{}: {}", file.display(), it.text().to_lowercase())))
}

#[cfg(test)]
#[allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test writes files, and fails by panicking"
)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_searched_as_long_as_something_is_near() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        for name in ["a", "b", "c"] {
            std::fs::create_dir(path.join(name)).unwrap();
        }
        let none = Exclusions::new(&[]).unwrap();
        let search = |patience| Found::anywhere_below(path, &none, patience);
        assert!(search(4).is_ok_and(|it| it.files.is_empty()));
        assert!(search(3).is_err_and(|it| it.0.contains("no main file is there")));
        std::fs::write(path.join("a/.htaccess"), "").unwrap();
        assert!(search(3).is_ok_and(|it| it.files == [path.join("a/.htaccess")]));
    }
}
