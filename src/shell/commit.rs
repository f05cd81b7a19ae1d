//! The files of a commit, read from the objects of its repository. Nothing is checked out: a bare
//! repository is enough.

use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::DiskWorld;
use super::git::{Blob, Repository};
use super::main_file::Files;
use crate::world::{Entry, Kind, Permissions, ReadError, World};

/// All files of a commit.
pub struct Commit {
    repository: Arc<Repository>,
    /// By the path from the top of the repository; the top itself has none.
    nodes: FxHashMap<String, Node>,
    /// What is in a folder, by the path of that.
    entries: FxHashMap<String, Vec<Entry>>,
    /// What another state of the repository has at paths where this one has nothing.
    elsewhere: FxHashSet<String>,
    /// What could not be read, and why.
    gaps: Mutex<BTreeSet<String>>,
}

/// What is at a path of a commit. A name is that of a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Folder,
    File(Box<str>),
    Link(Box<str>),
    /// Another repository, of which only the name of a commit is here.
    Submodule,
}

impl Commit {
    /// All files of a revision.
    ///
    /// # Errors
    /// One line that says why there is no such revision.
    pub fn of(repository: &Arc<Repository>, revision: &str) -> Result<Self, String> {
        let name = repository.commit(revision)?;
        let listing = ["ls-tree", "-r", "-z", "--full-tree", &name];
        let listing = repository.git().say(&listing)?;
        let mut commit = Self {
            repository: Arc::clone(repository),
            nodes: FxHashMap::default(),
            entries: FxHashMap::default(),
            elsewhere: FxHashSet::default(),
            gaps: Mutex::default(),
        };
        commit.nodes.insert(String::new(), Node::Folder);
        for line in listing.split(|it| *it == 0).filter(|it| !it.is_empty()) {
            commit.add(line);
        }
        Ok(commit)
    }

    // `MODE TYPE NAME`, a tab, and the path.
    fn add(&mut self, line: &[u8]) {
        let Some(tab) = line.iter().position(|it| *it == b'\t') else {
            return;
        };
        let head = String::from_utf8_lossy(&line[..tab]).into_owned();
        let (path, is_utf8) = shown(&line[tab + 1..]);
        let mut words = head.split(' ');
        let (mode, _, blob) = (words.next(), words.next(), words.next());
        let blob = blob.unwrap_or_default().into();
        let node = match mode {
            Some("160000") => Node::Submodule,
            Some("120000") => Node::Link(blob),
            _ => Node::File(blob),
        };
        self.put(&path, node, is_utf8);
    }

