//! The only window on files.
//!
//! Paths are those of the server: a [`World`] may map them to somewhere else (a folder of a
//! repository, a git revision, the buffers of an editor).

use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// Something else: a device, a socket, a pipe.
    Other,
    /// Nothing, and we know it.
    Missing,
    /// The path goes through something that is not a directory (`ENOTDIR`).
    NotADirectory,
    /// Something is there or not; the rights to look are missing (`EACCES`).
    Denied,
    /// Not visible from here: it may exist on the server.
    Unknown,
}

/// An entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Entry {
    /// The name, without the directory.
    pub name: String,
    /// Whether the entry itself is a real directory; a symbolic link to one is not
    /// (`d_type`, which httpd's wildcard expansion looks at).
    pub is_directory: bool,
    /// Whether the entry itself is a regular file.
    pub is_file: bool,
    /// Whether the bytes of the name are UTF-8; if not, each is the character of the same number.
    pub is_utf8: bool,
}

/// Who may do what with a file or directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Permissions {
    /// The bits of its mode: read, write and execute for user, group and everybody else.
    pub mode: u32,
    /// The id of the user that it belongs to.
    pub user: u32,
    /// The id of its group.
    pub group: u32,
}

/// Why something could not be read; the `strerror` text is part of httpd's messages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ReadError {
    /// `No such file or directory`.
    Missing,
    /// `Not a directory`.
    NotADirectory,
    /// `Permission denied`.
    Denied,
    /// It is not a regular file.
    NotAFile,
    /// Not visible from here: it may exist on the server.
    Unknown,
    /// Any other failure, with the system's text.
    Other(String),
}

impl ReadError {
    /// The text of `strerror` that httpd prints for it.
    pub fn text(&self) -> &str {
        match self {
            ReadError::Missing => "No such file or directory",
            ReadError::NotADirectory => "Not a directory",
            ReadError::Denied => "Permission denied",
            ReadError::NotAFile => "Bad file descriptor",
            ReadError::Unknown => "not visible from here",
            ReadError::Other(text) => text,
        }
    }
}

/// Files, as the server would see them. All paths are absolute, with `/`, and in the server's
/// terms. Answers must not change during a run.
pub trait World: Sync {
    /// The bytes of a file; symbolic links are followed.
    ///
    /// # Errors
    /// Why it could not be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// The first bytes of a file, at most `length`.
    ///
    /// # Errors
    /// Why it could not be read.
    fn head(&self, path: &str, length: usize) -> Result<Vec<u8>, ReadError> {
        let mut bytes = self.read(path)?;
        bytes.truncate(length);
        Ok(bytes)
    }

    /// The entries of a directory, in any order, without `.` and `..`.
    ///
    /// # Errors
    /// Why it could not be listed.
    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError>;

    /// What is at a path; symbolic links are followed.
    fn kind(&self, path: &str) -> Kind;

    /// Who may do what at a path, symbolic links followed; `None` where that is not known, as in a
    /// copy, which keeps other owners.
    fn permissions(&self, path: &str) -> Option<Permissions> {
        let _ = path;
        None
    }

    /// Whether a symbolic link is at a path itself.
    fn is_link(&self, path: &str) -> Option<bool> {
        let _ = path;
        None
    }

    /// The path itself with all symbolic links followed.
    fn real_path(&self, path: &str) -> Option<String> {
        let _ = path;
        None
    }

    /// Whether a path that is absent here is absent on the server, too.
    fn is_complete(&self, path: &str) -> bool {
        let _ = path;
        true
    }

    /// How many questions were asked, where that is noted; 0 where it is not.
    fn questions(&self) -> usize {
        0
    }

    /// What is at the path of something that a configuration names and does not consist of: a
    /// module, a key, a directory of logs. A copy of a configuration leaves such things out, so
    /// what is absent from one may well be on the server.
    fn resource(&self, path: &str) -> Kind {
        match self.kind(path) {
            Kind::Missing | Kind::NotADirectory if !self.is_complete(path) => Kind::Unknown,
            kind => kind,
        }
    }
}

