//! A revision of a git repository: what git says was otherwise than on the disk.
//!
//! Nothing is checked out and nothing is written: git is asked for the names and the bytes of the
//! files that differ, everything else is read from the disk.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::DiskWorld;
use super::git::{Blob, Repository, path_of};
use crate::world::{Entry, Kind, Permissions, ReadError, World};

/// What was at a path that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Before {
    Missing,
    File(Vec<u8>),
    /// A symbolic link, and where it leads.
    Link(PathBuf),
    /// Something that is not in this repository, or too large to be read.
    Elsewhere,
}

/// The difference of the files on the disk from a revision.
#[derive(Debug, Clone, Default)]
pub struct Revision {
    before: BTreeMap<PathBuf, Before>,
    /// From the path on the disk to that in the revision.
    old_names: BTreeMap<PathBuf, PathBuf>,
    /// And back.
    new_names: BTreeMap<PathBuf, PathBuf>,
}

/// One line of `git diff --raw`, without what is known already.
struct Difference {
    mode: Vec<u8>,
    blob: Box<str>,
    old: PathBuf,
    new: PathBuf,
}

impl Revision {
    /// The commit in which `base` and what is checked out around `folder` have their last common
    /// history. Where no repository is around it, the one around `otherwise` counts.
    ///
    /// # Errors
    /// One line that says why there is none.
    pub fn common(folder: &Path, otherwise: &Path, base: &str) -> Result<Self, String> {
        let around = Repository::around(folder);
        let repository = around.or_else(|why| Repository::around(otherwise).map_err(|_| why))?;
        let common = repository.common(base, "HEAD")?;
        Self::of(&repository, &common)
    }

    /// What is checked out in a repository, and a commit of it.
    ///
    /// # Errors
    /// One line that says why git does not compare them.
    pub fn of(repository: &Repository, commit: &str) -> Result<Self, String> {
        let (git, root) = (repository.git(), &repository.root);
        let raw = git.say(&[
            "diff",
            "--raw",
            "-z",
            "--no-abbrev",
            "-M",
            "--no-ext-diff",
            commit,
            "--",
        ])?;
        let differences = differences(&raw);
        let names = || differences.iter().filter(|it| has_bytes(&it.mode));
        let names = || names().map(|it| it.blob.clone()).collect();
        let mut revision = Self::default();
        for difference in &differences {
            let (old, new) = (root.join(&difference.old), root.join(&difference.new));
            let blob = || match repository.blob(&difference.blob, names) {
                Blob::Missing(why) => Err(why),
                blob => Ok(blob),
            };
            let before = match difference.mode.as_slice() {
                b"000000" => Before::Missing,
                b"160000" => Before::Elsewhere,
                b"120000" => match blob()? {
                    Blob::Bytes(target) => Before::Link(path_of(&target)),
                    _ => Before::Elsewhere,
                },
                _ => match blob()? {
                    Blob::Bytes(bytes) => Before::File(bytes.to_vec()),
                    _ => Before::Elsewhere,
                },
            };
            if old != new {
                revision.before.insert(new.clone(), Before::Missing);
                revision.old_names.insert(new.clone(), old.clone());
                revision.new_names.insert(old.clone(), new);
            }
            revision.before.insert(old, before);
        }
        let untracked = git.say(&["ls-files", "--others", "--exclude-standard", "-z"])?;
        for name in untracked.split(|it| *it == 0).filter(|it| !it.is_empty()) {
            let path = root.join(path_of(name));
            revision.before.insert(path, Before::Missing);
        }
        Ok(revision)
    }

    /// What a file of the disk was: `None` where it is as it was, nothing where it was not there.
    pub fn bytes(&self, path: &Path) -> Option<&[u8]> {
        let path = self.old_names.get(path).map_or(path, PathBuf::as_path);
        match self.before.get(path)? {
            Before::File(bytes) => Some(bytes),
            Before::Missing | Before::Link(_) | Before::Elsewhere => Some(&[]),
        }
    }

    /// What a file of the revision is called now.
    pub fn name_now<'a>(&'a self, path: &'a Path) -> &'a Path {
        self.new_names.get(path).map_or(path, PathBuf::as_path)
    }

    // Whether something was below a folder of which nothing is there now.
    fn had_below(&self, folder: &Path) -> bool {
        self.below(folder).any(|it| *it.1 != Before::Missing)
    }

    fn below<'a>(&'a self, folder: &'a Path) -> impl Iterator<Item = (&'a Path, &'a Before)> {
        let after = self.before.range(folder.to_owned()..);
        let below = after.take_while(move |it| it.0.starts_with(folder));
        below.filter_map(move |(path, before)| Some((path.strip_prefix(folder).ok()?, before)))
    }
}

fn has_bytes(mode: &[u8]) -> bool {
    mode != b"000000" && mode != b"160000"
}

// `:MODE MODE BLOB BLOB STATUS`, NUL, a path, NUL; of what was renamed two paths.
fn differences(raw: &[u8]) -> Vec<Difference> {
    let mut fields = raw.split(|it| *it == 0);
    let mut all = Vec::new();
    while let Some(head) = fields.next().and_then(|it| it.strip_prefix(b":")) {
        let mut words = head.split(|it| *it == b' ');
        let (mode, _, blob, _) = (words.next(), words.next(), words.next(), words.next());
        let status = words.next().and_then(|it| it.first());
        let path = |it: Option<&[u8]>| path_of(it.unwrap_or_default());
        let old = path(fields.next());
        let new = match status {
            Some(b'R' | b'C') => path(fields.next()),
            _ => old.clone(),
        };
        all.push(Difference {
            mode: mode.unwrap_or_default().to_vec(),
            blob: String::from_utf8_lossy(blob.unwrap_or_default()).into(),
            old,
            new,
        });
    }
    all
}