    // With the folders above it.
    fn put(&mut self, path: &str, node: Node, is_utf8: bool) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if !self.nodes.contains_key(folder) {
            self.put(folder, Node::Folder, is_utf8);
        }
        let entry = Entry {
            name: name.to_owned(),
            is_directory: matches!(node, Node::Folder | Node::Submodule),
            is_file: matches!(node, Node::File(_)),
            is_utf8,
        };
        self.entries
            .entry(folder.to_owned())
            .or_default()
            .push(entry);
        self.nodes.insert(path.to_owned(), node);
    }

    /// Takes note of paths of this machine at which another state of the repository may have
    /// something: what comes or goes with a commit is not there without it, whatever lies on the disk.
    pub fn compare(&mut self, paths: &[PathBuf]) {
        let inner = paths.iter().filter_map(|it| self.inner(it));
        let elsewhere = inner.filter(|it| !self.nodes.contains_key(it));
        self.elsewhere = elsewhere.collect();
    }

    /// What could not be read, one line each.
    pub fn gaps(&self) -> Vec<String> {
        let gaps = self.gaps.lock().unwrap_or_else(PoisonError::into_inner);
        gaps.iter().cloned().collect()
    }

    /// Whether something is at a path of this machine that lies in the repository.
    pub fn has(&self, path: &Path) -> bool {
        self.kind(path).is_ok()
    }

    // The path from the top of the repository.
    fn inner(&self, path: &Path) -> Option<String> {
        let root = self.repository.root.to_str();
        // Most paths are written plainly, and then their texts say it.
        if let Some((path, root)) = path.to_str().filter(|it| is_plain(it)).zip(root) {
            let below = path.strip_prefix(root.trim_end_matches('/'))?;
            let is_top = below.is_empty();
            let below = below.strip_prefix('/').or(is_top.then_some(""))?;
            return Some(below.trim_end_matches('/').to_owned());
        }
        let below = path.strip_prefix(&self.repository.root).ok()?;
        let names = below.components().filter_map(|it| match it {
            Component::Normal(name) => Some(shown(name.as_encoded_bytes()).0),
            _ => None,
        });
        Some(names.collect::<Vec<_>>().join("/"))
    }

    fn bytes(&self, path: &str, blob: &str) -> Result<Vec<u8>, ReadError> {
        let gap = match self.repository.blob(blob, || self.alike(path)) {
            Blob::Bytes(bytes) => return Ok(bytes.to_vec()),
            Blob::Large(length) => format!("{path}: {length} bytes are no configuration"),
            Blob::Missing(why) => format!("{path}: {why}"),
        };
        self.note(gap);
        Err(ReadError::Unknown)
    }

    fn note(&self, gap: String) {
        let mut gaps = self.gaps.lock().unwrap_or_else(PoisonError::into_inner);
        gaps.insert(gap);
    }

    // Notes that a path leads into another repository, if it does.
    fn note_submodule(&self, path: &str) {
        let folders = path.match_indices('/').map(|it| &path[..it.0]);
        let mut folders = folders.chain([path]);
        if let Some(folder) = folders.find(|it| self.nodes.get(*it) == Some(&Node::Submodule)) {
            self.note(format!(
                "{folder}: its files are those of another repository, a submodule"
            ));
        }
    }

    // The blobs of the files beside one that end like it: who includes one includes them all.
    fn alike(&self, path: &str) -> Vec<Box<str>> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some((_, end)) = name.rsplit_once('.').filter(|it| !it.0.is_empty()) else {
            return Vec::new();
        };
        let beside = self.entries.get(folder).into_iter().flatten();
        let alike = beside.filter(|it| it.is_file && it.name.ends_with(end));
        let nodes = alike.filter_map(|it| self.nodes.get(&below(folder, &it.name)));
        let blobs = nodes.filter_map(|it| match it {
            Node::File(blob) => Some(blob.clone()),
            _ => None,
        });
        blobs.collect()
    }

    // Where a link leads to.
    fn target(&self, blob: &str) -> Result<String, ReadError> {
        match self.repository.blob(blob, Vec::new) {
            Blob::Bytes(bytes) => Ok(shown(&bytes).0),
            _ => Err(ReadError::Unknown),
        }
    }

    // A path of this machine with the links of the commit followed.
    fn followed(&self, path: &Path) -> io::Result<(String, &Node)> {
        let mut path = self.inner(path).ok_or(io::ErrorKind::NotFound)?;
        for _ in 0..MOST_LINKS {
            let link = (1..=path.len())
                .filter(|end| path[*end..].starts_with('/') || *end == path.len())
                .find_map(|end| match self.nodes.get(&path[..end])? {
                    Node::Link(blob) => Some((end, blob)),
                    _ => None,
                });
            let Some((end, blob)) = link else {
                let node = self.nodes.get(&path).ok_or(io::ErrorKind::NotFound)?;
                return Ok((path, node));
            };
            let target = self.target(blob).map_err(|_| io::ErrorKind::NotFound)?;
            let folder = path[..end].rsplit_once('/').map_or("", |it| it.0);
            let joined = self.repository.root.join(folder).join(target);
            let joined = joined.join(path[end..].trim_start_matches('/'));
            path = self.inner(&plain(&joined)).ok_or(io::ErrorKind::NotFound)?;
        }
        Err(io::ErrorKind::NotFound.into())
    }
}