/// Texts that stand in the place of files.
pub trait Texts: Sync {
    /// The text of a file; `None` where it has its own.
    fn text(&self, path: &str) -> Option<Cow<'_, [u8]>>;
}

impl Texts for BTreeMap<String, Vec<u8>> {
    fn text(&self, path: &str) -> Option<Cow<'_, [u8]>> {
        self.get(path).map(Cow::from)
    }
}

impl<T: Texts> Texts for &T {
    fn text(&self, path: &str) -> Option<Cow<'_, [u8]>> {
        (**self).text(path)
    }
}

/// Another world in which some files have other texts: what an editor holds, what a program writes
/// to us, what a fix would make of them.
#[derive(Debug, Clone)]
pub struct Overlay<W, T> {
    /// Everything else.
    pub below: W,
    /// The texts, by path.
    pub texts: T,
}

impl<W: World, T: Texts> World for Overlay<W, T> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.texts.text(path) {
            Some(bytes) => Ok(bytes.into_owned()),
            None => self.below.read(path),
        }
    }

    fn head(&self, path: &str, length: usize) -> Result<Vec<u8>, ReadError> {
        match self.texts.text(path) {
            Some(bytes) => Ok(bytes[..length.min(bytes.len())].to_vec()),
            None => self.below.head(path, length),
        }
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        self.below.list(path)
    }

    fn kind(&self, path: &str) -> Kind {
        match self.texts.text(path) {
            Some(_) => Kind::File,
            None => self.below.kind(path),
        }
    }

    fn permissions(&self, path: &str) -> Option<Permissions> {
        self.below.permissions(path)
    }

    fn is_link(&self, path: &str) -> Option<bool> {
        self.below.is_link(path)
    }

    fn real_path(&self, path: &str) -> Option<String> {
        self.below.real_path(path)
    }

    fn is_complete(&self, path: &str) -> bool {
        self.below.is_complete(path)
    }

    fn resource(&self, path: &str) -> Kind {
        match self.texts.text(path) {
            Some(_) => Kind::File,
            None => self.below.resource(path),
        }
    }
}

impl<W: World + ?Sized> World for &W {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        (**self).read(path)
    }

    fn head(&self, path: &str, length: usize) -> Result<Vec<u8>, ReadError> {
        (**self).head(path, length)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        (**self).list(path)
    }

    fn kind(&self, path: &str) -> Kind {
        (**self).kind(path)
    }

    fn permissions(&self, path: &str) -> Option<Permissions> {
        (**self).permissions(path)
    }

    fn is_link(&self, path: &str) -> Option<bool> {
        (**self).is_link(path)
    }

    fn real_path(&self, path: &str) -> Option<String> {
        (**self).real_path(path)
    }

    fn is_complete(&self, path: &str) -> bool {
        (**self).is_complete(path)
    }

    fn resource(&self, path: &str) -> Kind {
        (**self).resource(path)
    }
}

/// A world in memory, for tests and editors. Directories exist where a file lies below them, or
/// where they were added.
#[derive(Debug, Default, Clone)]
pub struct MemoryWorld {
    files: BTreeMap<String, Vec<u8>>,
    directories: BTreeMap<String, ()>,
    hidden: Vec<String>,
    /// Whether paths that were not added are known to be absent; otherwise they are unknown.
    pub complete: bool,
}

impl MemoryWorld {
    /// An empty world in which everything else is known to be absent.
    pub fn new() -> Self {
        Self {
            complete: true,
            ..Self::default()
        }
    }

    /// Adds a file and the directories above it.
    #[must_use]
    pub fn with(mut self, path: &str, text: impl Into<Vec<u8>>) -> Self {
        self.put(path, text);
        self
    }

    /// Adds or replaces a file, and adds the directories above it.
    pub fn put(&mut self, path: &str, text: impl Into<Vec<u8>>) {
        self.add_parents(path);
        self.files.insert(path.to_owned(), text.into());
    }