/// The files as a revision has them.
pub struct RevisionWorld<'a> {
    revision: &'a Revision,
    disk: &'a DiskWorld,
}

/// More links are a circle, as for the system.
const MOST_LINKS: usize = 40;

impl<'a> RevisionWorld<'a> {
    /// The files of a disk, as far as they are not otherwise in a revision.
    pub fn new(revision: &'a Revision, disk: &'a DiskWorld) -> Self {
        Self { revision, disk }
    }

    // The path under which the disk has what was at a path of the server, links followed; or what
    // was there that the disk does not have.
    fn find<'p>(&self, path: &'p str) -> Result<Cow<'p, str>, &'a Before> {
        let Some((local, before)) = self.follow(path) else {
            return Ok(Cow::Borrowed(path));
        };
        if let Some(before) = before {
            return Err(before);
        }
        // A link of the revision may lead where the disk's does not.
        let now = self.disk.local(path).and_then(|it| it.canonicalize().ok());
        if now.is_none_or(|it| it == local) && !self.was_link(path) {
            return Ok(Cow::Borrowed(path));
        }
        let path = self.disk.server(&local).map(Cow::Owned);
        path.ok_or(&Before::Elsewhere)
    }

    fn was_link(&self, path: &str) -> bool {
        let before = self.disk.local(path);
        let before = before.and_then(|it| self.revision.before.get(&it));
        matches!(before, Some(Before::Link(_)))
    }

    /// Where the thing at a path of the server lay in the repository, links followed.
    pub fn target(&self, path: &str) -> Option<PathBuf> {
        Some(self.follow(path)?.0)
    }

    fn follow(&self, path: &str) -> Option<(PathBuf, Option<&'a Before>)> {
        let mut local = self.disk.local(path)?;
        for _ in 0..MOST_LINKS {
            match self.revision.before.get(&local) {
                Some(Before::Link(target)) => local = joined(local.parent()?, target),
                Some(before) => return Some((local, Some(before))),
                None => {
                    let target = local.canonicalize().unwrap_or(local);
                    let before = self.revision.before.get(&target);
                    return Some((target, before));
                }
            }
        }
        Some((local, Some(&Before::Missing)))
    }

    fn folder(&self, path: &str) -> Option<PathBuf> {
        self.disk.target(path).or_else(|| self.disk.local(path))
    }
}

// The path of a link's target, without `..`.
fn joined(folder: &Path, target: &Path) -> PathBuf {
    let mut path = PathBuf::new();
    for component in folder.join(target).components() {
        match component {
            std::path::Component::ParentDir => {
                path.pop();
            }
            component => path.push(component),
        }
    }
    path
}

impl World for RevisionWorld<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.find(path) {
            Err(Before::File(bytes)) => Ok(bytes.clone()),
            Err(Before::Elsewhere) => Err(ReadError::Unknown),
            Err(Before::Missing | Before::Link(_)) => Err(ReadError::Missing),
            Ok(path) => self.disk.read(&path),
        }
    }

    fn head(&self, path: &str, length: usize) -> Result<Vec<u8>, ReadError> {
        if let Ok(path) = self.find(path) {
            return self.disk.head(&path, length);
        }
        let mut bytes = self.read(path)?;
        bytes.truncate(length);
        Ok(bytes)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        let here = self.disk.list(path);
        let Some(folder) = self.folder(path) else {
            return here;
        };
        let mut entries: BTreeMap<String, Entry> = match here {
            Ok(entries) => entries
                .into_iter()
                .map(|it| (it.name.clone(), it))
                .collect(),
            Err(_) if self.revision.had_below(&folder) => BTreeMap::new(),
            Err(error) => return Err(error),
        };
        for (below, before) in self.revision.below(&folder) {
            let mut names = below.components().map(|it| it.as_os_str());
            let Some(name) = names.next().map(|it| it.to_string_lossy().into_owned()) else {
                continue;
            };
            let is_deeper = names.next().is_some();
            match before {
                Before::Missing if is_deeper => {}
                Before::Missing => {
                    entries.remove(&name);
                }
                _ => {
                    let entry = Entry {
                        is_directory: is_deeper || *before == Before::Elsewhere,
                        is_file: !is_deeper && matches!(before, Before::File(_)),
                        is_utf8: true,
                        name: name.clone(),
                    };
                    entries.insert(name, entry);
                }
            }
        }
        Ok(entries.into_values().collect())
    }

    fn kind(&self, path: &str) -> Kind {
        match self.find(path) {
            Err(Before::File(_)) => Kind::File,
            Err(Before::Elsewhere) => Kind::Unknown,
            Err(Before::Missing | Before::Link(_)) => Kind::Missing,
            Ok(path) => match (self.disk.kind(&path), self.disk.local(&path)) {
                (Kind::Missing, Some(folder)) if self.revision.had_below(&folder) => {
                    Kind::Directory
                }
                (kind, _) => kind,
            },
        }
    }

    fn permissions(&self, path: &str) -> Option<Permissions> {
        self.disk.permissions(path)
    }

    fn is_link(&self, path: &str) -> Option<bool> {
        let before = self.revision.before.get(&self.disk.local(path)?);
        match before {
            Some(before) => Some(matches!(before, Before::Link(_))),
            None => self.disk.is_link(path),
        }
    }

    fn real_path(&self, path: &str) -> Option<String> {
        self.disk.real_path(path)
    }

    fn is_complete(&self, path: &str) -> bool {
        self.disk.is_complete(path)
    }

    fn resource(&self, path: &str) -> Kind {
        match self.find(path) {
            Err(_) => self.kind(path),
            Ok(path) => self.disk.resource(&path),
        }
    }
}