impl Files for Commit {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        Ok(match self.followed(path)?.1 {
            Node::Folder => Kind::Directory,
            Node::File(_) => Kind::File,
            Node::Link(_) | Node::Submodule => Kind::Other,
        })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.followed(path)? {
            (path, Node::File(blob)) => {
                let bytes = self.bytes(&path, blob);
                bytes.map_err(|_| io::Error::other(self.gaps().join(", ")))
            }
            _ => Err(io::Error::other("it is no file")),
        }
    }

    // A path of this machine is one of the repository where a folder above it is its top, whatever
    // that is called there.
    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        let path = plain(&std::path::absolute(path)?);
        let root = &self.repository.root;
        let top = path.ancestors().find(|it| {
            let real = it.canonicalize();
            real.is_ok_and(|it| it == *root)
        });
        let below = top.and_then(|it| path.strip_prefix(it).ok());
        Ok(below.map(|it| plain(&root.join(it))).unwrap_or(path))
    }
}

/// Linux follows no more links than this in one path.
const MOST_LINKS: usize = 40;

// Whether each part of a path between its slashes is a name.
fn is_plain(path: &str) -> bool {
    !path.contains("//") && !path.contains("/.")
}

// Without `.` and `..`, and without a slash at its end.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            component => plain.push(component),
        }
    }
    plain
}

// A name as it is shown, and whether that is how it is written.
fn shown(bytes: &[u8]) -> (String, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), true),
        Err(_) => (bytes.iter().map(|it| char::from(*it)).collect(), false),
    }
}

fn below(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// The files of a server as a commit has them. What does not lie in its repository is as the disk
/// has it.
pub struct CommitWorld {
    commit: Arc<Commit>,
    disk: DiskWorld,
}

/// What is at a path of the server, all links followed.
enum Place<'a> {
    /// Something of the commit, by its path there.
    Here(String, &'a Node),
    /// A path of the server that does not lead into the repository.
    Outside(String),
}

impl CommitWorld {
    /// The files of a commit under the paths that a disk knows them by.
    pub fn new(commit: Arc<Commit>, disk: DiskWorld) -> Self {
        Self { commit, disk }
    }

    /// The commit.
    pub fn commit(&self) -> &Commit {
        &self.commit
    }

    /// The disk that has everything else.
    pub fn disk(&self) -> &DiskWorld {
        &self.disk
    }

    /// Where the thing at a path of the server would lie on this machine, links followed.
    pub fn target(&self, path: &str) -> Option<PathBuf> {
        match self.find(path, 0).ok()? {
            Place::Here(path, _) => Some(self.commit.repository.root.join(path)),
            Place::Outside(path) => self.disk.target(&path),
        }
    }

    // Whether a path is one of a `.htaccess` file that comes or goes with a commit. What is not there
    // because it is no part of a repository any more may well be on the server; but of such a file
    // nobody would leave an old one behind.
    fn comes_with_commit(&self, path: &str) -> bool {
        path.ends_with("/.htaccess")
            && self
                .inner(path)
                .is_some_and(|it| self.commit.elsewhere.contains(&it))
    }

    // The path from the top of the repository of a path of the server.
    fn inner(&self, path: &str) -> Option<String> {
        self.commit.inner(&self.disk.local(path)?)
    }

    // What a configuration consists of: what of it is not here is missed.
    fn open(&self, path: &str) -> Result<Place<'_>, ReadError> {
        let found = self.find(path, 0);
        if let (Err(ReadError::Unknown), Some(inner)) = (&found, self.inner(path)) {
            self.commit.note_submodule(&inner);
        }
        found
    }

    fn find(&self, path: &str, links: usize) -> Result<Place<'_>, ReadError> {
        if links > MOST_LINKS {
            let text = "Too many levels of symbolic links";
            return Err(ReadError::Other(text.to_owned()));
        }
        let is_plain = !path.split('/').any(|it| it == "..");
        // What a commit has at a path is behind no link.
        if is_plain
            && let Some(inner) = self.inner(path)
            && let Some(node @ (Node::Folder | Node::File(_))) = self.commit.nodes.get(&inner)
        {
            if path.ends_with('/') && *node != Node::Folder {
                return Err(ReadError::NotADirectory);
            }
            return Ok(Place::Here(inner, node));
        }
        self.walk(path, links)
    }

    // Name by name, in the server's terms: a link leads to a path of the server.
    fn walk(&self, path: &str, links: usize) -> Result<Place<'_>, ReadError> {
        let mut at = String::new();
        let mut is_here = false;
        let mut names = path.split('/').filter(|it| !matches!(*it, "" | "."));
        while let Some(name) = names.next() {
            if name == ".." {
                at.truncate(at.rfind('/').unwrap_or(0));
                continue;
            }
            let folder = at.clone();
            at.push('/');
            at.push_str(name);
            let Some(inner) = self.inner(&at) else {
                is_here = false;
                continue;
            };
            let rest: Vec<&str> = names.clone().collect();
            match self.commit.nodes.get(&inner) {
                Some(Node::Link(blob)) => {
                    let target = self.commit.target(blob)?;
                    let target = match target.starts_with('/') {
                        true => target,
                        false => format!("{folder}/{target}"),
                    };
                    let path = format!("{target}/{}", rest.join("/"));
                    return self.find(path.trim_end_matches('/'), links + 1);
                }
                Some(Node::Submodule) => return Err(ReadError::Unknown),
                Some(Node::File(_)) if !rest.is_empty() => return Err(ReadError::NotADirectory),
                Some(_) => is_here = true,
                None => return Err(ReadError::Missing),
            }
        }
        let inner = self.inner(&at).filter(|_| is_here);
        let node = inner.and_then(|it| Some((self.commit.nodes.get(&it)?, it)));
        Ok(match node {
            Some((node, inner)) => Place::Here(inner, node),
            None => Place::Outside(at),
        })
    }
}

