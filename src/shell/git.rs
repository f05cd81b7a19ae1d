//! git, asked for what a repository holds.
//!
//! Nothing is checked out, written or fetched: git says which files a commit has, and what is in
//! them.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::LARGEST_REVIEWED;

/// A repository, with or without a working tree.
pub struct Repository {
    /// The top of its working tree; of a bare one its own folder, in which the files of a commit
    /// would lie.
    pub(super) root: PathBuf,
    is_bare: bool,
    objects: Mutex<Objects>,
}

impl Repository {
    /// The repository that a path lies in, whether or not something is at the path now.
    ///
    /// # Errors
    /// One line that says why there is none.
    pub fn around(path: &Path) -> Result<Self, String> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let folder = path.ancestors().find(|it| it.is_dir());
        let git = Git(folder.unwrap_or(&path));
        let say = |word: &str| {
            let said = git.say(&["rev-parse", word]);
            said.map_err(|it| format!("{}: {it}", path.display()))
        };
        let is_bare = say("--is-bare-repository")?.starts_with(b"true");
        let top = match is_bare {
            true => "--absolute-git-dir",
            false => "--show-toplevel",
        };
        let root = path_of(say(top)?.trim_ascii_end());
        Ok(Self {
            objects: Mutex::new(Objects::new(&root)),
            root,
            is_bare,
        })
    }

    /// Whether nothing of it is checked out.
    pub fn is_bare(&self) -> bool {
        self.is_bare
    }

    /// The name of the commit that a revision means.
    ///
    /// # Errors
    /// One line that says why there is none.
    pub fn commit(&self, revision: &str) -> Result<String, String> {
        let commit = format!("{revision}^{{commit}}");
        let question = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ];
        let found = self.git().say(&question).map_err(|_| {
            let root = self.root.display();
            format!("`{revision}` is no revision of {root} (a shallow clone lacks most)")
        })?;
        Ok(String::from_utf8_lossy(found.trim_ascii_end()).into_owned())
    }

    /// The commit in which two revisions have their last common history.
    ///
    /// # Errors
    /// One line that says why there is none.
    pub fn common(&self, base: &str, head: &str) -> Result<String, String> {
        let (one, other) = (self.commit(base)?, self.commit(head)?);
        let found = self.git().say(&["merge-base", &one, &other]);
        let found = found.map_err(|_| {
            format!("`{base}` and {head} have no common history here (a shallow clone lacks it)")
        })?;
        Ok(String::from_utf8_lossy(found.trim_ascii_end()).into_owned())
    }

    /// What differs between a commit and another one, or what is checked out.
    ///
    /// # Errors
    /// One line that says why git does not compare them.
    pub fn differences(&self, before: &str, after: Option<&str>) -> Result<Differences, String> {
        let mut question = vec!["diff", "--name-status", "-z", "-M", "--no-ext-diff", before];
        question.extend(after);
        question.push("--");
        let listing = self.git().say(&question)?;
        let mut fields = listing.split(|it| *it == 0);
        let mut differences = Differences::default();
        while let (Some(status), Some(path)) = (fields.next(), fields.next()) {
            let path = self.root.join(path_of(path));
            let new = match status.first() {
                Some(b'R' | b'C') => fields.next().map(|it| self.root.join(path_of(it))),
                _ => None,
            };
            differences.paths.extend(new.clone());
            if let (Some(b'R'), Some(new)) = (status.first(), new) {
                differences.renames.insert(path.clone(), new);
            }
            differences.paths.push(path);
        }
        Ok(differences)
    }

    pub(super) fn git(&self) -> Git<'_> {
        Git(&self.root)
    }

    /// What is in a blob. `others` are likely to be wanted next, and come along.
    pub(super) fn blob(&self, name: &str, others: impl FnOnce() -> Vec<Box<str>>) -> Blob {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = objects.known.get(name) {
            return known.clone();
        }
        let mut wanted = others();
        wanted.retain(|it| !objects.known.contains_key(it));
        if !wanted.iter().any(|it| **it == *name) {
            wanted.push(name.into());
        }
        for some in wanted.chunks(AT_ONCE) {
            objects.fetch(some);
        }
        let known = objects.known.get(name).cloned();
        known.unwrap_or_else(|| Blob::Missing("git fails".to_owned()))
    }
}