    /// Removes a file.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// Makes everything below a path unknown.
    pub fn hide(&mut self, path: &str) {
        self.hidden.push(format!("{}/", path.trim_end_matches('/')));
    }

    /// Adds a directory.
    pub fn add_directory(&mut self, path: &str) {
        let path = path.trim_end_matches('/');
        self.add_parents(path);
        self.directories.insert(path.to_owned(), ());
    }

    fn add_parents(&mut self, path: &str) {
        let mut rest = path;
        while let Some(slash) = rest.rfind('/') {
            rest = &rest[..slash];
            if self.directories.insert(rest.to_owned(), ()).is_some() {
                break;
            }
        }
    }
}

impl World for MemoryWorld {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.files.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => Err(match self.kind(path) {
                Kind::Directory | Kind::Other | Kind::File => ReadError::NotAFile,
                Kind::Missing => ReadError::Missing,
                Kind::NotADirectory => ReadError::NotADirectory,
                Kind::Denied => ReadError::Denied,
                Kind::Unknown => ReadError::Unknown,
            }),
        }
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        let path = path.trim_end_matches('/');
        match self.kind(path) {
            Kind::Directory => {}
            Kind::File | Kind::Other | Kind::NotADirectory => return Err(ReadError::NotADirectory),
            Kind::Missing => return Err(ReadError::Missing),
            Kind::Denied => return Err(ReadError::Denied),
            Kind::Unknown => return Err(ReadError::Unknown),
        }
        let below = format!("{path}/");
        let child = |it: &String| {
            it.strip_prefix(&below)
                .filter(|it| !it.is_empty() && !it.contains('/'))
                .map(str::to_owned)
        };
        let files = self
            .files
            .range(below.clone()..)
            .map(|it| it.0)
            .take_while(|it| it.starts_with(&below));
        let directories = self
            .directories
            .range(below.clone()..)
            .map(|it| it.0)
            .take_while(|it| it.starts_with(&below));
        let mut entries: Vec<Entry> = files
            .filter_map(child)
            .map(|name| Entry {
                name,
                is_directory: false,
                is_file: true,
                is_utf8: true,
            })
            .chain(directories.filter_map(child).map(|name| Entry {
                name,
                is_directory: true,
                is_file: false,
                is_utf8: true,
            }))
            .collect();
        entries.sort();
        Ok(entries)
    }

    fn kind(&self, path: &str) -> Kind {
        let path = path.trim_end_matches('/');
        if self.files.contains_key(path) {
            return Kind::File;
        }
        if path.is_empty() || self.directories.contains_key(path) {
            return Kind::Directory;
        }
        let mut rest = path;
        while let Some(slash) = rest.rfind('/') {
            rest = &rest[..slash];
            if self.files.contains_key(rest) {
                return Kind::NotADirectory;
            }
        }
        if self.complete && !self.hidden.iter().any(|it| path.starts_with(it)) {
            Kind::Missing
        } else {
            Kind::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_follow_from_files() {
        let world = MemoryWorld::new().with("/etc/apache2/apache2.conf", "");
        assert_eq!(world.kind("/etc/apache2"), Kind::Directory);
        assert_eq!(world.kind("/etc/apache2/apache2.conf"), Kind::File);
        assert_eq!(
            world.kind("/etc/apache2/apache2.conf/x"),
            Kind::NotADirectory
        );
        assert_eq!(world.kind("/etc/x"), Kind::Missing);
        let names: Vec<_> = world.list("/etc").unwrap_or_default().into_iter().collect();
        assert_eq!(
            names,
            [Entry {
                name: "apache2".into(),
                is_directory: true,
                is_file: false,
                is_utf8: true,
            }]
        );
    }

    #[test]
    fn an_incomplete_world_does_not_know_what_it_was_not_told() {
        let world = MemoryWorld {
            complete: false,
            ..MemoryWorld::new()
        };
        assert_eq!(world.kind("/srv/x"), Kind::Unknown);
        assert_eq!(world.read("/srv/x"), Err(ReadError::Unknown));
    }
}