impl CommitWorld {
    fn kind_at(&self, found: Result<Place<'_>, ReadError>) -> Kind {
        match found {
            Ok(Place::Here(_, Node::Folder)) => Kind::Directory,
            Ok(Place::Here(_, Node::File(_))) => Kind::File,
            Ok(Place::Here(_, Node::Link(_) | Node::Submodule)) => Kind::Unknown,
            Ok(Place::Outside(path)) => self.disk.kind(&path),
            Err(ReadError::Unknown) => Kind::Unknown,
            Err(ReadError::NotADirectory) => Kind::NotADirectory,
            Err(_) => Kind::Missing,
        }
    }
}

impl World for CommitWorld {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.open(path)? {
            Place::Here(path, Node::File(blob)) => self.commit.bytes(&path, blob),
            Place::Here(..) => Err(ReadError::NotAFile),
            Place::Outside(path) => self.disk.read(&path),
        }
    }

    fn head(&self, path: &str, length: usize) -> Result<Vec<u8>, ReadError> {
        if let Place::Outside(path) = self.find(path, 0)? {
            return self.disk.head(&path, length);
        }
        let mut bytes = self.read(path)?;
        bytes.truncate(length);
        Ok(bytes)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        match self.open(path)? {
            Place::Here(path, Node::Folder) => {
                let entries = self.commit.entries.get(&path).cloned();
                Ok(entries.unwrap_or_default())
            }
            Place::Here(..) => Err(ReadError::NotADirectory),
            Place::Outside(path) => self.disk.list(&path),
        }
    }

    fn kind(&self, path: &str) -> Kind {
        self.kind_at(self.open(path))
    }

    // git keeps neither owners nor most permissions.
    fn permissions(&self, path: &str) -> Option<Permissions> {
        match self.find(path, 0) {
            Ok(Place::Outside(path)) => self.disk.permissions(&path),
            _ => None,
        }
    }

    fn is_link(&self, path: &str) -> Option<bool> {
        match self.inner(path).and_then(|it| self.commit.nodes.get(&it)) {
            Some(node) => Some(matches!(node, Node::Link(_))),
            None => self.disk.is_link(path),
        }
    }

    fn is_complete(&self, path: &str) -> bool {
        self.disk.is_complete(path)
    }

    // git keeps no empty folder and nothing that it is told to ignore: what a configuration names
    // and does not consist of is where the disk has it.
    fn resource(&self, path: &str) -> Kind {
        match self.kind_at(self.find(path, 0)) {
            Kind::Missing if self.comes_with_commit(path) => Kind::Missing,
            Kind::Missing | Kind::NotADirectory => self.disk.resource(path),
            kind => kind,
        }
    }
}