/// The files that differ, by their paths on this machine.
#[derive(Debug, Clone, Default)]
pub struct Differences {
    /// All of them, those of both sides.
    pub paths: Vec<PathBuf>,
    /// From what a file was called to what it is called.
    pub renames: FxHashMap<PathBuf, PathBuf>,
}

/// What git knows of a blob.
#[derive(Debug, Clone)]
pub(super) enum Blob {
    Bytes(Arc<[u8]>),
    /// Larger than any file of a configuration: only its length is known.
    Large(u64),
    /// It is not in the repository, and why.
    Missing(String),
}

/// Names of so many blobs fit into a pipe, so that git can always go on reading.
const AT_ONCE: usize = 900;

/// What is read of the answers at once: those to many names.
const ROOM: usize = 1 << 18;

/// A git that waits for names of blobs, and what it said already.
struct Objects {
    root: PathBuf,
    running: Option<Running>,
    known: FxHashMap<Box<str>, Blob>,
}

struct Running {
    child: Child,
    names: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Objects {
    fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            running: None,
            known: FxHashMap::default(),
        }
    }

    fn fetch(&mut self, names: &[Box<str>]) {
        let failure = match self.try_to_fetch(names) {
            Ok(()) => return,
            Err(error) => format!("git: {error}"),
        };
        for name in names {
            let missing = || Blob::Missing(failure.clone());
            self.known.entry(name.clone()).or_insert_with(missing);
        }
    }

    fn try_to_fetch(&mut self, names: &[Box<str>]) -> io::Result<()> {
        if self.running.is_none() {
            self.running = Some(Running::start(&self.root)?);
        }
        let Some(running) = &mut self.running else {
            return Ok(());
        };
        let mut lines = names.join("\n");
        lines.push('\n');
        running.names.write_all(lines.as_bytes())?;
        running.names.flush()?;
        for name in names {
            let blob = running.answer()?;
            self.known.insert(name.clone(), blob);
        }
        Ok(())
    }
}

impl Running {
    fn start(root: &Path) -> io::Result<Self> {
        let mut command = Git(root).command();
        // The blobs of a partial clone are elsewhere, and stay there.
        command.env("GIT_NO_LAZY_FETCH", "1");
        command.args(["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn()?;
        let (names, answers) = (child.stdin.take(), child.stdout.take());
        let (Some(names), Some(answers)) = (names, answers) else {
            return Err(io::Error::other("it cannot be asked"));
        };
        Ok(Self {
            child,
            names,
            answers: BufReader::with_capacity(ROOM, answers),
        })
    }

    // `NAME blob LENGTH`, the bytes, and a line break; `NAME missing`.
    fn answer(&mut self) -> io::Result<Blob> {
        let mut head = String::new();
        if self.answers.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let head = head.trim_end();
        let length = head.rsplit(' ').next().and_then(|it| it.parse().ok());
        let Some(length) = length else {
            return Ok(Blob::Missing(format!("git: {head}")));
        };
        let mut rest = self.answers.by_ref().take(length + 1);
        if length > LARGEST_REVIEWED {
            io::copy(&mut rest, &mut io::sink())?;
            return Ok(Blob::Large(length));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
        rest.read_to_end(&mut bytes)?;
        bytes.pop();
        Ok(Blob::Bytes(bytes.into()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It waits for more names, and has nothing to finish.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// git, asked in a folder.
pub(super) struct Git<'a>(pub(super) &'a Path);

impl Git<'_> {
    fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.0);
        command.args(["--no-optional-locks", "--literal-pathspecs"]);
        command.stderr(Stdio::piped());
        command
    }

    /// What git says, or why it says nothing.
    pub(super) fn say(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::null());
        Self::answer(&mut command)
    }

    fn answer(command: &mut Command) -> Result<Vec<u8>, String> {
        let output = command.output().map_err(|it| format!("git: {it}"))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let line = said.lines().next().unwrap_or("git fails").to_owned();
        Err(line)
    }
}

/// A path as git writes it.
#[cfg(unix)]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
